"""Tables of one school or area: rolls and seats, teachers, moves, means of teaching against lines, and how each of its
numbers is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from simsim.districts.filled_words import rule_word
from simsim.districts.provenance import FILLED
from simsim.experiments.one_place import TEACHERS, Place, in_year, schools_of
from simsim.experiments.one_place import homes as lives
from simsim.experiments.one_place import moves as moved
from simsim.experiments.places import district_of
from simsim.inputs import parameters
from simsim.inputs.indicators import count, sureness
from simsim.inputs.standards import load_standard
from simsim.report.exhibit import Exhibit
from simsim.report.figures.place import no_place, stages_there
from simsim.report.figures.style import capital
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.filled import filled_note
from simsim.report.view import View

ROLLS = ("pupils", "seats", "rooms", "classes", "class_size", "over_capacity", "displaced")
STAFF = ("teachers", "pupils_per_teacher", "surplus_teachers", "overqualified", "midtitle", "teacher_quality")
CHILDREN = ("pupils", "waiting", "turned_away", "distance_km", "class_size_met", "teaching_met", "score")
LINES = {
    "overqualified": "overqualified_per_pupil",
    "teaching_area": "area_teach",
    "sports_area": "area_sport",
    "equipment": "equipment",
}
"""Minimums of the method of 2017, and the number by school that is held against each."""
STANDARD = "quality-2017"
KINDS = {
    "pupils": "pupils_*", "rooms": "rooms_*", "teachers": "t_*", "titles": "title_*", "degrees": "overqualified_*",
    "backbone": "backbone_*", "area": "teaching_area_m2", "sport": "sports_area_m2", "equipment": "equipment_yuan",
    "computers": "computers", "books": "books", "multimedia": "multimedia_rooms", "place": "[xy]_km",
}  # fmt: skip
"""What is known of a school (words `place.of.*`), by the columns of schools.csv."""
FEW_SCHOOLS = 40
MIDDLE = 0.5


def about(view: View) -> Safe:
    """Return the schools of the place: kind, owner, town, cluster, when it opens and in how many worlds."""
    there = schools_of(view.results, view.focus, _place(view))
    last = there[there["year"] == there["year"].max()]
    openness = view.schools.loc[view.focus]["open"]
    rows: list[list[object]] = []
    for _, row in last.head(FEW_SCHOOLS).iterrows():
        share = float(openness.get((int(row["year"]), int(row["school"])), np.nan))
        cluster = view.translated(view.focus)[str(row["cluster"])] if row["cluster"] else view.say("place.no_cluster")
        rows.append(
            [
                str(row[f"name_{view.lang}"]), str(int(row["school"])), view.say(f"school_kind.{row['kind']}"),
                view.say.either("ownership", str(row["ownership"])),
                view.say("urban.one" if row["urban"] else "rural.one"),
                cluster, _opened(view, int(row["school"])), count(round(share * view.n), view.n, view.lang),
            ]
        )  # fmt: skip
    keys = ("name", "key", "kind", "ownership", "where", "cluster", "opened", "open")
    return html_table([view.say(f"place.{key}") for key in keys], rows, words=range(len(keys)))


def _opened(view: View, school: int) -> Safe:
    """Return the year in which a school opens, median and range over the worlds in which it does."""
    frame = view.results.frame("schools")
    mine = frame[(frame["scenario"] == view.focus) & (frame["school"] == school)]
    years = mine.groupby("replication")["opened"].min().to_numpy(float)
    if (years <= view.first).all():
        return text(view.say("place.before", year=view.first))
    middle, low, high = (f"{x:.0f}" for x in np.quantile(years, (MIDDLE, *sureness().interval), method="nearest"))
    return Safe(f"{middle}{tag('small', view.say.interval(low, high)) if low != high else ''}")


def rolls(view: View) -> Safe:
    """Return rolls, seats, rooms and classes by year."""
    return _by_year(view, view.at_place(view.focus), ROLLS, "place.rolls_caption")


def staff(view: View) -> Safe:
    """Return teachers, their degrees and titles, and what they are above the standard, by year."""
    return _by_year(view, view.at_place(view.focus), STAFF, "place.staff_caption")


def children(view: View) -> Safe:
    """Return what the children who live in an area meet, by year."""
    table = lives(view.results, view.focus, _place(view))
    return _by_year(view, table, [name for name in CHILDREN if name in table], "place.children_caption")


def no_children(view: View) -> str:
    """Return the words for a school: where its pupils live is not recorded."""
    return no_place(view) or ("none.children" if view.place and view.place.kind == "school" else "")


def _by_year(view: View, table: pd.DataFrame, names: Sequence[str], caption: str) -> Safe:
    """Return a table a stage: a row a year, a median with 5-95 % an indicator."""
    parts = []
    for stage in stages_there(view):
        if stage not in table.index.get_level_values("stage"):
            continue
        mine = table.xs(stage, level="stage")
        rows = [
            [str(year), *(_spread(view, part[name], name) for name in names)] for year, part in mine.groupby("year")
        ]
        headings = [
            view.say("place.year"),
            *(_heading(view, name) for name in names),
        ]
        told = view.say(caption, stage=view.say(f"stage.{stage}"), n=view.n, stamp=_stamp(view))
        parts.append(html_table(headings, rows, capital(told)))
    known = [each for name in names for each in (name, TEACHERS.get(name, name))]
    return joined([*parts, filled_note(view, known)])


def _heading(view: View, name: str) -> str:
    """Return the heading of a column: with its unit, but for persons, places and the like that the name says."""
    if name in HEADS:
        return view.say.either("place", name)
    return view.say.axis(name) if name in WITH_UNIT else view.say.label(name)


HEADS = ("overqualified", "midtitle", "surplus_teachers")
"""Numbers that have a name of their own on this page."""
WITH_UNIT = ("distance_km", "teacher_quality", "teaching_met", "score")


def _spread(view: View, values: pd.Series, name: str) -> Safe:
    """Return median and 5-95 % of a number over worlds; words where it is not defined in any."""
    known = values.to_numpy(float)
    known = known[np.isfinite(known)]
    if not len(known):
        return Safe(view.say.not_defined)
    numbers = np.quantile(known, (MIDDLE, *sureness().interval)).tolist()
    middle, low, high = (view.say.number(x) if name in HEADS else view.say.value(x, name) for x in numbers)
    under = tag("small", view.say.interval(low, high)) if (low, high) != (middle, middle) else ""
    return Safe(f"{text(middle)}{under}")


def moves(view: View) -> Safe:
    """Return teachers who come and leave a year, by reason."""
    table = moved(view.results, view.focus, _place(view))
    if table.empty:
        return tag("p", view.say("place.no_moves"), "quiet")
    ways = ("came", "left")
    rows = [
        [view.say.either("move", str(row["reason"])), *(view.say.number(float(row[name]), 1) for name in ways)]
        for _, row in table.iterrows()
    ]
    headings = [view.say(f"place.{key}") for key in ("reason", "came", "left")]
    span = {"first": view.first + 1, "last": view.last}
    caption = view.say(f"place.moves_caption.{_place(view).kind}", stamp=_stamp(view), **span)
    return html_table(headings, rows, caption)


def lines(view: View) -> Safe:
    """Return the means of teaching of the first and the last year against the minimums of the method of 2017 and the
    class target, with the share of worlds that reach them.
    """
    table, standard = view.at_place(view.focus), load_standard(STANDARD)
    rows: list[list[object]] = []
    for stage in stages_there(view):
        for key, name in LINES.items():
            entry = standard.indicators[key]
            line, per = float(getattr(entry.minimum, stage)), float(entry.per)
            label, unit = getattr(entry.label, view.lang), getattr(entry.unit, view.lang)
            said = entry.unit.en.lower() in entry.label.en.lower()
            label = label if said else view.say("axis", name=label, unit=unit)
            rows.append(_against(view, table, stage, label, (name, per, line, True)))
        target = parameters.load()[f"class_size.target.{stage}"].value
        rows.append(
            _against(view, table, stage, view.say.label("class_size"), ("class_size", 1.0, float(target), False))
        )
    headings = [
        view.say(f"place.{key}", first=view.first, last=view.last)
        for key in ("means", "stage", "line", "then", "now", "reached")
    ]
    title = getattr(standard.title, view.lang)
    return html_table(headings, rows, view.say("place.lines_caption", standard=title, stamp=_stamp(view)), words=(0, 1))


def _against(
    view: View, table: pd.DataFrame, stage: str, label: str, held: tuple[str, float, float, bool]
) -> list[object]:
    """Return a row: what, the line, first and last year, and in how many worlds the last year reaches it."""
    name, per, line, least = held
    cells: list[object] = []
    digits = 0 if line >= 1000 else 1
    reached = view.say.not_defined
    for year in (view.first, view.last):
        values = (in_year(table, stage, year)[name] * per).dropna()
        if values.empty:
            cells.append(view.say.not_defined)
            continue
        low, high = (view.say.number(float(values.quantile(share)), digits) for share in sureness().interval)
        middle = view.say.number(float(values.median()), digits)
        cells.append(Safe(f"{text(middle)}{tag('small', view.say.interval(low, high)) if low != high else ''}"))
        met = int(((values >= line) if least else (values <= line)).sum())
        reached = view.say("workforce.of", k=met, n=len(values))
    written = view.say.number(line, 0 if line == round(line) else 1)
    bound = view.say("place.at_least" if least else "place.at_most", line=written)
    if name in view.filled:
        reached = view.say("filled.words")
    return [label, view.say(f"stage.{stage}"), bound, *cells, reached]


def known(view: View) -> Safe:
    """Return how each kind of number of the place's schools is known: imported, filled by a rule, or synthetic."""
    data = district_of(view.results, view.focus)
    if data is None:
        return tag("p", view.say("place.unknown_origin"), "quiet")
    columns = data.provenance[data.provenance["table"] == "schools"]
    alike: dict[tuple[str, str], list[str]] = {}
    for kind, pattern in KINDS.items():
        mine = columns[[fnmatchcase(str(name), pattern) for name in columns["column"]]]
        status = sorted({str(s) for s in mine["status"]})
        if not status:
            continue
        told = mine.loc[mine["status"] == FILLED, "rule"].astype(str)
        rules = sorted({rule_word(rule, view.lang) for rule in told})
        words = view.say("join").join(view.say(f"place.status.{one}") for one in status)
        alike.setdefault((words, view.say("join").join(rules)), []).append(view.say(f"place.of.{kind}"))
    shown = ("status", "number", "rule")[: 3 if any(rules for _, rules in alike) else 2]
    rows = [(how, view.say("list").join(names), rule)[: len(shown)] for (how, rule), names in alike.items()]
    headings = [view.say(f"place.{key}") for key in shown]
    return html_table(headings, rows, view.say("place.known_caption"), words=range(len(shown)))


def _stamp(view: View) -> str:
    """Return whether the schools are synthetic: what every table of single schools says, wherever it is copied to."""
    return view.say("synthetic.stamp")


def _place(view: View) -> Place:
    """Return the place of a view that has one."""
    assert view.place is not None, "asked of a view of a place alone"
    return view.place


TABLES = {
    "place_about": Exhibit(about, no_place),
    "place_rolls": Exhibit(rolls, no_place),
    "place_children": Exhibit(children, no_children),
    "place_staff": Exhibit(staff, no_place),
    "place_moves": Exhibit(moves, no_place),
    "place_lines": Exhibit(lines, no_place),
    "place_known": Exhibit(known, no_place),
}
