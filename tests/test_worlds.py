"""Minimally different worlds: what may differ between two runs, and what may not (DESIGN 2.2)."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from simsim import year
from simsim.base import ids as identity
from simsim.base.streams import Streams
from simsim.district import District
from simsim.policy import PHASES, Policy, registry
from simsim.scenarios.files import district_of, names
from tests.conftest import times_the_usual

ROOT = Path(__file__).parent.parent
SEED = 7
SHIPPED = names()
# Nothing passes from pupil to pupil: nobody is hired or moves, no seat is short, and a grade of a small school is one
# class.
ROOMY = {
    "peer_linear": 0.0,
    "classsize_slope": 0.0,
    "classsize_slope_over50": 0.0,
    "class_size.target.primary": 100,
    "class_size.target.junior": 100,
    "posts_growth": 0.0,
    "replacement_rate_baseline": 0.0,
    "vol_move_base": 0.0,
    "principal.leave": 0.001,
}


def people_digest(district: District) -> str:
    """Return a fingerprint of every column of every person."""
    h = blake2b(digest_size=16)
    for people in (district.students, district.teachers):
        for name, column in people.columns.items():
            h.update(name.encode() + np.ascontiguousarray(column).tobytes())
    return h.hexdigest()


def digest(district: District) -> str:
    """Return a fingerprint of everybody and of every table."""
    h = blake2b(people_digest(district).encode(), digest_size=16)
    for name, table in sorted(district.tables().items()):
        h.update(name.encode() + pd.util.hash_pandas_object(table, index=True).to_numpy().tobytes())
    return h.hexdigest()


def world(
    policies: dict | None = None, parameters: dict | None = None, extends: str = "baseline", to: int | None = None
) -> District:
    """Return a district of a scenario made on the spot, lived up to a year if one is given."""
    spec = {"name": "trial", "extends": extends, "policies": policies or {}, "parameters": parameters or {}}
    district = District(spec, seed=SEED)
    return district if to is None else district.run(to=to)


# ---- the same again ----


@pytest.mark.slow
def test_a_run_twice_is_the_same_run():
    assert digest(District("plan", seed=SEED).run(to=2016)) == plan_of_2016()


def test_another_seed_is_another_run():
    assert digest(District("baseline", seed=1).run(to=2014)) != digest(District("baseline", seed=2).run(to=2014))


@pytest.mark.slow
@pytest.mark.parametrize("hashing", ("0", pytest.param("4711", marks=pytest.mark.slow)))
def test_another_process_gets_the_same_digest_whatever_its_hash_seed(hashing):
    script = f"from tests.test_worlds import *; print(digest(District('plan', seed={SEED}).run(to=2016)))"
    environment = {"PYTHONHASHSEED": hashing, "PYTHONPATH": str(ROOT), "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split()[-1] == plan_of_2016()


@pytest.mark.slow
def test_reading_a_district_changes_nothing():
    watched, left_alone = (District("baseline", seed=SEED) for _ in range(2))
    for district in (watched, left_alone):
        while district.year <= 2016:
            district.step()
            if district is watched:
                watched.tables()
                watched.students.to_frame()
                watched.chance("anybody/asks", watched.students.id, 0.5)
                assert watched.students[watched.students.id[0]].score is not None
    assert digest(watched) == digest(left_alone)


# ---- the same until they differ ----


@cache
def plan_of_2016() -> str:
    """Return the digest of the plan lived up to 2016."""
    return digest(District("plan", seed=SEED).run(to=2016))


@cache
def first_year(scenario: str) -> str:
    """Return the people of a scenario after its first year."""
    district = District(scenario, seed=SEED)
    return people_digest(district.run(to=district.first_year))


BASELINES = {"erdao": "baseline", "shanhe": "shanhe-keep", "xinwan": "xinwan-baseline"}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SHIPPED)
def test_the_first_year_is_the_same_in_every_shipped_scenario_of_a_district(scenario):
    assert first_year(scenario) == first_year(BASELINES[district_of(scenario)])


class Nudge(Policy):
    """A toy that changes one thing in one phase."""

    name: ClassVar[str] = "nudge"
    title: ClassVar[dict[str, str]] = {"zh": "推", "en": "Nudge"}


def _nudge(kind: str, column: str) -> Callable[[Policy, District], None]:
    def hook(self: Policy, district: District) -> None:
        getattr(district, kind).columns[column][:1] += 1

    return hook


COLUMN = {
    phase: ("teachers", "drift") if phase in ("build", "admit", "staff") else ("students", "knowledge")
    for phase in PHASES
}


@cache
def trace(phase: str | None) -> list[tuple[int, str, str]]:
    """Return (year, phase, people) after every phase of 2014 to 2017, with a nudge in one phase of 2016."""
    seen: list[tuple[int, str, str]] = []
    patch = pytest.MonkeyPatch()
    toy = type("Nudge", (Nudge,), {phase: _nudge(*COLUMN[phase])} if phase else {})
    patch.setattr("simsim.policy.registry", lambda: {"nudge": toy})
    original = year.check

    def remember(district: District) -> None:
        original(district)
        seen.append((district.year, district.phase, people_digest(district)))

    patch.setattr("simsim.year.check", remember)
    try:
        world({"N": {"policy": "nudge", "from": "2016-09-01"}}, to=2016)
    finally:
        patch.undo()
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_two_worlds_are_the_same_until_the_phase_in_which_they_differ(phase):
    one, two = trace(None), trace(phase)
    assert [step[:2] for step in one] == [step[:2] for step in two]
    first = next(i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
    assert one[first][:2] == (2016, phase)


@pytest.mark.slow
def test_a_parameter_changed_from_a_year_changes_nothing_before_it():
    later = world(parameters={"dropout": {"value": 0.03, "from": 2017}}, to=2016)
    unchanged = world(to=2016)
    assert digest(later) == digest(unchanged)
    assert digest(later.run(to=2017)) != digest(unchanged.run(to=2017))


# ---- order does not matter ----

THREE = {
    "A": {"policy": "rotation", "from": "2015-09-01", "settings": {"quota": 0.1}},
    "B": {"policy": "stars", "from": "2015-09-01"},
    "C": {"policy": "recruitment", "from": "2015-09-01", "settings": {"mode": "match_posts"}},
}


@pytest.mark.slow
def test_the_order_of_policies_in_a_file_does_not_matter():
    assert digest(world(THREE, to=2016)) == digest(world(dict(reversed(THREE.items())), to=2016))


def test_the_order_in_which_policies_act_does_not_matter_when_they_set_different_things():
    forward, backward = (world(THREE) for _ in range(2))
    backward.policies.reverse()
    assert people_digest(forward.run(to=2016)) == people_digest(backward.run(to=2016))


def test_the_order_in_which_people_are_added_does_not_matter():
    district = world()
    columns = {name: column.copy() for name, column in district.students.columns.items()}
    order = np.argsort(district.uniform("any/order", district.students.id))
    district.students.keep(np.zeros(len(order), bool))
    half = len(order) // 2
    for rows in (order[:half], order[half:]):
        district.students.add(**{name: column[rows] for name, column in columns.items()})
    assert digest(district.run(to=2015)) == digest(world(to=2015))


# ---- one more pupil ----


def one_more(district: District, key: int | None = None) -> int:
    """Add a twin of a grade-1 pupil of a public school, or of the school `key`; return the school."""
    students = district.students
    if key is None:
        key = next(k for k, school in district.schools.items() if school.public and 0 in school.parts)
    row = int(np.flatnonzero((students.grade == 1) & (students.school == key))[0])
    twin = {name: column[row : row + 1].copy() for name, column in students.columns.items()}
    twin["id"] = identity.make(district.year, identity.ADDED, key, np.array([0]))
    students.add(**twin)
    district.flows.expected["students"] += 1
    return key


def changed(one: District, two: District, kind: str = "students", but: tuple[str, ...] = ()) -> np.ndarray:
    """Return the ids of people in both worlds of whom any column differs, and of those in one world only."""
    a, b = getattr(one, kind), getattr(two, kind)
    common = np.intersect1d(a.id, b.id)
    ra, rb = a.rows(common), b.rows(common)
    differs = np.zeros(len(common), bool)
    for name in a.columns:
        if name not in but:
            differs |= ~(
                (a.columns[name][ra] == b.columns[name][rb])
                | (pd.isna(a.columns[name][ra]) & pd.isna(b.columns[name][rb]))
            )
    return np.union1d(common[differs], np.setxor1d(a.id, b.id))


@pytest.mark.slow
def test_one_more_pupil_changes_no_draw_of_anybody(monkeypatch):
    original = Streams._drawn
    drawn: list[dict] = []

    def remember(self, stream, year, ids):
        values = original(self, stream, year, ids)
        drawn[-1][stream, int(year)].append((ids.copy(), values.copy()))
        return values

    monkeypatch.setattr(Streams, "_drawn", remember)
    for add in (False, True):
        drawn.append(defaultdict(list))
        district = District("plan", seed=SEED)
        if add:
            one_more(district)
        district.run(to=2016)
    compared = 0
    for key in drawn[0].keys() & drawn[1].keys():
        (a, u), (b, v) = ([np.concatenate(x) for x in zip(*d[key], strict=True)] for d in drawn)
        a, first = np.unique(a, return_index=True)
        b, second = np.unique(b, return_index=True)
        common, i, j = np.intersect1d(a, b, return_indices=True)
        np.testing.assert_array_equal(u[first][i], v[second][j], err_msg=str(key))
        compared += len(common)
    assert compared > 500_000


@pytest.mark.slow
def test_one_more_pupil_changes_no_other_row_when_schools_pass_nothing_on():
    with_, without = world(parameters=ROOMY), world(parameters=ROOMY)
    schools, rolls = np.unique(without.students.school[without.students.grade == 1], return_counts=True)
    one_more(with_, int(schools[np.argmin(rolls)]))
    for _ in range(4):
        with_.step(), without.step()
        who = changed(with_, without)
        assert set(identity.route(who)) == {identity.ADDED} and len(who) == 1
        assert len(changed(with_, without, "teachers")) == 0


def test_one_more_pupil_reaches_only_the_own_school_in_the_first_year():
    with_, without = world(), world()
    key = one_more(with_)
    with_.step(), without.step()
    who = changed(with_, without)
    rows = without.students.rows(who[identity.route(who) != identity.ADDED])
    assert len(who) > 1 and set(without.students.school[rows].tolist()) == {key}
    assert len(changed(with_, without, "teachers")) == 0


@pytest.mark.slow
def test_one_more_pupil_reaches_others_only_through_schools():
    with_, without = world(), world()
    touched = {one_more(with_)}
    for _ in range(4):
        with_.step(), without.step()
        for kind, column in (("students", "school"), ("teachers", "post")):
            a, b = getattr(with_, kind), getattr(without, kind)
            for one, other in ((a, b), (b, a)):
                gone = np.isin(one.id, other.id, invert=True)
                touched |= set(one.columns[column][gone].tolist())
            common = np.intersect1d(a.id, b.id)
            here, there = a.columns[column][a.rows(common)], b.columns[column][b.rows(common)]
            touched |= set(here[here != there].tolist()) | set(there[here != there].tolist())
        who = changed(with_, without, but=("class_row",))
        rows = without.students.rows(np.intersect1d(who, without.students.id))
        assert set(without.students.school[rows].tolist()) <= touched | {0}


# ---- conservation ----

SETTINGS = st.fixed_dictionaries(
    {
        "A": st.fixed_dictionaries(
            {
                "quota": st.floats(0, 1),
                "backbone_share": st.floats(0, 1),
                "voluntary": st.booleans(),
                "destination": st.sampled_from(["exchange", "random", "need", "weakest", "balancing"]),
                "origin": st.sampled_from(["all", "urban_good"]),
                "eligible_years": st.integers(0, 10),
                "spell_years": st.integers(1, 4),
                "return_prob": st.floats(0, 1),
                "attrition": st.floats(0, 10),
            }
        ),
        "B": st.fixed_dictionaries(
            {"stars_per_year": st.floats(0, 20), "placement": st.sampled_from(["weakest", "lead", "need"])}
        ),
        "C": st.fixed_dictionaries(
            {
                "mode": st.sampled_from(["match_retirements", "match_posts"]),
                "extra_posts": st.integers(0, 60),
                "assignment": st.sampled_from(["choice", "need", "equal"]),
            }
        ),
    }
)
PARAMETERS = st.fixed_dictionaries(
    {
        "inflow_factor": st.floats(0, 3),
        "dropout": st.floats(0, 0.1),
        "exit_30_39": st.floats(0, 0.3),
        "class_size.target.primary": st.integers(20, 60),
        "vol_move_base": st.floats(0, 0.3),
    }
)


def flows(district: District, name: str, year: int) -> float:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.year == year) & (table.stage == "all") & (table.group == "all")]
    return float(mine.value.sum())


@pytest.mark.slow
@settings(max_examples=times_the_usual(0.24), phases=(Phase.explicit, Phase.generate))  # a run is too long to shrink
@given(SETTINGS, PARAMETERS)
def test_nobody_appears_or_vanishes_whatever_the_policies(policies, parameters):
    instances = {key: THREE[key] | {"settings": chosen} for key, chosen in policies.items()}
    district = world(instances, parameters, to=2016)  # the year itself checks heads after every phase
    for at in (2015, 2016):
        before, after = (flows(district, "pupils", y) + flows(district, "waiting", y) for y in (at - 1, at))
        came = sum(flows(district, name, at) for name in ("entrants", "arrivals"))
        left = sum(flows(district, name, at) for name in ("leavers", "dropouts", "turned_away", "graduates"))
        assert after == before + came - left
    assert len(np.unique(district.students.id)) == len(district.students)
    assert (district.staff_by_part() >= 0).all() and district.staff_by_part().sum() == len(district.teachers)
    moves = district.tables()["teacher_moves"]
    assert (moves[moves.reason != "private"].groupby(["year", "teacher"]).size() <= 3).all()


def test_every_policy_is_there():
    assert {"rotation", "recruitment", "stars"} <= set(registry())
