"""Small districts for the tests of single policies: one instance in the baseline,
with fixed parameters, and what it left behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simsim.district import District
from tests.one_district import lived_under

PLAIN = {"skill_growth": 0.0, "fitness_drift": 0.0, "mandate_compliance_spread": 0.0}


def live(
    to: int, policies: dict[str, dict[str, Any]], parameters: dict[str, Any] | None = None, seed: int = 5
) -> District:
    """Return a district that lived under these policies (policy: settings, from
    September 2015, ids the policies' names).
    """
    instances = {
        name: {"policy": name, "from": "2015-09-01", "settings": settings} for name, settings in policies.items()
    }
    spec = {"name": "trial", "extends": "baseline", "policies": instances, "parameters": PLAIN | (parameters or {})}
    return lived_under(spec, to, seed)


def series(district: District, indicator: str, stage: str = "all", group: str = "all") -> dict[int, float]:
    """Return an indicator of the district by year."""
    table = district.tables()["district_year"]
    mine = table[(table.indicator == indicator) & (table.stage == stage) & (table.group == group)]
    return dict(zip(mine.year.tolist(), mine.value.tolist(), strict=True))


def spent(district: District, instance: str, kind: str | None = None) -> dict[int, float]:
    """Return what an instance spent by year, of one kind or in all."""
    costs = district.tables()["costs"]
    mine = costs[(costs.instance == instance) & ((costs.kind == kind) | (kind is None))]
    return mine.groupby("year").value.sum().to_dict()


def public(district: District) -> np.ndarray:
    """Return who is in a public school (pupils)."""
    return np.isin(district.students.school, [school.key for school in district.open_schools if school.public])


def skills(district: District) -> np.ndarray:
    """Return each pupil's whole skills of all kinds."""
    return sum(district.students.columns[kind].astype(int) for kind in ("sport", "music", "art"))


def same_scores(one: District, two: District) -> bool:
    """Whether every pupil has the same id, knowledge and score in both, bit for bit."""
    return all(
        np.array_equal(getattr(one.students, name), getattr(two.students, name))
        for name in ("id", "knowledge", "score")
    )
