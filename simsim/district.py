"""The district: a Mesa model that holds the people, the schools and the keyed draws, and lives one year a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simsim.base.arrays import Floats, Ints, Mask, Rows
from simsim.base.displays import display_of
from simsim.conditioning.numbers import Numbers, factual_scenario, known_in, numbers_of, solution_of
from simsim.conditioning.solve import Counted, Solution
from simsim.districts.class_law import NO_LAW
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.inputs.defaults import furthest_year
from simsim.inputs.documents import Document
from simsim.inputs.effect import FOREVER
from simsim.inputs.errors import NOTHING_YET, InputError, Problem, suggest
from simsim.inputs.run_limits import last_year_of, seed_of, true_or_false
from simsim.policy import Policy, find
from simsim.record.record import head_count
from simsim.rules import founding
from simsim.scenarios.branching import refused
from simsim.scenarios.scenario import Scenario
from simsim.world.bounds import check_writes
from simsim.world.closed import Values
from simsim.world.diary import Diary, Event, ids_in, one_of
from simsim.world.mesa_idioms import refuse_repeats, the_seed
from simsim.world.person import Person
from simsim.world.schools import Principal
from simsim.world.world import Acting, World
from simsim.year import HEADS, RULES, YEAR, Phase, live

CHANGED = {
    "p": "was changed between two years, but each year takes its parameters from the scenario, so it would do nothing; "
    "write them in the scenario: District({'extends': ..., 'parameters': {...}})",
    "year": "was changed between two years, which would leave years out; live them: district.run(to=...)",
    "first_year": "was changed, but it is the district's own; import a district that begins in another year",
    "spec": "was changed between two years, but its policies stayed; go on by district.branch(scenario)",
    "phase": "was changed between two years, but each year has all its phases; nothing would come of it",
    "measures": "was changed between two years, but policies have read their plan; go on by district.branch(scenario)",
}
"""What cannot be changed between two years, and what to do instead."""
TOLD = "was changed outside a year, but each year begins with none; tell its rules in a policy's `instruct`, or `staff`"
TOLD_EARLY = "told the rules of a year, and each year begins with none; tell them in `instruct` or in a phase"
NO_RULE = "is no rule of the year; name the function itself, such as simsim.rules.hiring.hire"
NEW_EACH_YEAR = "was replaced between two years, but each year makes its own; write into district.students and teachers"


class District(World):
    """One replication of one scenario: `District("plan", seed=1).run()`.

    `students` and `teachers` are Populations; schools, clusters and principals are Mesa agents in `agents`; `p` holds
    the parameters of the year, `spec` the scenario, `year` the September now being lived. The methods below `tables`
    are what policies call; each is done by a part of the world. `values` take the place of what this seed would draw of
    some uncertain parameters, in all scenarios alike (InputError for another name). `rng` is Mesa's word for the seed.

    >>> import simsim
    >>> district = simsim.District("plan", seed=1).run(to=2015)
    >>> district.year, bool(district.students.score.std() > 0.5)
    (2016, True)
    >>> district.students[district.students.id[0]].grade in range(1, 10)
    True
    """

    _in_hand: bool = True
    """Whether somebody may have written into it since the last year: nobody can between the years of one `run`."""

    def __init__(
        self,
        scenario: str | Path | Document | Scenario = "baseline",
        seed: int = 1,
        fixed_parameters: bool = False,
        data: DistrictData | str | None = None,
        as_of: int | None = None,
        values: Mapping[str, float] | None = None,
        rng: int | None = None,
        **unknown: object,
    ) -> None:
        _refuse(unknown)
        seed = the_seed(seed, rng)
        refuse_repeats(seed)
        seed, spec = seed_of(seed), Scenario.load(scenario)
        data = data if isinstance(data, DistrictData) else load_district(spec.district if data is None else data)
        data = data if as_of is None else known_in(data, as_of)
        if spec.plan and (remedy := spec.plan.not_for(data.name)):
            raise InputError(Problem(spec.name, "plan.file", spec.plan.name, remedy))
        fixed = true_or_false("fixed_parameters", fixed_parameters)
        known = parameters.load()
        given = parameters.given(known, {} if values is None else values, spec.assume)
        assumed = parameters.assumed(known, seed, spec.assume, fixed) | given
        numbers = self._numbers(data, seed, fixed, {n: v for n, v in given.items() if n not in spec.assume})
        numbers = numbers.with_values({name: assumed[name] for name in spec.assume})
        first_year = int(data.spec["first_year"])
        first = numbers.of(first_year) | spec.changes_of(first_year, first=first_year)
        super().__init__(numbers.data, first, seed)
        self.spec, self._drawn = spec, numbers
        self.budget.bound = spec.budget == "bound"
        self.class_law = self.class_law if spec.lawful else NO_LAW
        founding.found(self)
        self.flows.begin()
        self._take_up(spec)
        self.close()

    def _take_up(self, spec: Scenario) -> None:
        """Take up a scenario's policies, each of which prepares itself."""
        self.spec = spec
        self.measures = dict(spec.plan.measures) if spec.plan else {}
        self.policies = [find(i.policy)(i.id, i.settings, i.start, i.end, i.measure) for i in spec.instances]
        for policy in self.policies:
            self._begin(policy)
        self._leave()

    def _begin(self, policy: Acting) -> None:
        """Let a policy prepare itself; InputError when it tells the year's rules something so early, for no year hears
        it.
        """
        told = self.instructions.told()
        policy.begin(self)
        if self.instructions.differ(told):
            raise InputError(Problem(policy.id, "begin", None, TOLD_EARLY))

    def _leave(self) -> None:
        """Note how a year left what the next one starts from."""
        self._left: dict[str, object] = {
            "p": dict(self.p),
            "year": self.year,
            "first_year": self.first_year,
            "spec": self.spec,
            "phase": self.phase,
            "measures": dict(self.measures),
        }
        self._told, self._classes = self.instructions.told(), self.classes

    def _check_hands_off(self) -> None:
        """Raise InputError for what was changed between two years and would do nothing in the next one."""
        problems = [
            Problem("district", name, None, remedy)
            for name, remedy in CHANGED.items()
            if getattr(self, name) != self._left[name]
        ]
        told = self.instructions.differ(self._told)
        problems += [Problem("district", "instructions", None, TOLD)] * told
        unknown = [str(getattr(rule, "__name__", rule)) for rule in self.stopped if rule not in RULES]
        problems += [Problem("district", "stopped", name, NO_RULE) for name in unknown]
        problems += [Problem("district", "classes", None, NEW_EACH_YEAR)] * (self.classes is not self._classes)
        if problems:
            raise InputError(problems)

    def go_on_as(self, scenario: Scenario) -> District:
        """Go on as another scenario, one that acts from this year on and would have come here by the same way, and
        return the district (simsim/experiments/shared_years.py knows which do).
        """
        here, self.year = self.year, self.first_year  # when a policy prepares itself
        self._take_up(scenario)
        self.year = here
        self._leave()
        return self

    def branch(self, scenario: str | Path | Document | Scenario) -> District:
        """Return a twin of this district, as it is now, that goes on under another scenario: two futures from one
        present, with the same draws.

        Measures that both scenarios have go on as they are, those that the other one has not end now (rotated teachers
        come back, what is being built goes on). InputError for what should have acted before now: its years would be
        missing.
        """
        asked = Scenario.load(scenario)
        if not asked.anywhere and (other := load_district(asked.district).name) != self.data.name:
            remedy = f"is another district than this one, {self.data.name}; build a new District"
            raise InputError(Problem(asked.name, "district", other, remedy))
        future = Scenario.load(scenario, self.spec.district)
        problems = refused(self.spec, future, self.year, self.first_year)
        if future.plan and (remedy := future.plan.not_for(self.data.name)):
            problems.append(Problem(future.name, "plan.file", future.plan.name, remedy))
        problems += [
            Problem(future.name, f"policies.{instance.id}.{key}", value, remedy)
            for instance in future.instances
            for key, value, remedy in find(instance.policy).problems(instance.settings, self.data)
        ]
        if problems:
            raise InputError(problems)
        twin = deepcopy(self, {id(one): one for one in (self.data, self.spec)})
        twin._turn_to(future)
        return twin

    def _turn_to(self, future: Scenario) -> None:
        """Go on as another scenario: policies that it shares with the present one keep what they remember."""
        here, self.year = self.year, self.first_year  # when a policy prepares itself
        present = {instance.id: instance for instance in self.spec.instances}
        kept = {policy.id: policy for policy in self.policies if isinstance(policy, Policy)}
        self.spec, self.policies = future, []
        self.measures = dict(future.plan.measures) if future.plan else {}
        for one in future.instances:
            same = one.id in kept and replace(one, end=present[one.id].end) == present[one.id]
            policy = kept[one.id] if same else find(one.policy)(one.id, one.settings, one.start, one.end, one.measure)
            policy.last_year = None if one.end is None else one.years[1]
            self.policies.append(policy)
            if not same:
                self._begin(policy)
        mine = {one.id for one in future.instances}
        begun = [policy for key, policy in kept.items() if key not in mine and policy.first_year < here]
        for policy in begun:
            policy.last_year = min(here - 1, FOREVER if policy.last_year is None else policy.last_year)
        self.policies += begun
        self.policies.sort(key=lambda policy: policy.id)
        self.year = here
        self._leave()

    # ---- people who are followed ----

    def follow(self, *people: int | Person | Principal | Iterable[int | Person | Principal]) -> District:
        """Write down from now on what happens to pupils, teachers and principals (ids, or themselves), and return the
        district; it changes no draw and no table. InputError for whoever is not here.
        """
        diary = Diary() if self.diary is None else self.diary
        diary.follow(self, [person for one in people for person in ids_in(one)])
        self.diary, self.flows.hears = diary, diary.gone
        return self

    def events(self, person: int | Person | Principal | None = None) -> pd.DataFrame:
        """Return what happened to those who are followed, or to one of them: year, person, kind, event, origin and
        destination (keys of schools, 0 for none), why, instance (the policy that did it, nothing for a rule).

        InputError for whoever is not followed.
        """
        rows = [] if self.diary is None else self.diary.events
        wanted = None if person is None else one_of(person)
        if wanted is not None and (self.diary is None or wanted not in self.diary.first):
            remedy = "is not followed; follow people while they are here: district.follow(ids)"
            raise InputError(Problem("district", "events", wanted, remedy))
        return pd.DataFrame([row for row in rows if wanted in (None, row.person)], columns=list(Event._fields))

    def story(self, person: int | Person | Principal, lang: str = "en") -> str:
        """Tell in a paragraph who a pupil, teacher or principal is, and what happened since the following began."""
        return str(display_of("District.story")(self, one_of(person), lang))

    def plot_map(self, lang: str = "en") -> object:
        """Draw the schools of this September as the reports do, and return the Matplotlib Axes, one a stage."""
        return display_of("District.plot_map")(self, lang)

    def __copy__(self) -> District:
        """Return a district of its own, as copy.deepcopy does: half a copy would share its people."""
        return deepcopy(self)

    def __repr__(self) -> str:
        people = f"{len(self.students):,} pupils, {len(self.teachers):,} teachers, {len(self.open_schools)} schools"
        return (
            f"District({self.spec.name!r}, seed={self.streams.seed}): {self.data.name}, September {self.year}: {people}"
        )

    def step(self) -> None:
        """Live one school year: September roll, lessons, June test, money, and everybody a grade up.

        InputError when the last year that can be simulated is lived, and when somebody wrote what there is not into a
        column (a grade, a school, a number that is none).
        """
        last_year_of(self.year, [self.data])
        self._check_hands_off()
        if self._in_hand or type(self).step is not District.step:
            check_writes(self)
        self._live(YEAR)
        if self.year > furthest_year(self.data.spec):
            self.end()

    def _live(self, phases: tuple[Phase, ...]) -> None:
        """Live a year with the year's parameters."""
        self.p = Values(self._drawn.of(self.year) | self.spec.changes_of(self.year, self.first_year))
        live(self, phases)
        self.year += 1
        self._leave()

    def _numbers(self, data: DistrictData, seed: int, fixed: bool, values: Mapping[str, float]) -> Numbers:
        """Return the parameters of this world, of whatever scenario."""
        return numbers_of(data, seed, fixed, self.founded, values)

    @staticmethod
    def founded(data: DistrictData, seed: int, numbers: Numbers) -> Counted:
        """Return a world of the factual scenario, to be lived for its heads."""
        return HeadCount(data, seed, numbers)

    def run(self, to: int | None = None) -> District:
        """Live every year up to and with `to` (years already lived stay as they are), by default the district's last;
        return the district.

        InputError for a year before the first or after the last that can be simulated.
        """
        to = last_year_of(to, [self.data])
        try:
            while self.year <= to:
                self.live_a_year()
                self._in_hand = False
        finally:
            self._in_hand = True
        return self

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what was recorded so far, as tidy tables (docs/data-dictionary.md); InputError before any year."""
        if self.year == self.first_year:
            raise InputError(NOTHING_YET)
        return self.recorder.tables(self.policies, self.budget.wishes)

    # ---- what policies call ----

    def let_go(self, leaving: Mask, reason: str) -> None:
        """Take pupils (mask over all) off the rolls and count them by reason and stage.

        InputError for what is no mask over all of them.
        """
        self.flows.let_go(leaving, reason)

    def take_in(self, reason: str, **columns: ArrayLike) -> None:
        """Put new pupils on the rolls and count them by reason and stage."""
        self.flows.take_in(reason, **columns)

    def dismiss(self, leaving: Mask, reason: str) -> None:
        """Take teachers (mask over all) off the staff and count them by reason and stage.

        InputError for what is no mask over all of them.
        """
        self.flows.dismiss(leaving, reason)

    def employ(self, reason: str, **columns: ArrayLike) -> None:
        """Put new teachers on the staff and count them by reason and stage."""
        self.flows.employ(reason, **columns)

    def leave(self, ids: ArrayLike, reason: str = "removed") -> None:
        """Take pupils or teachers off by id, counted under `reason`; KeyError when one is not here."""
        self.flows.leave(ids, reason)

    def count(self, what: str, stages: Rows) -> None:
        """Add to this year's tally: one for every entry of `stages` (n, stage codes)."""
        self.flows.count(what, stages)

    @property
    def tally(self) -> dict[str, Floats]:
        """This year's counts by reason and stage."""
        return self.flows.tally

    @property
    def part_of(self) -> NDArray[np.int16]:
        """The number of each part by stage and school key; -1 where none is open."""
        return self.parts.place

    @property
    def public_parts(self) -> Mask:
        """Which parts the district runs (parts)."""
        return self.parts.public

    def student_parts(self) -> NDArray[np.int16]:
        """Return the index of each pupil's part (n); -1 while waiting."""
        return self.parts.of_students()

    def teacher_parts(self) -> NDArray[np.int16]:
        """Return the index of the part where each teacher (n) works."""
        return self.parts.of_teachers()

    def staff_by_part(self) -> Ints:
        """Return teachers by part and subject group (parts, groups), counted where they work."""
        return self.parts.staff()

    def vacancies(self) -> Ints:
        """Return posts less the teachers who hold them (parts, groups); a rotated teacher keeps the home post."""
        return self.parts.vacancies()

    def rolls(self) -> Ints:
        """Return pupils by part (parts)."""
        return self.parts.rolls()


