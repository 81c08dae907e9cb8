"""What is meant where nothing else is said: the default district, plan and country (parameters/defaults.yaml), and
what a country's districts have in common (parameters/countries/).
"""

from __future__ import annotations

from functools import cache

from simsim.base.calendar import SEPTEMBER
from simsim.inputs.documents import Document, Draft
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

FILE = "defaults.yaml"


@cache
def defaults() -> Document:
    """Return the file of defaults, read once."""
    return read_yaml(resource("parameters") / FILE)


def default_district() -> str:
    """Return the district of a scenario that names none."""
    return str(defaults()["district"])


def default_plan() -> str:
    """Return the plan that is meant where none is named."""
    return str(defaults()["plan"])


def first_years() -> tuple[int, int]:
    """Return the earliest and the latest first year of a district."""
    earliest, latest = defaults()["first_year"]
    return int(earliest), int(latest)


def last_year(spec: Document) -> int:
    """Return the year to which a district is run by default: its own `last_year`, or some years after its first."""
    return int(spec.get("last_year") or spec["first_year"] + defaults()["years"]["default"])


def furthest_year(spec: Document) -> int:
    """Return the last year to which a district can be run."""
    return max(int(spec["first_year"]) + int(defaults()["years"]["most"]), last_year(spec))


def countries() -> list[str]:
    """Return the names of the countries that simsim knows."""
    return sorted(path.stem for path in (resource("parameters") / "countries").glob("*.yaml"))


def country(spec: Document) -> Document:
    """Return what a district has in common with the others of its country."""
    return _country(str(spec.get("country") or defaults()["country"]))


@cache
def _country(name: str) -> Draft:
    return read_yaml(resource("parameters") / "countries" / f"{name}.yaml")


def known_by(as_of: int | None, law: Document, start: object) -> bool:
    """Return whether a law was known on 1 September of the year `as_of`: made public in a month before it (`known`, as
    2016-07), or, where that is not told, in force by then (its `start`: a year or a month). All is where `as_of` is
    None.
    """
    if as_of is None:
        return True
    now = f"{as_of}-{SEPTEMBER:02d}"
    return str(law["known"]) < now if "known" in law else str(start) <= now


def stated(spec: Document, key: str) -> object:
    """Return what a district states under a key, or else its country; None where neither does."""
    return spec[key] if spec.get(key) is not None else country(spec).get(key)
