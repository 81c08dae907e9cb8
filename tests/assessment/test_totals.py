"""A row that adds others up without saying so is found, whichever side it stands on."""

from __future__ import annotations

import numpy as np

from simsim.assessment.totals import sums_of_others


def test_unmarked_sums_are_found_and_schools_are_none() -> None:
    schools = np.random.default_rng(1).integers(1, 900, (9, 6)).astype(float)
    schools[2, 3] = np.nan
    above, below = np.nansum(schools[:3], axis=0), np.nansum(schools[3:6], axis=0)
    table = np.vstack([above, schools[:6], below, schools[6:]])
    assert list(sums_of_others(table)) == [(0, 1, 3), (7, 4, 6)]
    assert list(sums_of_others(schools)) == [] and list(sums_of_others(table[:, :3])) == []
