"""The district that a scenario runs on: where it lies, and in which years it can be run."""

from __future__ import annotations

from pathlib import Path

from simsim.districts.files import SPEC, load_district, shipped_districts
from simsim.inputs.defaults import furthest_year
from simsim.inputs.effect import FOREVER
from simsim.inputs.errors import InputError
from simsim.scenarios.files import Merged


def beside(merged: Merged, name: str) -> str:
    """Return where a district of this name lies: among simsim's own, here, or beside the scenario's file."""
    beside = merged.leaf.folder / name
    own = name in shipped_districts() or Path(name, SPEC).is_file() or not name
    return name if own or not (beside / SPEC).is_file() else str(beside)


def first_year(place: str) -> int:
    """Return the first year of a district; 0 where it cannot be read, which is told elsewhere."""
    try:
        return int(load_district(place).spec["first_year"]) if place else 0
    except InputError:
        return 0


def furthest(place: str) -> int:
    """Return the last year to which a district can be run; no limit where it cannot be read: that is told elsewhere."""
    try:
        return furthest_year(load_district(place).spec) if place else FOREVER
    except InputError:
        return FOREVER
