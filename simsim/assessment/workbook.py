"""An assessment as a workbook: verdict, indicators, schools, what they lack, other items, sources; one sheet each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from simsim.assessment.findings import Findings
from simsim.assessment.mending import YUAN_OF_WAN, action, label, mending, money, to_mend, total
from simsim.assessment.words import check_language, confidence, judged, prices_told, told, verdict, word
from simsim.experiments.targets import target as free
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.failures import REMEDIES
from simsim.inputs.paths import path_of
from simsim.inputs.whole_files import saved, write_bytes
from simsim.tables.cells import safe
from simsim.tables.columns import columns

if TYPE_CHECKING:  # slow to load
    from openpyxl.worksheet.worksheet import Worksheet

Rows = Iterator[list[object]]

WIDEST = 60
"""The widest a column is made, in characters."""


OPEN = "is it open in another program?"
KINDS = {".xlsx": "a workbook", ".html": "a web page", ".docx": "a Word document"}


def check_target(path: str | Path, source: str | Path | None = None, suffix: str = ".xlsx") -> None:
    """Refuse (InputError) a place where no workbook (or page or document, by its suffix) can be written, or the table
    itself, before any work is done.
    """
    target = path_of(path, "assess", "the file to write")
    if target.suffix.lower() != suffix:
        remedy = f"is not the name of {KINDS[suffix]}; end it in {suffix}"
        raise InputError(Problem(str(path), "", target.suffix or None, remedy))
    if not target.resolve().parent.is_dir():
        raise InputError(Problem(str(path), "", None, "is in a folder that does not exist; create the folder first"))
    if source is not None and target.exists() and os.path.exists(source) and target.samefile(source):
        raise InputError(Problem(str(path), "", None, "is the table to assess; name another file for the result"))
    free(target, [] if source is None else [source], [suffix])


def write_book(assessment: Findings, path: str | Path, lang: str) -> None:
    """Write the assessment into a workbook, replacing the one there is; InputError when it cannot."""
    from openpyxl import Workbook

    check_language(lang)
    check_target(path)
    book = Workbook()
    del book[book.sheetnames[0]]
    stamp = getattr(assessment.simulated, lang) if assessment.simulated else ""
    for title, rows in SHEETS.items():
        _fill(book.create_sheet(word(title, lang)), rows(assessment, lang), stamp)
    write(book.save, path)


def write(save: Callable[[BytesIO], object], path: str | Path) -> None:
    """Write what a library saves into a file that it is given, whole or not at all; InputError, in one message, where
    that cannot be.
    """
    try:
        write_bytes(saved(save), path_of(path, "assess", "the file to write"))
    except OSError as error:
        remedy = f"cannot be written: {error.strerror}; {REMEDIES.get(error.errno or 0, OPEN)}"
        raise InputError(Problem(str(path), "", None, remedy)) from None


def _fill(sheet: Worksheet, rows: Iterable[list[object]], stamp: str = "") -> None:
    """Write rows into a sheet: first row bold and kept in view, columns as wide as their text, a stamp below all."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for row in rows:
        cells = [safe(value) for value in row]
        sheet.append(cells)
        for place, cell in enumerate(cells, 1):
            text = cell if isinstance(cell, str) else "" if cell is None else f"{cell:.6g}"
            widths[place] = max(widths.get(place, 0), sum(2 if ord(c) > 0x2E80 else 1 for c in text))
            if isinstance(cell, float):
                sheet.cell(sheet.max_row, place).number_format = (
                    "#,##0" if abs(cell) >= 1000 else "0.0000" if abs(cell) < 1 else "0.00"
                )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    if stamp:
        sheet.append([])
        sheet.append([safe(stamp)])
    for place, found in widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = min(found, WIDEST) + 2
    sheet.freeze_panes = "A2"


def _verdict(assessment: Findings, lang: str) -> Rows:
    standard = assessment.standard
    yield [word("verdict", lang), verdict(assessment, lang)]
    yield [word("document", lang), f"{getattr(standard.title, lang)} [{standard.name}]"]
    yield [word("table", lang), assessment.file]
    yield [word("weighting_on" if standard.weighted else "weighting_off", lang)]
    yield [word("split_note", lang, **{k: f"{v:g}" for k, v in standard.split_weights.items()})]
    for row in assessment.exempt.to_dict("records"):
        yield [word("exempt_title", lang), row["school"], row[f"reason_{lang}"]]
    if assessment.absent:
        yield [word("absent", lang), ", ".join(getattr(label, lang) for _, label in assessment.absent)]
    for text in assessment.said:
        yield [word("said", lang), told(text, lang)]
    if assessment.unused:
        yield [word("unused", lang), ", ".join(assessment.unused)]


