"""The answer in a sentence: what a change does, in how many worlds, at what cost, and how many more worlds it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsim.experiments.costing import PAID, STAFF
from simsim.experiments.evidence import Evidence
from simsim.experiments.precision import MOST_SEEDS
from simsim.experiments.results import Results
from simsim.explorer.state import EXPLORED, Explorer
from simsim.inputs.indicators import count, grades, indicators, sureness
from simsim.report.figures.style import capital
from simsim.report.markup import Safe, joined, tag
from simsim.report.markup import table as html_table
from simsim.report.view import ALL, View
from simsim.report.words import NOTHING

FEW = "few"
GROUPS = ("all", "poor", "migrant", "local", "urban", "rural")


@dataclass(frozen=True)
class Answer:
    """What the current scenario does against its reference, in one indicator, stage and year.

    `row` is that of `Results.paired`; `more` is the number of worlds that are lacking for a word on how sure it is.
    """

    row: pd.Series
    n: int
    more: int
    cost: pd.Series
    evidence: Evidence


def answer(state: Explorer, view: View) -> Answer | None:
    """Return the answer; None where nothing can be compared yet, or the indicator is not recorded there."""
    if not state.compares or not state.n:
        return None
    row = view.difference(EXPLORED, state.indicator, state.stage, state.year)
    if np.isnan(row["mean"]):
        return None
    ours, theirs = state.spent(state.current), state.spent(state.reference)
    evidence = Evidence(grades()[0], (), FEW, state.n)  # of few worlds nothing is said, not even that they agree
    if state.n >= sureness().fewest_replications:
        evidence = view.evidence(EXPLORED, state.indicator, state.stage)
    return Answer(row, int(row["n"]), lacking(row, state.indicator), (ours - theirs).dropna(), evidence)


def lacking(row: pd.Series, indicator: str) -> int:
    """Return how many worlds more it takes until the fixed mapping has a word for a difference; 0 when it has one.

    At least as many as the mapping asks for; then, if its mean or sign would still move with more worlds, as many as
    bring two Monte-Carlo errors below its distance from the smallest difference that matters, or from zero.
    """
    rule, n = sureness(), int(row["n"])
    fewest = max(0, rule.fewest_replications - n)
    if row["verdict"] != FEW or fewest:
        return fewest
    size, threshold = abs(float(row["mean"])), indicators()[indicator].matters
    room = size if size >= threshold else threshold - size
    if room <= 0.0:
        return MOST_SEEDS
    wanted = n * (rule.errors * float(row["mc_error"]) / room) ** 2
    return int(np.clip(np.ceil(wanted) - n, 1, MOST_SEEDS))


def sentence(state: Explorer, view: View, found: Answer | None) -> Safe:
    """Return the answer as paragraphs of HTML."""
    say = view.say
    if found is None:
        key = "explore.same" if not state.compares else "explore.nothing"
        return tag("p", say(key, title=view.title(EXPLORED), base=view.title(view.base)))
    change = _change(view, found, EXPLORED, state.indicator, state.stage, state.year)
    return joined([tag("p", change, "answer"), tag("p", _cost(view, found)), tag("p", _graded(view, found), "ground")])


def in_words(
    results: Results,
    a: str,
    b: str,
    indicator: str,
    stage: str = ALL,
    year: int | None = None,
    lang: str = "en",
    width: int = 110,
) -> str:
    """Return what scenario `a` changes against `b` as plain text: the difference with its interval, in how many worlds
    it has this sign, its cost, the grade of the evidence, and how many worlds are lacking for a word.

    InputError for names that are not in the results, and where the indicator was not recorded.
    """
    view = View.of(results, lang, focus=a, base=b)
    year = view.last if year is None else year
    table = results.paired(a, b, indicator, stage, ALL, year)
    row = table.iloc[0].rename({f"words_{lang}": "words"})
    costs = [_spent(results, name, year) for name in (a, b)]
    fewest = int(row["n"]) < sureness().fewest_replications
    evidence = Evidence(grades()[0], (), FEW, int(row["n"])) if fewest else view.evidence(a, indicator, stage)
    found = Answer(row, int(row["n"]), lacking(row, indicator), (costs[0] - costs[1]).dropna(), evidence)
    lines = [_change(view, found, a, indicator, stage, year), _cost(view, found), _graded(view, found)]
    lines += [view.say("explore.more", n=found.more)] if found.more else []
    return "\n".join(view.say.wrap(capital(line), width) for line in lines)


def _spent(results: Results, scenario: str, year: int) -> pd.Series:
    """Return what the measures of a scenario cost until a year (yuan), by replication; staff pay apart."""
    costs = results.rows_if_any("costs", {"scenario": [scenario]})
    mine = costs[(costs["instance"] != STAFF) & costs["kind"].isin(PAID) & (costs["year"] <= year)]
    return mine.groupby("replication")["value"].sum().reindex(results.replications(scenario), fill_value=0.0)


def _change(view: View, found: Answer, scenario: str, name: str, stage: str, year: int) -> str:
    say, row = view.say, found.row
    number = say.value(row["mean"], name, sign=True)
    unit = "" if say.is_money(name) or say.unit(name).lower() in say.label(name).lower() else say.unit(name)
    words = {
        "year": year,
        "title": view.title(scenario),
        "base": view.title(view.base),
        "name": say.label(name),
        "stage": say(f"stage.{stage}"),
        "value": f"{number} {unit}".strip() if say.lang == "en" else f"{number}{unit}",
        "n": found.n,
    }
    if found.n == 1:
        return say("explore.one", **words)
    words |= {"low": say.value(row["low"], name, sign=True), "high": say.value(row["high"], name, sign=True)}
    words |= {"count": count(row["with_sign"], found.n, say.lang), "words": row["words"]}
    return say("explore.many", **words)


def _cost(view: View, found: Answer) -> str:
    say, cost = view.say, found.cost
    mean = float(cost.mean())
    if not cost.any():
        return say("explore.no_cost", base=view.title(view.base))
    low, high = np.quantile(cost.to_numpy(), sureness().interval).tolist()
    ends = {"low": say.money(low, sign=True), "high": say.money(high, sign=True)}
    between = say("explore.between", **ends, n=found.n) if found.n > 1 else say("explore.in_one")
    return say("explore.cost", value=say.money(mean, sign=True), between=between, base=view.title(view.base))


def _graded(view: View, found: Answer) -> str:
    grade, names = found.evidence.grade.text[view.lang], found.evidence.words(view.lang)
    return view.say("sure.evidence", grade=grade, names=names)


def lamp(state: Explorer, view: View | None, found: Answer | None, busy: int) -> Safe:
    """Return how many worlds there are, and how many more it takes to say anything."""
    if view is None:
        return Safe("")
    say = view.say
    parts = [say("explore.worlds", n=state.n)]
    if found is not None:
        parts.append(say("explore.more", n=found.more) if found.more else say("explore.enough"))
    if busy:
        parts.append(say("explore.busy", n=busy))
    colour = "on" if found is not None and not found.more else "off"
    return tag("p", say("join").join(parts), f"lamp {colour}")


def gains(state: Explorer, view: View) -> pd.DataFrame:
    """Return how the mean score of groups of pupils differs from the reference in the year looked at, a row a stage
    and group: mean, low, high, n and words.
    """
    rows = [
        {"stage": stage, "group": group, **view.difference(EXPLORED, "score", stage, state.year, group).to_dict()}
        for stage in view.stages
        for group in GROUPS
    ]
    table = pd.DataFrame(rows)
    return table[table["mean"].notna()].reset_index(drop=True)


def schools_said(state: Explorer, view: View) -> str:
    """Return in how many schools of the stage pupils score higher, and lower, than in the reference: means of the
    worlds lived, of schools that are open in both.
    """
    ours, theirs = state.schools(state.current), state.schools(state.reference)
    both = ours.index.intersection(theirs.index)
    gap = (ours.loc[both, "score"] - theirs.loc[both, "score"]).dropna()
    limit = indicators()["score"].matters
    numbers = {"higher": int((gap > limit).sum()), "lower": int((gap < -limit).sum()), "all": len(gap)}
    words = {"stage": view.say(f"stage.{state.stage}"), "year": state.year, "limit": limit, "n": state.n}
    return view.say("explore.schools", **numbers, **words)


def level_words(view: View, state: Explorer) -> str:
    """Return the level of the indicator in the current scenario and its reference, means of the worlds lived."""
    parts = []
    for name in (view.base, EXPLORED) if state.compares else (EXPLORED,):
        level = view.level(name, state.indicator, state.stage, state.year, ALL)
        value = view.say.value(level["mean"], state.indicator)
        parts.append(view.say("explore.level", title=view.title(name), value=value))
    return view.say("join").join(parts)


def kept(state: Explorer, view: View) -> Safe:
    """Return a table of the reference, the saved scenarios and the current one: level, difference, worlds, words, and
    the cost of measures against the reference.
    """
    say, theirs = view.say, state.spent(state.reference)
    headings = ["scenario", "explore.of_level", "explore.of_difference", "explore.of_worlds", "explore.of_cost"]
    rows: list[list[object]] = []
    for scenario in (s for s in state.shown if s.name in view.scenarios):
        level = view.level(scenario.name, state.indicator, state.stage, state.year)
        cells: list[object] = [view.title(scenario.name), say.value(level["mean"], state.indicator)]
        if scenario.name == view.base:
            rows.append([*cells, NOTHING, say.number(level["n"]), NOTHING])
            continue
        row = view.difference(scenario.name, state.indicator, state.stage, state.year)
        value = say.value(row["mean"], state.indicator, sign=True)
        cost = float((state.spent(scenario) - theirs).mean())
        cells += [say("finding.part", stage="", value=value, words=row["words"]), say.number(row["n"])]
        rows.append([*cells, say.money(cost, sign=True)])
    return html_table([say(name) for name in headings], rows, level_caption(state, view))


def level_caption(state: Explorer, view: View) -> str:
    """Return what a table of scenarios shows: the indicator, the stage and the year."""
    name, stage = view.say.axis(state.indicator), view.say(f"stage.{state.stage}")
    return view.say("explore.caption", name=name, stage=stage, year=state.year)
