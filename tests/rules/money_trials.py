"""Districts with the plan's three rules of money, for the tests of money and of these policies."""

from __future__ import annotations

from simsim.district import District
from tests.one_district import lived_under

TO = 2018


F1 = {"F1": {"policy": "appropriation", "from": "2015-01-01", "settings": {"kept": 1.0}}}


F2 = {"F2": {"policy": "per_pupil_spending", "from": "2015-01-01", "settings": {"kept": 1.0}}}


F3 = {"F3": {"policy": "surcharge", "from": "2015-01-01"}}


def lived(
    policies: dict | None = None, seed: int = 1, budget: str = "report", parameters: dict | None = None, to: int = TO
) -> District:
    spec = {
        "name": "trial",
        "extends": "baseline",
        "budget": budget,
        "policies": policies or {},
        "parameters": parameters or {},
    }
    return lived_under(spec, to, seed, fixed_parameters=False)


def series(district: District, name: str) -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.stage == "all") & (table.group == "all")]
    return dict(zip(mine.year.tolist(), mine.value.tolist(), strict=True))
