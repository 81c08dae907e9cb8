"""Validation by patterns: what each is, what the model makes of it over a few replications, the verdict (passed,
failed, not decided), and whether a pass would be evidence of anything.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats, Mask
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.studies import pattern_choice as chosen
from simsim.studies import pattern_forecasts as forecasts
from simsim.studies import pattern_growth as growth
from simsim.studies import pattern_places as places
from simsim.studies import pattern_scores as scores
from simsim.studies import pattern_staff as staff
from simsim.studies import pattern_staffing as staffing
from simsim.studies import stationary
from simsim.studies.pattern_sources import Sources, of_pattern
from simsim.studies.pattern_verdicts import (
    FAIL,
    NOT_COMPUTABLE,
    NOT_DECIDED,
    NOT_JUDGED,
    PASS,
    judge,
    mean_interval,
    share_interval,
)
from simsim.studies.watched import Replication

KINDS = ("fitted", "checked", "held_out", "not_computable")
SIGNS = {"positive": 1.0, "negative": -1.0}
FITTED, ECHO, NO_SOURCE, ILL_POSED = "fitted", "echo", "no source", "ill-posed"
EVIDENCE, UNSURE_WITHOUT, NOT_TRIED, HOLDS_WITHOUT = "evidence", "not decided without", "not tried", "holds without"
STANDINGS = (FITTED, ECHO, NO_SOURCE, EVIDENCE, UNSURE_WITHOUT, NOT_TRIED, HOLDS_WITHOUT)
"""What a pass is worth; the first of these that one of its judged parts has is a pattern's."""
WITHOUT = {PASS: HOLDS_WITHOUT, FAIL: EVIDENCE, NOT_DECIDED: UNSURE_WITHOUT}
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
    21: growth.value_added_later,
    22: growth.gains_of_cohorts,
    23: growth.two_years,
    24: chosen.near_schools,
    25: chosen.segregation,
    26: staffing.new_teachers,
    27: staffing.crowded_large_schools,
    28: staffing.moves_up,
    29: staffing.effective_teaching,
    30: growth.widening,
    31: staffing.experience,
    32: forecasts.planners_errors,
    33: stationary.no_trend,
}


OF_BASELINE = (1, 2, 3, 5, 7, 8, 9, 16, 17, 18, 21, 22, 23, 26, 27, 28, 29, 30, 31, 32)
"""The patterns that one run of the baseline tells of: a few seconds a replication, so that hundreds can be run."""


@dataclass(frozen=True)
class Part:
    """One number of a pattern and where it must lie: between `low`
    and `high` (mean over replications), or of a `sign`.

    `sources` are keys of what it is taken from, `acts` the parameters that bring the number about, `without` the values
    that switch its mechanism off; one that `compares` two worlds is 0 without it; `null`: what it is without the
    mechanism by arithmetic, where no parameter switches that off; `ill_posed`: why it is not judged.
    """

    name: str
    words: str
    unit: str
    kind: str
    low: float = -np.inf
    high: float = np.inf
    sign: str = ""
    sources: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    without: Mapping[str, float] = field(default_factory=dict)
    compares: bool = False
    null: float | None = None
    ill_posed: str = ""

    def inside(self, values: ArrayLike) -> Mask:
        """Return which values lie where they should."""
        found = np.asarray(values, dtype=float)
        lie: Mask = found * SIGNS[self.sign] > 0.0 if self.sign else (found >= self.low) & (found <= self.high)
        return lie

    def verdict(self, values: ArrayLike, sign_share: float) -> str:
        """Return the verdict on replications: their mean in the range (as fits count), or a share `sign_share` of them
        with the sign, each with its Monte-Carlo interval.
        """
        if self.ill_posed:
            return NOT_JUDGED
        inside = self.inside(values)
        if self.sign:
            return judge(share_interval(int(inside.sum()), len(inside)), sign_share, 1.0)
        return judge(mean_interval(values), self.low, self.high)

    def echoes(self, number: int) -> list[str]:
        """Return the parameters that act in this part of pattern `number` and rest on one of its sources."""
        known = parameters.load()
        return sources().sharing(of_pattern(number, self.sources), [known[name] for name in self.acts])

    @property
    def holds_at_zero(self) -> bool:
        """Whether a world without the mechanism meets it by arithmetic: a difference of 0 that is accepted."""
        return self.compares and bool(self.inside(0.0))

    def worth(self, number: int, without: str) -> str:
        """Return what a pass is worth, given the verdict on the model without the mechanism (empty: none)."""
        if self.ill_posed or self.kind == FITTED:
            return ILL_POSED if self.ill_posed else FITTED
        if self.echoes(number) or not self.sources:
            return ECHO if self.echoes(number) else NO_SOURCE
        if self.null is not None:
            return HOLDS_WITHOUT if bool(self.inside(self.null)) else EVIDENCE
        return HOLDS_WITHOUT if self.holds_at_zero else WITHOUT.get(without, NOT_TRIED)

    @property
    def accepted(self) -> str:
        """The range or sign in words."""
        if self.sign:
            return "above 0" if SIGNS[self.sign] > 0 else "below 0"
        ends = [f"{end:g}" if np.isfinite(end) else "" for end in (self.low, self.high)]
        return " to ".join(ends) if all(ends) else f"at least {ends[0]}" if ends[0] else f"at most {ends[1]}"


