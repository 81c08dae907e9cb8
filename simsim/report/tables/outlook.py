"""Tables of the seat warning: where seats run out and by when to decide, where
they empty, and what each stage comes to.
"""

from __future__ import annotations

import pandas as pd

from simsim.districts.births import SWITCH
from simsim.districts.own import last_published
from simsim.experiments.outlook import AFTER, LATE, THIS_YEAR, assumed
from simsim.experiments.places import district_of
from simsim.inputs import parameters
from simsim.inputs.indicators import count
from simsim.report.exhibit import Exhibit
from simsim.report.figures.style import capital
from simsim.report.markup import Safe, details, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.filled import noted
from simsim.report.tables.sources import mark
from simsim.report.view import ALL, View

LEADS = (
    "approval_months",
    "building_months",
    "hiring_months",
    "seats_short_above",
    "seats_tight_above",
    "seats_empty_below",
)
BASES = {"known births": "known", "partly assumed births": "partly", "assumed births": "assumed"}
STEP = 5
AGAINST = ("pupils", "seats")
"""What warnings set against each other."""
SIGNAL_YEARS = 8


def short(view: View) -> Safe:
    """Return the spells of years in which a stage of an area is likely to run out of
    seats, with the months by which to decide.
    """
    found = view.warnings[view.warnings["kind"] == "short"].sort_values(["first", "stage", "area"])
    if found.empty:
        return noted(view, AGAINST, tag("p", view.say("outlook.none_short"), "quiet"))
    keys = ("where", "years", "worst", "gap", "share", "build_by", "staff_by", "decide")
    rows = [
        [*_spell(view, row), *(_month(view, row, name) for name in ("build_by", "staff_by")), _decide(view, row)]
        for _, row in found.iterrows()
    ]
    table = html_table([view.say(f"outlook.{key}") for key in keys], rows, words=(0, 1, 2, 5, 6, 7))
    return noted(view, AGAINST, table)


def signal(view: View) -> Safe:
    """Return red, yellow or green for every stage and area in the years to come, the district first."""
    table = view.signals
    shown = sorted(table["year"].unique())[:SIGNAL_YEARS]
    tables = []
    for stage in view.stages:
        wide = table[table["stage"] == stage].pivot(index="area", columns="year", values="signal")
        places = [ALL, *(area for area in wide.index if area != ALL)]
        rows = [
            [capital(view.area(area)), *((view.say(f"signal.{c}"), f"signal-{c}") for c in wide.loc[area, shown])]
            for area in places
        ]
        years = [str(year) for year in shown]
        head = [view.say("outlook.where"), *years]
        tables.append(html_table(head, rows, capital(view.say(f"stage.{stage}")), words=range(len(head))))
    return noted(view, AGAINST, joined(tables))


def _decide(view: View, row: pd.Series) -> object:
    """Return whether it is too late, to be decided within a year, or later."""
    css = {LATE: "bad2", THIS_YEAR: "bad"}.get(str(row["decide"]), "")
    return view.say(f"decide.{str(row['decide']).replace(' ', '_')}"), css


def empty(view: View) -> Safe:
    """Return the spells of years in which a stage of an area is likely to empty, folded."""
    found = view.warnings[view.warnings["kind"] == "empty"].sort_values(["first", "stage", "area"])
    if found.empty:
        return noted(view, AGAINST, tag("p", view.say("outlook.none_empty"), "quiet"))
    keys = ("where", "years", "worst", "unused", "share", "basis")
    rows = [[*_spell(view, row), view.say(f"basis.{BASES[row['basis']]}")] for _, row in found.iterrows()]
    inside = html_table([view.say(f"outlook.{key}") for key in keys], rows, words=(0, 1, 2, 5))
    return noted(view, AGAINST, details(view.say("outlook.empty_show", n=len(found)), inside))


def _spell(view: View, row: pd.Series) -> list[object]:
    where = Safe(f"{text(capital(view.area(row['area'])))}<small>{text(view.say('stage.' + row['stage']))}</small>")
    span = (
        str(row["first"])
        if row["first"] == row["last"]
        else view.say("outlook.span", first=row["first"], last=row["last"])
    )
    worlds = count(round(float(row["probability"]) * view.n), view.n, view.lang)
    return [where, span, str(row["worst"]), view.say.number(row["gap"]), worlds]


def _month(view: View, row: pd.Series, name: str) -> object:
    """Return a month by which to decide, marked when it is past."""
    past = row[name] < (view.today or f"{view.first}-09")
    month = view.say.month(str(row[name]))
    return (view.say("outlook.past", month=month), "bad") if past else month


def stages(view: View) -> Safe:
    """Return children, seats and teachers of the focus by stage, every fifth year and the last."""
    shown = [year for year in view.years if (view.last - year) % STEP == 0]
    names = ("pupils", "seats", "seat_use", "teachers", "pupils_per_teacher")
    tables = []
    for stage in view.stages:
        rows = [
            [view.say.label(n), *(view.say.value(view.level(view.focus, n, stage, y)["median"], n) for y in shown)]
            for n in names
        ]
        tables.append(html_table(["", *map(str, shown)], rows, capital(view.say(f"stage.{stage}"))))
    return noted(view, names, joined(tables))


def lead_times(view: View) -> Safe:
    """Return the lead times and lines behind the warning, with how they are known."""
    known = parameters.load()
    rows = [_parameter(view, known[name]) for name in LEADS]
    return html_table(
        [view.say(f"parameters.{key}") for key in ("name", "value", "range", "unit", "kind")], rows, words=(0, 3, 4)
    )


def _parameter(view: View, p: parameters.Parameter) -> list[object]:
    span = "" if p.low is None or p.high is None else view.say("interval", low=f"{p.low:g}", high=f"{p.high:g}")
    name = Safe(f"{text(view.say.parameter(p.name))}<small><code>{text(p.name)}</code></small>")
    return [name, f"{p.value:g}", span, view.say.either("unit", p.unit), mark(view, p.kind)]


def assumptions(view: View) -> Safe:
    """Return what every scenario assumes of births, and of in-migration after the last published year where a run goes
    beyond it.
    """
    say, data = view.say, district_of(view.results, view.focus)
    year = view.last if data is None else last_published(data.spec)
    beyond = year < view.last
    rows = []
    for name in view.scenarios:
        told = assumed(view.results, name)
        share = told[AFTER]
        word = {0.0: "none", 0.5: "half", 1.0: "full"}.get(share)
        inflow = say(f"outlook.inflow_{word}") if word else say.percent(share)
        births = say("outlook.births_nation" if told[SWITCH] else "outlook.births_own")
        rows.append([view.title(name), *[inflow] * beyond, births])
    headings = [say("scenario"), *[say("outlook.inflow", year=year)] * beyond, say("outlook.births")]
    return html_table(headings, rows, say("outlook.assumptions"), words=range(len(headings)))


def whole(view: View) -> pd.DataFrame:
    """Return the warnings of the whole district."""
    return view.warnings[view.warnings["area"] == ALL]


TABLES = {
    "outlook_assumptions": Exhibit(assumptions),
    "outlook_signals": Exhibit(signal),
    "outlook_short": Exhibit(short),
    "outlook_empty": Exhibit(empty),
    "outlook_stages": Exhibit(stages),
    "outlook_leads": Exhibit(lead_times),
}
