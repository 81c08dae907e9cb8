"""An assessment in words: the verdict, and the printable report in Chinese or English."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, cast

import pandas as pd

from simsim.assessment.findings import Findings
from simsim.assessment.mending import label, mending, money, prices, to_mend, total
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import resource
from simsim.inputs.standards import IndicatorOf, Unit
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.words import Said

LANGUAGES = ("zh", "en")
FURTHEST = 3
"""Without minimums, how many indicators of a stage and schools of an indicator the printed report names; the workbook
has all.
"""


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = read_yaml(resource("parameters") / "templates" / "assessment-words.yaml")[
        "words"
    ]
    return words


def word(key: str, lang: str, **values: object) -> str:
    """Return a phrase in one language, its places filled in."""
    return _words()[key][lang].format(**values)


def check_language(lang: str) -> None:
    """Refuse (InputError) a language that there are no words in."""
    if lang not in LANGUAGES:
        raise InputError(
            Problem("lang", "", lang, f"is not a language of simsim{suggest(lang, LANGUAGES)}; use zh or en")
        )


def judged(met: object, lang: str) -> str:
    """Return met, not met or not assessed."""
    return word("not_assessed" if met is None or met != met else "met" if met else "not_met", lang)


def verdict(assessment: Findings, lang: str) -> str:
    """Return the verdict in one sentence: the resource part, the items with numbers, and that the rest was not
    assessed.

    InputError for another language than zh and en.
    """
    check_language(lang)
    known = len(assessment.standard.indicators)
    if assessment.absent:
        text = word("resource_partial", lang, n=known, all=known + len(assessment.absent))
    else:
        text = word("resource_met" if assessment.resource_met else "resource_not_met", lang)
    stages = list(assessment.stages["stage"])
    if len(stages) == 1:
        text += word("only_stage", lang, stage=word(stages[0], lang))
    text = joined([text, word("others_not_assessed", lang)], lang)
    given = assessment.government.dropna(subset=["met"])
    items = given.groupby("item")["met"].all()
    return text + (word("items_met", lang, met=int(items.sum()), given=len(items)) if len(items) else "")


def joined(parts: Iterable[str], lang: str) -> str:
    """Join half-sentences as the language does."""
    return word("semicolon", lang).join(parts)


@dataclass(frozen=True)
class Grid:
    """A table of a report: rows of cells, the first of them the headings."""

    rows: tuple[tuple[str, ...], ...]


Piece: TypeAlias = str | Grid
"""A line of a report (a heading, where it begins with HEADING) or a table."""
HEADING = "== "


def report(assessment: Findings, lang: str) -> str:
    """Return the whole assessment as lines of text. InputError for another language than zh and en."""
    blocks = ["\n".join(line for piece in block for line in _lines(piece)) for block in pieces(assessment, lang)]
    return "\n\n".join(blocks) + "\n"


def pieces(assessment: Findings, lang: str) -> list[list[Piece]]:
    """Return the whole assessment as blocks of lines and tables, the first of them what was judged and the verdict.
    InputError for another language than zh and en.
    """
    check_language(lang)
    blocks: list[Iterator[Piece]] = [_head(assessment, lang)]
    blocks += [_stage(assessment, stage, lang) for stage in assessment.stages["stage"]]
    blocks += [
        _lacking(assessment, lang),
        _government(assessment, lang),
        _mending(assessment, lang),
        _notes(assessment, lang),
        _sources(assessment, lang),
    ]
    return [found for block in blocks if (found := list(block))]


def _lines(piece: Piece) -> Iterator[str]:
    return aligned(piece.rows) if isinstance(piece, Grid) else iter([piece])


def _grid(table: Iterable[Iterable[str]]) -> Grid:
    return Grid(tuple(tuple(row) for row in table))


def _head(assessment: Findings, lang: str) -> Iterator[Piece]:
    standard = assessment.standard
    yield getattr(standard.title, lang) + f" [{standard.name}; {standard.evidence[standard.cv.evidence].document}]"
    if assessment.simulated:
        yield getattr(assessment.simulated, lang)
    yield word("table", lang) + word("colon", lang) + assessment.file
    yield word("verdict", lang) + word("colon", lang) + verdict(assessment, lang)
    weights = {key: f"{value:g}" for key, value in standard.split_weights.items()}
    yield joined(
        [word("weighting_on" if standard.weighted else "weighting_off", lang), word("split_note", lang, **weights)],
        lang,
    )


def _stage(assessment: Findings, stage: str, lang: str) -> Iterator[Piece]:
    """Yield one stage's means, CVs and lines, and which of its schools pass."""
    standard, row = assessment.standard, cast(pd.Series, assessment.stages.set_index("stage").loc[stage])
    yield HEADING + word(
        "stage_title", lang, stage=word(stage, lang), schools=row["schools"], pupils=f"{row['pupils']:,.0f}"
    )
    each = standard.cv.judges == "each"
    table = [[word(key, lang) for key in ("indicator", "mean", "cv", "line", "result")]]
    for line in assessment.indicators[assessment.indicators["stage"] == stage].to_dict("records"):
        own = [f"{line['line']:.2f}", judged(line["met"], lang)] if each else ["", ""]
        table.append(
            [
                getattr(standard.indicators[line["indicator"]].label, lang),
                worth(line["mean"], standard.indicators[line["indicator"]]),
                ratio(line["cv"], lang) + _between(line["cv_low"], line["cv_high"], lang),
                *own,
            ]
        )
    own = ["", ""] if each else [f"{row['line']:.2f}", judged(row["cv_met"], lang)]
    table.append([word("composite_shown" if each else "composite", lang), "", ratio(row["composite"], lang), *own])
    yield _grid(table)
    if standard.school:
        title = word(
            "pass_title", lang, stage=word(stage, lang), passing=row["schools_passing"], schools=row["schools"]
        )
        yield joined([title, word("pass_rule", lang, needed=standard.needed, floor=f"{standard.floor:.0%}")], lang)
        failing = assessment.parts[(assessment.parts["stage"] == stage) & ~assessment.parts["passes"].astype(bool)]
        names = [
            f"{s} {n}/{len(standard.indicators)}" for s, n in zip(failing["school"], failing["n_met"], strict=True)
        ]
        if names:
            yield word("failing", lang) + word("colon", lang) + joined(names, lang)


