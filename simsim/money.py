"""What the year costs: pay of public teachers; every policy books its own measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim.staffing import is_new

if TYPE_CHECKING:
    from simsim.district import District


def settle(district: District) -> None:
    """Book the pay of public teachers: a teacher costs the mean, a new one less."""
    teachers, p = district.teachers, district.p
    new = is_new(district) & teachers.public
    full = np.count_nonzero(teachers.public) - np.count_nonzero(new)
    district.spend("staff", "running", p["teacher_cost"] * (full + p["new_teacher_cost_ratio"] * np.count_nonzero(new)))
