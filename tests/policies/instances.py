"""One instance, X, in the baseline: for the tests of policies whose dates or ends matter."""

from __future__ import annotations

from simsim.district import District


def lived(policies: dict, to: int = 2016, parameters: dict | None = None) -> District:
    spec = {"name": "trial", "extends": "baseline", "policies": policies, "parameters": parameters or {}}
    return District(spec, seed=5, fixed_parameters=True).run(to=to)


def one(name: str, start: str = "2015-09-01", **settings) -> dict:
    return {"X": {"policy": name, "from": start, "settings": settings}}
