"""Idioms of Mesa in a district: answered as Mesa answers, or refused with the remedy; in Mesa 3.3 and 3.5."""

from __future__ import annotations

import copy
import inspect

import mesa
import numpy as np
import pytest

from simsim.district import District
from simsim.districts.files import load_district
from simsim.inputs.defaults import furthest_year
from simsim.inputs.errors import InputError
from simsim.world.schools import Principal, School
from simsim.world.students import Student
from simsim.world.teachers import Teacher

SEEDS_IN_CALL = "rng" in inspect.signature(mesa.batch_run).parameters

LAST_YEAR = furthest_year(load_district("erdao").spec)


class Watched(District):
    """A district with a data collector, as batch_run wants it."""

    datacollector: object = None

    def __init__(self, scenario: str = "baseline", seed: int = 1) -> None:
        super().__init__(scenario, seed)
        self.datacollector = mesa.DataCollector({"score": lambda d: float(d.students.score.mean())})

    def step(self) -> None:
        """Live a year and collect."""
        super().step()
        self.datacollector.collect(self)


@pytest.fixture(scope="module")
def district():
    return District("baseline", seed=1).run(to=2014)


@pytest.mark.parametrize("kind", [Student, Teacher])
def test_pupils_and_teachers_are_not_looked_for_among_the_agents(district, kind):
    for act in (
        lambda: district.agents_by_type[kind],
        lambda: district.agents_by_type.get(kind),
        lambda: kind in district.agent_types,
        lambda: district.agents.select(agent_type=kind),
    ):
        with pytest.raises(TypeError, match="pupils and teachers are columns.*district.students"):
            act()


@pytest.mark.parametrize("kind", [Student, Teacher])
def test_a_data_collector_of_pupils_is_refused(district, kind):
    collector = mesa.DataCollector(agenttype_reporters={kind: {"grade": "grade"}})
    with pytest.raises(TypeError, match="model_reporters"):
        collector.collect(district)


def test_agents_of_other_kinds_are_found_as_in_mesa(district):
    assert len(district.agents_by_type[School]) == len(district.schools) == 25
    assert School in district.agent_types and Principal in district.agent_types
    assert len(district.agents.select(agent_type=School)) == 25
    assert len(district.agents.select(lambda agent: isinstance(agent, School), at_most=3)) == 3
    assert district.agents_by_type.get(int) is None
    with pytest.raises(KeyError):
        district.agents_by_type[int]
    collector = mesa.DataCollector(agenttype_reporters={School: {"key": "key"}})
    collector.collect(district)
    assert len(collector.get_agenttype_vars_dataframe(School)) == 25
    district.agents_by_type[School].shuffle_do("step")


@pytest.mark.parametrize(
    "draw",
    [
        lambda d: d.random.random(),
        lambda d: d.random.choice([1, 2]),
        lambda d: d.random.sample([1, 2], 1),
        lambda d: d.random.seed(3),
        lambda d: d.rng.random(3),
        lambda d: d.rng.integers(3),
        lambda d: d.schools[1].random.random(),
        lambda d: d.schools[1].rng.normal(),
        lambda d: d.students[d.students.id[0]].random.random(),
    ],
)
def test_nobody_draws_from_mesas_generators(district, draw):
    with pytest.raises(TypeError, match="draws of simsim are keyed.*district.uniform"):
        draw(district)


@pytest.mark.parametrize("reset", [lambda d: d.reset_rng(), lambda d: d.reset_rng(5), lambda d: d.reset_randomizer(5)])
def test_a_district_is_not_reset_but_made_anew(district, reset):
    with pytest.raises(TypeError, match=r"another replication is District\(scenario, seed=2\)"):
        reset(district)


@pytest.mark.slow
def test_run_model_lives_to_the_last_year_and_stops():
    district = copy.deepcopy(District("baseline", seed=1))
    district.run(to=LAST_YEAR - 1)
    assert district.running
    district.run_model()
    assert district.year == LAST_YEAR + 1 and not district.running
    assert district.tables()["district_year"]["year"].max() == LAST_YEAR
    with pytest.raises(InputError, match="must be a year"):
        district.step()


