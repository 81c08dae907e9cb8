"""What no district could have: aggregates that contradict each other, found by bounds before anything is solved.

A bound is passed only by what is impossible. What passes may still be out of reach of the rules by which differences
between schools are made; then the synthesis says which targets it misses, and by how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from simsim.base.arrays import Floats
from simsim.base.codes import KINDS, STAGES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.districts.residuals import FACILITIES, STAFF
from simsim.inputs.documents import Document

FEW = 10
"""Up to so many schools every extreme split of people is tried."""
Found = Iterator[tuple[str, object, str]]
"""Key, value and remedy of what is wrong."""


def contradictions(spec: Document) -> Found:
    """Yield what contradicts itself in the aggregates of a district file whose entries are all readable."""
    counts, pupils, rules = spec["schools"]["counts"], spec["aggregates"]["pupils"], spec["rules"]
    total = sum(sum(kinds.values()) for kinds in counts.values())
    if total > MOST_KEY:
        yield "schools.counts", total, f"schools are too many; a district has at most {MOST_KEY:,}"
    for stage, name in enumerate(STAGES):
        key, wanted = f"aggregates.pupils.{name}.value", pupils[name]["value"]
        schools = {own: _with_stage(counts.get(own, {}), stage) for own in ("public", "private")}
        least = rules["pupils_per_teacher"]["value"][0] * sum(schools.values())
        if wanted < least:
            remedy = f"is too few for {sum(schools.values())} schools of one teacher each; give at least {least:g}"
            yield key, wanted, remedy + ", or fewer schools"
        share = spec["aggregates"]["private_share"][name]["value"]
        if schools["private"] and not share or share == 1:
            remedy = f"contradicts schools.counts ({schools['private']} private, {schools['public']} public with a "
            yield f"aggregates.private_share.{name}.value", share, remedy + f"{name} stage); give another share"
        named = sum(school.get(name, 0) for school in spec["schools"].get("named", []))
        if named > wanted:
            yield key, wanted, f"is less than the {named:g} pupils of the schools in schools.named; correct one of them"
        limit, target = rules["class_limit"]["value"], rules["class_target"]["value"][name]
        if limit < target:
            remedy = f"is less than rules.class_target.value.{name} ({target}); a limit is the larger of the two"
            yield "rules.class_limit.value", limit, remedy
        yield from _resources(spec, name)


def _with_stage(kinds: Mapping[str, int], stage: int) -> int:
    return sum(count for kind, count in kinds.items() if kind in KINDS and stage in stages_of(kind))


def _resources(spec: Document, name: str) -> Found:
    """Yield subsets of teachers larger than the set, and a composite that is not the mean of its eight CVs."""
    targets, key = spec["resources"][name], f"resources.{name}"
    everybody, most = targets["teachers"], 1 / spec["rules"]["pupils_per_teacher"]["value"][0]
    least = 1 / spec["rules"]["pupils_per_teacher"]["value"][1]
    if not least <= everybody["mean"] <= most:
        remedy = f"must be from {least:.3g} to {most:.3g}, as rules.pupils_per_teacher says; change one of them"
        yield f"{key}.teachers.mean", everybody["mean"], remedy
        return
    for item in STAFF[1:]:
        mean, rest = targets[item]["mean"], everybody["mean"] - targets[item]["mean"]
        if rest < 0:
            remedy = f"is more than there are teachers ({key}.teachers.mean = {everybody['mean']}); give at most that"
            yield f"{key}.{item}.mean", mean, remedy
            continue
        apart = (rest * max(most - rest, 0.0)) ** 0.5
        low, high = (max(everybody["mean"] * everybody["cv"] + side * apart, 0) / mean for side in (-1, 1))
        why = f"since {mean / everybody['mean']:.0%} of the teachers, whose CV is {everybody['cv']}, are so"
        yield from _outside(f"{key}.{item}.cv", targets[item]["cv"], low, high, spec, why)
    found, told = float(np.mean([targets[i]["cv"] for i in (*FACILITIES, *STAFF)])), spec["resources"]["composite_cv"]
    if abs(found - told[name]) > spec["resources"]["tolerance"] * max(found, told[name]):
        remedy = f"is not the mean of the eight CVs of resources.{name}, {found:.4g}; correct one of them"
        yield f"resources.composite_cv.{name}", told[name], remedy


def out_of_reach(spec: Document, name: str, pupils: Floats) -> Found:
    """Yield the means and CVs of one stage that schools of these sizes (`pupils`, n) cannot have."""
    lowest, highest = spec["rules"]["pupils_per_teacher"]["value"]
    least = np.ceil(pupils / highest)
    most = np.maximum(np.floor(pupils / lowest), least)
    targets, many = spec["resources"][name], f"with {len(pupils)} {name} school{'s' * (len(pupils) > 1)} of such sizes"
    for item in (*FACILITIES, *STAFF):
        key, mean, cv = f"resources.{name}.{item}", targets[item]["mean"], targets[item]["cv"]
        if item in FACILITIES:
            smallest = pupils.min() / pupils.sum()
            yield from _outside(f"{key}.cv", cv, 0.0, ((1 - smallest) / smallest) ** 0.5, spec, many)
            continue
        floor, whole = (least if item == STAFF[0] else 0 * least), mean * pupils.sum()
        if not floor.sum() - 0.5 <= whole <= most.sum() + 0.5:
            low, high = floor.sum() / pupils.sum(), most.sum() / pupils.sum()
            remedy = f"rules.pupils_per_teacher.value = [{lowest}, {highest}] allows {low:.3g} to {high:.3g} {many}"
            yield f"{key}.mean", mean, remedy + "; change one of them"
            continue
        low = _least_cv(pupils, mean, floor, most, spec["resources"]["tolerance"])
        high = _most_cv(pupils, mean, floor, most)
        yield from _outside(f"{key}.cv", cv, low, high, spec, many)


def _outside(key: str, cv: float, low: float, high: float, spec: Document, why: str) -> Found:
    """Yield a CV that lies outside what is possible by more than the tolerance of the synthesis."""
    slack = spec["resources"]["tolerance"]
    if not low * (1 - slack) <= cv <= high * (1 + slack) + 1e-12:
        allowed = f"from {low:.3g} to {high:.3g}" if high > low else f"{low:g}"
        yield key, cv, f"must be {allowed} {why}; correct it"


def _least_cv(pupils: Floats, mean: float, least: Floats, most: Floats, slack: float) -> float:
    """Return a CV that whole people cannot get below: every school as near the mean as its number allows.

    The mean itself may be off by `slack`, relative, which takes so much of the spread.
    """
    each = np.rint(mean * pupils).clip(least, most) / pupils
    square = float((each / mean - 1) ** 2 @ pupils / pupils.sum())
    return max(square - slack**2, 0.0) ** 0.5 if len(pupils) > 1 else 0.0


def _most_cv(pupils: Floats, mean: float, least: Floats, most: Floats) -> float:
    """Return a CV that no split between the bounds exceeds: exact for few schools, else Bhatia and Davis's bound."""
    share, low, high = pupils / pupils.sum(), least / pupils, most / pupils
    if len(pupils) > FEW:
        return float(max((mean - low.min()) * (high.max() - mean), 0.0) ** 0.5 / mean)
    # The largest spread stands at a corner: all schools but one are at a bound, and that one makes up the mean.
    best = 0.0
    for free in range(len(pupils)):
        rest = np.arange(len(pupils)) != free
        for ends in product((0, 1), repeat=len(pupils) - 1):
            each = np.full(len(pupils), mean)
            each[rest] = np.where(np.array(ends, bool), high[rest], low[rest])
            each[free] = (mean - each[rest] @ share[rest]) / share[free]
            if low[free] - 1 / pupils[free] <= each[free] <= high[free] + 1 / pupils[free]:
                best = max(best, float(((each - mean) ** 2 @ share) ** 0.5))
    return best / mean