@dataclass(frozen=True)
class Pattern:
    """One of the patterns: its kind, its source, and what failing would mean; `found` (21 on) is what was read before
    anything computed it: address, read (one of READS) and what was measured.
    """

    number: int
    title: Mapping[str, str]
    kind: str
    source: str
    failing: str
    parts: tuple[Part, ...]
    apart: Mapping[str, str] = field(default_factory=dict)
    found: tuple[Mapping[str, str], ...] = ()


READS = ("full", "abstract", "excerpt", "memory")
"""How a source was read: in full, its abstract or summary, the excerpt that a search shows, not at all."""
OF_PARTS = ("kind", "sources", "acts", "without")


@cache
def load() -> tuple[Pattern, ...]:
    """Return the patterns of parameters/patterns.yaml in order; what they are and not what came of them."""
    return tuple(_pattern(row) for row in _file()["patterns"])


def _pattern(row: Document) -> Pattern:
    common = {key: row[key] for key in OF_PARTS}
    about = {key: value for key, value in row.items() if key not in OF_PARTS[1:]}
    parts = tuple(_part({**common, **part}) for part in row["parts"])
    return Pattern(**{**about, "parts": parts, "found": tuple(row.get("found", ()))})


def _part(row: Document) -> Part:
    without = row["without"] if isinstance(row["without"], Mapping) else {}
    return Part(**{**row, "sources": tuple(row["sources"]), "acts": tuple(row["acts"]), "without": without})


def _file() -> Draft:
    return read_yaml(resource("parameters") / "patterns.yaml")


@cache
def sources() -> Sources:
    """Return the table of sources that patterns and parameters share."""
    file = _file()
    return Sources(*({key: tuple(found) for key, found in file[name].items()} for name in ("sources", "note")))


def sign_share() -> float:
    """Return the share of replications that must have the sign."""
    return float(_file()["sign_share"])


def switched_off(values: Mapping[str, float], data: DistrictData | None = None) -> DistrictData:
    """Return a district in which parameters have the values that switch a mechanism off, in every replication."""
    data = load_district(default_district()) if data is None else data
    spec = dict(data.spec)
    for section in ("parameters", "fitted"):
        here = spec.get(section) or {}
        off = {name: {"value": value} for name, value in values.items() if section == "parameters" or name in here}
        spec[section] = {**here, **off}
    return replace(data, spec=spec)


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
    (share of replications that lie where they should), n, verdict, worth (what a pass is worth), echoes (parameters
    that rest on its source), without (result without the mechanism, run or by arithmetic), failing. InputError for
    patterns that do not exist.
    """
    known = [pattern.number for pattern in load()]
    numbers = known if numbers is None else sorted(set(numbers))
    unknown = [n for n in numbers if n not in known]
    if unknown or replications < 1:
        remedy = f"give at least 1 replication, and patterns from {known[0]} to {known[-1]}"
        raise InputError(Problem("patterns", "", unknown or replications, remedy))
    asked = [pattern for pattern in load() if pattern.number in numbers]
    batches = [Batch([n for n in numbers if n in MEASURES], data)]
    for switch, parts in _switches(asked).items():
        batches.append(Batch(sorted({number for number, _ in parts}), switched_off(dict(switch), data), parts))
    runs = _runs(range(first_seed, first_seed + replications), batches, jobs)
    found, *others = (pd.DataFrame(rows) for rows in runs)
    without = {
        key: off[key].to_numpy(dtype=float)
        for batch, off in zip(batches[1:], others, strict=True)
        for key in batch.parts
    }
    return pd.DataFrame([row for pattern in asked for row in _rows(pattern, found, without)])


def judged_in(table: pd.DataFrame, worlds: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `check` in which the parts that were measured in more worlds (replication, number, part, value;
    `weighted_worlds.measured`) are judged by these; what a pass is worth, known from its own runs, stays.
    """
    parts = {(pattern.number, part.words): part for pattern in load() for part in pattern.parts}
    values = {key: rows["value"].to_numpy(dtype=float) for key, rows in worlds.groupby(["number", "part"])}
    rows: list[dict[str, object]] = []
    for row in table.to_dict("records"):
        part = parts.get((int(row["number"]), str(row["part"])))
        mine = None if part is None else values.get((int(row["number"]), part.name))
        more = {} if part is None or mine is None else _told(part, mine)
        rows.append({str(name): value for name, value in row.items()} | more)
    return pd.DataFrame(rows)[list(table.columns)]


