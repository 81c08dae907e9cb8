"""The staffing standard against the teachers there are: by school, stage and subject group. Arithmetic on a district, no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simsim.codes import STAGES, SUBJECT_GROUPS

if TYPE_CHECKING:
    from simsim.district import District

Floats = NDArray[np.float64]


def surplus(district: District) -> Floats:
    """Return teachers less those the standard allows, by part and subject group (parts, groups); negative where short.

    The standard gives pupils per member of staff by stage (`staffing_ratio`); teachers are what is left without the
    non-teaching share. It says nothing of subjects, so each stage's allowance is shared as the stage's public teachers
    are now. Private parts have none.
    """
    p, stage = district.p, np.array([part.stage for part in district.parts])
    public = district.public_parts[:, None]
    staff = district.staff_by_part() * public
    ratio = np.array([p[f"staffing_ratio.{s}"] for s in STAGES])[stage]
    allowed = district.rolls() / ratio * (1.0 - p["non_teaching_share"])
    mix = np.array([staff[stage == s].sum(axis=0) / max(staff[stage == s].sum(), 1) for s in range(len(STAGES))])
    return (staff - allowed[:, None] * mix[stage]) * public


def totals(gap: Floats) -> dict[str, float]:
    """Return the teachers above the standard at schools that have more, and those missing at schools that have fewer."""
    whole = gap.sum(axis=1)
    return {"surplus_teachers": float(np.maximum(whole, 0.0).sum()), "shortage_teachers": float(np.maximum(-whole, 0.0).sum())}


def by_school(gap: Floats) -> dict[str, Floats]:
    """Return the surplus (negative: shortage) of every part, in all and by subject group."""
    return {"surplus_teachers": gap.sum(axis=1)} | {f"surplus_{group}": gap[:, g] for g, group in enumerate(SUBJECT_GROUPS)}
