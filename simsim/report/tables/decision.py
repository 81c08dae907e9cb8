"""The decision page: every option beside the others, what may not be concluded, and nothing recommended.

`Decision.of(view)` is the page in words, number by number; `decision` shows it as HTML and simsim/report/brief.py as a
Word document, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from simsim.districts.facts import NO_RULE
from simsim.experiments.decision import SAME, alike, between, options_of, weakest
from simsim.experiments.decision import decision as decision_table
from simsim.experiments.decision_values import REACHED, VALUES, Worlds
from simsim.experiments.mode import lines
from simsim.experiments.plan_money import bound_of, delay_costs, late_of
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.indicators import count, grades
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, details, joined, tag
from simsim.report.tables.sources import district_label
from simsim.report.tables.sureness import counted
from simsim.report.view import ALL, View
from simsim.report.words import MILLION, NOTHING, WAN

INDICATOR = {value.name: value.indicator for value in VALUES}
GOOD = {value.name: value.good for value in VALUES}
MONEY = ("law_yuan", "net_cost", "worst_balance")
SHARES = ("moved_share", "moved_backbone")
DECIMALS = {"teacher_gap": 3, "margin_2012": 3, "margin_2017": 3}
LABELLED = ("law_rooms", "law_yuan", "turned_away", "waiting", "margin_2012", "margin_2017")
EVIDENCE = "evidence"
WAY, COUNTRY = "distance_km", "home_rural"
COLUMNS = tuple(dict.fromkeys(value.column for value in VALUES))


@dataclass(frozen=True)
class Shown:
    """One number of a cell: its label, its median, its interval, in how many worlds what holds, the letter of its
    evidence, the class of its colour, and the count once more as short as a narrow column needs.
    """

    label: str
    median: str
    interval: str
    counted: str
    grade: str
    css: str
    tally: str = ""


@dataclass(frozen=True)
class Heading:
    """What a column shows, and how it is measured."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """An option with a cell a column, each of some numbers, and its evidence grade in words."""

    option: str
    title: str
    cells: tuple[tuple[Shown, ...], ...]
    evidence: str


@dataclass(frozen=True)
class Decision:
    """The decision page in words of one language; `table` holds its numbers (`simsim.decision`). `way` and `apart` tell
    what is often asked and no row tells.
    """

    title: str
    facts: tuple[str, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    way: tuple[str, ...]
    apart: tuple[str, ...]
    key: tuple[str, ...]
    cannot: tuple[str, ...]
    worlds: int
    table: pd.DataFrame

    @classmethod
    def of(cls, view: View, options: Sequence[str] | None = None, today: date | None = None) -> Decision:
        """Return the page of a view's options (all but those outside the law on large classes, unless named)."""
        names = list(options) if options is not None else [n for n in options_of(view.results) if n in view.scenarios]
        whole = view.numbers if set(names) <= set(view.numbers["option"]) else None
        table = decision_table(view.results, view.base, names) if whole is None else whole
        table = table[table["option"].isin(names)].reset_index(drop=True)
        return cls(
            view.say("decision.title", district=district_label(view)),
            _facts(view, table, today or date.today()),
            (
                Heading(view.say("decision.option")),
                *(_heading(view, name) for name in (*COLUMNS, EVIDENCE)),
            ),
            tuple(_row(view, name, table[table["option"] == name]) for name in names),
            _asked(view, names) and _way(view),
            _asked(view, names) and _between(view, names),
            _key(view, table),
            _cannot(view, table),
            _worlds(table),
            table,
        )


def _worlds(table: pd.DataFrame) -> int:
    """Return the worlds that every number of the page is of."""
    return int(table["n"].max())


def _span(view: View) -> tuple[int, int]:
    years = view.years[1:] or view.years
    return years[0], years[-1]


def _facts(view: View, table: pd.DataFrame, today: date) -> tuple[str, ...]:
    """Return date, district, mode and what is compared, a sentence each."""
    say, options = view.say, table["option"].nunique()
    day = say("decision.day", year=today.year, month=today.month, day=today.day)
    first, last = view.first, view.last
    return (
        say("decision.date", day=day),
        say("decision.district", district=district_label(view), first=first, last=last, stamp=say("synthetic.stamp")),
        _mode(view),
        say("decision.compared", options=options, n=_worlds(table), base=view.title(view.base)),
    )


