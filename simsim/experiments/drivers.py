"""Which drawn parameters an outcome goes with, in an experiment that was run: rank correlation over its worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from simsim.inputs import parameters
from simsim.inputs.indicators import grounds_rule, sureness

COLUMNS = ("parameter", "kind", "correlation", "by_luck", "stands_out", "n")
FEWEST = 3


def worlds_drawn(frame: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return the parameters that differ between worlds (replications, parameters), from the table `parameters`: those
    that all share, and those that are solved for a district.
    """
    frame = frame.astype({"parameter": str})
    if "district" in frame:
        frame = frame[frame["district"].isin(["", district])]
    wide = frame.pivot(index="replication", columns="parameter", values="value")
    return wide.loc[:, wide.nunique() > 1]


def rank_correlations(outcome: pd.Series, draws: pd.DataFrame) -> pd.DataFrame:
    """Return Spearman's rank correlation of an outcome (by replication) with every parameter, the largest first.

    `by_luck` is what the largest of so many correlations passes by luck in the share of cases that the rule of
    parameters/indicators.yaml allows, `stands_out` whether this one does (never in too few worlds); n counts
    the worlds.
    It tells with what an outcome goes, one parameter at a time; where many are drawn at once, `simsim.sensitivity` asks
    each by itself.
    """
    values = outcome.dropna()
    seeds = draws.index.intersection(values.index)
    names, known = [str(name) for name in draws.columns], parameters.load()
    if len(seeds) < FEWEST or not names:
        return pd.DataFrame(columns=list(COLUMNS))
    ranks = draws.loc[seeds].rank().to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.corrcoef(np.column_stack([ranks, values[seeds].rank().to_numpy()]), rowvar=False)[-1, :-1]
    enough = len(seeds) >= sureness().fewest_replications
    luck = least_correlation(len(seeds), len(names)) if enough else 1.0
    table = pd.DataFrame({"parameter": names, "correlation": np.nan_to_num(found)})
    table["kind"] = [known[name].kind if name in known else "" for name in names]
    table = table.assign(by_luck=luck, stands_out=enough & (table["correlation"].abs() > luck), n=len(seeds))
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order, list(COLUMNS)].reset_index(drop=True)


def least_correlation(n: int, candidates: int) -> float:
    """Return the correlation in n worlds that the largest of so many candidates passes by luck in the share of cases
    that the rule allows (Student's t, Bonferroni).
    """
    t = float(stdtrit(n - 2, 1.0 - grounds_rule().error / (2.0 * candidates)))
    return t / float(np.sqrt(t**2 + n - 2))
