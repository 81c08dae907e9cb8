"""With which drawn parameters an outcome goes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.drivers import rank_correlations, worlds_drawn

WORLDS = 40


def draws():
    values = {name: np.sin((n + 2) * np.arange(WORLDS)) for n, name in enumerate(("rho_K", "vol_move_base", "dropout"))}
    return pd.DataFrame(values, index=range(1, WORLDS + 1))


def test_a_parameter_that_moves_the_outcome_stands_out_and_others_do_not():
    known = draws()
    table = rank_correlations(np.exp(3 * known["rho_K"]), known)
    assert table["parameter"].iloc[0] == "rho_K" and table["correlation"].iloc[0] > 0.999
    assert table["stands_out"].tolist() == [True, False, False] and (table["n"] == WORLDS).all()


def test_few_worlds_and_missing_ones_are_left_out():
    known = draws()
    outcome = known["dropout"].iloc[:10].copy()
    outcome.iloc[0] = np.nan
    few = rank_correlations(outcome, known)
    assert few["n"].iloc[0] == 9 and abs(few["correlation"].iloc[0]) > 0.99 and not few["stands_out"].any()
    assert rank_correlations(outcome.iloc[:3], known).empty


def test_parameters_that_all_worlds_share_and_those_of_other_districts_are_no_drivers():
    drawn = [("a", 1.0, ""), ("b", 0.0, ""), ("c", 0.0, "here"), ("c", 9.0, "there")]
    rows = [(seed, name, value + seed * (name != "a"), place) for seed in (1, 2) for name, value, place in drawn]
    frame = pd.DataFrame(rows, columns=["replication", "parameter", "value", "district"])
    assert worlds_drawn(frame, "here").to_dict("list") == {"b": [1.0, 2.0], "c": [1.0, 2.0]}
