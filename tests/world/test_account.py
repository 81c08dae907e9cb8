"""The account of a calibrated district tells of schools of its rolls; others leave as usual."""

from __future__ import annotations

import numpy as np

from simsim.world.account import Account


def test_schools_that_opened_since_have_no_further_leaving() -> None:
    more = np.zeros((4, 3))
    more[2] = (0.0, 0.1, 0.2)
    account = Account(np.arange(3), np.zeros(0, np.int64), more_leave={2020: more})
    found = account.more_of(2020, np.array([2, 2, 0, 9_999]), np.array([1, 2, 2, 2]))
    assert found.tolist() == [0.1, 0.2, 0.0, 0.0]
