"""What pupils meet by where they live and who they are: the way to school, the class, its teachers, scores, and who
finds no place.

A school in a village may fill with children from the town: what is told by where schools stand says nothing of who
gains. Here every child counts where it lives (by neighbourhood, `home_urban`, `home_rural`), whatever school it attends,
and by group: `migrant`, `local`, `poor`, and the lowest and highest fifth of a stage by family background (`ses_low`,
`ses_high`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.codes import STAGES
from simsim.record.outcomes import FIFTH
from simsim.world.recorder import ALL, Row
from simsim.world.world import World

SPLITS = (("home_rural", "home_urban"), ("local", "migrant"), ("", "poor"), ("ses_low", "", "ses_high"))
"""The groups of each split, by code; the nameless are not told."""
MEANS = ("distance_km", "class_size_met", "teaching_met", "score")
RECORDED = {("score", "local"), ("score", "migrant"), ("score", "poor")}
"""Told already, where schools stand (`equity.scores`)."""


@dataclass(frozen=True)
class Homes:
    """The year's seated pupils: their stage, row of neighbourhood and codes of `SPLITS` (n), what they meet (n), and
    the limits of the fifths by family background (stages, 2).
    """

    stage: Ints
    home: Ints
    codes: tuple[Ints, ...]
    met: Mapping[str, Floats]
    limits: Floats
    n_places: int

    @classmethod
    def of(cls, world: World) -> Homes:
        """Look at everybody who sits in a class."""
        students, classes = world.students, world.classes
        seated = students.class_row >= 0
        stage = world.system.stage_of(students.grade[seated]).astype(np.int64)
        home = world.neighbourhoods.rows(students.neighbourhood[seated])
        rows, ses = students.class_row[seated], students.ses[seated]
        limits = np.array([_fifths(ses[stage == s]) for s in range(len(STAGES))])
        met = {
            "distance_km": students.distance_km[seated].astype(float),
            "class_size_met": classes.size[rows].astype(float),
            "teaching_met": classes.team[rows].astype(float),
            "score": students.score[seated],
        }
        who = students.migrant[seated], students.poor[seated], ses
        codes = _codes(world, limits, stage, home, *who)
        return cls(stage, home, codes, met, limits, len(world.neighbourhoods))

    def cells(self) -> Ints:
        """Return the cell (stage, place) of every pupil (n)."""
        return self.stage * self.n_places + self.home

    def by_place(self, world: World) -> dict[str, Floats]:
        """Return the means of what pupils meet by stage and neighbourhood (stages times places), 0 without pupils, and
        the children turned away.
        """
        size = len(STAGES) * self.n_places
        cells, away = self.cells(), turned_away(world)
        heads = np.maximum(np.bincount(cells, minlength=size), 1)
        means = {name: np.bincount(cells, values, size) / heads for name, values in self.met.items()}
        home = world.neighbourhoods.rows(away["neighbourhood"])
        return means | {"turned_away": np.bincount(away["stage"] * self.n_places + home, minlength=size).astype(float)}


def _fifths(ses: Floats) -> tuple[float, float]:
    """Return the limits of the lowest and the highest fifth; of nobody, limits that nobody is beyond."""
    low, high = np.quantile(ses, (FIFTH, 1.0 - FIFTH)).tolist() if len(ses) else (-np.inf, np.inf)
    return low, high


def _codes(
    world: World, limits: Floats, stage: Ints, home: Ints, migrant: Mask, poor: Mask, ses: Floats
) -> tuple[Ints, ...]:
    """Return the code of every split of `SPLITS` of each child (n)."""
    fifth = 1 + (ses >= limits[stage, 1]).astype(np.int64) - (ses <= limits[stage, 0])
    return world.neighbourhoods.urban[home].astype(np.int64), migrant.astype(np.int64), poor.astype(np.int64), fifth


def turned_away(world: World) -> dict[str, AnyArray]:
    """Return stage, neighbourhood, migrant, poor and ses of the children turned away this year (n)."""
    kept = world.flows.turned_away
    names = ("grade", "neighbourhood", "migrant", "poor", "ses")
    found = {name: np.concatenate([one[name] for one in kept] or [world.students.columns[name][:0]]) for name in names}
    return found | {"stage": world.system.stage_of(found["grade"]).astype(np.int64)}


def rows(world: World, homes: Homes) -> Iterator[Row]:
    """Yield what pupils of every group and of all meet by stage, and how many were turned away."""
    away = turned_away(world)
    home = world.neighbourhoods.rows(away["neighbourhood"])
    codes = _codes(world, homes.limits, away["stage"], home, away["migrant"], away["poor"], away["ses"])
    for groups, mine, gone in zip(SPLITS, homes.codes, codes, strict=True):
        size = len(STAGES) * len(groups)
        cells = homes.stage * len(groups) + mine
        heads = np.bincount(cells, minlength=size)
        sums = {name: np.bincount(cells, values, size) for name, values in homes.met.items()}
        lost = np.bincount(away["stage"] * len(groups) + gone, minlength=size)
        for stage in world.system.stages:
            for code, group in enumerate(groups):
                cell = stage * len(groups) + code
                if group:
                    yield "turned_away", STAGES[stage], group, float(lost[cell])
                if group and heads[cell]:
                    yield from _means(group, STAGES[stage], sums, cell, int(heads[cell]))
    yield from _everybody(world, homes)


def _means(group: str, stage: str, sums: Mapping[str, Floats], cell: int, heads: int) -> Iterator[Row]:
    """Yield the means of a group of a stage, and the pupils of a home."""
    if group.startswith("home_"):
        yield "pupils", stage, group, float(heads)
    for name in MEANS:
        if (name, group) not in RECORDED:
            yield name, stage, group, float(sums[name][cell] / heads)


def _everybody(world: World, homes: Homes) -> Iterator[Row]:
    """Yield the class and the teaching that all pupils of a stage meet."""
    heads = np.bincount(homes.stage, minlength=len(STAGES))
    for name in ("class_size_met", "teaching_met"):
        sums = np.bincount(homes.stage, homes.met[name], len(STAGES))
        yield from ((name, STAGES[s], ALL, float(sums[s] / heads[s])) for s in world.system.stages if heads[s])
