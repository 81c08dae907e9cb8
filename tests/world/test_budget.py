"""The purse: the level of revenue that pay follows, and a purse that is empty at first."""

from __future__ import annotations

from simsim.world.budget import Budget


def test_the_level_is_revenue_against_that_of_the_first_year():
    assert Budget(revenue=150.0, first_revenue=100.0).level == 1.5


def test_before_any_revenue_the_level_is_one():
    assert Budget().level == 1.0 and Budget(revenue=5.0).level == 1.0


def test_a_new_purse_is_empty_promises_nothing_and_does_not_bind():
    purse = Budget()
    assert (purse.balance, purse.conditions, purse.grant_limit, purse.per_pupil) == (0.0, 0.0, 0.0, 0.0)
    assert purse.floor is None and not purse.bound
    purse.wishes.append((2015, "A", 1.0, 1.0))
    assert Budget().wishes == []
