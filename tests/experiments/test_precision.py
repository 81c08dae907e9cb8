"""Seeds until a comparison is as precise as it was wanted, and an honest word when it is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simsim.experiments import experiment
from simsim.experiments.experiment import Experiment
from simsim.experiments.precision import Goal, goals_of, half_width, more_seeds, precision, said
from simsim.inputs.errors import InputError
from tests.experiments.small_results import only, table
from tests.experiments.test_experiment import OTHER, one_code


def test_what_is_wanted_is_written_as_text_or_as_a_mapping():
    both = [Goal("score", "primary", 0.01), Goal("seat_use", None, 0.5)]
    assert goals_of(["score/primary=0.01", "seat_use=0.5"]) == both
    assert goals_of({"score/primary": 0.01, "seat_use": 0.5}) == both
    assert goals_of("score/primary=0.01") == both[:1] and goals_of(None) == []


def test_every_mistake_is_named_at_once():
    with pytest.raises(InputError) as caught:
        goals_of(["scroe=0.1", "score/kindergarten=0.1", "score", "score=0", "score=a"])
    message = str(caught.value)
    assert "did you mean score" in message and "'kindergarten' is no stage" in message
    assert message.count("has no half-width above 0") == 3


def test_the_interval_is_students_of_the_paired_differences():
    plan, base = [0.5, 0.1, 0.4, 0.9], [0.1, 0.2, 0.2, 0.3]
    (row,) = precision(only(table({"plan": plan, "baseline": base})), goals_of("score/primary=0.5")).to_dict("records")
    gaps = np.subtract(plan, base)
    low, high = stats.t.interval(0.95, 3, loc=gaps.mean(), scale=stats.sem(gaps))
    assert row["half_width"] == pytest.approx((high - low) / 2) and row["n"] == 4 and row["reached"]
    assert np.isnan(half_width(0.1, 1))


def test_a_goal_without_a_stage_is_held_for_every_stage():
    rows = [table({"plan": [1.0, 2.0], "baseline": [1.0, 1.0]}, stage=stage) for stage in ("primary", "junior")]
    assert set(precision(only(*rows), goals_of("score=1"))["stage"]) == {"primary", "junior"}


def test_a_line_says_what_was_reached_and_how_many_seeds_might_do_when_it_was_not():
    rows = [("plan", "score", "primary", 0.02, 0.01, 100, False), ("late", "score", "primary", 0.009, 0.01, 60, True)]
    columns = ["scenario", "indicator", "stage", "half_width", "wanted", "n", "reached"]
    short, reached = said(pd.DataFrame(rows, columns=columns))
    assert "plan: score/primary ±0.02" in short and "NOT reached with 100 seeds; about 400 might do" in short
    assert "late: score/primary ±0.009" in reached and reached.endswith("reached with 60 seeds")


def test_seeds_come_twenty_at_a_time_and_no_more_than_the_most():
    assert more_seeds([3, 4], 500) == list(range(3, 25)) and more_seeds([1, 2], 10) == list(range(1, 11))
    assert more_seeds([1, 2], 2) == [1, 2]


def noisy(scenario, seed, to, fixed_parameters, data):
    """Runs whose difference has a standard deviation of 1."""
    value = np.random.default_rng([seed, len(scenario.name)]).normal(scale=0.5**0.5)
    keys = {"year": [to], "stage": "primary", "group": "all", "indicator": "score"}
    return {"district_year": pd.DataFrame(keys | {"value": value})}


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(experiment, "simulate", noisy)
    monkeypatch.setattr(experiment, "code_digest", one_code)


def asked(out, **options):
    made = Experiment(["baseline", OTHER], seeds=20, to=2016, fixed_parameters=True)
    return made, made.run(out=out, progress=False, until="score/primary=0.25", **options)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_seeds_are_added_until_the_interval_is_narrow_enough_and_no_longer(tmp_path):
    made, results = asked(tmp_path)
    wide = precision(results.for_replications(made.seeds[:-20]), goals_of("score/primary=0.25"))
    assert len(made.seeds) > 20 and precision(results, goals_of("score/primary=0.25"))["reached"].all()
    assert not wide["reached"].all() and results.replications("other") == made.seeds
    assert "reached with" in (tmp_path / "run.log").read_text()


@pytest.mark.usefixtures("small")
@pytest.mark.slow
def test_more_seeds_than_the_most_are_never_run(tmp_path):
    made, results = asked(tmp_path, max_seeds=30)
    assert results.replications("other") == list(range(1, 31)) and len(made.seeds) == 30
    assert "NOT reached with 30 seeds" in (tmp_path / "run.log").read_text()


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_the_same_command_adds_nothing(tmp_path, monkeypatch):
    made, _ = asked(tmp_path)
    monkeypatch.setattr(experiment, "simulate", None)
    assert asked(tmp_path)[0].seeds == made.seeds


def test_precision_of_one_scenario_means_nothing(tmp_path):
    with pytest.raises(InputError, match="is the only scenario"):
        Experiment(["baseline"], seeds=1).run(out=tmp_path / "new", until="score=0.1")
    with pytest.raises(InputError, match="has no effect without `until`"):
        Experiment(["baseline", "plan"], seeds=1).run(out=tmp_path / "new", max_seeds=40)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("until", [0.1, [], {}, b"score=0.1", "score/all=٣"])
def test_what_says_nothing_about_precision_is_refused(until):
    with pytest.raises(InputError, match="must be INDICATOR=HALFWIDTH"):
        goals_of(until)
