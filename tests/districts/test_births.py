"""Births and the first grades that follow from them."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.districts import births
from simsim.districts.synthesise import SynthesisResult, synthesise
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
