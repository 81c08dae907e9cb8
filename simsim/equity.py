"""How evenly the means of teaching are spread over schools: the measures of school finance, beside the official CV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simsim import inequality

if TYPE_CHECKING:
    from simsim.district import District

INPUTS = ("teachers", "teaching_area", "equipment")
AVERSION = 0.5


def resource_equity(district: District, amounts: Mapping[str, NDArray[np.float64]], stage: int) -> dict[str, float]:
    """Return Theil's T (with its part between clusters), Gini, Atkinson, McLoone and the federal range ratio of a stage.

    Schools outside every cluster count as one group; all amounts are on a ratio scale (scores are not, and get no such
    measure). Formulas and references stand in `simsim.inequality`.
    """
    mine = np.array([part.stage == stage for part in district.parts])
    groups = np.array([part.school.cluster.name if part.school.cluster else "" for part in district.parts])[mine]
    pupils = amounts["pupils"][mine]
    found: dict[str, float] = {}
    for name in INPUTS:
        amount = amounts[name][mine]
        parts = inequality.theil_parts(amount, pupils, groups)
        found |= {
            f"theil_{name}": parts.between + parts.within,
            f"theil_between_clusters_{name}": parts.between,
            f"gini_{name}": inequality.gini(amount, pupils),
            f"atkinson_{name}": inequality.atkinson(amount, pupils, AVERSION),
            f"mcloone_{name}": inequality.mcloone(amount, pupils),
            f"range_ratio_{name}": inequality.federal_range_ratio(amount, pupils),
        }
    return found
