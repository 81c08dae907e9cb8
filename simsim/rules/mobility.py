"""Children come of school age, families move in and out: who is on the district's rolls before places are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import FIRST_GRADE, JUNIOR, LAST_GRADE, N_GRADES, PRIMARY
from simsim.districts import births
from simsim.rules import development
from simsim.rules.families import EVER, entry_knowledge, sd_growth, traits

if TYPE_CHECKING:
    from simsim.district import District

GRADE_SLOTS = 16
"""A serial is `(nth child * GRADE_SLOTS + grade) * place slots + neighbourhood`, so that more children are a superset.

All neighbourhoods share one pool a year: few cohorts make cheap draws. Children born here need no slot for the grade.
"""


def depart(district: District) -> None:
    """Let pupils drop out or leave the district over the summer, more often before grades 7 and 9."""
    students, p = district.students, district.p
    leave = np.where(students.migrant, p["migrant_leave"], p["local_transfer_out"])
    turning = np.isin(students.grade, (FIRST_GRADE[JUNIOR], LAST_GRADE[JUNIOR]))
    extra = np.where(students.migrant, p["migrant_leave_transition"], p["local_leave_transition"])
    leave = district.rate("admit/leave", leave + turning * extra)
    u = district.uniform("admit/leave", students.id)
    lost = dropout(district)
    drops, gone = u < lost, u < lost + leave
    district.let_go(drops, "dropouts")
    district.let_go(gone[~drops], "leavers")


def dropout(district: District) -> Floats:
    """Return each pupil's chance of dropping out this year (n); poor pupils carry the excess that aid can remove."""
    p, students = district.p, district.students
    aided = 1.0 - p["aid_effect_dropout"] * students.aided
    return p["dropout"] * np.where(students.poor, p["dropout_poor_ratio"], 1.0) * aided


def arrive(district: District) -> None:
    """Enrol this year's six-year-olds and the families that moved in, by neighbourhood and grade."""
    children = _births(district)
    _enrol(district, children, identity.BIRTH, "entrants")
    _enrol(district, _arrivals(district), identity.ARRIVAL, "arrivals")


def entry_noise(district: District) -> float:
    """Return the factor on this year's entering cohort: log-normal AR(1), mean about 1."""
    p = district.p
    who, rho = np.zeros(1, np.int64), p["entry_noise_rho"]
    years = range(district.first_year + 1, district.year + 1)
    shocks = [rho ** (district.year - year) * district.normal("admit/entry-noise", who, year)[0] for year in years]
    return float(np.exp(p["entry_noise_sd"] * np.sqrt(1.0 - rho**2) * sum(shocks)))


def _births(district: District) -> Ints:
    """Return how many local six-year-olds each neighbourhood (n) sends to grade 1, as an (n, grades) table."""
    places, p = district.neighbourhoods, district.p
    born = births.entrants(
        district.births,
        district.year,
        factor=p["births_factor"],
        ratio=p["births_to_entry_urban"],
        autumn=p["entrants_autumn_share"],
    )
    cohort = born * entry_noise(district)
    expected = district.rate("admit/births", cohort) * places.births_share
    table = np.zeros((len(places), N_GRADES), np.int64)
    table[:, 0] = district.streams.whole("admit/births", district.year, places.key.astype(np.int64), expected)
    return table


def expected_arrivals(district: District) -> Floats:
    """Return the expected arrivals by neighbourhood and grade (n, grades): migration, and families in new flats."""
    places, spec, p = district.neighbourhoods, district.data.spec, district.p
    by_grade = (
        np.array(spec["migration"]["arrivals_by_grade"]["value"], dtype=float) * p["inflow_scale"] * p["inflow_factor"]
    )
    primary = np.arange(1, N_GRADES + 1) <= LAST_GRADE[PRIMARY]
    moving_in = recent_flats(district) * p["housing_pupils_per_flat"] * primary / primary.sum()
    expected = np.outer(places.inflow_share, by_grade) + np.outer(places.housing_share, moving_in)
    return np.asarray(district.rate("admit/inflow", expected))


def recent_flats(district: District) -> float:
    """Return new flats a year over the last `flat_spread_years`; "later" stands for years past the table."""
    flats = district.data.spec["housing"]["flats_by_year"]["value"]
    spread = int(district.p["housing_years"])
    return sum(float(flats.get(year, flats["later"])) for year in range(district.year - spread, district.year)) / spread


def _arrivals(district: District) -> Ints:
    """Return how many children arrive by neighbourhood and grade, rounded by keyed draws."""
    expected = expected_arrivals(district)
    n, grades = expected.shape
    cells = identity.make(
        0, identity.ARRIVAL, np.repeat(district.neighbourhoods.key, grades), np.tile(np.arange(grades), n)
    )
    return district.streams.whole("admit/arrivals", district.year, cells, expected.ravel()).reshape(n, grades)


def _enrol(district: District, table: Ints, route: int, reason: str) -> None:
    """Put the children of an (n, grades) table on the rolls, without a place yet."""
    cell, nth = identity.count_up(table.ravel())
    place, grade = cell // N_GRADES, cell % N_GRADES + 1
    nth = nth * GRADE_SLOTS + grade if route == identity.ARRIVAL else nth
    keys = district.neighbourhoods.key
    ids = identity.make(district.year, route, 0, nth * place_slots(keys) + keys[place])
    order = np.argsort(ids)
    ids, place, grade = ids[order], place[order], grade[order]
    if not len(ids):
        return
    migrant = district.chance("family/migrant", ids, _migrant_share(district, route, place), EVER)
    people = traits(district, ids, place, migrant)
    people |= development.start(district, ids, people["ses"], grade)
    knowledge = knowledge_at(district, ids, place, people["ses"], migrant, grade)
    district.take_in(reason, **people, grade=grade, knowledge=knowledge, route=np.full(len(ids), route))


def place_slots(keys: Ints) -> int:
    """Return the power of two that leaves room for every neighbourhood's key in a serial."""
    return 1 << int(keys.max()).bit_length()


def _migrant_share(district: District, route: int, place: Ints) -> Floats:
    """Return the chance that each child (n) is a migrant: the neighbourhood's share, or that among arrivals."""
    if route == identity.BIRTH:
        return district.neighbourhoods.migrant_share[place]
    return np.full(len(place), float(district.data.spec["migration"]["migrant_share_of_arrivals"]["value"]))


def knowledge_at(
    district: District,
    ids: Ints,
    place: Ints,
    ses: Floats,
    migrant: Mask,
    grade: Ints,
) -> Floats:
    """Return K of children (n) who come into a grade from schools of average quality elsewhere."""
    p, rho = district.p, district.p["rho_K"]
    years = grade - 1
    start = entry_knowledge(district, ids, place, ses, migrant)
    noise = sd_growth(p) * np.sqrt((1.0 - rho ** (2.0 * years)) / (1.0 - rho**2))
    grown = (1.0 - rho**years) / (1.0 - rho) * p["b_g_ses_annual"] * ses
    return rho**years * start + grown + noise * district.normal("family/history", ids, EVER)
