"""The seat warning: children against seats by area, spells of warning with lead times, and surplus teachers."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.districts.provenance import CALIBRATED
from simsim.experiments.outlook import assumed, basis, expected_entrants, outlook, outlook_surplus, signals, warnings
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError

KEYS = ["scenario", "replication", "year", "stage"]


@pytest.fixture(scope="module")
def data():
    return load_district("erdao")


def toy(children: dict[int, float], seats: float, runs: int = 4) -> Results:
    """Return results in which neighbourhood 1 (Dongsheng, primary school 2) has so many children by year, and school 2
    its seats.

    In the last replication there are twice as many children.
    """
    homes = [
        ("s", seed, year, "primary", 1, "pupils", n * (2 if seed == runs else 1))
        for seed in range(1, runs + 1)
        for year, n in children.items()
    ]
    places = [("s", seed, year, "primary", 2, "seats", seats) for seed in range(1, runs + 1) for year in children]
    schools = [("s", seed, year, 2, -0.8, 0.4) for seed in range(1, runs + 1) for year in children]
    tables = {
        "district_year": pd.DataFrame(
            [("s", 1, 2014, "all", "all", "pupils", 1.0)], columns=[*KEYS, "group", "indicator", "value"]
        ),
        "neighbourhood_year": pd.DataFrame(homes, columns=[*KEYS, "neighbourhood", "indicator", "value"]),
        "school_year": pd.DataFrame(places, columns=[*KEYS, "school", "indicator", "value"]),
        "schools": pd.DataFrame(schools, columns=["scenario", "replication", "year", "school", "x_km", "y_km"]),
    }
    return Results(tables, {})


def test_children_stand_against_the_seats_of_their_catchment(data):
    table = outlook(toy({2020: 100.0}, 150.0), "s", data)
    row = table[table.area == "Dongsheng"].iloc[0]
    assert row.children == 125.0 and row.seats == 150.0 and row.gap == -25.0
    assert row.p_short == 0.25 and row.p_empty == 0.75 and row.n == 4
    assert table[table.area == "all"].iloc[0].children == 125.0


def test_seats_add_up_to_the_districts(data):
    table = outlook(toy({2020: 100.0, 2021: 80.0}, 150.0), "s", data)
    parts = table[table.area != "all"].groupby("year").seats.sum()
    assert parts.tolist() == table[table.area == "all"].seats.tolist() == [150.0, 150.0]


def test_a_warning_names_the_spell_its_worst_year_and_when_to_decide(data):
    table = outlook(toy({2020: 100.0, 2021: 160.0, 2022: 200.0, 2023: 100.0}, 150.0), "s", data)
    short = warnings(table, likely=0.8).query("kind == 'short' and area == 'Dongsheng'")
    assert short[["first", "last", "worst"]].to_numpy().tolist() == [[2021, 2022, 2022]]
    row = short.iloc[0]
    assert row.gap == 100.0 and row.probability == 1.0
    assert row.build_by == "2018-09" and row.staff_by == "2020-09" and row.late == 1


def test_from_today_only_septembers_to_come_count_and_decisions_are_late_of_this_year_or_later(data):
    table = outlook(toy(dict.fromkeys(range(2020, 2031), 100.0), 90.0), "s", data)
    decided = {}
    for today in ("2023-09", "2024-10", "2021-08"):
        (row,) = warnings(table, today=today).query("kind == 'short' and area == 'Dongsheng'").itertuples()
        decided[today] = (row.first, row.build_by, row.decide, row.late)
    assert decided == {
        "2023-09": (2024, "2021-09", "late", 1),
        "2024-10": (2025, "2022-09", "late", 1),
        "2021-08": (2021, "2018-09", "late", 1),
    }
    later = outlook(toy({2020: 10.0} | dict.fromkeys(range(2021, 2031), 70.0) | {2030: 100.0}, 90.0), "s", data)
    for today, decide in (
        ("2027-09", "this year"),
        ("2026-11", "this year"),
        ("2026-08", "later"),
        ("2027-10", "late"),
    ):
        (row,) = warnings(later, today=today).query("kind == 'short' and area == 'Dongsheng'").itertuples()
        assert (row.first, row.build_by, row.decide) == (2030, "2027-09", decide)


def test_red_is_short_yellow_nearly_full_and_green_neither(data):
    doubled = toy({2021: 50.5, 2022: 45.5, 2023: 45.0}, 100.0, runs=1)  # the last of the toy's worlds has twice as many
    mine = signals(outlook(doubled, "s", data), today="2020-09").query("area == 'Dongsheng'")
    assert mine[["year", "signal"]].to_numpy().tolist() == [[2021, "red"], [2022, "yellow"], [2023, "green"]]


@pytest.mark.parametrize(("today", "said"), [("soon", "a year and a month"), ("2023-09", "run further")])
def test_a_today_that_is_no_month_or_past_the_last_year_is_refused(data, today, said):
    table = outlook(toy({2022: 100.0, 2023: 100.0}, 90.0), "s", data)
    for asked in (warnings, signals):
        with pytest.raises(InputError, match=said):
            asked(table, today=today)


def test_emptying_asks_for_no_building(data):
    empty = warnings(outlook(toy({2020: 10.0}, 150.0), "s", data)).query("kind == 'empty'")
    assert len(empty) and (empty.build_by == "").all() and (empty.gap > 0).all()


def test_no_warning_where_seats_and_children_match(data):
    assert warnings(outlook(toy({2020: 70.0}, 150.0, runs=1), "s", data)).empty


def test_years_that_stand_on_children_already_born_are_told_apart(data):
    last = int(data.births["year"].max())
    assert (
        basis(data, "primary", last + 6) == "known births"
        and basis(data, "primary", last + 7) == "partly assumed births"
    )
    assert basis(data, "primary", last + 12) == "assumed births" and basis(data, "junior", last + 12) == "known births"


def test_expected_entrants_of_areas_add_up_to_the_districts(data):
    table = expected_entrants(data, range(2020, 2022))
    assert (table.groupby("year").entrants.sum() > 0).all() and set(table.year) == {2020, 2021}
    low, high = (expected_entrants(data, range(2034, 2035), variant).entrants.sum() for variant in ("low", "high"))
    assert low / high == pytest.approx(0.8 / 1.2)


def test_teachers_beyond_the_ratio_of_the_peak_year_are_surplus():
    rows = []
    for year, pupils, teachers in ((2020, 900.0, 60.0), (2021, 1000.0, 50.0), (2022, 600.0, 50.0)):
        for stage in ("primary", "junior"):
            rows += [("s", 1, year, stage, "all", "pupils", pupils), ("s", 1, year, stage, "all", "teachers", teachers)]
    table = outlook_surplus(
        Results({"district_year": pd.DataFrame(rows, columns=[*KEYS, "group", "indicator", "value"])}), "s"
    )
    mine = table[table.stage == "primary"].set_index("year")
    assert mine.surplus.tolist() == pytest.approx([15.0, 0.0, 20.0]) and set(mine.peak) == {2021}


def test_an_outlook_tells_what_its_scenario_assumes_and_counts_births_of_that_shape(data):
    plain = toy({2020: 100.0}, 150.0)
    resolved = {"parameters": {"structure.births_national": [{"value": 1.0}], "inflow_after": [{"value": 0.5}]}}
    other = Results(plain.tables, {"scenarios": {"s": {"resolved": resolved}}})
    assert assumed(plain, "s") == {"inflow_after": 1.0, "structure.births_national": 0.0}
    assert assumed(other, "s") == {"inflow_after": 0.5, "structure.births_national": 1.0}
    first, second = (
        outlook(results, "s", data).query("area == 'all'")["entrants"].iloc[0] for results in (plain, other)
    )
    assert second != first


def test_births_that_nobody_counted_are_called_assumed(data):
    columns = data.provenance
    mine = columns["table"] == "births"
    filled = columns.assign(status=columns["status"].mask(mine, "filled"))
    from_rolls = columns.assign(rule=columns["rule"].mask(mine, CALIBRATED))
    assert basis(data, "primary", 2020) == "known births"
    for known in (filled, from_rolls):
        like = SimpleNamespace(system=data.system, births=data.births, provenance=known)
        assert basis(like, "primary", 2020) == "assumed births"