@pytest.mark.parametrize("at_most", [-1, True, 1.5, "3", float("nan")])
def test_agents_are_selected_by_a_count_a_share_and_a_function(district, at_most):
    schools = district.agents_by_type[School]
    for agents in (schools, district.agents):
        with pytest.raises(InputError, match="must be a count from 0"):
            agents.select(at_most=at_most)
        with pytest.raises(TypeError, match="give a function"):
            agents.select("key > 3")
    assert len(schools.select(at_most=3)) == 3 and len(schools.select(at_most=0.2)) == 5


def test_agents_are_not_taken_away_and_pupils_not_added(district):
    for act in (district.remove_all_agents, lambda: district.deregister_agent(district.schools[1])):
        with pytest.raises(TypeError, match="policy merge_schools"):
            act()
    with pytest.raises(TypeError, match="pupils and teachers are columns"):
        district.agents.add(district.students[district.students.id[0]])
    assert district.schools[1] in district.agents


@pytest.mark.parametrize(
    "take",
    [
        lambda agents, school: agents.discard(school),
        lambda agents, school: agents.remove(school),
        lambda agents, school: agents.select(lambda agent: agent is not school, inplace=True),
    ],
)
def test_a_school_is_taken_out_of_a_selection_and_never_out_of_the_district(district, take):
    school, here = district.schools[1], len(district.agents)
    for agents in (district.agents, district.agents_by_type[School]):
        with pytest.raises(TypeError, match="policy merge_schools"):
            take(agents, school)
    assert school in district.agents and len(district.agents) == here
    some = district.agents.select(lambda agent: isinstance(agent, School))
    take(some, school)
    assert school not in some and len(some) == len(district.schools) - 1
    assert len(district.agents) == here


def test_years_are_run_for_in_every_mesa(district):
    lived = copy.deepcopy(district)
    lived.run_for(1)
    assert lived.year == district.year + 1 and lived.steps == district.steps + 1
    for years in (0, 1.5, "1", True, 100):
        with pytest.raises(InputError):
            lived.run_for(years)
    with pytest.raises(TypeError, match=r"district.run\(to=2020\)"):
        lived.run_until(2020)


def test_a_step_that_was_refused_is_not_counted_and_the_next_one_lives_a_year(district):
    lived = copy.deepcopy(district)
    before, lived.year = lived.year, 2030
    for _ in range(2):
        with pytest.raises(InputError, match="between two years"):
            lived.step()
    lived.year = before
    lived.step()
    assert lived.year == before + 1 and lived.steps == district.steps + 1
    assert len(lived.tables()["district_year"]["year"].unique()) == 2


def test_a_step_that_lives_no_year_is_named_and_nobody_waits_for_it():
    class Still(Watched):
        """Forgets to live."""

        def step(self) -> None:
            """Collect, and live nothing."""

    still = Still()
    for run in (still.run, still.run_model, lambda: still.run_for(1)):
        with pytest.raises(TypeError, match=r"call super\(\).step\(\) in it"):
            run()


@pytest.mark.parametrize(("name", "where"), [("seed", "streams.seed"), ("copy", "deepcopy"), ("grid", "home_x")])
def test_what_users_of_mesa_look_for_is_found(district, name, where):
    with pytest.raises(AttributeError, match=where):
        getattr(district, name)


def test_run_model_lives_up_to_a_year_that_is_asked_for():
    district = copy.deepcopy(District("baseline", fixed_parameters=True))
    district.run_model(to=2015)
    assert district.year == 2016 and district.running
    with pytest.raises(InputError, match="must be a year"):
        district.run_model(to=2050)


def test_rng_is_mesas_word_for_the_seed():
    assert District(rng=3, fixed_parameters=True).streams.seed == 3
    with pytest.raises(InputError, match="must be a whole number, the seed"):
        District(rng=np.random.default_rng(1))
    with pytest.raises(InputError, match="is another seed than seed=2"):
        District(seed=2, rng=3)


