"""Screenings: what they vary, what they find, that they go on where they stopped, and whose table counts for whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.experiments import sensitivity as sensitivities
from simsim.experiments.comparison import compared
from simsim.experiments.experiment import Experiment
from simsim.experiments.results import Results
from simsim.experiments.screening_table import CSV, FILE, SHIPPED, as_written, changed, shown, table_for
from simsim.experiments.sensitivity import Screening, sensitivity, simulate_point
from simsim.experiments.verification import verify
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import primary_outcomes
from simsim.inputs.parameters import load
from simsim.inputs.paths import resource
from simsim.report.view import View
from tests.experiments.small_results import NAMES as COLUMNS

VARIED = ["peer_linear", "sd_principal"]
RAN: list[tuple[str, int]] = []


def fake(design, scenario, point, to, fixed, data):
    """Score: twice the percentile of peer_linear in the plan, and luck of the seed in both."""
    RAN.append((scenario.name, point))
    world = design.points()[point - 1]
    value = 2.0 * world.percentiles[0] * (scenario.name == "plan") + 0.01 * world.seed
    value += 0.1 * (world.seed % 2) * (scenario.name == "plan")
    rows = [(to, "primary", "all", "score", value), (to, "all", "all", "money_out", 1.0)]
    return {"district_year": pd.DataFrame(rows, columns=list(COLUMNS[2:]))}


@pytest.fixture
def faked(monkeypatch):
    RAN.clear()
    monkeypatch.setattr(sensitivities, "simulate_point", fake)


def screen(folder, names=("score",), **more):
    return sensitivity("plan", "baseline", names, VARIED, 2, to=2016, out=folder, progress=False, **more)


@pytest.mark.slow
def test_the_table_says_how_far_a_difference_moves_and_the_most_influential_come_first(faked, tmp_path):
    table = screen(tmp_path / "s")
    assert table["parameter"].tolist() == VARIED and table["rank"].tolist() == [1, 2]
    assert table["mu_star"].tolist() == pytest.approx([2.0 * 0.9, 0.0])
    assert table["mu"].tolist() == pytest.approx([1.8, 0.0]) and table["sigma"].tolist() == pytest.approx([0, 0])
    assert table["trajectories"].tolist() == [2, 2] and table["kind"].tolist() == ["judgement", "published"]
    # seeds 1, 3, 4, 5 and 2, 6, 7, 8: odd ones are 0.1 higher, so 3 of 4 and 1 of 4
    assert table["noise"].iloc[0] == pytest.approx(np.sqrt(0.1**2 * 3 / 4 / 4 * 4 / 3))


@pytest.mark.slow
def test_what_is_done_is_not_run_again_and_the_table_is_the_same(faked, tmp_path):
    first = screen(tmp_path / "s")
    assert len(RAN) == len(set(RAN)) == 2 * 2 * (2 + 1 + 3)
    RAN.clear()
    pd.testing.assert_frame_equal(screen(tmp_path / "s"), first)
    assert RAN == []


@pytest.mark.slow
def test_a_screening_that_was_stopped_goes_on(faked, tmp_path, monkeypatch):
    def stopped(design, scenario, point, *rest):
        if point == 8:
            raise KeyboardInterrupt
        return fake(design, scenario, point, *rest)

    monkeypatch.setattr(sensitivities, "simulate_point", stopped)
    with pytest.raises(KeyboardInterrupt):
        screen(tmp_path / "s")
    before = set(RAN)
    monkeypatch.setattr(sensitivities, "simulate_point", fake)
    RAN.clear()
    whole = screen(tmp_path / "s")
    assert before and {("plan", n) for n in range(1, 6)} <= before and not {("plan", n) for n in range(1, 6)} & set(RAN)
    pd.testing.assert_frame_equal(whole, screen(tmp_path / "other"))


@pytest.mark.slow
def test_only_drawn_parameters_are_varied_all_by_default_and_patterns_mean_several():
    assert set(Screening("plan", "baseline").design.names) < {p.name for p in load().values() if p.uncertain}
    assert Screening("plan", "baseline", ["exp_yr?", "rho_K"]).design.names == (
        "exp_yr0",
        "exp_yr1",
        "exp_yr2",
        "rho_K",
    )
    for wrong in (["peer_lineer"], ["class_size.target.primary"], []):
        with pytest.raises(InputError, match=r"sensitivity|is empty"):
            Screening("plan", "baseline", wrong)


@pytest.mark.slow
def test_a_screening_is_no_experiment_that_can_be_compared_verified_or_reported(faked, tmp_path):
    screen(tmp_path / "s")
    for use in (compared, View.of, lambda results: verify(results.folder)):
        with pytest.raises(InputError, match="is a screening, whose worlds are no draws"):
            use(Results.load(tmp_path / "s"))


@pytest.mark.slow
def test_an_indicator_that_was_not_recorded_is_named(faked, tmp_path):
    with pytest.raises(InputError, match=r"teacher_gap.*was not recorded"):
        screen(tmp_path / "s", ("teacher_gap",))


@pytest.mark.slow
def test_a_world_of_a_point_has_its_values_and_its_seed():
    design = Screening("plan", "baseline", VARIED, 1, to=2015).design
    screening = Screening("plan", "baseline", VARIED, 1, to=2015)
    scenario, data = screening.scenarios[0], screening.data["plan"]
    found = simulate_point(design, scenario, 2, 2015, False, data)["district_year"]
    world = design.points()[1]
    alone = District(scenario, seed=world.seed, data=data, values=design.values(world)).run(to=2015)
    rows = alone.tables()["district_year"].query("year == 2015 and group == 'all'").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, rows)
    assert alone.p["peer_linear"] == load()["peer_linear"].at(world.percentiles[0])


def test_a_district_refuses_values_that_no_seed_could_draw():
    with pytest.raises(InputError, match=r"is not drawn"):
        District(values={"class_size.target.primary": 40})
    with pytest.raises(InputError, match=r"outside the range it is drawn from, 0 to 0.2"):
        District(values={"peer_linear": 0.3})
    with pytest.raises(InputError, match=r"did you mean peer_linear"):
        District(values={"peer_lineer": 0.1})


def results_of(folder, plan=1.5) -> Results:
    experiment = Experiment(["baseline", "plan"], seeds=1, to=2016)
    values = [("baseline", 1.0), ("plan", plan)]
    rows = [(name, 1, 2016, "primary", "all", "score", value) for name, value in values]
    return Results({"district_year": pd.DataFrame(rows, columns=list(COLUMNS))}, experiment.manifest(), folder)


@pytest.fixture
def whole(monkeypatch):
    """Let a screening of two parameters pass for one of all, whose probe is a difference of 0.5 in the first world."""
    monkeypatch.setattr(Screening, "whole", True)
    probe = {"seed": 1, "values": {"score/primary": 0.5}}
    monkeypatch.setattr(Screening, "probe", lambda _: probe)


@pytest.mark.slow
def test_a_table_of_some_parameters_does_not_say_what_a_difference_hangs_on(faked, tmp_path):
    screen(tmp_path / "s")
    assert table_for(results_of(tmp_path / "other"), "plan", "baseline") is None


@pytest.mark.slow
def test_a_table_keeps_the_outcomes_of_the_first_seed_as_an_experiment_has_them(monkeypatch, tmp_path):
    screening = Screening("baseline", "frozen", VARIED, 1, to=2015)
    assert screening.probe() is None
    monkeypatch.setattr(Screening, "whole", True)
    values = screening.probe()["values"]
    lived = Experiment(["baseline", "frozen"], seeds=[1], to=2015).run(progress=False, out=tmp_path / "run")
    gaps = lived.gaps("baseline", "frozen")
    assert {name.split("/")[0] for name in values} == set(primary_outcomes())
    for name, value in values.items():
        assert gaps.loc[(*name.split("/"), "all", 2015), 1] == value


@pytest.mark.slow
def test_a_table_of_other_code_counts_where_that_code_gives_its_world_the_same(faked, whole, tmp_path):
    screen(tmp_path / "s")
    for plan, counts in ((1.5, True), (1.6, False)):
        mine = results_of(tmp_path / "other", plan)
        other = Results(mine.tables, {**mine.manifest, "code": "other"}, mine.folder)
        assert (table_for(other, "plan", "baseline") is not None) == counts
    unlike = {**mine.manifest, "code": "other", "inputs": {**mine.manifest["inputs"], "parameters": "other"}}
    assert table_for(Results(results_of(tmp_path).tables, unlike, mine.folder), "plan", "baseline") is None


@pytest.mark.slow
def test_a_table_counts_for_results_of_the_same_scenarios_parameters_code_and_years_and_for_no_others(
    faked, whole, tmp_path
):
    table = screen(tmp_path / "s")
    mine = results_of(tmp_path / "other")
    pd.testing.assert_frame_equal(table_for(mine, "plan", "baseline"), table, check_dtype=False)
    assert table_for(mine, "baseline", "plan") is None
    for key in ("parameters", "to", "standards"):
        changed = {**mine.manifest, "inputs": {**mine.manifest["inputs"], key: "other"}}
        assert table_for(Results(mine.tables, changed, mine.folder), "plan", "baseline") is None
    bare = Results(mine.tables, {**mine.manifest, "inputs": {}}, mine.folder)
    assert table_for(bare, "plan", "baseline") is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"), [("peer_linear", "rho_K"), ('"a": "plan"', '"a": "other"'), ('"sigma"', '"mu_star"'), ("}", "")]
)
def test_a_table_changed_by_hand_counts_for_nobody_and_that_is_said(faked, whole, tmp_path, caplog, old, new):
    screen(tmp_path / "s")
    path = tmp_path / "s" / FILE
    assert changed(tmp_path / "s") == []
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    assert table_for(results_of(tmp_path / "other"), "plan", "baseline") is None
    assert f"{path} was changed by hand or damaged" in caplog.text
    assert changed(tmp_path / "s") == [FILE]


def test_a_changed_csv_beside_the_table_is_noticed_and_a_table_of_an_older_simsim_is_left_alone(
    faked, whole, tmp_path, caplog
):
    screen(tmp_path / "s")
    (tmp_path / "s" / CSV).write_text("parameter\n", encoding="utf-8")
    assert changed(tmp_path / "s") == [CSV]
    path = tmp_path / "s" / FILE
    path.write_text(path.read_text("utf-8").replace("sensitivity/3", "sensitivity/2"), encoding="utf-8")
    assert table_for(results_of(tmp_path / "other"), "plan", "baseline") is None
    assert changed(tmp_path / "s") == [] and "changed by hand" not in caplog.text


def test_the_table_that_simsim_ships_is_as_it_was_written():
    for path in (resource("parameters") / SHIPPED).glob("*.json"):
        assert as_written(path), path


def test_a_reader_sees_what_moves_the_difference_and_how_sure_that_is(faked, tmp_path):
    (row,) = shown(screen(tmp_path / "s")).to_dict("records")
    assert row["Parameter"] == "peer_linear" and row["Moves the difference by"] == "1.8" and row["Rank"] == 1
    assert shown(screen(tmp_path / "s"), "zh")["性质"].tolist() == ["判断"]