def _between(low: float, high: float, lang: str) -> str:
    """Return the range of a CV that rounded values leave, nothing where there is none."""
    return bracketed(between(f"{low:.3f}", f"{high:.3f}", lang), lang) if high > low else ""


def between(low: str, high: str, lang: str) -> str:
    """Return a range as a language writes it, one end where both are written alike."""
    return low if low == high else word("range", lang, low=low, high=high)


def _lacking(assessment: Findings, lang: str) -> Iterator[Piece]:
    """Yield what failing schools lack; without minimums, the schools furthest below the mean of each indicator."""
    standard, lacking = assessment.standard, assessment.lacking
    lacking = lacking[~lacking["passes"].astype(bool)] if standard.school else _furthest(assessment)
    yield HEADING + word("lacks_title" if standard.school else "orient_title", lang)
    if lacking.empty:
        yield word("none_lacking", lang)
        return
    table = [
        [
            word(k, lang)
            for k in ("school", "stage", "indicator", "value", "aim" if standard.school else "aim_mean", "lacks")
        ]
    ]
    for row in lacking.to_dict("records"):
        indicator = standard.indicators[row["indicator"]]
        lack = indicator.unit.counted(amount(row["lacks"], indicator.whole), lang)
        label = getattr(indicator.label, lang)
        values = [worth(row[key], indicator) for key in ("value", "aim")]
        table.append([row["school"], word(row["stage"], lang), label, *values, lack])
    yield _grid(table)


def _furthest(assessment: Findings) -> pd.DataFrame:
    """Return the schools furthest below the mean, for the indicators with the greatest differences in each stage."""
    widest = (
        assessment.indicators.sort_values("cv", ascending=False, kind="stable")
        .groupby("stage", sort=False)
        .head(FURTHEST)
    )
    chosen = assessment.lacking.merge(widest[["stage", "indicator", "cv"]], on=["stage", "indicator"])
    chosen["short"] = chosen["value"] / chosen["aim"]
    chosen = chosen.sort_values(["stage", "cv", "short"], ascending=[False, False, True], kind="stable")
    return chosen.groupby(["stage", "indicator"], sort=False).head(FURTHEST)


def _government(assessment: Findings, lang: str) -> Iterator[Piece]:
    """Yield the other items that a number decides; schools are counted, not listed."""
    if assessment.government.empty:
        return
    yield HEADING + word("government_title", lang)
    table = [[word(key, lang) for key in ("indicator", "where", "value", "line", "result")]]
    for name, rows in assessment.government.groupby("item", sort=False):
        item = assessment.standard.government[str(name)]
        label = getattr(item.label, lang) + bracketed(getattr(item.unit, lang), lang)
        if item.given == "table":
            over = int((rows["met"] == False).sum())  # noqa: E712 - None stands for not assessed
            lines = between(f"{rows['line'].min():g}", f"{rows['line'].max():g}", lang)
            table.append(
                [
                    label,
                    word("schools_over", lang, n=over, all=len(rows)),
                    show(rows["value"].max()),
                    lines,
                    judged(over == 0, lang),
                ]
            )
            continue
        for row in rows.to_dict("records"):
            value = "" if math.isnan(row["value"]) else show(row["value"])
            if not math.isnan(row["over"]):
                value = word("classes_over", lang, n=int(row["over"]))
            table.append([label, word(row["where"], lang), value, f"{row['line']:g}", judged(row["met"], lang)])
    yield _grid(table)


