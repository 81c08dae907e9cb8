"""What a district has of its own reaches its runs; without a word it has its country's and simsim's."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from simsim.district import District
from simsim.districts.facts import facts, states
from simsim.districts.files import check_district, load_district
from simsim.districts.own import currency, delayed, delays, last_published, own_parameters, price_year
from simsim.inputs.defaults import countries, country, furthest_year, last_year
from simsim.inputs.parameters import load
from tests.small_district import FIRST, small_district

OWN = """
country: other
currency: {zh: 美元, en: dollars}
price_year: 2020
last_year: 2026
class_target: {value: {primary: 25, junior: 28}, kind: published, source: contract}
retirement: {ages: {men: 65, women: 65}, steps: [], kind: published, source: law}
parameters: {building_cost: {value: 5000, kind: estimate, source: accounts}}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "northford"
    shutil.copytree(small_district(), folder)
    return folder


def say(folder: Path, text: str) -> Path:
    """Add entries to a district's file."""
    file = folder / "district.yaml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def test_what_a_district_says_reaches_its_run_and_its_words(mine: Path) -> None:
    data = load_district(say(mine, OWN))
    district = District("baseline", data=data, fixed_parameters=True)
    p = district.p
    assert (p["class_size.target.primary"], p["class_size.target.junior"], p["building_cost"]) == (25, 28, 5000)
    assert p["retire_female_cadre_base"] == 65 and p["posts_growth_until"] == 2026
    assert (district.teachers.retire_month == district.teachers.birth_month + 65 * 12).all()
    assert district.run().year == 2027
    told = facts(data, "en")
    assert (told["currency"], told["price_year"], told["target_primary"]) == ("dollars", "2020", "25")
    assert states(data, plans=False) == {"given", "unfitted", "uncounted", "noplan", "norule"}


def test_a_scenario_still_sets_what_a_district_sets(mine: Path) -> None:
    data = load_district(say(mine, OWN))
    smaller = {"name": "s", "extends": "baseline", "parameters": {"class_size.target.primary": 20}}
    assert District(smaller, data=data).p["class_size.target.primary"] == 20


def test_a_district_that_says_nothing_has_the_default_countrys_law_money_and_targets() -> None:
    data, known = load_district(small_district()), load()
    assert currency(data.spec, "zh") == "元" and price_year(data.spec) == FIRST and last_year(data.spec) == FIRST + 10
    assert furthest_year(data.spec) == FIRST + 21
    own = own_parameters(data.spec)
    same = {name: value for name, value in own.items() if name != "posts_growth_until"}
    assert same == {name: known[name].value for name in same} and own["posts_growth_until"] == FIRST + 10


def test_erdaos_years_are_what_they_were_as_a_constant() -> None:
    spec = load_district("erdao").spec
    assert (last_year(spec), furthest_year(spec), price_year(spec)) == (2024, 2035, 2014)


def test_every_step_of_a_law_delays_by_months_up_to_its_most() -> None:
    two = {"from": "2030-01", "months": 2, "every": 6, "most": 5}
    law = delays({"retirement": {"steps": [{"from": "2025-01", "months": 1, "every": 4, "most": 36}, two]}})
    due = np.array([2024 * 12 + 11, 2025 * 12, 2025 * 12 + 4, 2030 * 12, 2090 * 12])
    assert (delayed(due, law) - due).tolist() == [0, 1, 2, 16 + 2, 36 + 5]
    assert delays({"country": "other"}) == ()


