"""Fitted values move along what the data cannot tell apart; entries that do not fit together are refused."""

from __future__ import annotations

import pytest

from simsim.district import District
from simsim.districts import ridge
from simsim.districts.files import load_district
from simsim.inputs.parameters import load
from tests.one_district import VALUES

NAME, BY = "unobs_between_school_share", "unobs_ses_corr"
ENTRY = {"value": 0.05, "target": 0.12, "residual": 0.0, "along": {BY: -0.1}, "at": {BY: 0.7}}


def test_a_fitted_value_moves_with_what_is_drawn_and_stays_in_its_range():
    assert ridge.value_of(NAME, ENTRY) == 0.05
    assert ridge.value_of(NAME, ENTRY, VALUES | {BY: 0.7}) == 0.05
    assert ridge.value_of(NAME, ENTRY, VALUES | {BY: 0.5}) == pytest.approx(0.07)
    assert ridge.value_of(NAME, ENTRY | {"along": {BY: -10.0}}, VALUES | {BY: 0.5}) == load()[NAME].high
    assert ridge.value_of(NAME, {"value": 0.05}, VALUES) == 0.05


def test_every_world_of_a_fitted_district_lies_on_the_ridge_and_the_likeliest_one_at_the_fit():
    data = load_district("erdao")
    entry = data.spec["fitted"][NAME]
    assert District("baseline", seed=1, fixed_parameters=True).p[NAME] == entry["value"]
    for seed in (1, 2):
        p = District("baseline", seed=seed).p
        assert p[NAME] == ridge.value_of(NAME, entry, p)
    assert len({District("baseline", seed=seed).p[NAME] for seed in (1, 2)}) == 2


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ({"at": {}}, f"fitted.{NAME}.along", "needs the same names as `at`"),
        ({"along": {NAME: 1.0}, "at": {NAME: 0.1}}, f"fitted.{NAME}.along", "must be a parameter that is drawn"),
        ({"along": {"nothing": 1.0}, "at": {"nothing": 0.1}}, f"fitted.{NAME}.along", "must be a parameter that is"),
        ({"along": {BY: "much"}}, f"fitted.{NAME}.along.{BY}", "must be a number"),
    ],
)
def test_a_ridge_that_does_not_fit_together_is_refused(change, key, remedy):
    (found,) = ridge.problems({NAME: ENTRY | change})
    assert found[0] == key and remedy in found[2]
    assert not list(ridge.problems({NAME: ENTRY, "posts_growth": {"value": 0.01}}))
