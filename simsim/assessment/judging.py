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

import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.assessment import rounding, words, workbook
from simsim.assessment.declared import compared, verdict_columns
from simsim.assessment.findings import Findings
from simsim.assessment.plausible import implausible
from simsim.assessment.reader import Paths, read_table
from simsim.assessment.table import Checked, check_table
from simsim.base import balance
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real, written
from simsim.inputs.standards import GovernmentItem, Standard, Text, load_standard
from simsim.tables.columns import columns
from simsim.tables.derived import COMPULSORY
from simsim.tables.words import say

CLASS_SIZE = "class_size"
"""The item that numbers of classes by size decide where the largest class is not given."""


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
    _check_columns(rule, problems)
    given = _checked_inputs(rule, other_inputs, problems)
    checked = _checked(table, rule, file, problems)
    schools, unused, absent = checked.schools, checked.unused, checked.absent
    whole, rule = rule, _without(rule, absent)
    parts, exempt = _without_exempt(_parts(schools, rule), rule)
    if parts.empty:
        raise InputError(Problem(file, "", None, f"has no school that {rule.name} assesses"))
    indicators = _indicators(parts, rule, checked.half)
    return Assessment(
        standard=rule,
        file=file,
        parts=parts,
        indicators=indicators,
        stages=_stages(parts, indicators, rule, not absent),
        lacking=_lacking(parts, indicators, rule),
        government=_government(schools, rule, given),
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
        said += _with_owners(_parts(checked.schools, rule), len(parts), rule, simulated)
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


def named_numbers(texts: Sequence[str]) -> dict[str, float]:
    """Return numbers that the command line gives as `rotation_share=0.12`, as other inputs; InputError for others."""
    found: dict[str, float] = {}
    problems = []
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        parsed = written(value)
        if not name or parsed is None or name in found:
            remedy = "is given twice; keep one" if name in found else "must be NAME=NUMBER, for example retention=0.97"
            problems.append(Problem("--also", "", text, remedy))
        else:
            found[name] = parsed
    if problems:
        raise InputError(problems)
    return found


def _check_columns(standard: Standard, problems: list[Problem]) -> None:
    """Note indicators of a user's own standard that no column of the table of schools feeds."""
    known = {(c.input, c.stage is None) for c in columns().columns.values() if c.input}
    for name, indicator in standard.indicators.items():
        if (name, indicator.split) not in known:
            fed = sorted(f"{n} (split: {str(whole).lower()})" for n, whole in known)
            problems.append(
                Problem(
                    standard.name,
                    f"indicators.{name}",
                    None,
                    f"has no column in the table of schools; known: {', '.join(fed)}",
                )
            )


def _checked_inputs(standard: Standard, given: Mapping[str, object], problems: list[Problem]) -> dict[str, float]:
    """Return the numbers given for government items; note unknown names and impossible values."""
    known = {
        name: item for key, item in standard.government.items() if item.given == "input" for name in item.inputs(key)
    }
    good: dict[str, float] = {}
    for name, value in given.items():
        if name not in known:
            remedy = f"is not an item of {standard.name}{suggest(name, known)}; known: {', '.join(known) or 'none'}"
            problems.append(Problem("other inputs", name, value, remedy))
        elif (number := real(value)) is None or number < 0:
            problems.append(
                Problem("other inputs", name, value, f"must be a number of 0 or more ({known[name].unit.en})")
            )
        elif known[name].unit.en == "share" and number > 1:
            problems.append(Problem("other inputs", name, value, "is a share between 0 and 1; write 0.12 for 12 %"))
        else:
            good[name] = number
    return good


def _parts(schools: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Return one row a school and stage with pupils, facilities split by the official
    weights and teachers as reported by stage.
    """
    pupils = [schools[f"pupils_{stage}"].to_numpy(dtype=float) for stage in (*COMPULSORY, "senior")]
    whole = {c.input: key for key, c in columns().columns.items() if c.input and not c.stage}
    frames = []
    for code, stage in enumerate(COMPULSORY):
        part: dict[str, object] = {key: schools[key] for key in ("school", "kind", "owner")}
        part |= {"stage": stage, "pupils": pupils[code], "row": np.arange(len(schools))}
        for name, indicator in standard.indicators.items():
            column = f"{whole[name]}_{stage}" if indicator.split else f"{name}_{stage}"
            amounts = schools[column].to_numpy(dtype=float)
            if indicator.split:
                every = schools[whole[name]].to_numpy(dtype=float)
                shared = balance.split(every, pupils[0], pupils[1], pupils[2], standard.split_weights)[code]
                amounts = np.where(np.isnan(amounts), shared, amounts)
            part[name] = amounts
            with np.errstate(divide="ignore", invalid="ignore"):
                part[f"value_{name}"] = amounts / pupils[code] * indicator.per
        frames.append(pd.DataFrame(part)[pupils[code] > 0])
    return pd.concat(frames, ignore_index=True)


def _without_exempt(parts: pd.DataFrame, standard: Standard) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parts that a standard judges, passes noted, and apart those it leaves out with the reason."""
    reasons: list[Text | None] = [None] * len(parts)
    for exemption in standard.exemptions:
        few = parts["pupils"] < (math.inf if exemption.below_pupils is None else exemption.below_pupils)
        out = [exemption.leaves_out(k, o) for k, o in zip(parts["kind"], parts["owner"], strict=True)]
        for row in np.flatnonzero(np.array(out, dtype=bool) & few.to_numpy()):
            reasons[row] = reasons[row] or exemption.reason
    left_out = np.array([r is not None for r in reasons], dtype=bool)
    exempt = parts.loc[left_out, ["school", "kind", "stage", "pupils"]].assign(
        reason_zh=[r.zh for r in reasons if r], reason_en=[r.en for r in reasons if r]
    )
    judged = parts[~left_out].reset_index(drop=True)
    return (_with_passes(judged, standard) if standard.school else judged), exempt.reset_index(drop=True)


def _with_owners(parts: pd.DataFrame, judged: int, standard: Standard, simulated: bool) -> Iterator[object]:
    """Yield what the composite would be with the schools that a standard leaves out for their owner, where there are
    any: published composites may count them, and so do the records of a simulated district.
    """
    kept = [exemption for exemption in standard.exemptions if not exemption.owners]
    whole, _ = _without_exempt(parts, standard.model_copy(update={"exemptions": kept}))
    if standard.cv.judges != "composite" or len(whole) == judged:
        return
    cvs = _indicators(whole, standard, {}).groupby("stage", sort=False)["cv"].apply(balance.composite)
    for stage, value in cvs.items():
        yield say("with_owners", stage=stage, composite=f"{value:.3f}")
    if simulated:
        yield say("simulated_owners")


def _with_passes(parts: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Add how many minimums each part of a school reaches, and whether it passes."""
    values = parts[[f"value_{name}" for name in standard.indicators]].to_numpy(dtype=float).T
    n_met, passes = np.zeros(len(parts), dtype=int), np.zeros(len(parts), dtype=bool)
    for stage in COMPULSORY:
        rows = (parts["stage"] == stage).to_numpy()
        minimums = standard.minimums(stage)
        n_met[rows] = balance.reaches(values[:, rows], minimums[:, None]).sum(axis=0)
        passes[rows] = balance.schools_pass(values[:, rows], minimums, needed=standard.needed, floor=standard.floor)
    return parts.assign(n_met=n_met, passes=passes)


def _indicators(parts: pd.DataFrame, standard: Standard, half: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """Return mean and CV of every indicator in every stage; the line and whether it is met where the standard judges
    each CV. `cv_low` and `cv_high` bound the CV where values per pupil are rounded by up to `half`, else they are it.
    """
    rows = []
    for stage, group in parts.groupby("stage", sort=False):
        for name, indicator in standard.indicators.items():
            cv = balance.weighted_cv(group[name], group["pupils"], weighted=standard.weighted)
            mean = balance.weighted_mean(group[name], group["pupils"], weighted=standard.weighted) * indicator.per
            low, high = rounding.cv_range(cv, mean / indicator.per, half.get((name, str(stage)), 0.0))
            row = {"stage": stage, "indicator": name, "mean": mean, "cv": cv, "cv_low": low, "cv_high": high}
            if standard.cv.judges == "each":
                row |= {"line": standard.cv_line(str(stage)), "met": balance.at_most(cv, standard.cv_line(str(stage)))}
            rows.append(row)
    return pd.DataFrame(rows)


def _stages(parts: pd.DataFrame, indicators: pd.DataFrame, standard: Standard, whole: bool) -> pd.DataFrame:
    """Return each stage's composite, whether its CVs keep the line, how many schools pass, and whether the resource
    part is met; no composite and no verdict unless the `whole` standard was computed.
    """
    rows = []
    for stage, group in parts.groupby("stage", sort=False):
        own, line = indicators[indicators["stage"] == stage], standard.cv_line(str(stage))
        overall = balance.composite(own["cv"])
        cv_met = balance.at_most(overall, line) if standard.cv.judges == "composite" else bool(own["met"].all())
        row = {
            "stage": stage,
            "schools": len(group),
            "pupils": float(group["pupils"].sum()),
            "composite": overall if whole else math.nan,
            "line": line,
            "cv_met": cv_met if whole else None,
        }
        if standard.school:
            row["schools_passing"] = int(group["passes"].sum())
        met = cv_met and (not standard.school or bool(group["passes"].all()))
        rows.append(row | {"met": met if whole else None})
    return pd.DataFrame(rows)


def _lacking(parts: pd.DataFrame, indicators: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Return what schools lack, in natural units: to the minimums, or to the
    district's mean where a standard has no minimums.
    """
    means = indicators.set_index(["stage", "indicator"])["mean"]
    rows = []
    for part in parts.to_dict("records"):
        for name, indicator in standard.indicators.items():
            aim = getattr(indicator.minimum, part["stage"]) if indicator.minimum else means[part["stage"], name]
            needed = aim * part["pupils"] / indicator.per
            if not balance.reaches(np.array(part[name]), np.array(needed)):
                gap = needed - part[name]
                amount = math.ceil(gap - balance.TOLERANCE * needed) if indicator.whole else gap
                row = {
                    "school": part["school"],
                    "stage": part["stage"],
                    "indicator": name,
                    "value": part[f"value_{name}"],
                    "aim": aim,
                }
                rows.append(row | {"has": part[name], "needs": needed, "lacks": amount, "passes": part.get("passes")})
    return pd.DataFrame(
        rows, columns=["school", "stage", "indicator", "value", "aim", "has", "needs", "lacks", "passes"]
    )


def _government(schools: pd.DataFrame, standard: Standard, given: Mapping[str, float]) -> pd.DataFrame:
    """Return every government item with its line, and its value
    and verdict where the table or the user gives a number.
    """
    rows: list[dict[str, object]] = []
    for name, item in standard.government.items():
        if item.given == "table":
            rows += _school_sizes(schools, name, item)
            continue
        for key, line in item.inputs(name).items():
            value = given.get(key, _largest(schools, key))
            where = key.removeprefix(name).removeprefix("_") or "all"
            met, over = _judge(value, line, item.rule), math.nan
            if name == CLASS_SIZE and met is None:
                over = classes_above(schools, where, line)
                met = None if math.isnan(over) else over == 0
            rows.append({"item": name, "where": where, "value": value, "line": line, "met": met, "over": over})
    return pd.DataFrame(rows, columns=["item", "where", "value", "line", "met", "over"])


def classes_above(schools: pd.DataFrame, stage: str, line: float) -> float:
    """Return how many classes of a stage have more pupils than a line at which a size band ends; NaN where the bands
    above it are not given, or a school that has classes gives none.
    """
    above = [key for low, key in bands(stage) if low > line]
    known = [key for key in above if key in schools and schools[key].notna().any()]
    if not known or f"pupils_{stage}" not in schools:
        return math.nan
    taught = schools[schools[f"pupils_{stage}"] > 0]
    every = [key for _, key in bands(stage)]
    if taught[every].isna().all(axis=1).any():
        return math.nan
    return float(taught[known].sum().sum())


def bands(stage: str) -> list[tuple[int, str]]:
    """Return the columns of classes by size of a stage, each with the least pupils of a class in it."""
    found = []
    for key in columns().by_stage:
        low = re.fullmatch(r"classes_(?:(to)_|from_)?([0-9]+)(?:_[0-9]+)?", key)
        if low:
            found.append((0 if low[1] else int(low[2]), f"{key}_{stage}"))
    return found


def _largest(schools: pd.DataFrame, key: str) -> float:
    """Return the largest value of an optional column of the table (the largest class), NaN if it is not given."""
    return float(schools[key].max()) if key in schools and schools[key].notna().any() else math.nan


def _judge(value: float, line: float, rule: str) -> bool | None:
    """Return whether a value keeps its line, None where there is no value."""
    if math.isnan(value):
        return None
    return balance.at_most(value, line) if rule == "at_most" else bool(balance.reaches(np.array(value), np.array(line)))


def _school_sizes(schools: pd.DataFrame, name: str, item: GovernmentItem) -> list[dict[str, object]]:
    """Return every school's compulsory pupils against the line of its kind; the wider
    line for old buildings and migrant schools.
    """
    rows = []
    for school in schools[schools["kind"].isin(item.lines.keys())].to_dict("records"):
        pupils, line = sum(school[f"pupils_{stage}"] for stage in COMPULSORY), item.lines[school["kind"]]
        share = school["migrant_pupils"] / (pupils + school["pupils_senior"]) if pupils else math.nan
        if item.relaxed and (
            school["building_year"] <= item.relaxed.built_by or share > item.relaxed.migrant_share_above
        ):
            line = item.relaxed.lines.get(school["kind"], line)
        rows.append(
            {
                "item": name,
                "where": school["school"],
                "value": pupils,
                "line": line,
                "met": _judge(pupils, line, item.rule),
                "over": math.nan,
            }
        )
    return rows
