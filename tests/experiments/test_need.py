"""What must be added so that so many simulated worlds are short of nothing, against quantiles computed apart."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.experiments.need import added, need, totals
from simsim.experiments.outlook import by_run
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError

WORLDS = 20


@pytest.fixture(scope="module")
def many(small_experiment):
    """Twenty worlds made of two: children and seats of each world are moved by its number."""
    tables = {}
    for name in ("district_year", "school_year", "neighbourhood_year", "schools"):
        frame = small_experiment.frame(name)
        frame = frame[(frame["scenario"] == "plan") & (frame["replication"] == 1)]
        copies = []
        for seed in range(1, WORLDS + 1):
            copy = frame.assign(replication=seed)
            if "value" in copy:
                more = copy["indicator"].isin(["pupils", "surplus_teachers"]) & (name != "district_year")
                copy["value"] = copy["value"].where(
                    ~more, copy["value"] * (1 + 0.013 * ((7 * seed) % WORLDS)) - 3.1 * seed
                )
            copies.append(copy)
        tables[name] = pd.concat(copies, ignore_index=True)
    return Results(tables, small_experiment.manifest)


def met_by_hand(values: list[float], worlds: float) -> float:
    """Return the smallest shortage that at least so many of 100 worlds do not exceed."""
    ordered = sorted(max(value, 0.0) for value in values)
    return next(x for x in ordered if sum(y <= x for y in ordered) >= worlds / 100 * len(ordered) - 1e-9)


def test_shortages_are_the_quantiles_of_worlds_computed_apart(many, worlds=90):
    table = need(many, "plan", worlds, today="2015-01").set_index(["stage", "area", "year"])
    data = load_district("erdao")
    runs = by_run(many, "plan", data)
    gaps = {key: (mine["children"] - mine["seats"]).tolist() for key, mine in runs.groupby(["stage", "area", "year"])}
    assert len(table) > 20 and (table["seats_short"] > 0).any()
    for (stage, area, year), row in table.iterrows():
        assert row["seats_short"] == pytest.approx(met_by_hand(gaps[stage, area, year], worlds))
    assert 2014 not in table.index.get_level_values("year")


def test_teachers_are_missing_where_their_schools_stand(many):
    table = need(many, "plan", 90, seats=False, today="2015-01").set_index(["stage", "area", "year"])
    places = load_district("erdao").neighbourhoods
    places = places[places["included"].astype(bool)]
    schools = many.frame("schools").drop_duplicates(["school", "year"]).set_index(["school", "year"])
    frame = many.frame("school_year")
    frame = frame[(frame["indicator"] == "surplus_teachers") & (frame["year"] == 2016)]
    sums: dict[tuple[str, str, int], float] = {}
    area = {}
    for school in frame["school"].unique():
        at = schools.loc[(school, 2016)]
        near = np.argmin(np.hypot(places["x_km"] - at["x_km"], places["y_km"] - at["y_km"]))
        area[school] = places["parent"].iloc[int(near)]
    for row in frame.itertuples():
        key = (row.stage, area[row.school], row.replication)
        sums[key] = sums.get(key, 0.0) - row.value
    assert (table["posts"] > 0).any()
    for stage, area in {key[:2] for key in sums}:
        values = [sums[stage, area, seed] for seed in range(1, WORLDS + 1)]
        assert table.loc[(stage, area, 2016), "teachers_short"] == pytest.approx(met_by_hand(values, 90))


def test_rooms_stay_once_added_and_hold_the_children_of_ninety_worlds(many):
    table = need(many, "plan", 90, teachers=False, today="2015-01")
    target = {"primary": 45, "junior": 50}
    for _, mine in table.groupby(["stage", "area"]):
        assert (mine["rooms"].diff().dropna() >= 0).all() and mine["rooms_new"].sum() == mine["rooms"].iloc[-1]
    size = table["stage"].map(target)
    assert (table["rooms"] * size >= table["seats_short"] - 1e-6).all()
    assert (table["rooms"] >= (table["seats_short"] / size - 1e-9).map(ceil)).all()
    assert totals(table)["rooms"] == table["rooms_new"].sum()


def test_everywhere_keeps_its_promise_and_each_by_itself_says_how_far_it_falls_short(many):
    apart, together = (need(many, "plan", 80, everywhere=flag, today="2015-01") for flag in (False, True))
    assert together.attrs["met"] >= 0.8 and (together["rooms"] >= apart["rooms"]).all()
    assert floor(apart.attrs["met"] * WORLDS) == pytest.approx(apart.attrs["met"] * WORLDS)


def test_a_start_before_today_is_late_and_only_where_something_is_added(many):
    table = need(many, "plan", 90, today="2049-01")
    assert (table["rooms_late"] == (table["rooms_new"] > 0)).all()
    assert (added(table)[["rooms_new", "posts_new"]].sum(axis=1) > 0).all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"worlds": 99}, "takes at least 100 worlds to tell, and 20 were run"),
        ({"worlds": 100}, "below 100"),
        ({"worlds": True}, "below 100"),
        ({"scenario": "plam"}, "did you mean plan"),
        ({"seats": False, "teachers": False}, "ask for seats, for teachers or for both"),
        ({"today": "2015-13"}, "must be a year and a month"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_remedy(many, asked, said):
    with pytest.raises(InputError, match=said):
        need(many, **{"scenario": "plan", **asked})


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"seats": "no"}, "must be True or False"),
        ({"everywhere": 1}, "must be True or False"),
        ({"today": "２０１５-01"}, "must be a year and a month"),  # noqa: RUF001
        ({"worlds": True}, "above 0 and below 100"),
    ],
)
def test_what_is_no_flag_no_month_and_no_number_is_refused(many, asked, message):
    with pytest.raises(InputError, match=message):
        need(many, "plan", **({"worlds": 90} | asked))


def test_numbers_of_numpy_are_numbers(many):
    pd.testing.assert_frame_equal(need(many, "plan", np.int64(90)), need(many, "plan", 90))


@pytest.mark.parametrize("folder", [None, [], 5, b"x"])
def test_what_is_no_path_is_no_folder_of_results(folder):
    with pytest.raises(InputError, match="must be the path of a folder"):
        Results.load(folder)


def test_an_area_without_a_school_of_its_own_is_short_of_no_teacher_there(many):
    there = many.tables["school_year"]
    without = there[~((there["stage"] == "junior") & (there["indicator"] == "surplus_teachers"))]
    found = need(Results({**many.tables, "school_year": without}, many.manifest))
    assert not found.isna().to_numpy().any()
    juniors, others = found[found["stage"] == "junior"], found[found["stage"] != "junior"]
    assert len(juniors) and not juniors["posts"].any() and set(juniors["posts_start"]) == {""}
    pd.testing.assert_frame_equal(others, need(many)[lambda table: table["stage"] != "junior"], check_like=True)
