"""The district as a whole: published numbers in September 2014, conservation, and what Mesa users expect."""

from __future__ import annotations

import mesa
import numpy as np
import pandas as pd
import pytest

import simsim
from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.files import load_district
from simsim.inputs.errors import InputError
from simsim.inputs.parameters import load
from simsim.record.outcomes import inputs, official
from simsim.world.rates import RATES
from simsim.world.schools import School

PUBLISHED = load_district("erdao").spec["resources"]
NAMES = {
    "teaching_area": "teaching_area_m2",
    "sports_area": "sports_area_m2",
    "equipment": "equipment_yuan",
    "computers": "computers",
    "books": "books",
    "teachers": "teachers",
    "overqualified": "overqualified",
    "midtitle": "midtitle",
}


@pytest.mark.parametrize("seed", [1, 2, 17])
def test_every_replication_meets_the_sixteen_published_means_and_cvs_within_one_percent(seed: int) -> None:
    district = District("baseline", seed=seed)
    amounts = inputs(district)
    for stage, word in enumerate(STAGES):
        mine = np.array([part.stage == stage for part in district.parts])
        found = official(district, amounts, stage)
        for name, column in NAMES.items():
            published = PUBLISHED[word][column]
            mean = amounts[name][mine].sum() / amounts["pupils"][mine].sum()
            assert mean == pytest.approx(published["mean"], rel=0.01), (word, name)
            assert found[f"cv_{name}"] == pytest.approx(published["cv"], rel=0.01), (word, name)


def test_2014_has_33_to_36_thousand_pupils_every_one_in_a_class() -> None:
    district = District("baseline", seed=1).run(to=2014)
    assert (
        33_000
        <= sum(row[4] for row in district.recorder.district if row[2:4] == ("all", "pupils") and row[1] == "all")
        <= 36_000
    )
    assert [row[4] for row in district.recorder.district if row[3] == "waiting"] == [0]


def test_it_is_still_mesa_to_its_user() -> None:
    district = District("baseline", seed=1)
    assert isinstance(district, mesa.Model)
    assert len(district.agents_by_type[School]) == 25
    assert district.agents_by_type[School].agg("key", max) == 25
    pupil = district.students[int(district.students.id[0])]
    assert isinstance(pupil, mesa.Agent) and pupil.grade == 9
    district.step()
    assert district.steps == 1 and district.year == 2015
    assert pupil.unique_id not in district.students


def test_people_leave_through_the_district_and_are_counted() -> None:
    district = District("baseline", seed=1)
    pupil, teacher = int(district.students.id[5]), int(district.teachers.id[7])
    district.leave([pupil, teacher], "moved_away")
    assert pupil not in district.students and teacher not in district.teachers
    assert district.tally["moved_away"].sum() == 2
    with pytest.raises(KeyError, match="neither a pupil nor a teacher"):
        district.leave(pupil)


def test_an_unknown_rate_fails_with_a_suggestion() -> None:
    with pytest.raises(KeyError, match="did you mean staff/exit"):
        District("baseline").rate("staff/exits", 0.1)
    assert len(set(RATES)) == len(RATES)


@pytest.mark.slow
def test_a_run_is_a_pure_function_of_scenario_and_seed() -> None:
    first, second = (District("baseline", seed=5).run(to=2016).tables() for _ in range(2))
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])
    other = District("baseline", seed=6).run(to=2016).tables()
    assert not other["district_year"]["value"].equals(first["district_year"]["value"])


def test_the_public_names_are_there() -> None:
    for name in ("District", "Experiment", "School", "assess", "weighted_cv", "render"):
        assert getattr(simsim, name) is not None


@pytest.mark.slow
@pytest.mark.parametrize("since", [2010, 2014, "2014-03"])
def test_a_parameter_dated_in_or_before_the_first_year_leaves_that_year_alone(since):
    change = {"class_size.target.primary": {"value": 30, "from": since}, "dropout": {"value": 0.02, "from": since}}
    spec = {"name": "early", "extends": "baseline", "parameters": change}
    one, other = District(seed=3).run(to=2015), District(spec, seed=3).run(to=2015)
    for name, table in one.tables().items():
        theirs = other.tables()[name]
        if "year" in table:
            table, theirs = table[table["year"] == 2014], theirs[theirs["year"] == 2014]
            pd.testing.assert_frame_equal(table.reset_index(drop=True), theirs.reset_index(drop=True))
    late, later = (d.tables()["district_year"].query("year == 2015")["value"].to_numpy() for d in (one, other))
    assert len(late) != len(later) or (late != later).any()


@pytest.mark.parametrize("fixed", ["no", 0, None])
def test_fixed_parameters_are_true_or_false(fixed):
    with pytest.raises(InputError, match="fixed_parameters = .*|fixed_parameters: must be True or False"):
        District(fixed_parameters=fixed)


def test_no_simulated_year_reads_what_a_scenario_may_not_set_nor_what_is_an_absent_policys(monkeypatch):
    read = set()

    class Noted(dict):
        def __getitem__(self, name):
            read.add(name)
            return super().__getitem__(name)

    monkeypatch.setattr("simsim.district.Values", Noted)
    District(seed=2).run(to=2016)
    known = load()
    assert len(read) > 50
    assert {name for name in read if known[name].read_by or known[name].for_policies} == set()
