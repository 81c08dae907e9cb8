"""The two example districts are synthetic and say so, come from short files, and differ in character from Erdao."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.districts.synthesise import synthesise, write
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios.files import district_of, names
from simsim.scenarios.scenario import Scenario
from tests.one_district import lived_under

EXAMPLES = ("shanhe", "xinwan")
SHORT = 100
"""Lines of a district file that somebody reads to the end."""
POINT = 60
"""Pupils of the largest teaching point."""
LATE_BY = 2
NEW_SCHOOLS = (101, 102, 103)


def folder(name: str) -> Path:
    return resource("parameters") / "districts" / name


def indicator(scenario: str, to: int, name: str, stage: str = "primary") -> pd.Series:
    table = lived_under(scenario, to, seed=1).tables()["district_year"]
    mine = (table["indicator"] == name) & (table["stage"] == stage) & (table["group"] == "all")
    return table[mine].set_index("year")["value"]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_committed_tables_are_what_the_synthesis_writes(name: str, tmp_path: Path) -> None:
    made = synthesise(folder(name) / "district.yaml")
    assert made.missed == [] and made.binding == []
    for path in write(made, tmp_path):
        assert path.read_bytes() == (folder(name) / path.name).read_bytes(), (
            f"run `simsim district synthesise {name}`: {path.name} is old"
        )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_reader_is_told_that_it_is_synthetic_wherever_a_name_is_shown(name: str) -> None:
    data = load_district(name)
    assert "合成示例" in data.spec["title"]["zh"] and "(synthetic example)" in data.spec["title"]["en"]
    assert data.schools["name_en"].str.contains("(synthetic)", regex=False).all()
    assert data.schools["name_zh"].str.contains("(合成)", regex=False).all()
    for scenario in (Scenario.load(one) for one in names() if district_of(one) == name):
        assert "合成示例" in scenario.title["zh"] and "(synthetic)" in scenario.title["en"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_file_is_short_and_what_it_does_not_say_is_judgement(name: str) -> None:
    path = folder(name) / "district.yaml"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= SHORT
    assert read_yaml(path)["defaults"] == "china"


def test_shanhe_has_teaching_points_long_ways_and_falling_births() -> None:
    data = load_district("shanhe")
    pupils = data.schools[[f"pupils_g{grade}" for grade in range(1, 7)]].sum(axis=1)
    points = data.schools["name_en"].str.contains("Teaching Point")
    assert 15 <= len(data.schools) <= 20 and points.sum() == 7
    assert pupils[points].between(15, POINT).all() and (pupils[~points & (pupils > 0)] > POINT).all()
    assert data.schools["kind"].isin(["junior", "nine_year"]).sum() == 3
    births = data.births.set_index("year")["births"]
    assert births[2022] < 0.6 * births[2012]
    entrants = indicator("shanhe-keep", 2032, "entrants")
    assert entrants[2032] < 0.6 * entrants[2023]


@pytest.mark.slow
def test_xinwan_grows_by_a_third_in_ten_years_in_few_schools() -> None:
    assert 8 <= len(load_district("xinwan").schools) <= 12
    pupils = indicator("xinwan-baseline", 2026, "pupils", "all")
    assert pupils[2026] > 1.33 * pupils[2016]


@pytest.mark.slow
def test_keep_merge_and_board_differ_in_who_closes_rides_and_boards() -> None:
    assert indicator("shanhe-keep", 2024, "merged_stages").empty
    merged = {name: indicator(f"shanhe-{name}", 2024, "merged_stages")[2024] for name in ("merge", "board")}
    assert merged["merge"] == merged["board"] >= 7
    boards = {name: indicator(f"shanhe-{name}", 2024, "merger_boarding")[2024] for name in ("merge", "board")}
    rides = {name: indicator(f"shanhe-{name}", 2024, "merger_transported")[2024] for name in ("merge", "board")}
    assert boards["merge"] == 0 < boards["board"] and 0 < rides["board"] < rides["merge"]
    assert rides["board"] + boards["board"] == pytest.approx(rides["merge"], rel=0.05)


@pytest.mark.slow
def test_the_same_new_schools_open_in_both_scenarios_and_about_two_years_late_in_one() -> None:
    opens = {}
    for scenario in ("xinwan-schools", "xinwan-late"):
        rooms = lived_under(scenario, 2024, seed=1).tables()["school_year"]
        rooms = rooms[(rooms["indicator"] == "pupils") & rooms["school"].isin(NEW_SCHOOLS) & (rooms["value"] > 0)]
        opens[scenario] = rooms.groupby("school")["year"].min()
    assert opens["xinwan-schools"].to_dict() == {101: 2018, 102: 2019, 103: 2020}
    later = opens["xinwan-late"] - opens["xinwan-schools"]
    assert set(later.index) == set(NEW_SCHOOLS) and later.between(LATE_BY - 1, LATE_BY + 1).all()
