"""What scenarios have in common is lived once, and nobody can tell from the tables."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.district import District, solution
from simsim.districts.files import load_district
from simsim.experiments import shared_years
from simsim.experiments.shared_years import SharedYears, acts_from, start_of
from simsim.experiments.worker import simulate
from simsim.policy import Policy, register, registered, registry
from simsim.rules import founding, money
from simsim.scenarios.instances import FOREVER
from simsim.scenarios.scenario import Scenario

DATA = load_district("erdao")
TO = 2016


def scenario(name: str, **more) -> Scenario:
    return Scenario.load({"name": name, "extends": "baseline", **more})


def turning(start: str) -> dict:
    return {"R": {"policy": "rotation", "from": start}}


LATER = scenario("later", parameters={"class_size.target.primary": {"value": 40, "from": 2016}})
ALIKE = [
    Scenario.load("baseline"),
    Scenario.load("plan"),
    Scenario.load("openings-only"),
    scenario("rotation", policies=turning("2016-09-01")),
    LATER,
]
APART = [
    Scenario.load("frozen"),
    scenario("bound", budget="bound"),
    scenario("assuming", assume=["mandated_effort_cost"]),
    scenario("smaller", parameters={"class_size.target.primary": 40}),
    scenario("smaller-and-turning", parameters={"class_size.target.primary": 40}, policies=turning("2015-09-01")),
]


class Early(Policy):
    """Looks at the district before it is lived, as another package's policy may."""

    name, title, rates = "early", {"zh": "早", "en": "Early"}, ("staff/exit",)

    def begin(self, district):
        self.began = (district.year, len(district.students))

    def rate(self, name, district):
        return 0.5 if self.began == (2014, 36102) else 2.0


@pytest.fixture(scope="module", autouse=True)
def early():
    register(Early)
    yield
    del registered["early"]
    registry.cache_clear()


def shared(scenarios, seeds=(1,), to=TO) -> SharedYears:
    return SharedYears([(one, DATA, seeds) for one in scenarios], to)


def same(mine, alone) -> None:
    assert mine.keys() == alone.keys()
    for name, table in alone.items():
        pd.testing.assert_frame_equal(mine[name], table, check_exact=True)


@pytest.fixture(scope="module")
def alone():
    """The tables of every scenario, each district built for itself."""
    return {one.name: simulate(one, 1, TO, False, DATA) for one in (*ALIKE, *APART)}


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, -1])
def test_shared_years_change_no_table(alone, order):
    together = [*ALIKE, *APART][::order]
    years = shared(together)
    for one in together:
        same(simulate(one, 1, TO, False, DATA, years.district), alone[one.name])
    assert not any(years.kept.values())


@pytest.mark.slow
def test_with_parameters_at_their_means_the_same_holds():
    years = shared(ALIKE[:2], (2,), 2015)
    for one in ALIKE[:2]:
        same(simulate(one, 2, 2015, True, DATA, years.district), simulate(one, 2, 2015, True, DATA))


def test_a_district_is_built_once_a_seed_for_all_that_start_alike(monkeypatch):
    for seed in (1, 2):
        solution(DATA, seed)  # which founds a district, too
    built = []
    found = founding.found
    monkeypatch.setattr(founding, "found", lambda world: (built.append(world.streams.seed), found(world)))
    years = shared(ALIKE, (1, 2))
    for one in ALIKE:
        for seed in (1, 2):
            years.district(one, seed, False, DATA)
    assert built == [1, 2]


def test_years_in_common_end_where_the_first_acts_and_nobody_lives_further_years_for_himself_alone():
    assert [acts_from(one, 2014) for one in ALIKE] == [FOREVER, 2015, 2015, 2016, 2016]
    branches = shared(ALIKE).branches
    assert branches == {"baseline": 2016, "plan": 2015, "openings-only": 2015, "rotation": 2016, "later": 2016}
    assert shared(ALIKE[:2]).branches == {"baseline": 2015, "plan": 2015}


def test_what_all_scenarios_do_to_the_end_is_lived_once_to_the_end():
    assert shared([ALIKE[0], scenario("again")], to=2015).branches == {"baseline": 2016, "again": 2016}


def test_another_start_is_another_district():
    starts = [start_of(one, DATA) for one in (ALIKE[0], *APART)]
    assert len(set(starts)) == len(starts) - 1 and starts[-1] == starts[-2]
    assert "frozen" not in shared([ALIKE[0], APART[0]]).branches


def test_a_policy_of_another_package_that_looks_at_the_district_first_is_built_for_itself():
    looking = scenario("looking", policies={"E": {"policy": "early", "from": "2015-09-01"}})
    years = shared([ALIKE[0], looking])
    assert years.branches == {}
    same(simulate(looking, 1, 2015, False, DATA, years.district), simulate(looking, 1, 2015, False, DATA))


def test_a_district_too_large_to_keep_is_built_anew(monkeypatch):
    monkeypatch.setattr(shared_years, "MOST_PUPILS_KEPT", 1000)
    years = shared(ALIKE[:2])
    district = years.district(ALIKE[1], 1, False, DATA)
    assert district.year == 2014 and district.spec == ALIKE[1] and not years.kept


def test_what_goes_wrong_in_a_shared_year_goes_wrong_in_the_runs_own(monkeypatch):
    def broken(world):
        raise ZeroDivisionError("no pay")

    monkeypatch.setattr(money, "pay", broken)
    years = shared(ALIKE[:2])
    district = years.district(ALIKE[0], 1, False, DATA)
    assert type(district) is District and district.year == 2014
    with pytest.raises(ZeroDivisionError, match="no pay"):
        district.step()
