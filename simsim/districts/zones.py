"""Zones round schools where an office gives none: a zone for each public school of the lowest stage, divided among the
junior schools so that each gets its share of the children, the nearest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Floats
from simsim.tables.words import rule

SAME_AREA, OTHER_AREA = 1.0, 2.0
"""How far schools are from each other of which no place is known, within an area and beyond it."""
OWN = -1.0
"""How far a nine-year school is from its own junior stage: before all others."""
NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Seat:
    """A public school with one stage for which zones are made: its key, area, place (None: not known) and children."""

    key: int
    area: str
    place: tuple[float, float] | None
    children: float
    feeds: int = 0


@dataclass(frozen=True)
class Zone:
    """A zone: the school it lies round, the schools that serve it (0: none), and its share of all children."""

    round: int
    primary: int
    junior: int
    share: float


def zones_of(primary: Sequence[Seat], junior: Sequence[Seat]) -> list[Zone]:
    """Return the zones of a district whose public schools are these; every school has one at least."""
    if not primary or not junior:
        alone = primary or junior
        shares = _shares(alone)
        return [
            Zone(s.key, s.key if primary else 0, s.key if junior else 0, share)
            for s, share in zip(alone, shares, strict=True)
        ]
    flows = _flows(primary, junior)
    return [
        Zone(primary[i].key, primary[i].key, junior[j].key, float(flows[i, j]))
        for i in range(len(primary))
        for j in np.flatnonzero(flows[i] > 0).tolist()
    ]


def _shares(seats: Sequence[Seat]) -> Floats:
    """Return each school's share of all children; alike where none has any."""
    children = np.array([max(seat.children, 0.0) for seat in seats])
    shares: Floats = children / children.sum() if children.sum() > 0 else np.full(len(seats), 1 / len(seats))
    return np.maximum(shares, NEGLIGIBLE)


def _flows(primary: Sequence[Seat], junior: Sequence[Seat]) -> Floats:
    """Return the share of all children that goes from each primary to each junior school (n, m): what feeds by name
    first, then the nearest pairs, each as far as the junior school has room.
    """
    supply, wanted = _shares(primary), _shares(junior)
    flows: Floats = np.zeros((len(primary), len(junior)))
    at = {seat.key: j for j, seat in enumerate(junior)}
    for i, seat in enumerate(primary):
        if seat.feeds in at:
            flows[i, at[seat.feeds]] = supply[i]
    free, room = supply - flows.sum(axis=1), np.maximum(wanted - flows.sum(axis=0), 0)
    cost = distances(primary, junior)
    for flat in np.argsort(cost, axis=None, kind="stable").tolist():
        i, j = divmod(flat, len(junior))
        moved = min(free[i], room[j])
        if moved > NEGLIGIBLE:
            flows[i, j] += moved
            free[i] -= moved
            room[j] -= moved
    for i in np.flatnonzero(free > NEGLIGIBLE).tolist():
        flows[i, int(np.argmax(flows[i])) if flows[i].any() else int(cost[i].argmin())] += free[i]
    return _without_scraps(flows, cost)


def _without_scraps(flows: Floats, cost: Floats) -> Floats:
    """Give parts of a zone that are too small to be one to the largest, unless a school had no other."""
    least = rule("smallest_part") * flows.sum(axis=1, keepdims=True)
    for i, j in np.argwhere((flows > 0) & (flows < least)).tolist():
        best = int(np.argmax(flows[i]))
        if best != j and np.count_nonzero(flows[:, j]) > 1:
            flows[i, best] += flows[i, j]
            flows[i, j] = 0
    for j in np.flatnonzero(~flows.any(axis=0)).tolist():
        i = int(cost[:, j].argmin())
        flows[i, j] = flows[i].max() / 2
        flows[i, int(np.argmax(flows[i]))] -= flows[i, j]
    return flows


def distances(primary: Sequence[Seat], junior: Sequence[Seat]) -> Floats:
    """Return how far each primary school is from each junior school (n, m): km, or by areas where no place is known."""
    cost: Floats = np.where(
        np.array([s.area for s in primary])[:, None] == np.array([s.area for s in junior])[None, :],
        SAME_AREA,
        OTHER_AREA,
    )
    if all(seat.place is not None for seat in (*primary, *junior)):
        here, there = (np.array([seat.place for seat in seats], dtype=float) for seats in (primary, junior))
        cost = np.hypot(*(here[:, None, axis] - there[None, :, axis] for axis in (0, 1)))
    own = np.array([s.key for s in primary])[:, None] == np.array([s.key for s in junior])[None, :]
    return np.where(own, OWN, cost)


def radii(places: Floats) -> Floats:
    """Return how far the zone round each place (n, 2) reaches, km: half way to the nearest other place."""
    if len(places) < 2 or not np.ptp(places, axis=0).any():
        return np.full(len(places), rule("radius_km"))
    apart = np.hypot(*(places[:, None, axis] - places[None, :, axis] for axis in (0, 1)))
    apart[apart == 0] = np.inf
    nearest = np.where(np.isfinite(apart.min(axis=1)), apart.min(axis=1), 2 * rule("radius_km"))
    return np.clip(nearest / 2, rule("radius_least_km"), rule("radius_most_km")).round(2)


def kilometres(
    lonlat: Mapping[str, tuple[float, float]], around: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, tuple[float, float]]:
    """Return places in km east and north of their middle, or of that of others (`around`), from degrees of longitude
    and latitude.
    """
    if not lonlat:
        return {}
    degrees = np.array(list(lonlat.values()))
    middle = np.median(np.array(list((around or lonlat).values())), axis=0)
    per_degree = np.array([KM_PER_DEGREE * np.cos(np.radians(middle[1])), KM_PER_DEGREE])
    km = ((degrees - middle) * per_degree).round(3)
    return {name: (float(x), float(y)) for name, (x, y) in zip(lonlat, km.tolist(), strict=True)}


KM_PER_DEGREE = 111.2
"""Km of a degree of latitude on a sphere of 6,371 km."""
