"""Births and the first grades that follow from them."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.districts import births
from simsim.districts.files import load_district
from simsim.districts.synthesise import SynthesisResult, synthesise
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource

ERDAO = resource("parameters") / "districts" / "erdao" / "district.yaml"


@pytest.fixture(scope="module")
def erdao() -> SynthesisResult:
    return synthesise(ERDAO)


@pytest.fixture
def born() -> pd.DataFrame:
    return pd.DataFrame({"year": range(2005, 2011), "births": [300, 600, 900, 1200, 1500, 1800]})


def test_entrants_are_one_third_of_the_older_births_and_two_thirds_of_the_younger(born: pd.DataFrame) -> None:
    assert births.entrants(born, 2013) == pytest.approx(600 / 3 + 900 * 2 / 3)


@pytest.mark.parametrize(("variant", "factor"), [("flat", 1.0), ("low", 0.8), ("high", 1.2)])
def test_births_after_the_last_known_year_follow_the_variant(born: pd.DataFrame, variant: str, factor: float) -> None:
    assert births.births_after(born, 2020, variant) == pytest.approx(1500 * factor)
    assert births.entrants(born, 2030, variant) == pytest.approx(1500 * factor)


def test_years_before_the_first_count_as_the_first(born: pd.DataFrame) -> None:
    assert births.entrants(born, 2000) == pytest.approx(300)


def test_erdao_births_are_annual_and_say_how_they_are_known(erdao: SynthesisResult) -> None:
    table = erdao.births
    assert table["year"].tolist() == list(range(2000, 2025)) and (table["kind"] == "estimate").all()
    assert table["births"].between(1500, 5500).all()
    assert 3300 < births.entrants(table, 2015) < 4500


def test_births_of_the_national_shape_keep_the_sum_to_the_first_year_and_all_that_was_before_the_series() -> None:
    data = load_district("erdao")
    own = data.births.set_index("year")["births"]
    other = births.of_variant(data.births, data.spec, national=True).set_index("year")["births"]
    assert other.loc[2010:2013].sum() == pytest.approx(own.loc[2010:2013].sum())
    assert (other.loc[:2009] == own.loc[:2009]).all() and (other.loc[2010:] != own.loc[2010:]).all()
    assert other[2016] / other[2018] == pytest.approx(1883 / 1523)


def test_the_provinces_births_are_the_files_own() -> None:
    data = load_district("erdao")
    assert births.of_variant(data.births, data.spec, national=False) is data.births


def test_a_country_without_a_series_of_births_says_so() -> None:
    data = load_district("erdao")
    with pytest.raises(InputError, match="structure.births_national = 1: needs the nation's births"):
        births.of_variant(data.births, {**data.spec, "country": "other"}, national=True)
