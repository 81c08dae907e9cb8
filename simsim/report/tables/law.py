"""What the law on large classes comes to: shares of large classes, and the class rooms that it forced."""

from __future__ import annotations

import pandas as pd

from simsim.districts.class_law import NO_LAW, ClassLaw, class_law
from simsim.experiments.large_classes import ALL, forced, large_classes, law_of, outside
from simsim.experiments.places import district_of
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, joined, tag
from simsim.report.markup import table as html_table
from simsim.report.view import View


def law(view: View) -> Safe:
    """Return large classes and forced rooms of every scenario, how the law works, and why the focus ends with more."""
    rule = _rule(view)
    if not rule.steps:
        return tag("p", _none(view), "quiet")
    most = min(step.size for step in rule.steps)
    parts = [tag("p", view.say("law.text", most=most)), _table(view, rule)]
    parts += [tag("p", sentence) for sentence in _more(view, most)]
    return joined(parts)


def _rule(view: View) -> ClassLaw:
    data = district_of(view.results, view.focus)
    return NO_LAW if data is None else law_of(view.results, data)


def _none(view: View) -> str:
    """Return why there is no law: the country has none, or it was not known yet as of the date."""
    data = district_of(view.results, view.focus)
    if data is None or not class_law(data.spec).steps:
        return view.say("law.without")
    return view.say("law.later", year=view.results.manifest["worlds"]["as_of"])


def _table(view: View, rule: ClassLaw) -> Safe:
    """Return a row a scenario: shares in the years of the law's steps and in the last year, rooms, places and yuan."""
    say, shares = view.say, large_classes(view.results)
    asked = [(step.size, year) for step in rule.steps for year in sorted({step.since, view.last}) if year in view.years]
    span = {"first": view.first, "last": view.last}
    headings = [say("scenario"), *(say("law.of", size=size, year=year) for size, year in asked)]
    headings += [say("law.rooms", **span), say("law.years"), say("law.places"), say("law.yuan")]
    rows = [_row(view, name, shares[shares["scenario"] == name], asked) for name in view.scenarios]
    limits = [say.percent(_limit(rule, size), 1) for size, _ in asked]
    rows.append([(say("law.allowed"), "quiet"), *((limit, "quiet") for limit in limits), "", "", "", ""])
    return html_table(headings, rows, say("law.caption"), words=(0,))


def _limit(rule: ClassLaw, size: int) -> float:
    return next(step.at_most for step in rule.steps if step.size == size)


def _row(view: View, name: str, shares: pd.DataFrame, asked: list[tuple[int, int]]) -> list[object]:
    say = view.say
    cells: list[object] = []
    for size, year in asked:
        now = shares[shares["year"] == year].set_index("stage")[f"share_{size}"]
        known = {s: say.percent(float(now[s]), 1) for s in view.stages if s in now}
        each = (say("finding.level", stage=say(f"stage.{s}"), value=share) for s, share in known.items())
        cells.append(say("list").join(each))
    if name in outside(view.results):
        return [view.title(name), *cells, (say("law.outside"), "quiet"), "", "", ""]
    built = forced(view.results, name)
    total, years = built.sum(), built.index.get_level_values("year")
    span = f"{min(years)}–{max(years)}" if len(years) else ""
    return [
        view.title(name), *cells, say.number(float(total.get("rooms", 0.0)), 1), span,
        say.number(float(total.get("places", 0.0))), say.money(float(total.get("yuan", 0.0))),
    ]  # fmt: skip


def _more(view: View, size: int) -> list[str]:
    """Return a sentence for each stage in which the focus ends with a larger share of large classes than the base."""
    shares = large_classes(view.results)
    last = shares[(shares["year"] == view.last) & (shares["stage"] != ALL)]
    share = dict(zip(zip(last["scenario"], last["stage"], strict=True), last[f"share_{size}"], strict=True))
    said = []
    for stage in view.stages if view.focus != view.base else ():
        a, b = (share[name, stage] for name in (view.focus, view.base))
        if a > b:
            more = {name: view.say.number(view.median_gap(view.focus, name, stage)) for name in ("pupils", "rooms")}
            titles = {"focus": view.title(view.focus), "base": view.title(view.base)}
            shown = {"a": view.say.percent(a, 1), "b": view.say.percent(b, 1), "size": size}
            said.append(view.say("law.more", stage=view.say(f"stage.{stage}"), **titles, **shown, **more))
    return said


TABLES = {"law": Exhibit(law)}
