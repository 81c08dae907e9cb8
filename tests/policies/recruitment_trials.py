"""Districts with one instance of recruitment or stars, R."""

from __future__ import annotations

from simsim.district import District
from tests.one_district import lived_under

CLOSED = {"posts_growth": 0.0} | dict.fromkeys(("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire"), 0.0)


def hire(to: int, policy: str = "recruitment", seed: int = 5, parameters: dict | None = None, **settings) -> District:
    instance = {"policy": policy, "from": "2015-09-01", "settings": settings}
    spec = {"name": "trial", "extends": "baseline", "policies": {"R": instance}, "parameters": parameters or {}}
    return lived_under(spec, to, seed)
