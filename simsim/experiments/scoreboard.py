"""The plan's own scoreboard: for every year, in what share of the replications each date, line and rule is met.

Everything is read from the tables of results; which lines there are stands in parameters/scoreboard.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral
from typing import cast

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.districts.facts import facts
from simsim.experiments.once import once
from simsim.experiments.places import district_of, plan_at, plan_of
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.defaults import country
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import sureness
from simsim.inputs.paths import resource
from simsim.inputs.standards import load_standard
from simsim.inputs.yamlfile import shared_yaml

COLUMNS = ("section", "line", "year", "en", "zh", "value", "low", "high", "probability", "n", "note_en", "note_zh")
NOT_RECORDED = {"en": "not recorded in these results", "zh": "结果中没有记录"}
NOT_DONE = {"en": "the scenario does not do this", "zh": "该情景不包含此项"}
NO_POLICY = {"en": "no policy in this scenario has this milestone", "zh": "该情景没有记录此节点的政策"}
SEE = "see"
ROTATION = "rotation"
"""The section of the country's rule of rotation, left out where a country has none."""
STEPS = {
    "in force": {"en": "in force", "zh": "施行"},
    "approval": {"en": "approval", "zh": "审批"},
    "construction": {"en": "construction begins", "zh": "开工"},
    "completion": {"en": "completion", "zh": "竣工"},
    "in_use": {"en": "in use", "zh": "投入使用"},
}
"""Milestones that policies write, where a plan has no words for them."""


def definition() -> Document:
    """Return what the scoreboard judges: sections, lines, gains and groups, with their words."""
    return shared_yaml(resource("parameters") / "scoreboard.yaml")


def deficit_line() -> float:
    """Return the yuan below which a year ends in debt; the line lies a little under zero, for rounding."""
    return float(definition()["lines"]["balance_carried"]["limit"])


@once
def scoreboard(results: Results, scenario: str, base: str | None = None) -> pd.DataFrame:
    """Return one row a line and year: the probability over replications that it is met, and the number behind it.

    Columns: section, line, year, en and zh (words), value with low and high (mean and 5-95 % of replications; of
    differences from `base` in the section gains), probability, n (replications judged), and a note in both languages
    where there is no judgement. Dates stand in the year in which they are due. Without `base` (or when it is the
    scenario itself) nothing is said of gains.
    """
    for name in (scenario, base):
        if name is not None:
            results.scenario(name)
    words = worded(results, scenario)
    rows = [*_dates(results, scenario), *_lines(results, scenario, words)]
    if base is not None and base != scenario:
        rows += _gains(results, scenario, base, words)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def worded(results: Results, scenario: str) -> Draft:
    """Return what the scoreboard judges, its words filled with the facts of the scenario's district."""
    content = definition()
    data = district_of(results, scenario)
    said = {lang: facts(data, lang) for lang in ("en", "zh")}
    planned = plan_at(results, scenario) is not None
    ruled = data is None or country(data.spec).get("rotation_rule")
    lines = {
        name: {**line, **{lang: _said(line, lang, planned).format(**found) for lang, found in said.items()}}
        for name, line in content["lines"].items()
        if ruled or line["section"] != ROTATION
    }
    return {**content, "lines": lines}


def _said(line: Document, lang: str, planned: bool) -> str:
    """Return the words of a line, those for a district without a plan where it has none."""
    return str(line[lang] if planned or "elsewhere" not in line else line["elsewhere"][lang])