def test_a_data_collector_collects_the_model_and_its_schools_year_by_year(district):
    lived = copy.deepcopy(district)
    reporters = {"score": lambda d: float(d.students.score.mean())}
    collector = mesa.DataCollector(
        reporters, agenttype_reporters={School: {"heads": lambda s: sum(p.pupils for p in s.parts.values())}}
    )
    collector.collect(lived)
    assert len(collector.get_model_vars_dataframe()) == 1
    assert collector.get_agenttype_vars_dataframe(School)["heads"].sum() > 30_000


def _batch(cls, parameters, **options):
    return mesa.batch_run(cls, parameters, max_steps=1, display_progress=False, **options)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_batch_that_repeats_one_seed_is_refused_with_the_remedy():
    for parameters in ({}, {"scenario": ["baseline", "plan"]}, {"seed": [1]}):
        with pytest.raises(InputError, match=r"rng=range\(1, 31\).*simsim.Experiment"):
            _batch(Watched, parameters, iterations=3)


def test_a_batch_with_a_seed_for_every_replication_runs():
    seeds = {"rng": [1, 2]} if SEEDS_IN_CALL else {}
    rows = _batch(Watched, {} if SEEDS_IN_CALL else {"seed": [1, 2]}, **seeds)
    scores = [row["score"] for row in rows]
    assert len(scores) == 2 and scores[0] != scores[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_seeds_that_mesa_drops_are_not_one_seed_again_and_again():
    class ByRng(Watched):
        """Takes its seed by Mesa's word, with one of its own where there is none."""

        def __init__(self, rng: int | None = None) -> None:
            super().__init__(seed=1 if rng is None else rng)

    if SEEDS_IN_CALL:
        with pytest.raises(InputError, match="of which Mesa 3.5 would keep nothing"):
            _batch(ByRng, {"rng": [1, 2]})
    else:
        assert len({row["score"] for row in _batch(ByRng, {"rng": [1, 2]})}) == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_batch_without_seeds_is_refused_where_mesa_gives_none():
    class Seedless(Watched):
        """Passes on whatever Mesa gives."""

        def __init__(self, seed: int | None = None) -> None:
            super().__init__(seed=seed)  # type: ignore[arg-type]

    with pytest.raises(InputError, match="give every replication a seed of its own"):
        _batch(Seedless, {}, iterations=2)


@pytest.mark.parametrize(("name", "meant"), [("random_state", "seed"), ("sed", "seed"), ("scenarios", "scenario")])
def test_an_argument_that_a_district_does_not_take_is_named(name, meant):
    with pytest.raises(TypeError, match=rf"takes no {name} \(did you mean {meant}\?\)"):
        District(**{name: 1})


@pytest.mark.parametrize(
    "derived",
    [
        lambda schools: schools.shuffle(),
        lambda schools: schools.sort("key"),
        lambda schools: next(iter(schools.groupby("ownership").groups.values())),
        lambda schools: schools.sort("key").shuffle(),
    ],
)
def test_what_comes_of_a_set_refuses_what_the_set_does(district, derived):
    found = derived(district.agents_by_type[School])
    with pytest.raises(InputError, match="at_most = -1"):
        found.select(at_most=-1)
    with pytest.raises(TypeError, match="is no filter"):
        found.select("key > 3")


@pytest.mark.parametrize("kind", ["School", int, 3])
def test_a_kind_that_is_no_class_of_agents_is_refused(district, kind):
    with pytest.raises(TypeError, match="is no kind of agent"):
        district.agents.select(agent_type=kind)


@pytest.mark.parametrize("func", ["mean", [], {}, None])
def test_agg_takes_functions(district, func):
    with pytest.raises(TypeError, match="agg takes a function"):
        district.agents_by_type[School].agg("key", func)


def test_groups_of_schools_are_sets_or_lists(district):
    schools = district.agents_by_type[School]
    assert sum(map(len, schools.groupby("ownership", result_type="list").groups.values())) == len(schools)
    with pytest.raises(ValueError, match="must be agentset or list"):
        schools.groupby("ownership", result_type="frame")
