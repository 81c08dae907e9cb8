"""Validation by patterns: what each is, what the model makes of it over a few
replications, and the verdict, passed or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats, Mask
from simsim.districts.files import DistrictData
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.studies import pattern_places as places
from simsim.studies import pattern_scores as scores
from simsim.studies import pattern_staff as staff
from simsim.studies.watched import Replication

KINDS = ("fitted", "checked", "held_out", "not_computable")
SIGNS = {"positive": 1.0, "negative": -1.0}
PASS, FAIL, NOT_COMPUTABLE = "pass", "FAIL", "not computable"
LOW, HIGH = 0.05, 0.95

MEASURES: dict[int, Callable[[Replication], Mapping[str, float]]] = {
    1: scores.school_share,
    2: scores.ses_slopes,
    3: scores.autocorrelation,
    4: scores.survival,
    5: scores.novices,
    6: scores.elite,
    7: staff.rank_mix,
    8: staff.outflow,
    9: staff.tenure,
    11: places.zones,
    12: staff.groups,
    13: staff.rotation,
    14: staff.new_principals,
    15: staff.training,
    16: scores.migrants,
    17: places.projections,
    18: places.wave,
    19: places.opening,
    20: places.open_choice,
}


@dataclass(frozen=True)
class Part:
    """One number of a pattern and where it must lie: between `low`
    and `high` (mean over replications), or of a `sign`.
    """

    name: str
    words: str
    unit: str
    kind: str
    low: float = -np.inf
    high: float = np.inf
    sign: str = ""

    def inside(self, values: ArrayLike) -> Mask:
        """Return which values lie where they should."""
        found = np.asarray(values, dtype=float)
        lie: Mask = found * SIGNS[self.sign] > 0.0 if self.sign else (found >= self.low) & (found <= self.high)
        return lie

    def passes(self, values: Floats, sign_share: float) -> bool:
        """Whether replications pass: their mean in the range (as fits count), or a
        share `sign_share` of them with the sign.
        """
        return bool(np.mean(self.inside(values)) >= sign_share if self.sign else self.inside(np.mean(values)))

    @property
    def accepted(self) -> str:
        """The range or sign in words."""
        if self.sign:
            return "above 0" if SIGNS[self.sign] > 0 else "below 0"
        ends = [f"{end:g}" if np.isfinite(end) else "" for end in (self.low, self.high)]
        return " to ".join(ends) if all(ends) else f"at least {ends[0]}" if ends[0] else f"at most {ends[1]}"


@dataclass(frozen=True)
class Pattern:
    """One of the twenty patterns: its kind, its source, and what failing would mean."""

    number: int
    title: Mapping[str, str]
    kind: str
    source: str
    failing: str
    parts: tuple[Part, ...]


@cache
def load() -> tuple[Pattern, ...]:
    """Return the patterns of parameters/patterns.yaml in order; what they are and not what came of them."""
    rows = read_yaml(resource("parameters") / "patterns.yaml")["patterns"]
    return tuple(
        Pattern(**{**row, "parts": tuple(Part(**{"kind": row["kind"], **part}) for part in row["parts"])})
        for row in rows
    )


def sign_share() -> float:
    """Return the share of replications that must have the sign."""
    return float(read_yaml(resource("parameters") / "patterns.yaml")["sign_share"])


def measure(
    seed: int, numbers: Iterable[int] | None = None, data: DistrictData | None = None
) -> dict[tuple[int, str], float]:
    """Return what one replication makes of the patterns (all, or those of `numbers`), by number and part."""
    replication = Replication(seed, data)
    wanted = MEASURES if numbers is None else numbers
    return {(n, name): value for n in wanted for name, value in MEASURES[n](replication).items()}


def check(
    replications: int = 6,
    first_seed: int = 1,
    jobs: int = 2,
    numbers: Iterable[int] | None = None,
    data: DistrictData | None = None,
) -> pd.DataFrame:
    """Run the replications and return one row for every part of every pattern, failed ones included.

    Columns: number, pattern, part, kind, unit, accepted, result (mean), low and high (5-95 % over replications), inside
    (share of replications that lie where they should), verdict, failing. InputError for patterns that do not exist.
    """
    from joblib import Parallel, delayed

    known = [pattern.number for pattern in load()]
    numbers = known if numbers is None else sorted(set(numbers))
    unknown = [n for n in numbers if n not in known]
    if unknown or replications < 1:
        remedy = f"give at least 1 replication, and patterns from {known[0]} to {known[-1]}"
        raise InputError(Problem("patterns", "", unknown or replications, remedy))
    computed = [n for n in numbers if n in MEASURES]
    runs = Parallel(n_jobs=jobs)(
        delayed(measure)(seed, computed, data) for seed in range(first_seed, first_seed + replications)
    )
    found = pd.DataFrame(runs)
    return pd.DataFrame([row for pattern in load() if pattern.number in numbers for row in _rows(pattern, found)])


def _rows(pattern: Pattern, found: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of one pattern, from the values of all replications."""
    about = {"number": pattern.number, "pattern": pattern.title["en"]}
    if not pattern.parts:
        return [
            about
            | {"part": "", "kind": pattern.kind, "accepted": "", "verdict": NOT_COMPUTABLE, "failing": pattern.failing}
        ]
    rows = []
    for part in pattern.parts:
        values = found[pattern.number, part.name].to_numpy(dtype=float)
        low, high = np.quantile(values, (LOW, HIGH))
        row = {
            "part": part.words,
            "kind": part.kind,
            "unit": part.unit,
            "accepted": part.accepted,
            "result": float(np.mean(values)),
        }
        row |= {"low": float(low), "high": float(high), "inside": float(part.inside(values).mean())}
        verdict = PASS if part.passes(values, sign_share()) else FAIL
        rows.append(about | row | {"verdict": verdict, "failing": pattern.failing})
    return rows


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many patterns and parts of each kind passed; a pattern passes when all its parts of that kind do."""
    parts = table[table["verdict"] != NOT_COMPUTABLE].assign(passed=lambda t: t["verdict"] == PASS)
    whole = parts.groupby(["kind", "number"])["passed"].all().groupby("kind").agg(["sum", "size"])
    single = parts.groupby("kind")["passed"].agg(["sum", "size"])
    columns = {
        "patterns passed": whole["sum"],
        "patterns": whole["size"],
        "parts passed": single["sum"],
        "parts": single["size"],
    }
    return pd.DataFrame(columns).reindex([kind for kind in KINDS if kind in whole.index])