def at_end(board: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the scoreboard as it stands in a year: dates that are due by then, and the year's lines.

    InputError for a year without lines.
    """
    years = sorted(int(y) for y in board["year"][board["section"] != "milestones"].unique())
    if isinstance(year, bool) or not isinstance(year, Integral) or year not in years:
        span = f"{years[0]} to {years[-1]}" if years else "none"
        raise InputError(Problem("scoreboard", "year", year, f"is not in it; there are {span}"))
    dates = (board["section"] == "milestones") & (board["year"] <= year)
    return board[dates | ((board["section"] != "milestones") & (board["year"] == year))].reset_index(drop=True)


# ---- dates ----


@once
def dates(results: Results, scenario: str) -> pd.DataFrame:
    """Return every milestone with its due month, the share of replications that met it, and how many were judged."""
    table = results.frame("milestones")
    mine = table[table["scenario"] == results.scenario(scenario)]
    groups = mine.groupby(["measure", "milestone", "due"], observed=True, sort=True)["met"]
    return groups.agg(probability="mean", n="count").reset_index()


def _dates(results: Results, scenario: str) -> Iterator[dict[str, object]]:
    """Yield a row for every milestone of the table, and for those of the plan that nobody writes."""
    plan, table = plan_of(results, scenario), dates(results, scenario)
    promised = {(m.id, s.name): (m, s) for m in plan.measures.values() for s in m.milestones} if plan else {}
    written = list(zip(table["measure"].astype(str), table["milestone"].astype(str), strict=True))
    for (measure, name), due, share, n in zip(written, table["due"], table["probability"], table["n"], strict=True):
        words = promised[measure, name][1].words if (measure, name) in promised else {}
        yield _date(measure, name, str(due), words, float(share), int(n))
    there = _instances(results, scenario)
    for (measure, name), (_, step) in promised.items():
        if (measure, name) not in written:
            note = NO_POLICY if measure in there else NOT_DONE
            yield _date(measure, name, f"{step.due:%Y-%m}", step.words, np.nan, 0, note)


def _date(
    measure: str, name: str, due: str, words: Mapping[str, str], share: float, n: int, note: Mapping[str, str] = {}
) -> dict[str, object]:
    """Return the row of one milestone."""
    words = words or STEPS.get(name, {})
    text = {lang: f"{measure} {words.get(lang) or name} ({due})" for lang in ("en", "zh")}
    return _row("milestones", f"{measure}: {name}", int(due[:4]), text, probability=share, n=n, note=note)


def _instances(results: Results, scenario: str) -> set[str]:
    """Return the measures that a scenario's instances stand for."""
    touched = results.tables.get("touched", pd.DataFrame(columns=["scenario", "measure"]))
    return set(touched.loc[touched["scenario"] == scenario, "measure"].astype(str))


# ---- lines ----


def _lines(results: Results, scenario: str, words: Document) -> Iterator[dict[str, object]]:
    """Yield a row for every line and year."""
    named = list(dict.fromkeys(name for line in words["lines"].values() for name in _names(line)))
    frame = results.rows_if_any("district_year", {"scenario": [scenario], "indicator": named})
    years, runs = _years(results, scenario), results.replications(scenario)
    of = dict(list(frame.groupby("indicator", observed=True)))
    for name, line in words["lines"].items():
        values = measured(pd.concat([of[n] for n in _names(line) if n in of] or [frame.iloc[:0]]), line)
        judged = [year for year in years if year >= years[0] + line.get("after", 0)]
        if values.empty:
            yield from _absent(name, line, judged, len(runs))
            continue
        there = dict(list(values.groupby(level=0)))
        for year in judged:
            yield _line(name, line, year, there.get(year, values.iloc[:0]), len(runs))


@once
def _years(results: Results, scenario: str) -> list[int]:
    """Return the years of a scenario."""
    frame = results.frame("district_year")
    return sorted(int(year) for year in frame["year"][frame["scenario"] == scenario].unique())


def _absent(name: str, line: Document, years: Sequence[int], runs: int) -> Iterator[dict[str, object]]:
    """Yield what can be said of a line that was never recorded."""
    for year in years:
        yield _line(name, line, year, pd.Series(dtype=float), runs)


def _line(name: str, line: Document, year: int, values: pd.Series, runs: int) -> dict[str, object]:
    """Return the row of one line in one year, from one value a replication."""
    if values.empty:
        unmet = line.get("absent") == "unmet"
        return _row(
            line["section"],
            name,
            year,
            line,
            probability=0.0 if unmet else np.nan,
            n=runs if unmet else 0,
            note=NOT_DONE if unmet else NOT_RECORDED,
        )
    share = np.nan if line["rule"] == SEE else float(met(values, line).mean())
    return _row(line["section"], name, year, line, values.to_numpy(float), share, len(values))


def _names(line: Document) -> list[str]:
    return [line["indicator"]] if isinstance(line["indicator"], str) else list(line["indicator"])


def measured(frame: pd.DataFrame, line: Document) -> pd.Series:
    """Return the number that a line judges by year (index) and replication: of several indicators the one furthest from
    its rule.

    A year in which a replication lacks one of them is left out.
    """
    names = _names(line)
    keep = (
        frame["indicator"].isin(names)
        & (frame["stage"] == line["stage"])
        & (frame["group"] == line.get("group", "all"))
    )
    runs = frame[keep].groupby(["year", "replication"], observed=True)["value"]
    furthest = runs.max() if line["rule"] == "at_most" else runs.min()
    judged: pd.Series[float] = furthest[runs.count() == len(names)].droplevel("replication")
    return judged


def met(values: pd.Series, line: Document) -> pd.Series:
    """Return which values keep a line's rule."""
    rounded = values.round(line["round"]) if "round" in line else values
    return rounded <= limit(line) if line["rule"] == "at_most" else rounded >= limit(line)


def limit(line: Document) -> float:
    """Return the number that a line's rule names: as written, of a parameter, or of a standard."""
    value = line["limit"]
    if not isinstance(value, Mapping):
        return float(value)
    if "parameter" in value:
        return float(parameters.load()[value["parameter"]].value)
    return load_standard(value["standard"]).cv_line(line["stage"])


# ---- gains ----


def _gains(results: Results, scenario: str, base: str, words: Document) -> Iterator[dict[str, object]]:
    """Yield how groups fare against the base: the difference, and the share of replications in which it is a gain."""
    wanted = {"indicator": list(words["gains"]), "group": list(words["groups"]), "scenario": [scenario, base]}
    frame = results.rows_if_any("district_year", wanted)
    keys = ["indicator", "stage", "group", "year", "replication"]
    wide = frame.pivot_table(index=keys, columns="scenario", values="value", observed=True).dropna()
    if not {scenario, base} <= set(wide.columns):
        return
    gain = wide[scenario] - wide[base]
    for where, values in gain.groupby(level=keys[:-1], observed=True):
        indicator, stage, group, year = cast("tuple[str, str, str, int]", where)
        entry = words["gains"][indicator]
        good = values > 0 if entry["good"] == "up" else values < 0
        text = {
            lang: _joined(lang, entry[lang], words["stages"][stage][lang], words["groups"][group][lang])
            for lang in ("en", "zh")
        }
        name = f"{indicator}: {stage}, {group}"
        yield _row("gains", name, int(year), text, values.to_numpy(float), float(good.mean()), len(values))


def _joined(lang: str, what: str, stage: str, group: str) -> str:
    return f"{what}, {stage}, {group}" if lang == "en" else f"{what}（{stage}，{group}）"


def _row(
    section: str,
    line: str,
    year: int,
    words: Document,
    values: Floats | None = None,
    probability: float = np.nan,
    n: int = 0,
    note: Mapping[str, str] = {},
) -> dict[str, object]:
    """Return one row of the scoreboard."""
    numbers = (
        (np.nan,) * 3
        if values is None
        else (float(values.mean()), *(float(q) for q in np.quantile(values, sureness().interval)))
    )
    entry = (
        section,
        line,
        year,
        words["en"],
        words["zh"],
        *numbers,
        probability,
        n,
        note.get("en", ""),
        note.get("zh", ""),
    )
    return dict(zip(COLUMNS, entry, strict=True))