def _mending(assessment: Findings, lang: str) -> Iterator[Piece]:
    """Yield what to mend: school, item, amount, cost and departments, the total of what is bought once, the prices."""
    if not assessment.standard.school:
        return
    table = to_mend(assessment)
    yield HEADING + word("mending_title", lang, year=mending().price_year)
    if table.empty:
        yield word("none_lacking", lang)
        return
    rows = [[word(key, lang) for key in ("school", "stage", "item", "amount", "cost", "every", "department")]]
    for row in table.to_dict("records"):
        lack = row["unit"].counted if isinstance(row["unit"], Unit) else None
        shown = amount(row["amount"], row["amount"] == int(row["amount"]))
        rows.append(
            [
                row["school"] or word("all", lang),
                word(row["stage"], lang) if row["stage"] else "",
                label(assessment, row["item"], lang),
                lack(shown, lang) if lack else f"{show(row['amount'])} {getattr(row['unit'], lang)}",
                ranged(row, lang),
                word(row["every"], lang) if isinstance(row["every"], str) and row["cost"] == row["cost"] else "",
                mending().of(row["departments"], lang),
            ]
        )
    yield _grid(rows)
    likely, low, high = (money(value, lang) for value in total(table))
    yield word("mending_total", lang, cost=likely, low=low, high=high)
    yield word("mending_prices", lang) + word("colon", lang) + joined(prices_told(table, lang), lang)


def bracketed(words: str, lang: str) -> str:
    """Return words in the brackets of a language, as they follow other words."""
    return f"（{words}）" if lang == "zh" else f" ({words})"  # noqa: RUF001


def ranged(row: Mapping[Hashable, object], lang: str) -> str:
    """Return a cost with its range; nothing where no price is known."""
    cost, low, high = (float(str(row[key])) for key in ("cost", "cost_low", "cost_high"))
    if cost != cost:
        return ""
    return money(cost, lang) + (
        bracketed(between(money(low, lang), money(high, lang), lang), lang) if low < high else ""
    )


def prices_told(table: pd.DataFrame, lang: str) -> list[str]:
    """Return every price with its range, kind of evidence and unit."""
    known = [parameters.load()[name] for name in prices(table)]
    told = []
    for p in known:
        low, high = (p.value if bound is None else bound for bound in (p.low, p.high))
        name = p.label.get(lang) or word(f"price_{p.name}", lang)
        told.append(
            word(
                "price_line", lang,
                name=name, value=f"{p.value:g}", low=f"{low:g}", high=f"{high:g}", kind=word(p.kind, lang),
            )
        )  # fmt: skip
    return told


def _notes(assessment: Findings, lang: str) -> Iterator[Piece]:
    """Yield what a reader must know of the table: schools left out, stages with one school, columns nobody used."""
    left_out = assessment.exempt
    if len(left_out):
        named = [
            f"{school} [{reason}]"
            for school, reason in zip(left_out["school"], left_out[f"reason_{lang}"], strict=True)
        ]
        yield word("exempt_title", lang) + word("colon", lang) + joined(named, lang)
    for stage in assessment.stages.loc[assessment.stages["schools"] == 1, "stage"]:
        yield word("one_school", lang, stage=word(stage, lang))
    if assessment.absent:
        labels = [getattr(label, lang) for _, label in assessment.absent]
        yield word("absent", lang) + word("colon", lang) + joined(labels, lang)
    for text in assessment.said:
        yield word("said", lang) + word("colon", lang) + told(text, lang)
    if assessment.unused:
        yield word("unused", lang) + word("colon", lang) + joined(assessment.unused, lang)


def _sources(assessment: Findings, lang: str) -> Iterator[Piece]:
    """Yield the documents behind the lines, with the kind of evidence and its confidence."""
    yield HEADING + word("sources_title", lang)
    for evidence in assessment.standard.evidence.values():
        sure = f"[{word(evidence.kind, lang)}, {confidence(evidence.confidence, lang)}]"
        yield f"- {evidence.document} {sure} {evidence.told(lang)}"


def told(said: object, lang: str) -> str:
    """Return what is said of how a table was read, in one language."""
    return said.text(lang) if isinstance(said, Said) else str(said)


def confidence(text: str, lang: str) -> str:
    """Return how sure a source is, in words if there are some for it."""
    return word(text, lang) if text in _words() else text


def show(value: float) -> str:
    """Return a number with as many decimals as its size deserves."""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4f}".rstrip("0").rstrip(".")


def worth(value: float, indicator: IndicatorOf) -> str:
    """Return an indicator's value as offices write it: as a number, or 1:17.06 of teachers to pupils."""
    return f"1:{1 / value:.2f}" if indicator.as_ratio and value > 0 else show(value)


def ratio(value: float, lang: str) -> str:
    """Return a CV with three decimals, or that there is none."""
    return f"{value:.3f}" if value == value else word("not_computable", lang)


def amount(value: float, whole: bool) -> str:
    """Return what a school lacks; square metres and yuan rounded up, so that nobody who buys it still falls short."""
    return f"{math.ceil(value):,}" if whole or value >= 1000 else f"{math.ceil(value * 10) / 10:,.1f}"


def aligned(table: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table's rows in columns; Chinese characters count as two."""
    rows = [list(row) for row in table]
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
