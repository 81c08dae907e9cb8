"""Random districts live, and damaged inputs end in one message; `make fuzz` tries many more (docs/reliability.md)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.districts.files import load_district
from simsim.districts.three_tables import import_district
from tests.fuzz import districts
from tests.fuzz.damage import KINDS, damage
from tests.fuzz.lives import infinite, lives


@pytest.mark.slow
def test_forty_random_districts_live_ten_years_under_random_policies():
    assert lives(40)["lived"] >= 40


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_inputs_are_accepted_or_refused_never_a_traceback(kind):
    assert sum(damage(kind, 40).values()) == 40


@pytest.mark.slow
def test_a_few_damaged_inputs_of_every_kind_are_accepted_or_refused():
    assert sum(sum(damage(kind, 2).values()) for kind in KINDS) == 2 * len(KINDS)


def tiny(folder, births: int = 0) -> District:
    """Return a district of one nine-year school with a pupil in grades 6 and 9 and a teacher for each stage."""
    shape = districts.Shape(1, 1, 1, 1, 1.0, 0.0, 1.0, births, 0.0, 0.0)
    tables = districts.tables(shape)
    school = tables["schools"]
    assert len(school) == 1
    school["kind"], school["ownership"], school["senior_pupils"] = "nine_year", "public", 0
    for column in school.columns:
        if column.startswith(("pupils_", "t_", "title_", "overqualified", "backbone_", "star_", "rooms_")):
            school[column] = 0
    for column in ("pupils_g6", "pupils_g9", "t_primary_core", "t_junior_core", "title_none_primary"):
        school[column] = 1
    for column in ("title_none_junior", "rooms_primary", "rooms_junior"):
        school[column] = 1
    paths = []
    for name, table in tables.items():
        paths.append(folder / f"{name}.csv")
        table.to_csv(paths[-1], index=False)
    place = import_district("tiny", *paths, folder / "tiny", districts.FIRST)
    spec = {"name": "tiny", "extends": "baseline", "district": str(place)}
    return District(spec, seed=1, data=load_district(place))


def test_a_stage_that_runs_out_of_pupils_has_no_means_and_no_warning(tmp_path):
    district = tiny(tmp_path).run(to=2018)
    table = district.tables()["district_year"]
    last = table[(table.year == 2018) & (table.group == "all")]
    here = last[last.stage == "primary"].set_index("indicator")["value"]
    assert here["pupils"] == 0 and infinite(district) == []
    for name in (
        "score",
        "distance_km",
        "distance_p90_km",
        "class_size",
        "displaced_entrants_share",
        "cv_books",
        "ses_gap",
    ):
        assert np.isnan(here[name]), name


def test_no_facilities_at_all_leave_ratios_not_defined_and_nothing_infinite(tmp_path):
    table = tiny(tmp_path, births=30).run(to=2015).tables()["district_year"]
    ratios = table[table.indicator == "range_ratio_equipment"].value
    assert len(ratios) and not np.isinf(ratios).any() and not np.isinf(table.value).any()
    assert isinstance(table, pd.DataFrame)