def _indicators(assessment: Findings, lang: str) -> Rows:
    yield [word(key, lang) for key in ("stage", "indicator", "unit", "mean", "cv", "line", "result")]
    each = assessment.standard.cv.judges == "each"
    for stage in assessment.stages.to_dict("records"):
        for row in assessment.indicators[assessment.indicators["stage"] == stage["stage"]].to_dict("records"):
            indicator = assessment.standard.indicators[row["indicator"]]
            own = [row["line"], judged(row["met"], lang)] if each else [None, None]
            label, unit = getattr(indicator.label, lang), getattr(indicator.unit, lang)
            yield [word(stage["stage"], lang), label, unit, row["mean"], row["cv"], *own]
        own = [None, None] if each else [stage["line"], judged(stage["cv_met"], lang)]
        yield [
            word(stage["stage"], lang),
            word("composite_shown" if each else "composite", lang),
            None,
            None,
            stage["composite"],
            *own,
        ]


def _schools(assessment: Findings, lang: str) -> Rows:
    standard = assessment.standard
    labels = [getattr(i.label, lang) for i in standard.indicators.values()]
    more = ["n_met", "passes"] if standard.school else []
    yield [
        *(word(key, lang) for key in ("school", "kind", "stage", "pupils")),
        *labels,
        *(word(key, lang) for key in more),
    ]
    for row in assessment.parts.to_dict("records"):
        values = [row[f"value_{name}"] for name in standard.indicators]
        result = [row["n_met"], judged(row["passes"], lang)] if standard.school else []
        kind = getattr(columns().kinds[row["kind"]], lang)
        yield [row["school"], kind, word(row["stage"], lang), int(row["pupils"]), *values, *result]


def _lacking(assessment: Findings, lang: str) -> Rows:
    standard = assessment.standard
    aim = "aim" if standard.school else "aim_mean"
    yield [
        word(key, lang)
        for key in ("school", "stage", "indicator", "value", aim, "has", "needs", "lacks", "unit", "passes")
    ]
    for row in assessment.lacking.to_dict("records"):
        indicator = standard.indicators[row["indicator"]]
        label, unit = getattr(indicator.label, lang), getattr(indicator.unit, lang)
        numbers = [row[key] for key in ("value", "aim", "has", "needs", "lacks")]
        yield [
            row["school"],
            word(row["stage"], lang),
            label,
            *numbers,
            unit,
            judged(row["passes"], lang) if standard.school else None,
        ]


def _mending(assessment: Findings, lang: str) -> Rows:
    """Yield what to mend, a shortfall a row, and below it the total and the prices."""
    keys = ("school", "stage", "item", "action", "amount", "unit", "cost_yuan", "cost_low", "cost_high", "every")
    yield [word(key, lang) for key in (*keys, "department", "needed")]
    if not assessment.standard.school:
        yield [word("mending_none", lang)]
        return
    table, scale = to_mend(assessment), YUAN_OF_WAN if lang == "zh" else 1
    for row in table.to_dict("records"):
        known = row["cost"] == row["cost"]
        costs = [row[key] / scale if known else None for key in ("cost", "cost_low", "cost_high")]
        yield [
            row["school"] or word("all", lang),
            word(row["stage"], lang) if row["stage"] else None,
            label(assessment, row["item"], lang),
            action(row["item"], lang),
            row["amount"],
            getattr(row["unit"], lang),
            *costs,
            word(row["every"], lang) if known else None,
            mending().of(row["departments"], lang),
            word("yes" if row["needed"] else "no", lang),
        ]
    if len(table):
        yield []
        yield [word("mending_title", lang, year=mending().price_year)]
        likely, low, high = (money(value, lang) for value in total(table))
        yield [word("mending_total", lang, cost=likely, low=low, high=high)]
        for text in prices_told(table, lang):
            yield [word("mending_prices", lang), text]


def _government(assessment: Findings, lang: str) -> Rows:
    yield [word(key, lang) for key in ("indicator", "unit", "where", "value", "line", "result")]
    for row in assessment.government.to_dict("records"):
        item = assessment.standard.government[row["item"]]
        where = word(row["where"], lang) if item.given == "input" else row["where"]
        yield [
            getattr(item.label, lang),
            getattr(item.unit, lang),
            where,
            word("classes_over", lang, n=int(row["over"])) if row["over"] == row["over"] else row["value"],
            row["line"],
            judged(row["met"], lang),
        ]


def _sources(assessment: Findings, lang: str) -> Rows:
    yield [word(key, lang) for key in ("document", "evidence", "confidence", "source")]
    for evidence in assessment.standard.evidence.values():
        yield [evidence.document, word(evidence.kind, lang), confidence(evidence.confidence, lang), evidence.told(lang)]


SHEETS: dict[str, Callable[[Findings, str], Rows]] = {
    "verdict": _verdict,
    "sheet_indicators": _indicators,
    "schools": _schools,
    "sheet_lacking": _lacking,
    "sheet_government": _government,
    "sheet_mending": _mending,
    "sheet_sources": _sources,
}
