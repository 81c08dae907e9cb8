"""Rotation as it is recorded: the sum of what all instances did, in whatever order they act."""

from types import SimpleNamespace

import numpy as np
import pytest

from simsim.districts.system import shipped
from simsim.record.rotation import COUNTS, GOOD, add, rows
from simsim.world.flows import Tally

ONE = {name: np.array([2.0, 1.0]) for name in (*COUNTS, GOOD)}
OTHER = {name: np.array([4.0, 0.0]) for name in (*COUNTS, GOOD)}


def world():
    return SimpleNamespace(flows=SimpleNamespace(tally=Tally()), system=shipped())


@pytest.mark.parametrize("order", [(ONE, OTHER), (OTHER, ONE)])
def test_instances_are_summed_in_any_order_and_share_who_is_eligible_at_good_schools(order):
    year = world()
    for counts in order:
        add(year, counts)
    found = {(indicator, stage): value for indicator, stage, _, value in rows(year)}
    assert (found["rotated", "primary"], found["rotated", "junior"], found["rotated", "all"]) == (6.0, 1.0, 7.0)
    assert found["rotation_good_share", "all"] == pytest.approx(7.0 / 5.0)


def test_a_year_without_rotation_records_nothing():
    year = world()
    assert list(rows(year)) == [] and not year.flows.tally


def test_a_year_in_which_nobody_went_records_zeros_and_no_division_fails():
    year = world()
    add(year, {name: np.zeros(2) for name in (*COUNTS, GOOD)})
    assert {value for *_, value in rows(year)} == {0.0}
