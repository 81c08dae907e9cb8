"""The log of a run: what was written comes out again, and costs add up."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simsim.world.recorder import ALL, COLUMNS, Long, Recorder, words

SCHOOLS = {1: SimpleNamespace(x_km=0.0, y_km=0.0), 2: SimpleNamespace(x_km=3.0, y_km=4.0)}


def policy(name: str, measure: str | None = None, touched: int = 0):
    return SimpleNamespace(id=name, measure=measure, name=f"policy of {name}", touched=touched)


def long(year: int, *names: str) -> Long:
    n = len(names)
    return Long(year, np.zeros(n, np.int64), np.arange(n), names, np.arange(n), np.arange(n) + 0.5)


@pytest.fixture
def recorder() -> Recorder:
    made = Recorder()
    made.by_school, made.by_place = [long(2014, "a", "b"), long(2015, "b", "c")], [long(2014, "a")]
    return made


def test_one_number_is_noted_for_all_unless_said_otherwise(recorder):
    year = SimpleNamespace(year=2016)
    recorder.note(year, "pupils", 7)
    recorder.note(year, "pupils", 3, "primary", "migrant")
    recorder.note_all(year, {"a": 1, "b": 2}, "junior")
    assert recorder.district == [
        (2016, ALL, ALL, "pupils", 7.0), (2016, "primary", "migrant", "pupils", 3.0),
        (2016, "junior", ALL, "a", 1.0), (2016, "junior", ALL, "b", 2.0),
    ]  # fmt: skip
    assert all(type(row[-1]) is float for row in recorder.district)


def test_a_mover_is_noted_with_the_distance_and_a_new_teacher_comes_from_nowhere(recorder):
    recorder.moved(2015, [(11, 1, 0, True, 2), (12, 0, 1, False, 2)], SCHOOLS, "voluntary", "R")
    assert recorder.moves == [
        (2015, 11, 1, 2, "voluntary", "R", "primary", True, 5.0),
        (2015, 12, 0, 2, "voluntary", "R", "junior", False, 0.0),
    ]


def test_every_table_has_its_columns_even_when_nothing_happened(recorder):
    tables = recorder.tables([], [])
    assert {name: tuple(tables[name]) for name in COLUMNS} == COLUMNS
    assert tables["school_year"].values.tolist() == [
        [2014, "primary", 0, "a", 0.5], [2014, "primary", 1, "b", 1.5],
        [2015, "primary", 0, "b", 0.5], [2015, "primary", 1, "c", 1.5],
    ]  # fmt: skip
    assert tables["neighbourhood_year"]["neighbourhood"].tolist() == [0]


def test_a_copy_has_lists_of_its_own(recorder):
    twin = deepcopy(recorder)
    recorder.note(SimpleNamespace(year=2016), "pupils", 7)
    assert twin.district == [] and twin.by_school == recorder.by_school and twin.by_school is not recorder.by_school


def test_costs_of_the_year_add_up_by_kind_and_staff_pay_stands_apart(recorder):
    recorder.note_rows(2015, [("pupils", ALL, ALL, 1)])
    recorder.note_rows(2014, [("pupils", ALL, ALL, 1)])
    recorder.costs = [
        (2015, "A", "", "capital", 10.0), (2015, "B", "", "capital", 5.0), (2015, "A", "", "running", 2.0),
        (2015, "staff", "", "running", 100.0), (2015, "A", "", "donated", 50.0), (2014, "A", "", "running", 1.0),
    ]  # fmt: skip
    table = recorder.tables([], [])["district_year"]
    costs = table[table.indicator.str.startswith("cost_")]
    assert [tuple(row) for row in costs[["year", "indicator", "value"]].to_numpy().tolist()] == [
        (2014, "cost_capital", 0.0), (2015, "cost_capital", 15.0),
        (2014, "cost_running", 1.0), (2015, "cost_running", 2.0), (2015, "cost_staff", 100.0),
    ]  # fmt: skip
    assert set(costs.stage) == set(costs.group) == {ALL}


def test_what_an_instance_wanted_got_and_spent_stands_by_year(recorder):
    recorder.costs = [
        (2015, "A", "M1", "capital", 10.0), (2015, "A", "M1", "running", 2.0), (2016, "B", "", "capital", 4.0),
        (2015, "staff", "", "running", 9.0),
    ]  # fmt: skip
    wishes = [(2015, "A", 20.0, 0.6), (2014, "A", 8.0, 0.0), (2015, "baseline", 1.0, 1.0)]
    table = recorder.tables([policy("B"), policy("A", "M1", 3)], wishes)["instance_year"]
    assert [tuple(row) for row in table.to_numpy().tolist()] == [
        (2014, "A", "M1", 8.0, 0.0, 0.0), (2015, "A", "M1", 20.0, 0.6, 12.0), (2016, "B", "", 0.0, 1.0, 4.0),
    ]  # fmt: skip


def test_how_many_an_instance_touched_is_told_by_measure_and_policy(recorder):
    table = recorder.tables([policy("A", "M1", 3), policy("B")], [])["touched"]
    assert table.to_numpy().tolist() == [["A", "M1", "policy of A", 3.0], ["B", "", "policy of B", 0.0]]


def test_words_by_their_places_are_a_column_of_text_as_pandas_makes_it():
    codes = np.array([1, 0, 1, 1])
    made = pd.DataFrame({"stage": words(("primary", "junior"), codes)})
    pd.testing.assert_frame_equal(made, pd.DataFrame({"stage": np.array(["primary", "junior"])[codes]}))


def test_movers_distances_are_those_of_each_pair_of_schools(recorder):
    recorder.moved(2015, [], SCHOOLS, "voluntary", "")
    assert recorder.moves == []
