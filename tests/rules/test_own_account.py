"""The account of a calibrated district: what leaves by usual chances, and arrivals or further leaving that close it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simsim.base.codes import JUNIOR
from simsim.districts.calibrated import Calibrated
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.rules.own_account import Account, _Books, _homes, balanced, paired, usual_chances
from simsim.studies.calibration import calibrate
from simsim.world.neighbourhoods import Neighbourhoods
from tests.studies.own_district import LAST, both_stages, imported

P = {name: parameter.value for name, parameter in parameters.load().items()}
NEXT = LAST + 1


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DistrictData:
    folder: Path = imported(tmp_path_factory.mktemp("account"))
    calibrate(folder)
    return load_district(folder)


def account(data: DistrictData, factor: float = 1.0, drift: float = 0.0) -> tuple[Account, Calibrated]:
    """Return the account of a district that is to have `factor` times the pupils it has, in every grade and year."""
    own = data.calibrated
    assert own is not None
    schools = dict.fromkeys(own.schools, own.first * factor)
    wanted = Calibrated(own.keys, own.first, {y: s.sum(axis=0) for y, s in schools.items()}, schools, 0.0)
    return balanced(wanted, data.system, P, Neighbourhoods.of(data), drift, 0.5), wanted


def test_arrivals_are_what_usual_leaving_takes_where_nobody_is_to_be_fewer(data: DistrictData) -> None:
    found, wanted = account(data)
    migrants = float(data.neighbourhoods["births_share"] @ data.neighbourhoods["migrant_share"])
    gone = np.array([1 - migrants, migrants]) @ usual_chances(P, data.system)
    before, after = wanted.first.sum(axis=0)[:-1], wanted.first.sum(axis=0)[1:]
    expected = after - before * (1 - gone[data.system.entry_grade + 1 :])
    assert found.arrivals[NEXT].sum(axis=0)[1:] == pytest.approx(np.maximum(expected, 0.0))
    assert found.more_leave[NEXT].max() == pytest.approx(0.0)


def test_where_fewer_are_to_be_here_more_leave_and_nobody_arrives(data: DistrictData) -> None:
    found, wanted = account(data, factor=0.7)
    keys = wanted.keys
    assert found.arrivals[NEXT].sum() == 0 and (found.more_leave[NEXT][keys, 2:] > 0.2).all()
    assert ((found.more_leave[NEXT] >= 0) & (found.more_leave[NEXT] <= 1)).all()
    kept = 1 - found.leave[NEXT][2:]
    assert wanted.first.sum(axis=0)[:-1] * kept == pytest.approx(0.7 * wanted.first.sum(axis=0)[1:])


def test_entrants_live_where_their_schools_take_children_from(data: DistrictData) -> None:
    found, wanted = account(data)
    places = Neighbourhoods.of(data)
    for key, pupils in zip(wanted.keys.tolist(), wanted.first[:, 0].tolist(), strict=True):
        assert found.entrants[NEXT][places.catchment[0] == key].sum() == pytest.approx(pupils)


def test_who_begins_school_is_a_migrant_as_often_as_neighbourhoods_say_whoever_arrives(
    data: DistrictData,
) -> None:
    own, places = data.calibrated, Neighbourhoods.of(data)
    assert own is not None
    migrants = float(places.births_share @ places.migrant_share)
    split = np.array([1 - migrants, migrants])[:, None, None]
    stay, homes = 1 - usual_chances(P, data.system), _homes(own.keys, places, data.system)
    books = _Books(own.keys, homes, stay, np.array([0.0, 1.0]), data.system)
    after = books.close(Account(own.keys, own.keys), NEXT, split * own.first, 1.2 * own.first, split, None)
    assert after[:, :, 0] == pytest.approx(1.2 * split[:, :, 0] * own.first[:, 0])
    grown = after[:, :, 1:].sum(axis=1)
    assert (grown[1] / grown.sum(axis=0) > migrants + 0.01).all()


def test_a_drift_grows_from_year_to_year(data: DistrictData) -> None:
    (still, _), (drifting, _) = account(data), account(data, drift=0.01)
    for ahead in (1, 5):
        ratio = drifting.entrants[LAST + ahead].sum() / still.entrants[LAST + ahead].sum()
        assert ratio == pytest.approx(np.exp(0.01 * ahead))


def test_worlds_drift_in_pairs_so_that_the_mean_of_an_even_number_does_not() -> None:
    drawn = np.array([paired(seed, 2020) for seed in range(1, 401)])
    assert drawn[::2] == pytest.approx(-drawn[1::2]) and len(set(drawn.tolist())) == 400
    assert drawn.std() == pytest.approx(1.0, abs=0.1) and paired(1, 2021) != drawn[0]


def test_poor_children_drop_out_more_in_the_usual_chances(data: DistrictData) -> None:
    more = usual_chances(P | {"dropout_poor_ratio": P["dropout_poor_ratio"] + 1.0}, data.system)
    usual = usual_chances(P, data.system)
    assert more - usual == pytest.approx(np.full_like(usual, P["dropout"] * P["poverty_share"]))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> DistrictData:
    return both_stages(tmp_path_factory.mktemp("both"))


def test_every_junior_school_gets_in_expectation_those_whom_the_rolls_give_it(both: DistrictData) -> None:
    own, places, system = both.calibrated, Neighbourhoods.of(both), both.system
    assert own is not None
    g, year = system.first_grade[JUNIOR] - system.entry_grade, own_first(both) + 1
    wanted = own.schools[year].copy()
    wanted[:, g] *= np.array([1.0 if k not in own.keys[-2:] else (0.7, 1.5)[int(k == own.keys[-1])] for k in own.keys])
    found = balanced(replace(own, schools={year: wanted}), system, P, places, 0.0, 0.5)
    migrants = float(places.births_share @ places.migrant_share)
    stays = 1 - np.array([1 - migrants, migrants]) @ usual_chances(P, system)
    kept = own.first[:, g - 1] * stays[g + system.entry_grade]
    kept *= 1 - found.more_leave[year][own.keys, g + system.entry_grade]
    nine = own.first[:, g].astype(bool) & own.first[:, 0].astype(bool)
    remain = kept * nine * (1 - found.goes_on[year][own.keys])
    homes = np.array([(places.catchment[0] == key) * places.births_share for key in own.keys])
    movers = (kept - remain) @ (homes / np.maximum(homes.sum(axis=1, keepdims=True), 1e-12))
    shares = np.diff(found.ways[year], axis=1, prepend=0.0)
    arrive = found.arrivals[year][:, g + system.entry_grade - 1] @ (places.catchment[1][:, None] == own.keys)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    teach = wanted[:, g] > 0
    assert (remain + movers @ shares + arrive)[teach] == pytest.approx(wanted[teach, g], rel=0.02)


def own_first(data: DistrictData) -> int:
    return int(data.spec["first_year"])


def test_arrivals_replace_those_who_leave_by_usual_chances_and_no_more(data: DistrictData) -> None:
    same, wanted = account(data)
    migrants = float(data.neighbourhoods["births_share"] @ data.neighbourhoods["migrant_share"])
    gone = np.array([1 - migrants, migrants]) @ usual_chances(P, data.system)
    leave = wanted.first.sum(axis=0)[:-1] * gone[data.system.entry_grade + 1 :]
    for found in (same, account(data, factor=1.5)[0], account(data, factor=0.7)[0]):
        arrive, replaces = found.arrivals[NEXT].sum(axis=0)[data.system.entry_grade :], found.replaces[NEXT]
        first = replaces[data.system.entry_grade + 1 :]
        assert replaces.shape == (data.system.n_grades + 1,)
        assert first * arrive == pytest.approx(np.minimum(leave, arrive)) and (first[arrive == 0] == 1).all()
