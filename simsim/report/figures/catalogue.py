"""Every figure of the reports by name; each is a function of a View and returns a Matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from matplotlib.figure import Figure

from simsim.report.figures import balance as figures_balance
from simsim.report.figures import board as figures_board
from simsim.report.figures import district as figures_district
from simsim.report.figures import maps
from simsim.report.figures import money as figures_money
from simsim.report.figures import outlook as figures_outlook
from simsim.report.figures import panels as figures_panels
from simsim.report.figures import scenario as figures_scenario
from simsim.report.figures import schools as figures_schools
from simsim.report.view import View

FIGURES: Mapping[str, Callable[..., Figure]] = MappingProxyType(
    {
        "enrolment": figures_district.enrolment,
        "trend": figures_district.trend,
        "gaps": figures_district.gaps,
        "town_and_country": figures_district.town_and_country,
        "crowding": figures_schools.crowding,
        "rotation": figures_schools.rotation,
        "map": maps.schools,
        "composite": figures_balance.composite,
        "eight": figures_balance.eight,
        "seven": figures_balance.seven,
        "costs": figures_money.costs,
        "milestones": figures_money.dates,
        "timeline": figures_scenario.timeline,
        "staff": figures_scenario.staff,
        "board_dates": figures_board.dates,
        "board_lines": figures_board.lines,
        "outlook_seats": figures_outlook.seats,
        "outlook_areas": figures_outlook.areas,
        "outlook_entrants": figures_outlook.entrants,
        "outlook_surplus": figures_outlook.surplus,
        **{name: partial(figures_panels.panels, name=name) for name in figures_panels.THEMES},
    }
)

NEEDS_OTHERS = frozenset({"town_and_country", "glance", "paired", "paired_others"})


def missing(view: View, name: str) -> str:
    """Return the key of the words that say why a figure or table has nothing to show; empty when it has something."""
    if name in NEEDS_OTHERS and not view.others:
        return "none.others"
    if name == "timeline" and not figures_scenario.instances(view):
        return "none.measures"
    if name == "rotation" and not figures_schools.rotating(view):
        return "none.rotation"
    if name == "board_dates" and figures_board.done_by(view).empty:
        return "none.milestones"
    if name in figures_panels.THEMES and not figures_panels.shown(view, figures_panels.THEMES[name]):
        return "none.panels"
    if name == "equity" and not view.recorded("theil_teachers"):
        return "none.panels"
    if name == "milestones" and figures_money.milestones(view, view.focus).empty:
        return "none.milestones"
    if name == "costs" and figures_money.by_measure(view, view.focus).empty:
        return "none.costs"
    return ""
