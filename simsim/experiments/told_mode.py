"""Whether a manifest tells the mode of its worlds as it was: which date, what is published, who is not conditioned.

No part says so in words; the digest of the district does, for it covers the date. Where simsim's code or the district
has changed since, nobody can say, and the manifest is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from simsim.conditioning.numbers import known_in
from simsim.districts.files import DistrictData
from simsim.experiments.contradictions import RATHER
from simsim.experiments.fingerprint import code_digest, district_digest
from simsim.experiments.manifest import DESIGN, FIELDS, MANIFEST, SEAL, plain
from simsim.experiments.request import districts_of, scenarios_of
from simsim.experiments.solving import mode_of
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem

_believed: set[str] = set()
"""The seals of manifests that were found to tell the truth by this process."""


def believe(manifest: Document) -> None:
    """Take a manifest that this process wrote for true."""
    _believed.add(str(manifest.get(SEAL, "")))


def check_mode(folder: Path | None, manifest: Document) -> None:
    """Raise InputError where a manifest tells another mode of its worlds than the one they were made in."""
    seal = str(manifest.get(SEAL, ""))
    if folder is None or "worlds" not in manifest or seal in _believed or not set(FIELDS) <= set(manifest):
        return
    wrong = [] if DESIGN in manifest else list(_wrong(manifest))
    if wrong:
        path = str(folder / MANIFEST)
        raise InputError(
            [
                Problem(path, f"worlds.{key}", value, f"is not how these worlds were made; {RATHER}")
                for key, value in wrong
            ]
        )
    _believed.add(seal)


def _wrong(manifest: Document) -> Iterator[tuple[str, object]]:
    """Yield what the manifest tells of its worlds otherwise than they were made."""
    worlds = manifest["worlds"]
    try:
        scenarios = scenarios_of([manifest["scenarios"][name]["resolved"] for name in manifest["order"]])
        here = districts_of(scenarios, None)
    except (InputError, KeyError):
        return
    if code_digest(scenarios, here.values()) != manifest["code"]:
        return
    for year in _years(here.values(), worlds.get("as_of")):
        known = {one.name: one if year is None else known_in(one, year) for one in here.values()}
        if {name: district_digest(one) for name, one in known.items()} == manifest["inputs"].get("districts"):
            data = {scenario: known[one.name] for scenario, one in here.items()}
            true = mode_of(scenarios, data, bool(manifest["fixed_parameters"]), year)
            yield from ((key, worlds.get(key)) for key in true if plain(worlds.get(key)) != plain(true[key]))
            return


def _years(districts: Collection[DistrictData], told: object) -> Iterator[int | None]:
    """Yield the dates as of which the worlds may have been made, the one that is told first."""
    first = max(int(data.spec["first_year"]) for data in districts)
    last = min(max(first, int(data.births["year"].max())) for data in districts)
    years: list[int | None] = [None, *range(first, last + 1)]
    yield from sorted(years, key=lambda year: year != told)
