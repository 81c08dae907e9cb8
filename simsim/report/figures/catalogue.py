"""Every figure of the reports by name: a function of a View that returns a Matplotlib figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matplotlib.figure import Figure

from simsim.report.exhibit import Exhibit
from simsim.report.figures import (
    balance,
    board,
    district,
    maps,
    money,
    outlook,
    panels,
    place,
    scenario,
    schools,
    teachers,
)

FIGURES: Mapping[str, Exhibit[Figure]] = MappingProxyType(
    {
        name: figure
        for file in (district, schools, maps, balance, money, scenario, board, outlook, panels, teachers, place)
        for name, figure in file.FIGURES.items()
    }
)

SHOWS: Mapping[str, str] = MappingProxyType(
    {
        "enrolment": "pupils seats",
        "gaps": "ses_gap migrant_gap school_gap",
        "homes": "distance_km class_size_met teaching_met score",
        "crowding": "seat_use displaced",
        "rotation": "rotated",
        "map": "seat_use",
        "composite": "cv_composite",
        "eight": "cv_composite",
        "seven": "cv17_overqualified cv17_backbone cv17_pe_arts cv17_teaching_area cv17_sports_area cv17_equipment "
        "cv17_multimedia",
        "costs": "cost_capital cost_running",
        "staff": "staff",
        "outlook_seats": "pupils seats",
        "outlook_areas": "seat_use",
        "outlook_entrants": "entrants",
        "teachers_staff": "teachers teachers_needed posts",
        "place_seats": "pupils seats",
        "outlook_surplus": "surplus_teachers pupils",
    }
)
"""The indicators that a figure finds something about; of a figure of panels it is the one that leads."""


def shows(name: str, args: Sequence[str] = ()) -> list[str]:
    """Return the indicators that a figure, drawn with these arguments, finds something about."""
    if name in panels.THEMES:
        return [panels.THEMES[name].lead]
    return list(args) if args else SHOWS.get(name, "").split()