def _mode(view: View) -> str:
    """Return the mode in one sentence."""
    worlds = view.results.manifest.get("worlds") or {}
    if worlds.get("as_of") is not None:
        return view.say("decision.mode.as_of", year=worlds["as_of"])
    year = _published_to(view)
    if year is not None:
        return view.say("decision.mode.retrospective", year=year)
    return lines(view.results.manifest, view.lang)[0]


def _published_to(view: View) -> int | None:
    """Return the year to whose published totals worlds are set; None where they are set to none."""
    worlds = view.results.manifest.get("worlds") or {}
    return max(map(int, worlds["published_to"].values())) if worlds.get("published_to") else None


def _heading(view: View, column: str) -> Heading:
    first, last = _span(view)
    ruled = "" if NO_RULE in view.say.states or column != "moved" else ".ruled"
    lines = {name.split("_")[1]: view.say.percent(limit or 0.0) for name, limit in _rules(view)}
    note = view.say(f"decision.note.{column}{ruled}", first=first, last=last, **lines)
    return Heading(view.say(f"decision.{column}"), note)


def _rules(view: View) -> list[tuple[str, float | None]]:
    worlds = Worlds(view.results, (view.base,), view.base)
    return [(name, worlds.rule(name)) for name in SHARES]


def _row(view: View, option: str, mine: pd.DataFrame) -> Row:
    rows = records(mine)
    cells = tuple(tuple(_shown(view, row) for row in rows if row["column"] == column) for column in COLUMNS)
    grade = weakest(mine["grade"].tolist(), grades())
    return Row(option, view.title(option), cells, grade.text[view.lang] if grade else NOTHING)


def _shown(view: View, row: Record) -> Shown:
    name, own = str(row["value"]), str(row["option"]) == view.base
    if not defined(row["median"]) or (own and name == "net_cost"):
        nothing = view.say("decision.base") if own and name == "net_cost" else NOTHING
        return Shown(_label(view, row), nothing, "", "", "", "quiet")
    ends = (written(view, row[end], name) for end in ("low", "high"))
    known = "filled" if INDICATOR[name] in view.filled else row["grade"]
    grade = view.say(f"decision.grade.{known}") if row["grade"] else ""
    median = written(view, row["median"], name)
    counted, tally = (_counted(view, row, key) for key in ("counted", "tally"))
    return Shown(_label(view, row), median, view.say.interval(*ends), counted, grade, _css(view, row), tally)


def written(view: View, value: float, name: str) -> str:
    """Return a value of the page as text: money in 万元 or millions, shares in per cent."""
    if name in MONEY:
        return view.say.number(value / WAN) if view.lang == "zh" else view.say.number(value / MILLION, 1)
    return view.say.percent(value, 1) if name in SHARES else view.say.number(value, DECIMALS.get(name, 0))


def _label(view: View, row: Record) -> str:
    if row["stage"] != ALL:
        return view.say(f"decision.stage.{row['stage']}")
    name = str(row["value"])
    return view.say(f"decision.value.{name}") if name in (*LABELLED, *SHARES) else ""


def _counted(view: View, row: Record, key: str) -> str:
    """Return in how many worlds what the value is judged by holds, or else in how many it is less or more than in the
    base; as a `tally` in short.
    """
    what, k = (row["counted"], row["worlds"]) if row["counted"] else (row["direction"], row["with_sign"])
    if not what or not defined(k) or (what == SAME and k < row["n"]):
        return ""
    words = {"line": view.say.percent(dict(_rules(view))[str(row["value"])] or 0.0)} if what == REACHED else {}
    return view.say(f"decision.{key}.{what}", count=count(k, row["n"], view.lang), k=int(k), n=int(row["n"]), **words)


