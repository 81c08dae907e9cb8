"""Gains and losses are told of where children live, as computed apart from the tables."""

from __future__ import annotations

import re

import pytest

from simsim.districts.files import load_district
from simsim.report.tables.catalogue import TABLES
from simsim.report.tables.gains import by_area


def test_the_way_of_an_area_is_that_of_its_children(view):
    places = load_district("erdao").neighbourhoods.set_index("key")["parent"]
    frame = view.results.frame("neighbourhood_year")
    last = frame[(frame["scenario"] == "plan") & (frame["year"] == view.last) & (frame["stage"] == "junior")]
    wide = last.pivot_table(
        index=["neighbourhood", "replication"], columns="indicator", values="value", observed=True
    ).reset_index()
    found = by_area(view, "plan").loc["distance_km"]
    for area in places.unique():
        mine = wide[wide["neighbourhood"].map(places) == area]
        for seed, rows in mine.groupby("replication"):
            way = (rows["distance_km"] * rows["pupils"]).sum() / rows["pupils"].sum()
            assert found.loc[("junior", area), seed] == pytest.approx(way)


@pytest.mark.slow
def test_every_table_is_made_and_names_what_it_compares_with(view):
    for name in ("gains",) if view.lang == "en" else ("gains_areas", "gains_others"):
        html = TABLES[name](view)
        assert len(re.findall("<caption>", html)) >= 2
        assert "<script" not in html


def test_results_of_an_older_record_say_so(view, monkeypatch):
    monkeypatch.setattr(type(view), "recorded", lambda self, name: name != "class_size_met")
    assert TABLES["gains"].nothing(view) == "none.homes"
