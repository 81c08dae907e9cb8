"""As of a date: nothing later is known, and what was not known differs between worlds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simsim.conditioning.numbers import known_in, numbers_of
from simsim.conditioning.path import INFLOW
from simsim.district import District
from simsim.districts.births import births_of, of_variant
from simsim.districts.class_law import NO_LAW, class_law
from simsim.districts.files import load_district
from simsim.districts.own import delays

ERDAO = load_district("erdao")
THEN = known_in(ERDAO, 2014)


def numbers(seed, data=THEN, fixed=False):
    return numbers_of(data, seed, fixed, lambda *_: pytest.fail("a world as of a date is not solved"))


def test_nothing_later_than_the_date_is_read():
    later, flats = ERDAO.births.copy(), dict(ERDAO.spec["housing"]["flats_by_year"]["value"])
    later.loc[later["year"] >= 2014, "births"] = 1
    flats = {year: (1 if year == "later" or year >= 2014 else n) for year, n in flats.items()}
    housing = {"flats_by_year": {**ERDAO.spec["housing"]["flats_by_year"], "value": flats}}
    soft = {**ERDAO.spec["factual"]["soft"]}
    soft["children_2020"] = {**soft["children_2020"], "value": 1}
    factual = {**ERDAO.spec["factual"], "pupils": 1, "staff": 1, "soft": soft}
    fitted = {n: ({**e, "value": 0.5} if n in (INFLOW, "posts_growth") else e) for n, e in ERDAO.spec["fitted"].items()}
    spec = {**ERDAO.spec, "housing": housing, "factual": factual, "fitted": fitted}
    other = replace(THEN, spec=spec, births=later)
    one, two = numbers(5), numbers(5, other)
    assert one.values == two.values and one.drift == two.drift
    assert one.data.spec["housing"] == two.data.spec["housing"]
    pd.testing.assert_frame_equal(one.data.births, two.data.births)


def test_births_counted_by_then_are_kept_and_later_ones_differ_between_worlds():
    one, two = (numbers(seed, fixed=False).data.births.set_index("year")["births"] for seed in (1, 2))
    assert one[2005] == two[2005] == ERDAO.births.set_index("year")["births"][2005]
    assert one[2018] != two[2018]


@pytest.mark.slow
def test_the_spread_of_births_grows_with_the_years():
    born = pd.DataFrame([numbers(s).data.births.set_index("year")["births"] for s in range(1, 61)])
    spread = np.log(born).std()
    assert spread[2014] < spread[2018] < spread[2028]


def test_fixed_parameters_expect_the_mean_of_the_last_three_years():
    fixed = numbers(1, fixed=True)
    table = fixed.data.births.set_index("year")["births"]
    assert np.isclose(table[2020], ERDAO.births.set_index("year")["births"][[2011, 2012, 2013]].mean())
    assert set(fixed.drift.values()) == {1.0}


def test_a_factor_on_births_acts_on_those_that_are_not_counted_yet():
    table = numbers(1).data.births
    assert births_of(table, 2020, factor=0.5) == 0.5 * births_of(table, 2020)
    assert births_of(table, 2012, factor=0.5) == births_of(table, 2012)


@pytest.mark.parametrize(
    ("as_of", "classes", "retirement"),
    [(2014, 0, 0), (2015, 0, 0), (2016, 2, 0), (2024, 2, 0), (2025, 2, 1), (None, 2, 1)],
)
def test_a_law_is_known_from_the_month_in_which_it_was_made_public(as_of, classes, retirement):
    assert len(class_law(ERDAO.spec, as_of).steps) == classes
    assert len(delays(ERDAO.spec, as_of)) == retirement


def test_a_law_that_does_not_say_when_it_was_made_public_is_known_when_it_begins():
    step = {"from": "2019-09", "months": 1, "every": 4, "most": 36}
    spec = {"retirement": {"steps": [step]}}
    assert [len(delays(spec, year)) for year in (2018, 2019)] == [0, 1]


def test_laws_of_later_years_and_the_nations_later_births_do_not_act_as_of_a_date():
    then = District("baseline", seed=1, as_of=2014)
    assert then.retirement == () and then.class_law == NO_LAW
    now = District("baseline", seed=1, fixed_parameters=True)
    assert now.retirement != () and now.class_law != NO_LAW
    born = numbers(1).data.births
    national = of_variant(born, ERDAO.spec, national=True).set_index("year")["births"]
    assert national.loc[2014:].equals(born.set_index("year")["births"].loc[2014:])
    assert not national.loc[:2013].equals(born.set_index("year")["births"].loc[:2013])


def test_a_district_can_be_lived_as_of_a_date():
    district = District("plan", seed=1, as_of=2014).run(to=2015)
    assert district.tables()["district_year"]["year"].max() == 2015