def _css(view: View, row: Record) -> str:
    """Return the colour of a value: how surely it is better or worse than the base, by the one rule of sureness."""
    verdict, name = str(row["verdict"]), str(row["value"])
    if INDICATOR[name] in view.filled or not verdict.endswith(("higher", "lower")) or name in SHARES:
        return ""
    kind = "good" if verdict.endswith("higher") == (GOOD[name] == "up") else "bad"
    return kind + ("2" if verdict.startswith("very") else "")


# ---- what the rows do not tell ----


def _asked(view: View, names: Sequence[str]) -> tuple[str, ...]:
    """Return the focus, if it is an option beside the base: what no row tells is told of it."""
    return (view.focus,) if view.focus != view.base and view.focus in names else ()


def _between(view: View, names: Sequence[str]) -> tuple[str, ...]:
    """Return what delay costs, and in what a bound budget differs from the plan itself."""
    late, bound = late_of(view.results, view.focus), bound_of(view.results, view.focus)
    lines = [_apart(view, "late", late, _worst_seats(view, late))] if late in names and late else []
    return (*lines, *([_apart(view, "bound", bound, [])] if bound in names and bound else []))


def _way(view: View) -> tuple[str, ...]:
    """Return how much farther the children who live in the country travel; nothing where that is not known."""
    of = {"indicator": [WAY], "group": [COUNTRY]}
    frame = view.results.rows_if_any("district_year", {"scenario": view.pair, "year": [view.last], **of}).astype(
        {"scenario": str, "stage": str}
    )
    by_world = {key: mine.set_index("replication")["value"] for key, mine in frame.groupby(["stage", "scenario"])}
    there = [stage for stage in view.stages if all((stage, name) in by_world for name in view.pair)]
    rows = {stage: view.judged(by_world[stage, view.focus], by_world[stage, view.base], WAY) for stage in there}
    parts = [
        view.say("decision.apart", what=view.say(f"decision.stage.{stage}"), n=view.say.value(row["mean"], WAY, True),
                 range=view.say.interval(*(view.say.value(row[end], WAY, True) for end in ("low", "high"))),
                 sure=view.say("join").join((counted(view, row), row["words"])))
        for stage, row in rows.items() if row["verdict"]
    ]  # fmt: skip
    names = {"focus": view.title(view.focus), "base": view.title(view.base), "last": view.last}
    return (view.say("decision.between.way", parts=view.say("join").join(parts), **names),) if parts else ()


def _apart(view: View, key: str, option: str, more: list[str]) -> str:
    """Return in what an option surely differs from the focus, by the one rule of sureness, and in how many numbers it
    does not.
    """
    table = between(view.results, option, view.focus)
    sure = table["verdict"].str.endswith(("higher", "lower")) & ~table["value"].map(INDICATOR).isin(list(view.filled))
    items = [*more, *(_difference(view, row) for row in records(table[sure]))]
    names = {"a": view.title(option), "b": view.title(view.focus), "n": int((~sure).sum())}
    said = view.say("join").join(items) if items else view.say("decision.between.nothing")
    return view.say(f"decision.between.{key}", items=said, **names)


def _difference(view: View, row: Record) -> str:
    """Return one difference between two options that are not the base; of shares in points."""
    name, label = str(row["value"]), _label(view, row)
    n, *ends = (_signed(view, row[each], name) for each in ("difference", "difference_low", "difference_high"))
    column = view.say(f"decision.short.{row['column']}")
    what = view.say("decision.what", column=column, label=label) if label else column
    what = view.say(f"decision.what.{name}") if name in SHARES else what
    unit = "decision.unit.points" if name in SHARES else "decision.unit.money" if name in MONEY else ""
    n = view.say(unit, n=n) if unit else n
    sure = count(row["with_sign"], row["n"], view.lang)
    return view.say("decision.apart", what=what, n=n, range=view.say.interval(*ends), sure=sure)


def _signed(view: View, value: float, name: str) -> str:
    """Return a difference with its sign, without a sign of per cent."""
    said = written(view, value, name).rstrip("%")
    return f"+{said}" if value > 0 and any(digit in "123456789" for digit in said) else said


