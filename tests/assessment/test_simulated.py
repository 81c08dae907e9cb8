"""A simulated district as a table of schools: the numbers of the run, and a stamp on it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import simsim
from simsim.assessment.delivery import Source, Wanted, deliver
from simsim.assessment.judging import assess
from simsim.assessment.simulated import of_district, of_experiment, table_of
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """An experiment of a small district over two years."""
    folder = tmp_path_factory.mktemp("simulated") / "run"
    simsim.Experiment(["shanhe-keep", "shanhe-merge"], seeds=1, to=2023).run(out=folder, progress=False)
    return folder


@pytest.mark.slow
def test_a_run_of_an_experiment_gives_the_official_numbers_that_it_recorded(run: Path) -> None:
    results = Results.load(run)
    scenario, seed, year = results.scenarios[-1], results.replications(results.scenarios[-1])[-1], results.years[-1]
    frame = table_of(of_experiment(run, scenario, seed), year)
    stored = results.frame("district_year")
    mine = stored[(stored["scenario"] == scenario) & (stored["replication"] == seed) & (stored["year"] == year)]
    mine = mine[mine["group"] == "all"].set_index(["indicator", "stage"])["value"]
    for standard, prefix in (("basic-2012", "cv_"), ("quality-2017", "cv17_")):
        for row in assess(frame, standard).indicators.to_dict("records"):
            assert row["cv"] == pytest.approx(mine[prefix + row["indicator"], row["stage"]], rel=1e-9)
    assert str(year) in frame.attrs["simulated"].zh and "模拟数据" in frame.attrs["simulated"].zh


def test_a_district_can_be_lived_for_its_table() -> None:
    frame = table_of(of_district("shanhe", "shanhe-keep", 3), 2022)
    assert isinstance(frame, pd.DataFrame) and frame["school"].is_unique
    assert (frame[["pupils_primary", "pupils_junior"]].sum(axis=1) > 0).all() and frame["classes_primary"].sum() > 0


@pytest.mark.slow
def test_what_was_not_run_is_refused(run: Path) -> None:
    with pytest.raises(InputError, match="say which of the experiment's scenarios"):
        deliver(Source(experiment=run), "basic-2012", "en", Wanted(), {})
    with pytest.raises(InputError, match="was not run"):
        of_experiment(run, "shanhe-keep", 99)
