"""Objects of simsim are copied, pickled and sent to other processes; a copy lives on by itself, to the same tables."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import joblib
import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.experiments.experiment import Experiment
from simsim.scenarios.scenario import Scenario
from simsim.world.schools import Principal, School

SENT = {
    "pickle": lambda it: pickle.loads(pickle.dumps(it)),
    "pickle 2": lambda it: pickle.loads(pickle.dumps(it, protocol=2)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
APART = [name for name in SENT if name != "copy"]


@pytest.fixture(scope="module")
def district():
    return District("plan", seed=1).run(to=2015)


@pytest.fixture(scope="module")
def later(district):
    return SENT["deepcopy"](district).run(to=2017).tables()


@pytest.mark.slow
@pytest.mark.parametrize("how", SENT)
def test_a_copied_district_runs_on_to_the_same_tables_and_leaves_the_first_alone(district, later, how):
    before = district.students.knowledge.copy()
    twin = SENT[how](district)
    assert type(twin) is District and twin.year == district.year == 2016
    twin.run(to=2017)
    tables = twin.tables()
    assert set(tables) == set(later)
    for name, table in later.items():
        pd.testing.assert_frame_equal(tables[name], table)
    assert district.year == 2016 and np.array_equal(district.students.knowledge, before)


@pytest.mark.slow
@pytest.mark.parametrize("how", SENT)
def test_new_agents_of_a_copy_get_numbers_that_are_new(district, how):
    twin = SENT[how](district)
    used = {agent.unique_id for agent in twin.agents}
    assert len(used) == len(twin.agents) == len(district.agents)
    school = School(twin, 900, "primary", "public", True, 0.0, 0.0)
    head = Principal(twin, 1, 0.0, 2015, False)
    assert not {school.unique_id, head.unique_id} & used and school.unique_id < head.unique_id
    twin.run(to=2017)
    assert len({agent.unique_id for agent in twin.agents}) == len(twin.agents)


def test_a_copy_numbers_its_agents_as_the_first_would(district):
    first, second = (SENT["deepcopy"](district) for _ in range(2))
    numbers = [School(d, 900, "primary", "public", True, 0.0, 0.0).unique_id for d in (first, SENT["pickle"](second))]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("how", SENT)
def test_a_copied_population_holds_columns_of_its_own(district, how):
    people = district.students
    twin = SENT[how](people)
    first = int(people.id[0])
    before = people.score[0]
    twin.score += 1.0
    twin.keep(np.arange(len(twin)) < 10)
    assert people.score[0] == before and len(people) > 10 and len(twin) == 10
    assert twin[first].score == before + 1.0 and twin[first] != people[first]


@pytest.mark.parametrize("how", SENT)
@pytest.mark.parametrize("kind", ["students", "teachers"])
def test_a_view_is_copied_with_its_person_and_a_view_sent_away_refers_to_its_own_district(district, kind, how):
    people = getattr(district, kind)
    view = people[int(people.id[7])]
    twin = SENT[how](view)
    assert type(twin) is type(view) and twin.unique_id == view.unique_id and twin.female == view.female
    assert (twin == view) == (how == "copy") and (twin.model is district) == (how == "copy")
    assert getattr(twin.model, kind) is twin.population and twin in twin.population
    assert twin.model.year == district.year


@pytest.mark.parametrize("how", APART)
def test_a_district_and_its_views_sent_together_stay_together(district, how):
    pupils = [district.students[person] for person in district.students.id[:3].tolist()]
    twin, views, some = SENT[how]((district, set(pupils), district.students.select(at_most=3)))
    assert all(view.model is twin and view in some for view in views) and len(views) == 3
    assert some.population is twin.students and set(some) == views


@pytest.mark.parametrize("how", APART)
def test_a_policy_may_hold_views_and_selections(how):
    district = District("plan", seed=1)
    people = district.students
    policy = district.policies[0]
    policy.followed = {people[person] for person in people.id[:3].tolist()}
    policy.some = people.select(at_most=4)
    twin = SENT[how](district)
    held = twin.policies[0]
    assert all(view.model is twin and view.grade > 0 for view in held.followed) and len(held.followed) == 3
    assert held.some.population is twin.students and next(iter(held.followed)) in held.followed
    assert people[int(people.id[0])] not in held.followed


@pytest.mark.parametrize("how", SENT)
@pytest.mark.parametrize(
    "pick",
    [
        lambda d: d.schools[1],
        lambda d: d.schools[1].principal,
        lambda d: d.clusters[0],
        lambda d: d.students.select(d.students.grade > 6),
        lambda d: d.students.groupby("school"),
        lambda d: d.parts[0],
    ],
    ids=["school", "principal", "cluster", "selection", "groups", "part"],
)
def test_what_a_district_holds_is_copied(district, pick, how):
    one = pick(district)
    twin = SENT[how](one)
    assert type(twin) is type(one) and (repr(twin) == repr(one) or len(twin) == len(one))
    if hasattr(one, "unique_id"):
        assert twin.unique_id == one.unique_id and (twin.model is district) == (how == "copy")
        assert how == "copy" or twin in twin.model.agents


@pytest.mark.slow
@pytest.mark.parametrize("how", SENT)
def test_results_scenarios_and_experiments_are_copied(small_experiment, how):
    twin = SENT[how](small_experiment)
    assert twin.scenarios == small_experiment.scenarios and twin.manifest == small_experiment.manifest
    pd.testing.assert_frame_equal(twin.paired("plan", "baseline"), small_experiment.paired("plan", "baseline"))
    spec = Scenario.load("plan")
    assert SENT[how](spec) == spec and SENT[how](spec).digest == spec.digest
    experiment = Experiment(["baseline", "plan"], seeds=2, to=2015)
    assert SENT[how](experiment).manifest() == experiment.manifest()


def at_work(seed: int) -> tuple[District, object, object]:
    """Return a district, one of its pupils and some, as a worker does."""
    district = District("baseline", seed=seed).run(to=2014)
    return district, district.students[int(district.students.id[0])], district.students.select(at_most=2)


@pytest.fixture(scope="module")
def worker():
    """A process that starts with nothing."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.slow
def test_districts_and_views_come_back_from_workers(worker):
    district, pupil, some = worker.submit(at_work, 3).result()
    here = District("baseline", seed=3).run(to=2015)
    assert pupil.model is district and pupil in some
    for name, table in here.tables().items():
        pd.testing.assert_frame_equal(district.run(to=2015).tables()[name], table)


@pytest.mark.slow
def test_districts_and_views_come_back_from_joblib():
    ((district, pupil, _),) = joblib.Parallel(n_jobs=2)([joblib.delayed(at_work)(1)])
    assert pupil.model is district and district.year == 2015 and pupil.grade > 0


@pytest.mark.slow
def test_results_come_back_from_a_worker(worker, small_experiment):
    found = worker.submit(narrowed, small_experiment).result()
    assert found.replications("plan") == [1]


def narrowed(results: object) -> object:
    """Return the first replication of results, as a worker does."""
    return results.for_replications([1])  # type: ignore[attr-defined]
