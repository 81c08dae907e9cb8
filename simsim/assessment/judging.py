"""The official balance indicators of a real table of schools: no simulation, the same arithmetic as inside one.

`assess(table)` splits nine-year and complete schools, computes means, pupil-weighted CVs and the
composite, judges every school and the lines, says what a failing school lacks in natural units, and words
the verdict as what it is: about the resource part only.

>>> import simsim
>>> from simsim.assessment.reader import read_table
>>> from simsim.inputs.paths import resource
>>> table = read_table(resource("parameters") / "templates" / "schools-example.csv")
>>> simsim.assess(table, standard="quality-2017").stages["stage"].tolist()
['primary', 'junior']
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path

import pandas as pd

from simsim.assessment import rounding, words, workbook
from simsim.assessment.declared import compared, verdict_columns
from simsim.assessment.findings import Findings
from simsim.assessment.government import checked_inputs, government
from simsim.assessment.plausible import implausible
from simsim.assessment.reader import Paths, read_table
from simsim.assessment.resources import check_columns, indicators_of, lacking, parts_of, stages_of, without_exempt
from simsim.assessment.table import Checked, check_table
from simsim.base import balance
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.standards import Standard, load_standard
from simsim.tables.words import say


class Assessment(Findings):
    """What users get: the findings of a standard, which say in words what they
    mean and write themselves into a workbook.
    """

    def verdict(self, lang: str = "zh") -> str:
        """Return the verdict in one sentence, never claiming more than was assessed."""
        return words.verdict(self, lang)

    def report(self, lang: str = "zh") -> str:
        """Return the whole assessment as printable text."""
        return words.report(self, lang)

    def to_excel(self, path: str | Path, lang: str = "zh") -> None:
        """Write the whole assessment into a workbook; InputError when it cannot be written there."""
        workbook.write_book(self, path, lang)

    def __str__(self) -> str:
        return self.report()


def assess(
    table: pd.DataFrame | Paths,
    standard: str | Path | Standard = "basic-2012",
    *,
    file: str | None = None,
    **other_inputs: float,
) -> Assessment:
    """Judge a real table of schools (columns: docs/data-dictionary.md), or the file or folder that holds it, by an
    official standard.

    `other_inputs` are numbers for the government items, by name (`rotation_share=0.12`, `class_size_junior=52`; see the
    standard's `government`). InputError names every mistake at once, with row and column as in the table.
    """
    rule = load_standard(standard)
    table, file = _read(table, file)
    problems: list[Problem] = []
    check_columns(rule, problems)
    given = checked_inputs(rule, other_inputs, problems)
    checked = _checked(table, rule, file, problems)
    schools, unused, absent = checked.schools, checked.unused, checked.absent
    whole, rule = rule, _without(rule, absent)
    parts, exempt = without_exempt(parts_of(schools, rule), rule)
    if parts.empty:
        raise InputError(Problem(file, "", None, f"has no school that {rule.name} assesses"))
    indicators = indicators_of(parts, rule, checked.half)
    return Assessment(
        standard=rule,
        file=file,
        parts=parts,
        indicators=indicators,
        stages=stages_of(parts, indicators, rule, not absent),
        lacking=lacking(parts, indicators, rule),
        government=government(schools, rule, given),
        exempt=exempt,
        unused=_unused(table, unused),
        absent=tuple((name, whole.indicators[name].label) for name in absent),
        said=_said(table, checked, parts, indicators, rule),
        schools=schools,
        simulated=table.attrs.get("simulated"),
    )


def _unused(table: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that nothing was read from, as the table calls them."""
    used = {*table.attrs.get("used", ()), *verdict_columns(table).values()}
    shown = table.attrs.get("shown", {})
    return tuple(dict.fromkeys(shown.get(name, name) for name in names if not _not_ours(name, used)))


def _said(
    table: pd.DataFrame, checked: Checked, parts: pd.DataFrame, indicators: pd.DataFrame, rule: Standard
) -> tuple[object, ...]:
    """Return what is to be told of a table: how it was read, what was rounded, implausible or declared otherwise."""
    said: list[object] = [
        *table.attrs.get("said", ()),
        *checked.said,
        *rounding.said_of(parts, indicators, rule, checked.half),
    ]
    said += [*implausible(parts, rule), *compared(table, checked.rows, parts)]
    if not checked.absent:
        simulated = table.attrs.get("simulated") is not None
        said += _with_owners(parts_of(checked.schools, rule), len(parts), rule, simulated)
    return tuple(said)


def _read(table: pd.DataFrame | Paths, file: str | None) -> tuple[pd.DataFrame, str]:
    """Return the table of schools, read from a file where it is none yet, and what it is called."""
    if isinstance(table, str | Path) or (
        isinstance(table, list | tuple) and table and all(isinstance(one, str | Path) for one in table)
    ):
        return read_table(table), named_as(table) if file is None else file
    return table, "table" if file is None else file  # type: ignore[return-value]  # another type is refused with others


def _not_ours(name: str, used: Container[str]) -> bool:
    """Tell whether a column is no unused one: it told which rows are which, or is of the senior stage."""
    return name in used or name.endswith("_senior")


def _checked(table: pd.DataFrame, standard: Standard, file: str, problems: list[Problem]) -> Checked:
    """Return what `check_table` returns; InputError with its mistakes beside those already found, and how a file was
    read.
    """
    try:
        if not isinstance(table, pd.DataFrame):
            remedy = "must be a pandas DataFrame, or the file or folder that holds the table"
            raise InputError(Problem(file, "", type(table).__name__, remedy))
        checked = check_table(table, standard, file)
    except InputError as error:
        said = table.attrs.get("said", ()) if isinstance(table, pd.DataFrame) else ()
        told = [Problem(file, "how it was read", None, str(text)) for text in said]
        raise InputError([*problems, *error.problems, *told]) from None
    if problems:
        raise InputError(problems)
    return checked


def _without(standard: Standard, absent: Sequence[str]) -> Standard:
    """Return a standard of the indicators that a table has columns for; one that lacks some judges no school."""
    if not absent:
        return standard
    kept = {name: indicator for name, indicator in standard.indicators.items() if name not in absent}
    return standard.model_copy(update={"indicators": kept, "school": None})


def assess_file(
    path: Paths,
    standard: str | Path = "basic-2012",
    lang: str = "zh",
    xlsx: str | Path | None = None,
    only: Sequence[str] = (),
    **other_inputs: float,
) -> str:
    """Judge the table of schools in a file, a folder or several of them, of a table of many districts the rows that
    meet the conditions COLUMN=VALUE of `only`; write the workbook `xlsx` if asked for, and return the printable report.

    InputError names every mistake in the file, the standard or the other inputs.
    """
    words.check_language(lang)
    if xlsx is not None:
        for file in [path] if isinstance(path, str | Path) else path:
            workbook.check_target(xlsx, file)
    result = assess(read_table(path, only), standard, file=named_as(path), **other_inputs)
    if xlsx is not None:
        result.to_excel(xlsx, lang)
    return result.report(lang)


def named_as(path: Paths) -> str:
    """Return what the files of a table are called together."""
    return " + ".join(Path(one).name for one in ([path] if isinstance(path, str | Path) else path))


def _with_owners(parts: pd.DataFrame, judged: int, standard: Standard, simulated: bool) -> Iterator[object]:
    """Yield what the composite would be with the schools that a standard leaves out for their owner, where there are
    any: published composites may count them, and so do the records of a simulated district.
    """
    kept = [exemption for exemption in standard.exemptions if not exemption.owners]
    whole, _ = without_exempt(parts, standard.model_copy(update={"exemptions": kept}))
    if standard.cv.judges != "composite" or len(whole) == judged:
        return
    cvs = indicators_of(whole, standard, {}).groupby("stage", sort=False)["cv"].apply(balance.composite)
    for stage, value in cvs.items():
        yield say("with_owners", stage=stage, composite=f"{value:.3f}")
    if simulated:
        yield say("simulated_owners")
