"""One instance, X, in the baseline: for the tests of policies whose dates or ends matter."""

from __future__ import annotations

from simsim.district import District
from tests.one_district import lived_under


def lived(policies: dict, to: int = 2016, parameters: dict | None = None) -> District:
    spec = {"name": "trial", "extends": "baseline", "policies": policies, "parameters": parameters or {}}
    return lived_under(spec, to, seed=5)


def one(name: str, start: str = "2015-09-01", **settings) -> dict:
    return {"X": {"policy": name, "from": start, "settings": settings}}
