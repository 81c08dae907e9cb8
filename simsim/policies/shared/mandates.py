"""What the district asks of every school: which schools it reaches in which year, and how far they carry it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats
from simsim.policy import Policy
from simsim.world.schools import School
from simsim.world.world import World

EVER = 0


class Lots:
    """One keyed draw for every school, made when the school is first asked about and kept."""

    def __init__(self, policy: Policy, decision: str) -> None:
        self.policy, self.decision = policy, decision
        self.drawn: dict[int, float] = {}

    def of(self, district: World, schools: Sequence[School]) -> Floats:
        """Return the draw of each school (n)."""
        new = np.array(sorted({school.key for school in schools} - set(self.drawn)), dtype=np.int64)
        if len(new):
            drawn = district.uniform(
                self.policy.stream(self.decision), identity.make(0, identity.INITIAL, new, 0), EVER
            )
            self.drawn |= dict(zip(new.tolist(), drawn.tolist(), strict=True))
        return np.array([self.drawn[school.key] for school in schools])


def public_schools(district: World) -> list[School]:
    """Return the open public schools, by key."""
    return [school for school in district.open_schools if school.public]


def share_reached(year: int, first_year: int, years: float) -> float:
    """Return the share of schools that something has reached when it takes
    `years` to reach all, the first year counted.
    """
    return float(np.clip((year - first_year + 1) / years, 0.0, 1.0))


def compliance(district: World, lots: Lots, schools: Sequence[School], mean: float) -> Floats:
    """Return how far each school (n) carries a mandate out: about `mean`, more
    under inspection (`policy/non-compliance`).
    """
    spread = district.p["mandate_compliance_spread"] * (2.0 * lots.of(district, schools) - 1.0)
    return district.compliance(np.clip(mean + spread, 0.0, 1.0))


def pupils_of(schools: Sequence[School]) -> int:
    """Return the pupils of schools on their last September roll."""
    return sum(part.pupils for school in schools for part in school.parts.values())


def strangers(field: str, keys: Sequence[int], known: Sequence[int], district: str) -> list[tuple[str, object, str]]:
    """Return what is wrong with keys of schools in a setting: those that the district does not have."""
    return [
        (field, key, f"is not a school of {district}; see its schools.csv") for key in keys if key not in set(known)
    ]
