"""A year keeps its books: nobody appears or vanishes unnoticed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import ConservationError, InputError
from simsim.policy import Policy
from simsim.world.world import World
from simsim.year import YEAR, check_rows


def test_pupils_are_conserved_year_by_year() -> None:
    district = District("baseline", seed=4).run(to=2019)
    table = district.tables()["district_year"]
    flows = table[(table["stage"] == "all") & (table["group"] == "all")].pivot_table(
        index="year", columns="indicator", values="value"
    )
    rolls = flows["pupils"] + flows["waiting"]
    gains, losses = (
        flows["entrants"] + flows["arrivals"],
        flows["leavers"] + flows["dropouts"] + flows["graduates"] + flows["turned_away"],
    )
    assert (rolls.diff().dropna() == (gains - losses).loc[rolls.index[1:]]).all()


def test_teachers_are_conserved_year_by_year() -> None:
    district = District("baseline", seed=4).run(to=2019)
    table = district.tables()["district_year"]
    flows = table[(table["stage"] == "all") & (table["group"] == "all")].pivot_table(
        index="year", columns="indicator", values="value"
    )
    change = flows["hires"] + flows["private_school_hires"] - flows["retirements"] - flows["exits"]
    assert (flows["teachers"].diff().dropna() == change.iloc[1:]).all()


def test_a_pupil_lost_before_a_year_is_noticed_before_it_is_lived() -> None:
    district = District("baseline", seed=1)
    district.students.keep(np.arange(len(district.students)) > 0)
    with pytest.raises(InputError, match="students: are 34,499 where 34,500 are accounted for"):
        district.step()


def test_a_pupil_lost_within_a_year_is_noticed_with_year_and_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    district = District("baseline", seed=1)
    monkeypatch.setattr("simsim.district.check_writes", lambda world: None)
    district.students.keep(np.arange(len(district.students)) > 0)
    with pytest.raises(ConservationError, match="2014, phase budget: 34499 students where 34500"):
        district.step()


def test_a_teacher_without_a_post_is_noticed() -> None:
    district = District("baseline", seed=1)
    district.teachers.post[0] = 998
    with pytest.raises(ConservationError, match="post"):
        check_rows(district)


class Watchful(Policy):
    """Acts in its own way instead of by hooks, and once it has a hook that its class has not."""

    name, title = "watchful", {"zh": "看", "en": "Watchful"}

    def prepare(self) -> None:
        """Remember nothing yet."""
        self.phases: list[str] = []

    def act(self, phase: str, district: World) -> None:
        """Write down the phase."""
        self.phases.append(phase)


def test_a_policy_that_acts_in_its_own_way_is_asked_in_every_phase() -> None:
    district = District("baseline")
    watchful = Watchful("watchful", Watchful.Settings(), date(2015, 9, 1), None)
    district.policies.append(watchful)
    district.run(to=2015)
    assert watchful.phases == [phase.name for phase in YEAR]


def test_a_hook_given_to_one_instance_acts() -> None:
    district, seen = District("baseline"), []
    policy = Policy("one", Policy.Settings(), date(2015, 9, 1), None)
    vars(policy)["teach"] = lambda world: seen.append(world.year)
    district.policies.append(policy)
    district.run(to=2015)
    assert seen == [2015]
