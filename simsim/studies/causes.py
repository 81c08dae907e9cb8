"""What moves differences between schools under business as usual: rolls, staff or buildings.

The year is lived with every subset of the three kinds of rules, the others stopped. What a kind does is its mean
contribution over the orders in which the kinds can be added, so that the three add up to the change
beyond what none of them makes. Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games
II, 307-317.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations, permutations

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.files import load_district
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem
from simsim.rules import (
    admission,
    building,
    class_warning,
    hiring,
    mobility,
    passing,
    principals,
    staffing,
    titles,
    transition,
)

KINDS: Mapping[str, tuple[Callable[..., None], ...]] = {
    "rolls": (mobility.depart, mobility.arrive, admission.place, transition.choose, passing.advance),
    "staff": (
        staffing.depart,
        titles.promote,
        staffing.name_backbones,
        staffing.add_posts,
        staffing.move,
        hiring.hire,
        principals.turn_over,
        passing.grow,
    ),
    "buildings": (class_warning.add_rooms, building.add_rooms, building.keep_up),
}
"""Rules of business as usual by what they change; a rule that is in none of them is always lived."""
INDICATORS = (
    "cv_composite",
    "cv_teachers",
    "cv_overqualified",
    "cv_midtitle",
    "cv_teaching_area",
    "cv_sports_area",
    "cv_equipment",
    "cv_computers",
    "cv_books",
    "teacher_gap",
)
Lived = frozenset[str]


def causes(
    worlds: int = 8, first_seed: int = 1, jobs: int = 2, district: str | None = None, scenario: str = "baseline"
) -> pd.DataFrame:
    """Return how indicators changed one and ten years after the first, and which rules made the change (means over
    worlds with every parameter at its value).

    Columns: indicator, stage, year, first (value in the first year), change, rolls, staff, buildings, rest (what
    changes with all three stopped, as by the draw of classes and their teams), error (standard error of the change).
    InputError for no worlds, or a district or scenario that cannot be read.
    """
    from joblib import Parallel, delayed

    if worlds < 1:
        raise InputError(Problem("causes", "worlds", worlds, "give at least 1 world"))
    subsets = [frozenset(lived) for k in range(len(KINDS) + 1) for lived in combinations(KINDS, k)]
    seeds, name = range(first_seed, first_seed + worlds), district or default_district()
    runs = Parallel(n_jobs=jobs)(delayed(_changes)(scenario, name, seed, lived) for seed in seeds for lived in subsets)
    by_world = [dict(zip(subsets, runs[i : i + len(subsets)], strict=True)) for i in range(0, len(runs), len(subsets))]
    rows = []
    for key in runs[0]:
        games = [{lived: found[key][1] for lived, found in world.items()} for world in by_world]
        whole = np.array([game[frozenset(KINDS)] for game in games])
        shares = {kind: float(np.mean([shapley(game)[kind] for game in games])) for kind in KINDS}
        error = float(whole.std(ddof=1) / worlds**0.5) if worlds > 1 else np.nan
        first = float(np.mean([world[frozenset(KINDS)][key][0] for world in by_world]))
        rest = float(np.mean([game[frozenset()] for game in games]))
        rows.append((*key, first, float(whole.mean()), *shares.values(), rest, error))
    return pd.DataFrame(rows, columns=["indicator", "stage", "year", "first", "change", *KINDS, "rest", "error"])


def shapley(worth: Mapping[Lived, float]) -> dict[str, float]:
    """Return what each player adds on average over all orders, from the worth of every subset of players.

    The shares add up to the worth of all less that of none.
    """
    players = sorted(frozenset().union(*worth))
    orders = list(permutations(players))
    shares = dict.fromkeys(players, 0.0)
    for order in orders:
        for i, player in enumerate(order):
            shares[player] += worth[frozenset(order[: i + 1])] - worth[frozenset(order[:i])]
    return {player: share / len(orders) for player, share in shares.items()}


def _changes(scenario: str, name: str, seed: int, lived: Lived) -> dict[tuple[str, str, int], tuple[float, float]]:
    """Return by indicator, stage and year the value of the first year and the change since, in a world in which only
    rules of the kinds `lived` act.
    """
    district = District(scenario, seed=seed, fixed_parameters=True, data=load_district(name))
    district.stopped = frozenset(rule for kind, rules in KINDS.items() if kind not in lived for rule in rules)
    first = district.first_year
    table = district.run(to=first + 10).tables()["district_year"]
    rows = table[table["group"] == "all"].set_index(["indicator", "stage", "year"])["value"]
    stages = [STAGES[code] for code in district.system.stages]
    return {
        (indicator, stage, first + lag): (
            float(rows[indicator, stage, first]),
            float(rows[indicator, stage, first + lag] - rows[indicator, stage, first]),
        )
        for lag in (1, 10)
        for stage in stages
        for indicator in INDICATORS
    }
