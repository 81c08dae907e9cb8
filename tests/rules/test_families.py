"""Families: what children bring to school, in limiting cases and worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import families
from simsim.rules.families import EVER, sd_entry, sd_growth, variance_of_knowledge, variance_of_teaching
from tests.one_district import VALUES, founded

N = 2000
IDS = identity.make(2016, identity.BIRTH, 0, np.arange(N))
BY_HAND = {
    "test_reliability": 0.9, "lam_persist": 0.4, "rho_K": 0.5, "b_g_ses_annual": 0.1, "b0_ses_entry": 0.3,
    "sd_teacher_composite": 0.2, "sd_school_resid": 0.1, "sd_principal": 0.05, "sd_class_shock": 0.1,
    "migrant_share": 0.5, "m0_migrant_entry_gap": 0.4, "unobs_between_school_share": 0.09, "unobs_ses_corr": 0.5,
    "ses_between_school_share": 0.25, "corr_teacher_school_ses_init": 0.3,
}  # fmt: skip


@pytest.fixture
def world():
    return founded()


def drawn(world, migrant: bool = False, **parameters: float) -> dict[str, np.ndarray]:
    """Return the traits of children who live in the first neighbourhoods in turn."""
    world.p |= parameters
    return families.traits(world, IDS, np.arange(N) % 4, np.full(N, migrant))


def test_what_neighbourhoods_differ_in_and_what_is_the_childs_own_make_up_ses(world):
    standing = world.neighbourhoods.standing[np.arange(N) % 4]
    only = drawn(world, migrant_ses_gap=0.0, ses_between_school_share=1.0)["ses"]
    assert only == pytest.approx(standing)
    own = drawn(world, ses_between_school_share=0.0)["ses"]
    assert own == pytest.approx(world.normal("family/ses", IDS, EVER))
    assert drawn(world, ses_between_school_share=0.36)["ses"] == pytest.approx(0.6 * standing + 0.8 * own)


def test_migrants_are_below_locals_by_the_gap_and_the_district_stays_at_its_mean(world):
    p = {"migrant_ses_gap": 0.4, "migrant_share": 0.25}
    plain = drawn(world, migrant_ses_gap=0.0)["ses"]
    assert drawn(world, **p)["ses"] - plain == pytest.approx(0.1)
    assert drawn(world, migrant=True, **p)["ses"] - plain == pytest.approx(-0.3)


def test_homes_are_spread_evenly_over_the_disc_of_the_neighbourhood(world):
    places, row = world.neighbourhoods, np.arange(N) % 4
    people = drawn(world)
    x, y = people["home_x"] - places.x_km[row], people["home_y"] - places.y_km[row]
    away = np.hypot(x, y) / places.radius_km[row]
    assert away.max() <= 1.0 and (away**2).mean() == pytest.approx(0.5, abs=0.02)
    for part in (x > 0, y > 0, x > y):
        assert part.mean() == pytest.approx(0.5, abs=0.04)
    np.testing.assert_array_equal(people["neighbourhood"], places.key[row])


def test_at_the_ends_of_a_share_everybody_is_or_nobody(world):
    for share, name in (
        ("girls_share", "female"),
        ("disability_prevalence", "disabled"),
    ):
        assert not drawn(world, **{share: 0.0})[name].any() and drawn(world, **{share: 1.0})[name].all()
        assert drawn(world, **{share: 0.3})[name].mean() == pytest.approx(0.3, abs=0.03)


def test_locals_have_a_right_to_a_seat_and_of_migrants_a_share(world):
    assert drawn(world, migrant_entitled_share=0.0)["entitled"].all()
    for share in (0.0, 1.0):
        assert (drawn(world, migrant=True, migrant_entitled_share=share)["entitled"] == bool(share)).all()


def test_severity_is_spread_evenly_over_the_disabled_and_nought_for_all_others(world):
    people = drawn(world, disability_prevalence=0.5)
    severity = people["severity"][people["disabled"]]
    assert severity.mean() == pytest.approx(0.5, abs=0.03) and 0.0 < severity.min() < 0.01 and severity.max() > 0.99
    assert not people["severity"][~people["disabled"]].any()
    assert not drawn(world, disability_prevalence=0.0)["severity"].any()


def test_poverty_is_three_times_as_likely_below_the_mean_of_ses(world):
    world.p["poverty_share"] = 0.4
    ses = np.where(np.arange(N) < N // 2, -1e-9, 0.0)
    poor = families.poverty(world, IDS, ses)
    assert [half.mean() for half in np.split(poor, 2)] == pytest.approx([0.6, 0.2], abs=0.04)


# ---- what they know ----


def test_knowledge_on_entry_adds_up_ses_migration_the_neighbourhood_and_the_childs_own(world):
    world.p |= {"b0_ses_entry": 0.5, "m0_migrant_entry_gap": 0.2, "migrant_share": 0.25}
    nobody = np.zeros(N, bool)
    one = families.entry_knowledge(world, IDS, np.zeros(N, np.int64), np.zeros(N), nobody)
    own = world.normal("family/entry", IDS, EVER) * sd_entry(world.p)
    assert one - own == pytest.approx(0.05 + families.shared_start(world)[0])
    two = families.entry_knowledge(world, IDS, np.ones(N, np.int64), np.full(N, 2.0), ~nobody)
    start = families.shared_start(world)
    assert two - one == pytest.approx(2.0 * 0.5 - 0.2 + start[1] - start[0])


def test_what_a_neighbourhood_shares_follows_its_standing_its_area_or_its_own_luck(world):
    places, p = world.neighbourhoods, world.p
    p |= {"unobs_between_school_share": 0.25, "unobs_ses_corr": 1.0}
    assert families.shared_start(world) == pytest.approx(0.5 * places.standing)
    p |= {"unobs_ses_corr": 0.0, "unobs_area_share": 0.0}
    alone = families.shared_start(world)
    assert alone == pytest.approx(0.5 * world.normal("family/neighbourhood", places.key, EVER))
    p |= {"unobs_area_share": 1.0}
    together = families.shared_start(world)
    assert together == pytest.approx(0.5 * world.normal("family/area", places.area, EVER))
    p |= {"unobs_area_share": 0.36, "unobs_ses_corr": 0.6}
    mixed = 0.3 * places.standing + 0.8 * (0.6 * together + 0.8 * alone)
    assert families.shared_start(world) == pytest.approx(mixed)


def test_variances_of_teaching_and_knowledge_by_hand():
    assert variance_of_teaching(BY_HAND) == pytest.approx(0.04 + 0.01 + 0.0025 + 0.01)
    assert variance_of_knowledge(BY_HAND) == pytest.approx(0.9 - 0.36 * 0.0625)


def test_the_sd_of_a_childs_own_start_is_what_is_left_to_explain_by_hand():
    explained = 0.09 + 0.25 * 0.16 + 0.09 + 2 * 0.3 * 0.5 * 0.15
    assert sd_entry(BY_HAND) == pytest.approx(np.sqrt(0.8775 - explained))
    assert sd_entry(BY_HAND | {"b0_ses_entry": 2.0}) == 0.0


def test_the_sd_of_growth_keeps_the_variance_of_knowledge_by_hand():
    with_ses = 0.3 * 0.25 + 0.1 * 1.5
    lasting = 0.01 + 0.0025 + 0.06**2
    with_school = 0.4 * lasting * 1.5
    gained = 0.01 + 2 * 0.5 * 0.1 * with_ses + 0.16 * 0.0625 + 2 * 0.5 * 0.4 * with_school
    assert sd_growth(BY_HAND, 2.0) == pytest.approx(np.sqrt(0.75 * 0.8775 - gained))
    assert sd_growth(BY_HAND | {"b_g_ses_annual": 2.0}, 2.0) == 0.0


def test_the_sds_of_entry_and_growth_are_solved_from_unit_variance():
    assert sd_entry(VALUES) > 0 and sd_growth(VALUES, 4.0) > 0
    assert variance_of_knowledge(VALUES) == pytest.approx(
        VALUES["test_reliability"] - (1 - VALUES["lam_persist"]) ** 2 * 0.0177, abs=0.01
    )