@pytest.mark.parametrize("name", countries())
def test_every_country_has_money_and_a_law(name: str) -> None:
    found = country({"country": name})
    assert found["name"] == name and {"zh", "en"} == set(found["currency"]) and "steps" in found["retirement"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("country: chnia", "country", "did you mean china?"),
        ("currency: {zh: 元}", "currency", "must be text"),
        ("last_year: 1999", "last_year", f"must be a year from {FIRST}"),
        ("price_year: soon", "price_year", "must be a year"),
        ("class_target: {value: {primary: 0}}", "class_target", "pupils a class"),
        ("retirement: {ages: {all: 60}}", "retirement", "numbers by men and women"),
        ("retirement: {steps: [{from: 2025, months: 1, every: 4, most: 36}]}", "retirement", "a month, as 2025-01"),
        ("parameters: {building_cots: {value: 1}}", "parameters.building_cots", "did you mean building_cost?"),
        ("parameters: {building_cost: {value: -1, kind: estimate}}", "parameters.building_cost.value", "between"),
        ("words: {x: {zh: a}}", "words", "keys of parameters/words.yaml"),
        ("retirement: {ages: {men: 10, women: 55}}", "retirement.ages.men", "between 30 and 90"),
        ("retirement: {ages: {women: -5}}", "retirement.ages.women", "between 30 and 90"),
        ("price_year: 99999", "price_year", "must be a year from"),
    ],
)
def test_a_mistake_in_what_is_own_names_key_and_remedy(mine: Path, text: str, key: str, remedy: str) -> None:
    found = check_district(say(mine, text + "\n"))
    assert [p.key for p in found if remedy in p.remedy] == [key], "\n".join(map(str, found))


@pytest.mark.parametrize("year", [1990, 2060])
def test_first_years_from_1990_to_2060_run(mine: Path, year: int) -> None:
    file = mine / "district.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(f"first_year: {FIRST}", f"first_year: {year}", 1), encoding="utf-8"
    )
    births = "\n".join(f"{y},20" for y in range(year - 10, year + 1))
    (mine / "births.csv").write_text(f"year,births\n{births}\n", encoding="utf-8")
    (mine / "columns.provenance.csv").unlink()
    assert District("baseline", data=load_district(mine)).run(to=year + 1).year == year + 2


def test_a_title_that_a_comma_cuts_is_refused_with_the_quotes_it_needs(mine: Path) -> None:
    file = mine / "district.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    cut = ["title: {zh: 北津县(虚构,并无此县), en: Northford}" if line.startswith("title:") else line for line in lines]
    file.write_text("\n".join(cut) + "\n", encoding="utf-8")
    (problem,) = check_district(mine)
    assert problem.key == "title" and "put quotes round text with a comma" in problem.remedy


@pytest.mark.parametrize(
    ("entry", "wrong", "key", "remedy"),
    [
        ("{primary: 4, junior", "{primary: -4, junior", "travel.limit_km.value.primary", "between 0 and 100"),
        ("{primary: 4, junior", "{primary: far, junior", "travel.limit_km.value.primary", "between 0 and 100"),
        ("value: 1.3", "value: 0", "travel.detour.value", "between 1 and 5"),
        ("value: 1.3", "value: -2", "travel.detour.value", "between 1 and 5"),
    ],
)
def test_travel_that_nobody_could_make_is_refused(mine: Path, entry: str, wrong: str, key: str, remedy: str) -> None:
    file = mine / "district.yaml"
    text = file.read_text(encoding="utf-8")
    assert entry in text
    file.write_text(text.replace(entry, wrong, 1), encoding="utf-8")
    found = check_district(mine)
    assert [p.key for p in found if remedy in p.remedy] == [key], "\n".join(map(str, found))


def test_a_district_whose_tables_are_not_made_yet_is_told_how_to_make_them(mine: Path) -> None:
    for table in mine.glob("*.csv"):
        table.unlink()
    (problem,) = check_district(mine)
    assert f"simsim district synthesise {mine}" in problem.remedy


def test_the_last_published_year_is_that_of_the_totals_or_else_the_last_of_a_usual_run() -> None:
    spec = {"first_year": 2016}
    assert last_published(load_district("erdao").spec) == 2024 and last_published(spec) == 2026
    assert last_published({**spec, "fit": {"year": 2020}}) == 2020
    assert last_published({**spec, "fit": {"year": 2020}, "factual": {"year": 2021}}) == 2021