def _worst_seats(view: View, late: str | None) -> list[str]:
    """Return how many seats are missing in the year in which delay costs most, stage by stage (means of worlds)."""
    table = delay_costs(view.results, late, view.focus) if late else pd.DataFrame()
    rows = records(table[table["indicator"] == "seats"]) if len(table) else []
    return [
        view.say("decision.between.seats", stage=view.say(f"decision.stage.{row['stage']}"), year=int(row["worst"]),
                 n=view.say.number(row["mean"], 0, sign=True), sure=row[f"words_{view.lang}"],
                 count=count(row["worse"], row["n"], view.lang), better=row["better"],
                 range=view.say.interval(*(view.say.number(row[end], 0, sign=True) for end in ("low", "high"))))
        for row in rows if row["mean"] < 0
    ]  # fmt: skip


def _key(view: View, table: pd.DataFrame) -> tuple[str, ...]:
    base = view.title(view.base)
    found = [view.say("decision.key.numbers", n=_worlds(table), base=base), view.say("decision.key.colours", base=base)]
    same = [view.say("decision.alike", a=view.title(a), b=view.title(b)) for a, b in alike(table)]
    resting = any(indicator in view.filled for indicator in INDICATOR.values())
    more = [view.say("decision.key.filled")] if resting else []
    return (*found, view.say("decision.key.grades"), *more, *same)


def _cannot(view: View, table: pd.DataFrame) -> tuple[str, ...]:
    """Return what may not be concluded, in three lines."""
    graded = table["grade"][table["grade"] != ""]
    judged = int((graded == grades()[0].name).sum())
    say, year = view.say, _published_to(view)
    return (
        say("decision.cannot.best", base=view.title(view.base)),
        say("decision.cannot.evidence", n=_worlds(table), judged=judged, total=len(graded)),
        say("decision.cannot.model.published", year=year) if year in view.years else say("decision.cannot.model"),
    )


# ---- as HTML ----


def decision(view: View) -> Safe:
    """Return the decision page: one screen, one sheet."""
    page = Decision.of(view)
    parts = [tag("h1", page.title), tag("p", joined(f"{fact} " for fact in page.facts), "facts"), html(page)]
    between = (*page.way, *page.apart)
    parts += [tag("p", joined(f"{line} " for line in between), "facts")] if between else []
    parts.append(tag("p", joined(f"{line} " for line in page.key), "reading"))
    items = tag("ol", joined(tag("li", line) for line in page.cannot))
    parts.append(tag("div", joined([tag("b", view.say("decision.cannot")), items]), "cannot"))
    return tag("section", joined(parts), "decision", id="decision")


def html(page: Decision) -> Safe:
    """Return the page's table."""
    head = joined(tag("th", joined([h.name, tag("small", h.note)]), scope="col") for h in page.headings)
    body = joined(_html_row(row) for row in page.rows)
    inside = joined([tag("caption", page.title, "unseen"), tag("thead", tag("tr", head)), tag("tbody", body)])
    return tag("div", tag("table", inside), "scroll", tabindex="0", role="region")


def _html_row(row: Row) -> Safe:
    cells = (tag("td", joined(_html_value(one) for one in cell)) for cell in row.cells)
    return tag("tr", joined([tag("th", row.title, scope="row"), *cells, tag("td", row.evidence)]))


def _html_value(one: Shown) -> Safe:
    label = tag("span", one.label, "of") if one.label else ""
    grade = tag("i", one.grade) if one.grade else ""
    under = (tag("small", words) for words in (one.interval, one.counted) if words)
    return tag("div", joined([label, tag("b", one.median), " ", grade, *under]), " ".join(filter(None, ("v", one.css))))


def annex(view: View) -> Safe:
    """Return the scenarios that are no options (outside the law on large classes), folded; nothing where none is."""
    others = [name for name in view.scenarios if name not in options_of(view.results)]
    if not others:
        return Safe("")
    page = Decision.of(view, others)
    return tag("section", details(view.say("decision.annex"), html(page)), "decision annex")


TABLES = {"decision": Exhibit(decision), "decision_annex": Exhibit(annex)}
