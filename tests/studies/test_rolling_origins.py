"""The hindcast by vintage: known answers, what it may know, what it says of itself, and the national series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsim.inputs.errors import InputError
from simsim.studies import rolling_origins
from simsim.studies.rolling_origins import METHODS, hindcast
from simsim.studies.series import Series, read_series

YEARS = np.arange(2005, 2018)


def grown(kept: float = 1.0, growth: float = 1.0, into: float = 0.95) -> Series:
    """Return series in which births grow by one factor and every ratio is one number, for ever."""
    births = pd.DataFrame({"year": range(1985, 2018)})
    births["births"] = 1000.0 * growth ** (births["year"] - 1985)
    births["known_from"] = births["year"]
    born = births.set_index("year")["births"]
    came = {y: 1.1 * (born[y - 7] / 3 + born[y - 6] * 2 / 3) for y in range(1992, 2018)}
    rolls = pd.DataFrame({"primary_entrants": [came[y] for y in YEARS]}, index=pd.Index(YEARS, name="year"))
    rolls["primary_enrolment"] = [sum(came[y - k] * kept**k for k in range(6)) for y in YEARS]
    junior = {y: came[y - 6] * kept**5 * into for y in range(2003, 2018)}
    rolls["junior_entrants"] = [junior[y] for y in YEARS]
    rolls["junior_enrolment"] = [sum(junior[y - k] * kept**k for k in range(3)) for y in YEARS]
    return Series(rolls, births)


@pytest.fixture(scope="module")
def national() -> rolling_origins.Hindcast:
    series = read_series()
    return hindcast(Series(series.rolls.loc[:2017], series.births), 2017)


@pytest.mark.slow
@pytest.mark.parametrize("kept", [0.9, 1.0])
def test_where_nothing_changes_no_method_errs_and_the_simplest_is_kept(kept):
    found = hindcast(grown(kept=kept))
    assert found.table["error %"].abs().max() < 1e-9
    assert found.way == "last"
    assert set(found.summary()["ours is"]) == {"no better than unchanged or cohort"}
    inside = found.summary()["inside"].str.extract(r"^(\d+) of (\d+)$").dropna()
    assert len(inside) > 0 and (inside[0] == inside[1]).all()


@pytest.mark.slow
@given(growth=st.floats(0.95, 1.05), kept=st.floats(0.9, 1.05))
@settings(max_examples=4, deadline=None)
def test_known_growth_is_foreseen_while_its_children_are_born_and_unchanged_misses_just_that(growth, kept):
    table = hindcast(grown(kept=kept, growth=growth), to=2011, known_to=2011).table
    table = table[table["lead"] <= 6]
    assert table.loc[table["method"] != "unchanged", "error %"].abs().max() < 1e-6
    idle = table[table["method"] == "unchanged"]
    assert idle["error %"].to_numpy() == pytest.approx(100 * (growth ** -idle["lead"] - 1), abs=1e-6)


def test_nothing_later_than_its_origin_reaches_a_forecast():
    series = read_series()
    later = Series(series.rolls.copy(), series.births.copy())
    later.rolls.loc[2015:] *= 1.5
    later.births.loc[later.births["known_from"] > 2014, "births"] *= 2.0
    same, moved = (hindcast(s, 2014, 2016).table for s in (series, later))
    early = same["base"] <= 2014
    assert same.loc[early, "forecast"].tolist() == moved.loc[early, "forecast"].tolist()
    assert same.loc[early, ["low", "high", "n"]].equals(moved.loc[early, ["low", "high", "n"]])
    assert (same.loc[~early, "forecast"] != moved.loc[~early, "forecast"]).all()


@pytest.mark.slow
def test_years_after_known_to_are_kept_back_from_the_choice():
    series = read_series()
    later = Series(series.rolls.copy(), series.births)
    later.rolls.loc[2016:] *= 1.5
    found, other = (hindcast(s, 2015, 2017) for s in (series, later))
    assert found.choice.equals(other.choice)
    assert found.choice["n"].tolist() == [12] * 4
    target = found.table["base"] + found.table["lead"]
    assert (found.table["kept back"] == (target > 2015)).all()
    assert set(found.summary()["targets"]) == {"to 2015", "after 2015"}


@pytest.mark.slow
def test_years_that_nobody_knows_yet_are_forecast_from_known_to_alone_and_judged_nowhere():
    found = hindcast(grown(), to=2020)
    ahead = found.table[found.table["actual"].isna()]
    assert set(ahead["base"]) == {2017} and set(ahead["lead"]) == {1, 2, 3}
    assert ahead["low"].notna().all() and ahead["error %"].isna().all()
    assert found.summary()["lead"].max() == 10
    assert set(found.summary()["targets"]) == {"to 2017"}


@pytest.mark.slow
def test_no_forecast_goes_further_than_fifteen_years():
    assert hindcast(grown(), to=2032).table["lead"].max() == 15


def test_limits_come_from_errors_that_were_known_at_the_origin(national):
    ours = national.table.query("method == 'ours' and level == 'enrolment' and stage == 'junior'")
    assert ours.groupby("base")["n"].first().to_dict() == {2012: 0, 2013: 1, 2014: 3, 2015: 6, 2016: 10}
    assert ours.loc[ours["n"] < 2, ["low", "high"]].isna().all(axis=None)
    row = ours.query("base == 2014 and lead == 2").iloc[0]
    past = ours[ours["base"] + ours["lead"] <= 2014]
    rms = np.sqrt(np.mean((np.log(past["actual"] / past["forecast"]) / past["lead"]) ** 2))
    half_width = 2 * rms * 1.6377  # Student's 90 % point for 3
    assert np.log([row["high"] / row["forecast"], row["forecast"] / row["low"]]) == pytest.approx(half_width, rel=1e-4)


def test_every_origin_level_and_lead_has_one_row_a_method(national):
    table = national.table
    assert len(table) == 2 * 2 * 3 * (5 + 4 + 3 + 2 + 1)
    assert set(table.groupby(["level", "stage", "base", "lead"])["method"].agg(tuple)) == {METHODS}


def test_the_national_series_to_2017_choose_the_mean_of_three_years(national):
    """An exact baseline: the rule was fixed on these years before later ones were put in."""
    assert national.way == "mean of 3"
    assert national.choice["error"].tolist() == pytest.approx([4.581750, 3.941868, 4.040914, 9.550266], abs=1e-6)
    pupils = national.summary()
    assert pupils["n"].tolist() == [5, 4, 3, 2, 1] * 2
    assert pupils["unchanged"].tolist() == [2.21, 3.66, 3.99, 4.73, 3.94, 2.63, 3.95, 4.77, 5.03, 7.23]
    assert pupils["cohort"].tolist() == [1.49, 2.77, 5.76, 8.33, 6.83, 1.61, 3.16, 6.60, 13.23, 11.17]
    assert pupils["ours"].tolist() == [2.16, 3.87, 4.76, 5.04, 4.81, 2.32, 4.19, 6.18, 6.02, 3.85]
    assert pupils["inside"].tolist()[:3] == ["2 of 3", "1 of 2", "1 of 1"]
    assert pupils["inside"].tolist()[3:5] == ["no interval"] * 2


@pytest.mark.slow
def test_on_the_years_kept_back_plain_cohort_survival_errs_less_and_it_is_said():
    """An exact baseline, judged once: the rule was not changed for it. Junior schools one to six years ahead."""
    found = hindcast(read_series(), 2017)
    assert found.way == "mean of 3"
    later = found.summary().query("targets == 'after 2017' and stage == 'junior' and lead <= 6")
    assert later["n"].tolist() == [7] * 6
    assert later["unchanged"].tolist() == [2.71, 5.33, 7.62, 9.38, 10.66, 11.37]
    assert later["cohort"].tolist() == [0.32, 0.76, 1.74, 2.83, 6.58, 9.32]
    assert later["ours"].tolist() == [0.54, 1.23, 2.90, 5.69, 8.66, 10.50]
    assert set(later["ours is"]) == {"no better than cohort"}
    said = (
        "targets after 2017, 24 stages and leads: ours is no better than unchanged at 8 and no better than cohort at 15"
    )
    assert said in found.words()


def test_entrants_are_judged_beside_enrolment(national):
    first = national.summary("entrants").iloc[0]
    assert first.tolist() == [
        "primary", "to 2017", 1, 5, 1.92, 2.07, 2.65, "1 of 3", "no better than unchanged or cohort"
    ]  # fmt: skip


@pytest.mark.slow
def test_where_ours_is_no_better_the_words_say_so(national):
    assert "ratios go on as: mean of 3 (mean error in % over 30 forecasts to 2017: last 4.58" in national.words()
    assert (
        "targets to 2017, 10 stages and leads: ours is no better than unchanged at 7 and no better than cohort at 4"
        in national.words()
    )
    assert "with the last ratios ours is plain cohort survival" in hindcast(grown()).words()


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ({"known_to": 2018}, "known-to = 2018: the rolls end in 2017; give that or less"),
        (
            {"known_to": 2007},
            "known-to = 2007: needs 4 Septembers of rolls, and they begin in 2005; give 2008 or later",
        ),
        ({"known_to": 2015, "to": 2014}, "to = 2014: must be 2015 (known-to) to 2032, 15 years after the last roll"),
        ({"to": 2036}, "to = 2036: must be 2017 (known-to) to 2032, 15 years after the last roll"),
    ],
)
def test_years_that_the_series_cannot_answer_for_are_refused(years, said):
    with pytest.raises(InputError) as caught:
        hindcast(grown(), **years)
    assert str(caught.value) == f"hindcast: {said}"


def test_four_septembers_are_enough():
    series = grown()
    found = hindcast(Series(series.rolls.loc[:2008], series.births))
    assert found.table[["base", "lead"]].drop_duplicates().to_numpy().tolist() == [[2007, 1]]
    assert found.choice["n"].tolist() == [2] * 4
