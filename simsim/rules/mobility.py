"""Children come of school age, families move in and out: who is on the district's rolls before places are given."""

from __future__ import annotations

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.sums import added_up
from simsim.districts import births
from simsim.districts.own import last_published
from simsim.rules.newcomers import newcomers
from simsim.world.world import World


def depart(world: World) -> None:
    """Let pupils drop out or leave the district over the summer, more often before the first and last junior grade."""
    lost, leave = chances(world)
    u = world.uniform("admit/leave", world.students.id)
    drops, gone = u < lost, u < lost + leave
    world.flows.let_go_by({"dropouts": drops, "leavers": gone})


def chances(world: World) -> tuple[Floats, Floats]:
    """Return each pupil's chance of dropping out this year (n), and that of leaving the district (n)."""
    students, p = world.students, world.p
    often = (p["local_transfer_out"], p["migrant_leave"])
    extra = (p["local_leave_transition"], p["migrant_leave_transition"])
    by_kind = np.array([often, np.add(often, extra)]).ravel()
    turning = np.isin(np.arange(world.system.n_grades + 2), world.system.turning).take(students.grade, mode="clip")
    leave = world.rate("admit/leave", by_kind.take(turning * np.int8(2) + students.migrant))
    if world.account is not None:
        leave = leave + (1.0 - leave) * world.account.more_of(world.year, students.school, students.grade)
    return world.rate("admit/dropout", dropout(world)), leave


def dropout(world: World) -> Floats:
    """Return each pupil's chance of dropping out this year (n); poor pupils carry the excess that aid can remove."""
    p, students = world.p, world.students
    left = np.array([1.0, 1.0 - p["aid_effect_dropout"]])
    by_kind = p["dropout"] * np.array([[1.0], [p["dropout_poor_ratio"]]]) * left
    chance: Floats = by_kind.ravel().take(students.poor * np.int8(2) + students.aided)
    return chance


def arrive(world: World) -> None:
    """Enrol this year's children of school age and the families that moved in, by neighbourhood and grade."""
    children = _births(world)
    _enrol(world, children, identity.BIRTH, "entrants")
    _enrol(world, _arrivals(world), identity.ARRIVAL, "arrivals")


def entry_noise(world: World, seen: int | None = None) -> float:
    """Return the factor on this year's entering cohort: log-normal AR(1), mean about 1; or what of it was to be seen in
    the year `seen`.
    """
    p = world.p
    who, rho = np.zeros(1, np.int64), p["entry_noise_rho"]
    years = range(world.first_year + 1, (world.year if seen is None else seen) + 1)
    shocks = [rho ** (world.year - year) * world.normal("admit/entry-noise", who, year)[0] for year in years]
    return float(np.exp(p["entry_noise_sd"] * np.sqrt(1.0 - rho**2) * added_up(shocks)))


def expected_entrants(world: World, noise: float = 1.0) -> Floats:
    """Return the expected local children of school age by neighbourhood (n); `noise` is this year's, 1 before it."""
    p, system = world.p, world.system
    born = births.entrants(
        world.births,
        world.year,
        factor=p["births_factor"],
        ratio=p["births_to_entry_urban"],
        autumn=system.autumn_share(p["entrants_autumn_share"]),
        age=system.entry_age,
    )
    cohort, share = born * noise, world.neighbourhoods.births_share
    if world.account is not None:
        by_place = world.account.entrants[world.year]
        cohort, share = float(by_place.sum()), by_place / by_place.sum()
    return np.asarray(world.rate("admit/births", cohort) * share)


def _births(world: World) -> Ints:
    """Return how many local children of school age each neighbourhood (n) sends to the entry grade, as an (n, grades)
    table.
    """
    places, system, expected = world.neighbourhoods, world.system, expected_entrants(world, entry_noise(world))
    table = np.zeros((len(places), system.n_grades), np.int64)
    table[:, system.entry_grade - 1] = world.streams.whole(
        "admit/births", world.year, places.key.astype(np.int64), expected
    )
    return table


def expected_arrivals(world: World) -> Floats:
    """Return the expected arrivals by neighbourhood and grade (n, grades): migration, and families in new flats, whose
    children come into the lowest stage.
    """
    places, p, system = world.neighbourhoods, world.p, world.system
    by_grade = arrivals_by_grade(world) * p["inflow_scale"] * p["inflow_factor"]
    lowest = np.isin(np.arange(1, system.n_grades + 1), system.grades(system.stages[0]))
    moving_in = recent_flats(world) * p["housing_pupils_per_flat"] * lowest / lowest.sum()
    expected = np.outer(places.inflow_share, by_grade) + np.outer(places.housing_share, moving_in)
    if world.account is not None:
        expected = expected + world.account.arrivals[world.year] * p["inflow_factor"]
    if world.year > last_published(world.data.spec):
        expected *= p["inflow_after"]
    return np.asarray(world.rate("admit/inflow", expected))


def arrivals_by_grade(world: World) -> Floats:
    """Return arrivals a year by year of schooling (grades) at an in-migration of one."""
    given = [0.0] * (world.system.entry_grade - 1) + list(world.data.spec["migration"]["arrivals_by_grade"]["value"])
    return np.array(given, dtype=float)


def recent_flats(world: World) -> float:
    """Return new flats a year over the last `housing_years`; "later" stands for years past the table."""
    flats = world.data.spec["housing"]["flats_by_year"]["value"]
    spread = int(world.p["housing_years"])
    return added_up(float(flats.get(year, flats["later"])) for year in range(world.year - spread, world.year)) / spread


def _arrivals(world: World) -> Ints:
    """Return how many children arrive by neighbourhood and grade, rounded by keyed draws."""
    expected = expected_arrivals(world)
    n, grades = expected.shape
    cells = identity.make(
        0, identity.ARRIVAL, np.repeat(world.neighbourhoods.key, grades), np.tile(np.arange(grades), n)
    )
    return world.streams.whole("admit/arrivals", world.year, cells, expected.ravel()).reshape(n, grades)


def _enrol(world: World, table: Ints, route: int, reason: str) -> None:
    """Put the children of an (n, grades) table on the rolls, without a place yet."""
    cell, nth = identity.count_up(table.ravel())
    place, grade = cell // world.system.n_grades, cell % world.system.n_grades + 1
    keys = world.neighbourhoods.key
    slots, slotted = identity.place_slots(keys), grade if route == identity.ARRIVAL else None
    ids = identity.children(world.year, route, keys[place], slots, nth, slotted)
    order = np.argsort(ids)
    ids, place, grade = ids[order], place[order], grade[order]
    if not len(ids):
        return
    world.flows.take_in(reason, **newcomers(world, ids, place, _migrant_share(world, route, place), grade, route))


def _migrant_share(world: World, route: int, place: Ints) -> Floats:
    """Return the chance that each child (n) is a migrant: the neighbourhood's share, or that among arrivals."""
    if route == identity.BIRTH:
        return world.neighbourhoods.migrant_share[place]
    return np.full(len(place), float(world.data.spec["migration"]["migrant_share_of_arrivals"]["value"]))
