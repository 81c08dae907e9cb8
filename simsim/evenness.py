"""How evenly children are spread over schools: migrants' seats and segregation, against what a lottery would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim import inequality
from simsim.students import stage_of

if TYPE_CHECKING:
    from simsim.district import District


def evenness(district: District, stage: int) -> dict[str, float]:
    """Return migrants' share of pupils and of seats in public schools, and segregation by migration and SES, of a stage.

    Dissimilarity is the share of migrant children who would have to change school for an even spread; the variance ratio
    the share of the variance of SES between schools. Both are given beside their expectation if the same places were dealt
    out at random. NaN when there are no migrant or no local children.
    """
    students = district.students
    here = stage_of(students.grade) == stage
    migrants = np.count_nonzero(here & students.migrant)
    part = district.student_parts()
    seated = here & (part >= 0)
    part, migrant = part[seated].astype(np.int64), students.migrant[seated]
    pupils, members = np.bincount(part), np.bincount(part, migrant)
    in_public = np.count_nonzero(migrant & district.public_parts[part])
    return {
        "migrant_share": float(migrant.mean()) if len(migrant) else float("nan"),
        "migrant_public_share": in_public / migrants if migrants else float("nan"),
        "migrant_dissimilarity": inequality.dissimilarity(members, pupils - members),
        "migrant_dissimilarity_random": inequality.random_dissimilarity(members, pupils - members),
        "migrant_variance_ratio": inequality.variance_ratio(migrant, part),
        "ses_variance_ratio": inequality.variance_ratio(students.ses[seated], part),
        "variance_ratio_random": inequality.random_variance_ratio(part),
    }