class HeadCount(District):
    """The factual scenario's district, lived for its heads alone: what the solution of a world is corrected by."""

    def __init__(self, data: DistrictData, seed: int, numbers: Numbers) -> None:
        self._given: Numbers
        object.__setattr__(self, "_given", numbers)
        super().__init__(factual_scenario(data), seed=seed, data=data)
        if self.spec.budget != "bound":
            self.policies = [policy for policy in self.policies if policy.changes_heads(self)]

    def _numbers(self, data: DistrictData, seed: int, fixed: bool, values: Mapping[str, float]) -> Numbers:
        """Return the parameters that were given."""
        return self._given

    @property
    def world(self) -> World:
        """The district as it was founded, before `heads`."""
        return self

    def heads(self, values: Mapping[str, float], to: int) -> tuple[int, float]:
        """Return pupils at school and staff of September `to`, with these values of parameters; once."""
        found: dict[int, tuple[int, float]] = {}
        self._drawn = self._drawn.with_values(values)
        self.watchers.append(lambda world: found.update({world.year: head_count(world)}))
        while self.year <= to:
            self._live(HEADS)
        return found[to]


def solution(data: DistrictData, seed: int) -> Solution:
    """Return what a seed's world has of the parameters that published totals pin down; solved once in a process.

    InputError for a district of which nothing later is published.
    """
    return solution_of(data, seed, District.founded)


def _refuse(unknown: dict[str, object]) -> None:
    """Raise TypeError, with the remedy, for arguments that a district does not take."""
    for name in unknown:
        known = [key for key in signature(District).parameters if key != "unknown"]
        hint = " (did you mean seed?)" if name in ("random_state", "seeds") else suggest(name, known)
        raise TypeError(f"District takes no {name}{hint}; it takes {', '.join(known)}")
