"""Districts with one instance of training or coaching, T."""

from __future__ import annotations

from simsim.district import District


def train(to: int, policy: str = "training", seed: int = 5, parameters: dict | None = None, **settings) -> District:
    instance = {"policy": policy, "from": "2015-09-01", "settings": settings}
    spec = {
        "name": "trial",
        "extends": "baseline",
        "policies": {"T": instance} if policy else {},
        "parameters": parameters or {},
    }
    return District(spec, seed=seed, fixed_parameters=True).run(to=to)


def series(district: District, name: str, stage: str = "all") -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.stage == stage) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))