class Batch(NamedTuple):
    """What is measured in worlds of one kind: patterns, the district, the parts wanted without their mechanism."""

    numbers: list[int]
    data: DistrictData | None
    parts: tuple[tuple[int, str], ...] = ()


def _runs(seeds: range, batches: list[Batch], jobs: int) -> list[list[dict[tuple[int, str], float]]]:
    """Return by batch what every replication makes of its patterns."""
    from joblib import Parallel, delayed

    with warnings.catch_warnings():
        # A worker that has grown is replaced between two tasks; nothing is lost.
        warnings.filterwarnings("ignore", "A worker stopped", UserWarning)
        rows = Parallel(n_jobs=jobs)(delayed(measure)(seed, b.numbers, b.data) for b in batches for seed in seeds)
    return [rows[start : start + len(seeds)] for start in range(0, len(rows), len(seeds))]


def _switches(asked: Iterable[Pattern]) -> dict[tuple[tuple[str, float], ...], tuple[tuple[int, str], ...]]:
    """Return the parts that could be evidence by what switches their mechanism off."""
    found: dict[tuple[tuple[str, float], ...], tuple[tuple[int, str], ...]] = {}
    for pattern in asked:
        for part in pattern.parts:
            if part.without and part.worth(pattern.number, "") == NOT_TRIED:
                switch = tuple(part.without.items())
                found[switch] = (*found.get(switch, ()), (pattern.number, part.name))
    return found


def _rows(pattern: Pattern, found: pd.DataFrame, without: Mapping[tuple[int, str], Floats]) -> list[dict[str, object]]:
    """Return the rows of one pattern, from the values of all replications."""
    about: dict[str, object] = {"number": pattern.number, "pattern": pattern.title["en"]}
    if not pattern.parts:
        gone = {"part": "", "kind": pattern.kind, "accepted": "", "verdict": NOT_COMPUTABLE, "worth": NOT_COMPUTABLE}
        return [about | gone | {"n": 0, "echoes": "", "failing": pattern.failing}]
    rows = []
    for part in pattern.parts:
        key = (pattern.number, part.name)
        values, off = found[key].to_numpy(dtype=float), without.get(key)
        row: dict[str, object] = {"part": part.words, "kind": part.kind, "unit": part.unit, "accepted": part.accepted}
        row |= _told(part, values) | {"echoes": ", ".join(part.echoes(pattern.number))}
        row["worth"] = part.worth(pattern.number, "" if off is None else part.verdict(off, sign_share()))
        null = np.nan if part.null is None else part.null
        row["without"] = null if off is None else float(np.mean(off))
        rows.append(about | row | {"failing": pattern.failing})
    return rows


def _told(part: Part, values: Floats) -> dict[str, object]:
    """Return what replications say of a part: low and high, result, inside, n, verdict."""
    low, high = map(float, np.quantile(values, (LOW, HIGH)))
    found: dict[str, object] = {"low": low, "high": high, "result": float(np.mean(values))}
    return found | {
        "inside": float(part.inside(values).mean()), "n": len(values), "verdict": part.verdict(values, sign_share())
    }  # fmt: skip
