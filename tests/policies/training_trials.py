"""Districts with one instance of training or coaching, T."""

from __future__ import annotations

from simsim.district import District
from tests.one_district import lived_under


def train(
    to: int, policy: str = "training", seed: int = 5, parameters: dict | None = None, assume: tuple = (), **settings
) -> District:
    instance = {"policy": policy, "from": "2015-09-01", "settings": settings}
    spec = {
        "name": "trial",
        "extends": "baseline",
        "policies": {"T": instance} if policy else {},
        "parameters": parameters or {},
        "assume": list(assume),
    }
    return lived_under(spec, to, seed)


def series(district: District, name: str, stage: str = "all") -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.stage == stage) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))
