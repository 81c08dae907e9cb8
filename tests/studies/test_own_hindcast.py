"""The hindcast knows at each origin only what was known then, and says where it is no better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.districts.own_forecast import ahead, rules
from simsim.districts.rolls import Rolls
from simsim.districts.system import shipped
from simsim.inputs.errors import InputError
from simsim.studies.own_hindcast import COLUMNS, LEVELS, METHODS, WORLDS, hindcast
from tests.districts.test_own_forecast import rolls

SYSTEM = shipped("primary-only")
GRADES = len(SYSTEM.taught)


def grown(years: int = 6, schools: int = 5) -> Rolls:
    rng = np.random.default_rng(11)
    return rolls(
        rng.integers(40, 60, (schools, years, GRADES)).astype(float) * np.linspace(1.0, 1.3, years)[None, :, None]
    )


def test_every_september_with_two_earlier_rolls_and_a_later_one_is_an_origin() -> None:
    table = hindcast(grown(), SYSTEM).table
    assert list(table.columns) == list(COLUMNS) and set(table["level"]) == set(LEVELS)
    assert sorted(table["base"].unique().tolist()) == [2017, 2018, 2019]
    assert table.groupby("base")["lead"].max().to_dict() == {2017: 3, 2018: 2, 2019: 1}
    assert set(table["method"]) == set(METHODS)


def test_what_came_later_changes_no_forecast() -> None:
    one, other = grown(), grown()
    other.pupils[:, -1] *= 3
    first, second = (hindcast(each, SYSTEM).table for each in (one, other))
    early = first["base"] < 2019
    same = ["level", "unit", "base", "lead", "method", "forecast"]
    pd.testing.assert_frame_equal(first[early][same], second[second["base"] < 2019][same])


def test_forecasts_and_errors_are_those_of_separate_arithmetic() -> None:
    past = grown()
    found = hindcast(past, SYSTEM)
    row = found.table.query("level == 'district' and base == 2018 and lead == 2 and method == 'ours'").iloc[0]
    assert row["forecast"] == pytest.approx(ahead(past.known_at(2018), 2).district[1].sum())
    assert row["actual"] == pytest.approx(past.pupils[:, 5].sum())
    off = [
        abs(past.pupils[:, base - 2015].sum() / past.pupils[:, base - 2014].sum() - 1) * 100
        for base in (2017, 2018, 2019)
    ]
    summary = found.summary().query("level == 'district' and lead == 1").iloc[0]
    assert summary["unchanged"] == pytest.approx(np.mean(off), abs=0.006) and summary["forecasts"] == 3


def test_only_our_forecast_has_a_range_and_a_school_that_changed_its_grades_has_none() -> None:
    past = grown()
    past.pupils[0, :4, -1] = 0.0
    table = hindcast(rolls(past.pupils), SYSTEM).table
    assert table.loc[table["method"] != "ours", ["low", "high"]].isna().all(axis=None)
    school = table.query("level == 'school' and method == 'ours' and unit == 'S0' and base == 2019")
    assert len(school) and school["low"].isna().all() and not school["settled"].any()
    assert table.query("level == 'school' and method == 'ours' and unit == 'S1'")["low"].notna().all()


def test_a_school_counts_only_where_it_had_pupils_at_both_ends() -> None:
    past = grown()
    past.pupils[0, -1] = 0.0
    table = hindcast(rolls(past.pupils), SYSTEM).table
    closing = table.query("level == 'school' and unit == 'S0'")
    assert (closing["base"] + closing["lead"]).max() == 2019


def test_too_few_rolls_are_refused_with_what_is_needed() -> None:
    with pytest.raises(InputError, match="3 Septembers, 2015 to 2017 only; a hindcast needs 4"):
        hindcast(grown(years=3), SYSTEM)


def test_words_say_no_better_than_unchanged_where_it_is_so() -> None:
    still = rolls(np.full((4, 6, GRADES), 50.0))
    assert "district: no better than unchanged at 1, 2, 3 years ahead" in hindcast(still, SYSTEM).words()


def test_coverage_is_counted_as_k_of_n() -> None:
    k, n = hindcast(grown(), SYSTEM).summary().query("level == 'school' and lead == 1")["inside"].iloc[0].split(" of ")
    assert int(n) == 15 and 0 <= int(k) <= 15


def test_own_errors_known_at_the_origin_widen_its_range_and_later_ones_do_not() -> None:
    calm, wild = np.full((4, 7, GRADES), 50.0), np.full((4, 7, GRADES), 50.0)
    wild[:, 3] *= 1.6
    width = {}
    for name, pupils in (("calm", calm), ("wild", wild)):
        row = (
            hindcast(rolls(pupils), SYSTEM)
            .table.query("level == 'district' and base == 2017 and lead == 1 and method == 'ours'")
            .iloc[0]
        )
        width[name] = row["high"] / row["low"]
    assert width["calm"] == pytest.approx(width["wild"])


def test_simulated_worlds_stand_beside_the_formula() -> None:
    past = grown()
    lived = lambda base, years: ahead(past.known_at(base), years).schools * 1.1  # noqa: E731
    table = hindcast(past, SYSTEM, lived=lived).table
    both = table[table["level"] == "school"].pivot_table(
        index=["unit", "base", "lead"], columns="method", values="forecast"
    )
    assert both[WORLDS].to_numpy() == pytest.approx(1.1 * both["ours"].to_numpy())


@pytest.mark.slow
def test_at_most_ten_origins_are_looked_back_at() -> None:
    bases = hindcast(grown(years=16, schools=2), SYSTEM).table["base"].unique()
    assert len(bases) == 10 and max(bases) == 2029


def test_parameters_of_the_method_have_range_kind_and_source() -> None:
    assert rules()["ratios.shrinkage"] == 100 and len(rules()) > 15


def test_no_forecast_is_held_against_a_number_that_nobody_knows() -> None:
    past = grown()
    past.pupils[0, -1, 0] = np.nan
    table = hindcast(past, SYSTEM).table
    last, unit = table["base"] + table["lead"] == past.years[-1], table["unit"]
    school, first, second = "S0", f"S0/{past.grades[0]}", f"S0/{past.grades[1]}"
    assert not (last & unit.isin([school, first])).any()
    assert (~last & (unit == first)).any() and (last & (unit == second)).any()
