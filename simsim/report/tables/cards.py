"""The four big numbers that open a report: seats, balance, teachers, cost; each with
what it means and how sure its difference is.
"""

from __future__ import annotations

import pandas as pd

from simsim.experiments.evidence import Evidence
from simsim.inputs.standards import load_standard
from simsim.report.exhibit import Exhibit
from simsim.report.figures import money as figures_money
from simsim.report.figures.balance import line_of
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.tables.differences import verdict
from simsim.report.tables.sureness import told
from simsim.report.view import View


def cards(view: View) -> Safe:
    """Return the four numbers that open a report, each with what it means and how it differs from the base."""
    return tag("div", joined(make(view) for make in (_seats_card, _balance_card, _teachers_card, _cost_card)), "cards")


def _card(name: object, big: object, what: object, diff: object) -> Safe:
    parts = [tag("div", name, "name"), tag("div", big, "big"), tag("p", what, "what")]
    return tag("div", joined([*parts, tag("p", diff, "diff") if diff else ""]), "card")


def _compared(view: View, value: str, row: pd.Series, indicator: str, evidence: Evidence) -> Safe:
    said = view.say.html("big.against", base=view.title(view.base), value=value, words=row["words"])
    return Safe(said + told(view, row, indicator, evidence))


def _seats_card(view: View) -> Safe:
    say = view.say
    pupils, seats = (view.at_the_end(view.focus, name) for name in ("pupils", "seats"))
    use = 100 * pupils / seats
    diff = ""
    if view.focus != view.base:
        base = view.at_the_end(view.base, "pupils") / view.at_the_end(view.base, "seats")
        row, evidence = view.judged(use / 100, base, "seat_use"), view.evidence_of(use / 100, base, "seat_use")
        diff = _compared(view, say.number(100 * base.median()), row, "seat_use", evidence)
    what = say.html("big.seats.what", pupils=say.number(pupils.median()), seats=say.number(seats.median()))
    return _card(
        say("big.seats", year=view.last),
        Safe(say.html("big.seats.value", n=say.number(use.median()))),
        Safe(what),
        diff,
    )


def _two(view: View, indicator: str, scenario: str) -> str:
    values = [view.say.value(view.level(scenario, indicator, stage)["median"], indicator) for stage in view.stages]
    return _paired(view, "big.two", values)


def _paired(view: View, key: str, values: list[str]) -> str:
    """Return what is said of two stages in the words of a key, or of the only one as it is."""
    return view.say(key, a=values[0], b=values[1]) if len(values) > 1 else values[0]


def _stages(view: View) -> str:
    return view.say("big.stages") if len(view.stages) > 1 else view.say(f"stage.{view.stages[0]}")


def _both(view: View, indicator: str) -> object:
    """Return how both stages differ from the base."""
    if view.focus == view.base:
        return ""
    parts = [
        view.say(
            "big.stage_words", stage=view.say(f"stage.{s}"), words=view.difference(view.focus, indicator, s)["words"]
        )
        for s in view.stages
    ]
    said = view.say.html(
        "big.against_both",
        base=view.title(view.base),
        values=_two(view, indicator, view.base),
        words=view.say("join").join(parts),
    )
    return Safe(said + joined(_told(view, indicator, stage) for stage in view.stages))


def _told(view: View, indicator: str, stage: str) -> Safe:
    """Return counts and evidence of one stage's difference, with the stage's name."""
    row = view.difference(view.focus, indicator, stage)
    small = told(view, row, indicator, view.evidence(view.focus, indicator, stage)) if row["verdict"] else ""
    return Safe(f"<br>{tag('b', view.say(f'stage.{stage}'))}{small}") if small else Safe("")


def _balance_card(view: View) -> Safe:
    lines = [view.say.number(line_of(load_standard("basic-2012"), stage), 2) for stage in view.stages]
    met = min(view.level(view.focus, "basic_met", stage)["mean"] for stage in view.stages)
    what = view.say.html(
        "big.balance.what",
        lines=_paired(view, "big.lines", lines),
        verdict=verdict(view, met),
        share=view.say.percent(met),
    )
    return _card(
        view.say("big.balance", year=view.last, stages=_stages(view)),
        _two(view, "cv_composite", view.focus),
        Safe(what),
        _both(view, "cv_composite"),
    )


def _teachers_card(view: View) -> Safe:
    big = Safe(f"{text(_two(view, 'teacher_gap', view.focus))} <small>{text(view.say.unit('teacher_gap'))}</small>")
    return _card(
        view.say("big.teachers", year=view.last, stages=_stages(view)),
        big,
        view.say("big.teachers.what"),
        _both(view, "teacher_gap"),
    )


def _cost_card(view: View) -> Safe:
    say = view.say
    ours = figures_money.totals(view, view.focus)
    pupils = view.totals(view.focus, "pupils").sum()
    middle = ours.median()
    per_pupil = say.number(float((ours["total"] / pupils.reindex(ours.index)).median()))
    what = say.html("big.cost.what", capital=say.money(middle["capital"]), running=say.money(middle["running"]),
    per_pupil=per_pupil,
                    first=view.first, last=view.last)  # fmt: skip
    diff = ""
    if view.focus != view.base:
        theirs = figures_money.totals(view, view.base)
        row = view.judged(ours["total"], theirs["total"], "cost_capital")
        evidence = view.evidence_of(ours["total"], theirs["total"], "cost_capital")
        base = say("big.cost.value", value=say.money(theirs["total"].median()))
        diff = _compared(view, base, row, "cost_capital", evidence)
    total = middle["total"]
    big = Safe(say.html("big.cost.big", value=say.money(total, unit=False), unit=say.money_unit(total)))
    return _card(say("big.cost", first=view.first, last=view.last), big, Safe(what), diff)


TABLES = {"cards": Exhibit(cards)}
