"""One school or area: the right one is found or refused, and its numbers are those of the record added up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.one_place import by_year, homes, in_year, moves, place_of
from simsim.inputs.errors import InputError


@pytest.mark.parametrize("key", [1, "1", "No. 52 School", "长春市第五十二中学"])
def test_a_school_is_found_by_number_and_by_either_name(small_experiment, key):
    place = place_of(small_experiment, "plan", school=key)
    assert (place.kind, place.key, place.name["en"]) == ("school", "1", "No. 52 School")


@pytest.mark.parametrize("key", ["Yingjun", "英俊镇"])
def test_an_area_is_found_by_either_name(small_experiment, key):
    assert place_of(small_experiment, "plan", area=key).key == "Yingjun"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"school": "No. 52 Schol"}, "did you mean No. 52 School"),
        ({"school": 4711}, "is not in these results.*there are 1 No. 52 School"),
        ({"area": "Yinjun"}, "did you mean Yingjun"),
        ({}, "name one school"),
        ({"school": 1, "area": "Jilin"}, "name one school"),
    ],
)
def test_what_is_not_there_is_refused_with_a_suggestion(small_experiment, asked, said):
    with pytest.raises(InputError, match=said):
        place_of(small_experiment, "plan", **asked)


def test_a_school_has_the_numbers_of_the_record(small_experiment):
    table = by_year(small_experiment, "plan", place_of(small_experiment, "plan", school=1))
    frame = small_experiment.frame("school_year")
    mine = frame[(frame["scenario"] == "plan") & (frame["school"] == 1) & (frame["stage"] == "junior")]
    wide = mine[mine["year"] == 2016].pivot_table(
        index="replication", columns="indicator", values="value", observed=True
    )
    found = in_year(table, "junior", 2016).droplevel(["stage", "year"])
    for name in ("pupils", "seats", "teachers", "class_size", "area_teach", "score"):
        np.testing.assert_allclose(found[name], wide[name])
    np.testing.assert_allclose(found["midtitle"], wide["midtitle_per_pupil"] * wide["pupils"])


@pytest.mark.slow
def test_areas_together_are_the_district(small_experiment):
    names = [
        "Dongsheng",
        "Jilin",
        "Rongguang",
        "Dongzhan",
        "Yuanda",
        "Balipu",
        "Changqing",
        "Yingjun",
        "Logistics zone",
    ]
    places = [place_of(small_experiment, "plan", area=name) for name in names]
    frame = small_experiment.frame("district_year")
    frame = frame[(frame["scenario"] == "plan") & (frame["group"] == "all") & (frame["stage"] == "primary")]
    keys = ["stage", "year", "replication"]
    parts = pd.concat([by_year(small_experiment, "plan", place).reset_index() for place in places])
    parts = parts[parts["stage"] == "primary"].groupby(keys)[["pupils", "seats"]].sum().groupby("year").sum()
    for name in ("pupils", "seats"):
        whole = frame[frame["indicator"] == name].groupby("year")["value"].sum()
        np.testing.assert_allclose(parts[name], whole)
    living = sum(homes(small_experiment, "plan", p)["pupils"].groupby(["stage", "year"]).sum() for p in places)
    whole = frame[frame["indicator"] == "pupils"].groupby("year")["value"].sum()
    np.testing.assert_allclose(living["primary"], whole)


def test_who_moves_inside_an_area_neither_comes_nor_leaves(small_experiment):
    frame = small_experiment.frame("teacher_moves")
    frame = frame[(frame["scenario"] == "plan") & (frame["reason"] == "voluntary")]
    times = len(small_experiment.replications("plan")) * 2
    one = moves(small_experiment, "plan", place_of(small_experiment, "plan", school=1)).set_index("reason")
    assert one.loc["voluntary", "came"] == pytest.approx((frame["destination"] == 1).sum() / times)
    assert one.loc["voluntary", "left"] == pytest.approx((frame["origin"] == 1).sum() / times)
    area = moves(small_experiment, "plan", place_of(small_experiment, "plan", area="Dongsheng")).set_index("reason")
    assert 0 < area.loc["voluntary", "came"] < len(frame) / times
