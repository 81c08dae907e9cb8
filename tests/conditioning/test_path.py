"""The expected path of pupils: what it expects is what the rules do, nobody turned away."""

from __future__ import annotations

from functools import cache

import numpy as np

from simsim.conditioning.path import INFLOW, Path, named, vector
from simsim.districts.factual import SoftFact
from tests.one_district import founded

LAST = 2016


@cache
def path():
    return Path.of(founded(), LAST, (SoftFact("young", 1.0, 0.1, 2016, ages=(3, 5)),))


def usual():
    return named(vector(founded().p))


def test_the_path_starts_with_the_first_septembers_pupils():
    district = founded()
    assert path().rolls(usual())[2014].tolist() == np.bincount(district.students.grade, minlength=10)[1:].tolist()


def test_the_path_is_linear_in_in_migration():
    one, two, three = (path().rolls({**usual(), INFLOW: scale})[LAST].sum() for scale in (0.5, 1.0, 2.0))
    assert np.isclose((two - one) * 2, three - two)
    assert np.isclose(path().slope(usual()), (three - one) / 1.5)


def test_without_leaving_and_arriving_everybody_moves_up_and_entrants_are_the_births():
    p = dict.fromkeys(usual(), 0.0) | {"births_to_entry_urban": 2.0}
    rolls, before = path().rolls(p), path().rolls(p)[2014]
    assert rolls[2015][1:].tolist() == before[:-1].tolist()
    assert np.isclose(rolls[2015][0], 2.0 * path().born[2015] * path().noise[2015])


def test_the_path_comes_near_what_the_rules_do():
    district = founded()
    district.run(to=LAST)
    rows = district.tables()["district_year"]
    rows = rows[(rows.year == LAST) & (rows.stage == "all") & (rows.group == "all")].set_index("indicator").value
    assert abs(path().rolls(usual())[LAST].sum() / (rows["pupils"] + rows["waiting"] + rows["turned_away"]) - 1) < 0.01


def test_children_who_are_not_at_school_yet_count_as_the_entrants_of_a_later_year():
    p, fact = usual(), SoftFact("young", 1.0, 0.1, 2016, ages=(3, 5), share=0.5)
    born = sum(path().born[year] for year in (2017, 2018, 2019))
    assert np.isclose(path().fact(fact, path().rolls(p), p), 0.5 * p["births_to_entry_urban"] * born)


def test_children_at_school_count_where_the_path_has_them():
    p, fact = usual(), SoftFact("twelve", 1.0, 0.1, 2016, ages=(12, 12))
    rolls = path().rolls(p)
    assert path().fact(fact, rolls, p) == rolls[2016][6]
