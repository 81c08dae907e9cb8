"""The forecast's errors on a district's own past, which an outlook opens with."""

from __future__ import annotations

from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, joined, tag
from simsim.report.markup import table as html_table
from simsim.report.view import View
from simsim.studies import own_openings
from simsim.studies.forecast_verdicts import OURS, UNCHANGED
from simsim.studies.own_hindcast import METHODS, enough, hindcast
from simsim.studies.own_past import places

KEYS = ("level", "lead", "forecasts", *METHODS, "inside")
OPENED_KEYS = ("level", "opened_lead", "schools", "planned", "mean_size", "no_plan")


def nothing(view: View) -> str:
    """Return the words for a district without rolls of its own, or with too few to look back at."""
    rolls = view.district.rolls
    if rolls is None:
        return "own_past.none"
    return "" if enough(rolls) else "own_past.short"


def own_past(view: View) -> Safe:
    """Return mean absolute errors in % by level and years ahead, and where we are no better than unchanged."""
    rolls = view.district.rolls
    assert rolls is not None
    found = hindcast(rolls, view.district.system).summary()
    say = view.say
    rows = []
    for row in found.to_dict("records"):
        level = say(f"own_past.{row['level']}")
        errors = [
            (say.percent(row[m] / 100, 1), "bad" if m == OURS and row[m] >= row[UNCHANGED] else "") for m in METHODS
        ]
        rows.append([level, str(row["lead"]), str(row["forecasts"]), *errors, _inside(view, str(row["inside"]))])
    worse = found[found[OURS] >= found[UNCHANGED]]
    lines = [
        say.html("own_past.worse", level=say(f"own_past.{level}"), years=say("list").join(map(str, part["lead"])))
        for level, part in worse.groupby("level", sort=False)
    ] or [say("own_past.better")]
    head = [say(f"own_past.head.{key}") for key in KEYS]
    shown = [*(tag("p", Safe(line)) for line in lines), html_table(head, rows, words=(0, 6)), opened(view)]
    return joined([*shown, tag("p", Safe(say("own_past.agents")))])


def opened(view: View) -> Safe:
    """Return median errors in % at schools that opened, and at their neighbours, and where the formula adds nothing;
    nothing where no school opened.
    """
    say, rolls = view.say, view.district.rolls
    assert rolls is not None
    every = own_openings.openings(rolls, places(view.district))
    found = own_openings.summary(every)
    if found.empty:
        return Safe("")
    rows, none = [], False
    for row in found.to_dict("records"):
        error = {way: float(row[way]) for way in own_openings.METHODS}
        worse = error[own_openings.OURS] >= min(error[way] for way in own_openings.METHODS[1:])
        none |= worse
        cells = [
            (say.percent(e / 100, 1), "bad" if worse and way == own_openings.OURS else "") for way, e in error.items()
        ]
        rows.append([say(f"own_past.{row['what']}"), str(row["lead"]), str(row["schools"]), *cells])
    head = [say(f"own_past.head.{key}") for key in OPENED_KEYS]
    said = [say("own_past.opened.none" if none else "own_past.opened.closer")]
    chance, compared = own_openings.undecided(every)
    if chance:
        said.append(say("own_past.opened.chance", k=str(chance), n=str(compared)))
    shown = [tag("p", Safe(say("own_past.opened.text"))), *(tag("p", line) for line in said)]
    return joined([*shown, html_table(head, rows)])


def _inside(view: View, inside: str) -> str:
    k, of, n = inside.partition(" of ")
    return view.say("own_past.inside", k=k, n=n) if of else view.say("own_past.no_range")


TABLES = {"own_past": Exhibit(own_past, nothing)}
