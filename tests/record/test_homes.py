"""What is recorded of children by where they live and by group agrees with what is recorded of all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.base.codes import STAGES
from simsim.districts.files import load_district
from simsim.record.homes import Homes, rows
from simsim.rules import classes
from tests.one_district import founded

KEYS = ["scenario", "replication", "year", "stage"]
HOMES = ["home_rural", "home_urban"]
GONE = 0.05


@pytest.fixture(scope="module")
def district_year(small_experiment):
    return small_experiment.frame("district_year").astype({"indicator": str, "group": str, "stage": str})


def of(frame: pd.DataFrame, indicator: str, groups: list[str]) -> pd.DataFrame:
    """Return an indicator, a column per group."""
    mine = frame[(frame["indicator"] == indicator) & frame["group"].isin(groups)]
    return mine.pivot_table(index=KEYS, columns="group", values="value", observed=True).dropna()


def test_town_and_country_together_are_all_pupils(district_year):
    heads, km = (of(district_year, name, [*HOMES, "all"]) for name in ("pupils", "distance_km"))
    assert (heads[HOMES].sum(axis=1) == heads["all"]).all()
    mean = (heads[HOMES] * km[HOMES]).sum(axis=1) / heads[HOMES].sum(axis=1)
    np.testing.assert_allclose(mean, km["all"])


def test_a_village_child_at_a_town_school_counts_in_the_village(small_experiment, district_year):
    """The means by home are those of the neighbourhoods, by the files of the district."""
    urban = load_district("erdao").neighbourhoods.set_index("key")["urban"].astype(bool)
    places = small_experiment.frame("neighbourhood_year").astype({"indicator": str, "stage": str})
    wide = places.pivot_table(index=[*KEYS, "neighbourhood"], columns="indicator", values="value", observed=True)
    town = urban.reindex(wide.index.get_level_values("neighbourhood")).to_numpy()
    for group, mine in (("home_urban", wide[town]), ("home_rural", wide[~town])):
        for name in ("class_size_met", "teaching_met", "score"):
            sums = (mine[name] * mine["pupils"]).groupby(KEYS, observed=True).sum()
            expected = (sums / mine["pupils"].groupby(KEYS, observed=True).sum()).dropna()
            found = of(district_year, name, [group])[group]
            np.testing.assert_allclose(expected.reindex(found.index), found, atol=1e-12)


def test_whoever_is_turned_away_is_counted_once_in_every_split():
    world = founded()
    classes.form(world)
    here = world.students.class_row >= 0
    gone = here & (world.uniform("test/gone", world.students.id) < GONE)
    stage, migrant = world.system.stage_of(world.students.grade), world.students.migrant
    expected = {(s, m): int(np.count_nonzero(gone & (stage == s) & (migrant == m))) for s in (0, 1) for m in (0, 1)}
    homes, n = Homes.of(world), int(gone.sum())
    world.flows.turn_away(gone)
    table = {(s, group): value for name, s, group, value in rows(world, homes) if name == "turned_away"}
    for code, word in enumerate(STAGES):
        assert [table[word, group] for group in ("local", "migrant")] == [expected[code, m] for m in (0, 1)]
        assert sum(table[word, group] for group in HOMES) == sum(expected[code, m] for m in (0, 1))
        assert 0 < table[word, "ses_low"] < n and 0 < table[word, "poor"] < n
    assert homes.by_place(world)["turned_away"].sum() == n
    world.flows.end_year()
    assert homes.by_place(world)["turned_away"].sum() == 0
