"""Evidence of a row: which parameters move it, by separate arithmetic; the grade is the weakest that counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr, t

from simsim.experiments import evidence
from simsim.experiments.comparison import compared, shown
from simsim.experiments.evidence import Grounds, explained, graded, leading, least_correlation, screened
from simsim.experiments.results import Results
from tests.experiments.small_results import table

RNG = np.random.default_rng(5)
WORLDS = 60
DRAWS = pd.DataFrame(
    RNG.uniform(size=(WORLDS, 4)),
    columns=["rho_K", "peer_linear", "sd_principal", "exp_yr0"],
    index=range(1, WORLDS + 1),
)


def results(differences, policies=None, assume=()) -> Results:
    frame = table({"plan": list(differences), "baseline": [0.0] * len(differences)})
    drawn = DRAWS.iloc[: len(differences)].rename_axis("replication").melt(ignore_index=False, var_name="parameter")
    manifest = {
        "scenarios": {
            "plan": {"resolved": {"policies": policies or {}, "assume": list(assume)}},
            "baseline": {"resolved": {}},
        }
    }
    return Results({"district_year": frame, "parameters": drawn.reset_index()}, manifest)


def of(found: Results, stage="primary"):
    gaps = found.gaps("plan", "baseline", "score", 2024).loc[("score", "primary", "all", 2024)]
    return Grounds(found, "plan", "baseline").of(gaps, "score", stage)


def test_parameters_that_move_a_row_are_found_in_the_order_of_what_they_explain():
    y = 3 * DRAWS["sd_principal"] + 1.5 * DRAWS["rho_K"] + 0.05 * RNG.normal(size=WORLDS)
    parts = explained(y.to_numpy(), DRAWS)
    assert list(parts) == ["sd_principal", "rho_K"]
    assert parts["sd_principal"] == pytest.approx(spearmanr(y, DRAWS["sd_principal"]).statistic ** 2)
    # both together explain the R² of a regression of ranks on ranks
    ranks, x = y.rank().to_numpy(), DRAWS[["sd_principal", "rho_K"]].rank().to_numpy()
    fitted = np.column_stack([np.ones(WORLDS), x])
    rest = ranks - fitted @ np.linalg.lstsq(fitted, ranks, rcond=None)[0]
    assert sum(parts.values()) == pytest.approx(1 - rest.var() / ranks.var())


def test_noise_alone_makes_no_parameter_stand_out():
    names = [f"p{n}" for n in range(100)]
    found = [
        explained(rng.normal(size=50), pd.DataFrame(rng.uniform(size=(50, 100)), columns=names))
        for rng in map(np.random.default_rng, range(40))
    ]
    assert sum(map(bool, found)) <= 5  # one in twenty


def test_the_least_correlation_is_students_and_counts_all_candidates():
    r = least_correlation(100, 218)
    chance = 2 * (1 - t.cdf(r * np.sqrt(98 / (1 - r**2)), 98))
    assert chance == pytest.approx(0.05 / 218)


def test_the_first_parameters_that_together_make_four_fifths_count():
    assert leading({"a": 5.0, "b": 3.0, "c": 1.0, "d": 1.0}, 0.8) == ["a", "b"]
    assert leading({"a": 5.0, "b": 2.9, "c": 1.1, "d": 1.0}, 0.8) == ["a", "b", "c"]
    assert leading({}, 0.8) == []


def test_a_row_that_hangs_on_what_is_published_is_graded_so_and_one_judgement_that_counts_makes_it_judgement():
    published = of(results(DRAWS["sd_principal"]))
    assert (published.grade.name, published.names, published.known_from, published.n) == (
        "published", ("sd_principal",), "worlds", WORLDS,
    )  # fmt: skip
    derived = of(results(3 * DRAWS["sd_principal"] + 3 * DRAWS["rho_K"]))
    assert derived.grade.name == "derived" and set(derived.names) == {"sd_principal", "rho_K"}
    assert of(results(3 * DRAWS["sd_principal"] + 3 * DRAWS["peer_linear"])).grade.name == "judgement"
    little = of(results(9 * DRAWS["sd_principal"] + 2 * DRAWS["peer_linear"]))
    assert little.grade.name == "published" and little.names == ("sd_principal", "peer_linear")


def test_a_row_is_never_graded_above_the_measures_own_effect_on_learning():
    moved = DRAWS["sd_principal"]
    assert of(results(moved, {"E1": {"policy": "equipment"}})).grade.name == "judgement"  # its effect is recalled
    assert of(results(moved, {"X": {"policy": "training"}})).grade.name == "published"
    assert of(results(moved, {"X": {"policy": "appropriation"}})).grade.name == "published"


def test_a_claimed_effect_counts_where_a_scenario_assumes_it_and_is_nothing_elsewhere():
    moved, partner = DRAWS["sd_principal"], {"L5": {"policy": "partnership"}}
    assert of(results(moved, partner)).grade.name == "published"
    assert of(results(moved, partner, ["partnership_ugs"])).grade.name == "judgement"


def test_where_nothing_stands_out_or_worlds_are_few_the_grade_is_the_weakest_and_that_is_said():
    noise = of(results(RNG.normal(size=WORLDS)))
    assert (noise.grade.name, noise.names) == ("judgement", ())
    assert noise.words("en") == "no parameter stands out in 60 worlds"
    few = of(results(DRAWS["sd_principal"].iloc[:9]))
    assert (few.grade.name, few.words("en"), few.words("zh")) == (
        "judgement",
        "too few worlds to say",
        "模拟次数太少，尚不能判断",
    )
    same = of(results([0.25] * 20))
    assert same.known_from == "none" and same.grade.name == "derived"


def test_a_screening_of_the_same_inputs_comes_before_the_worlds(monkeypatch):
    rows = [
        ("rho_K", "derived", 0.3, 0.1, 0.3),
        ("peer_linear", "judgement", 0.2, 0.3, 0.2),
        ("exp_yr0", "estimate", 0.0, 0.0, 0.0),
    ]
    screening = pd.DataFrame(rows, columns=["parameter", "kind", "mu_star", "sigma", "mu"])
    screening = screening.assign(indicator="score", stage="primary", trajectories=4, noise=0.1)
    monkeypatch.setattr(evidence, "table_for", lambda *_: screening)
    found = of(results(DRAWS["sd_principal"]))
    # of two that move anything the larger is beyond 2.24 errors once in twenty times; rho_K has 0.3 against 0.07,
    # peer_linear 0.2 against 0.15
    assert (found.grade.name, found.names, found.known_from, found.n) == ("derived", ("rho_K",), "screening", 4)
    assert found.words("en") == "what pupils keep of their knowledge from year to year (screening, 4 trajectories)"
    assert of(results(DRAWS["sd_principal"]), "junior").known_from == "worlds"
    assert screened(screening) == {"rho_K": pytest.approx(0.09)}


def test_a_screening_in_which_luck_moves_as_much_as_any_parameter_leaves_it_to_the_worlds(monkeypatch):
    names = [f"parameter{k}" for k in range(200)]
    luck = np.random.default_rng(7).normal(size=(2, 200))
    rows = {"mu_star": np.abs(luck).mean(axis=0), "sigma": luck.std(axis=0, ddof=1), "mu": luck.mean(axis=0)}
    screening = pd.DataFrame({"parameter": names, "kind": "judgement", **rows, "noise": np.sqrt(0.5)})
    screening = screening.assign(indicator="score", stage="primary", trajectories=2)
    assert (screening["mu"].abs() > 2 * screening["sigma"] / np.sqrt(2)).sum() > 40  # what two trajectories look like
    assert screened(screening) == {}
    monkeypatch.setattr(evidence, "table_for", lambda *_: screening)
    assert of(results(DRAWS["sd_principal"])).known_from == "worlds"
    few = of(results(DRAWS["sd_principal"].iloc[:9]))
    assert few.words("en") == "no parameter stands out (screening, 2 trajectories)"


def test_a_comparison_shows_the_grade_and_what_a_row_hangs_on():
    found = results(DRAWS["sd_principal"])
    (row,) = shown(graded(found, compared(found), ["score"])).to_dict("records")
    assert row["Evidence"] == "published effect"
    assert row["Hangs on"] == "spread of principals' effectiveness (rank correlation over 60 worlds)"
    assert row["Worlds with the sign"] == "60 of 60" and row["Beyond what matters"].endswith("%")
    bare = shown(compared(found)).to_dict("records")[0]
    assert bare["Evidence"] == bare["Hangs on"] == "–"
