"""What pupils meet by where they live and who they are: the way to school, the class, its teachers, scores, and who
finds no place.

A school in a village may fill with children from the town: what is told by where schools stand says nothing of who
gains. Here every child counts where it lives (by neighbourhood, `home_urban`, `home_rural`), whatever its school is,
and by group: `migrant`, `local`, `poor`, and the lowest and highest fifth of a stage by family background (`ses_low`,
`ses_high`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints
from simsim.base.codes import STAGES
from simsim.record.seated import Seated
from simsim.world.flows import WHO
from simsim.world.recorder import ALL, Row
from simsim.world.world import World

SPLITS = (("home_rural", "home_urban"), ("local", "migrant"), ("", "poor"), ("ses_low", "", "ses_high"))
"""The groups of each split, by code; the nameless are not told."""
SHAPE = (len(STAGES), *map(len, SPLITS))
MEANS = ("distance_km", "class_size_met", "teaching_met", "score")
RECORDED = {("score", "local"), ("score", "migrant"), ("score", "poor")}
"""Told already, where schools stand (`equity.scores`)."""


@dataclass(frozen=True)
class Homes:
    """The year's seated pupils: the cell of each in a table of `SHAPE` (n) and in one of stage and neighbourhood (n),
    what they meet (n), and the limits of the fifths by family background (stages, 2).
    """

    seated: Seated
    split: Ints
    cells: Ints
    met: Mapping[str, Floats]
    limits: Floats

    @classmethod
    def of(cls, world: World) -> Homes:
        """Look at everybody who sits in a class."""
        seated, students, classes = Seated.of(world), world.students, world.classes
        rows = students.class_row.take(seated.rows)
        limits = np.array(seated.fifths)
        met = {
            "distance_km": seated.km,
            "class_size_met": classes.size.astype(float).take(rows),
            "teaching_met": classes.team.take(rows),
            "score": seated.score,
        }
        columns = {name: students.columns[name].take(seated.rows) for name in WHO}
        stage, split, home = _split(world, limits, columns)
        return cls(seated, split, stage * len(world.neighbourhoods) + home, met, limits)

    def by_place(self, world: World) -> dict[str, Floats]:
        """Return the means of what pupils meet by stage and neighbourhood (stages times places), 0 without pupils, and
        the children turned away.
        """
        n = len(world.neighbourhoods)
        heads = np.maximum(np.bincount(self.cells, minlength=len(STAGES) * n), 1)
        means = {name: np.bincount(self.cells, values, len(heads)) / heads for name, values in self.met.items()}
        stage, _, home = _split(world, self.limits, turned_away(world))
        return means | {"turned_away": np.bincount(stage * n + home, minlength=len(heads)).astype(float)}


def _split(world: World, limits: Floats, columns: Mapping[str, AnyArray]) -> tuple[Ints, Ints, Ints]:
    """Return the stage of children given by column, the cell of each in a table of `SHAPE`, and the rows of their
    neighbourhoods (n).
    """
    stage, ses = world.system.stage_of(columns["grade"]).astype(np.int64), columns["ses"]
    home = world.neighbourhoods.rows(columns["neighbourhood"])
    fifth = 1 + (ses >= limits[:, 1].take(stage)).astype(np.int8) - (ses <= limits[:, 0].take(stage))
    cell = stage.astype(np.int16)
    codes = (world.neighbourhoods.urban.take(home), columns["migrant"], columns["poor"], fifth)
    for code, size in zip(codes, SHAPE[1:], strict=True):
        cell = cell * np.int16(size) + code
    return stage, cell.astype(np.int64), home


def turned_away(world: World) -> dict[str, AnyArray]:
    """Return the children turned away this year by column (n)."""
    kept = world.flows.turned_away
    return {name: np.concatenate([one[name] for one in kept] or [world.students.columns[name][:0]]) for name in WHO}


def rows(world: World, homes: Homes) -> Iterator[Row]:
    """Yield what pupils of every group and of all meet by stage, and how many were turned away."""
    _, away, _ = _split(world, homes.limits, turned_away(world))
    tables = {"pupils": _counted(homes.split), "turned_away": _counted(away)}
    tables |= {name: _counted(homes.split, values) for name, values in homes.met.items()}
    for axis, groups in enumerate(SPLITS, start=1):
        others = tuple(i for i in range(1, len(SHAPE)) if i != axis)
        sums = {name: table.sum(axis=others) for name, table in tables.items()}
        for stage in world.system.stages:
            for code, group in enumerate(groups):
                if group:
                    yield from _group(STAGES[stage], group, {name: float(v[stage, code]) for name, v in sums.items()})
    for stage in world.system.stages:
        if heads := tables["pupils"][stage].sum():
            for name in ("class_size_met", "teaching_met"):
                yield name, STAGES[stage], ALL, float(tables[name][stage].sum() / heads)


def _counted(cells: Ints, values: Floats | None = None) -> Floats:
    """Return children, or the sums of `values` (n), by stage and all splits at once (`SHAPE`)."""
    return np.bincount(cells, values, int(np.prod(SHAPE))).astype(float).reshape(SHAPE)


def _group(stage: str, group: str, sums: Mapping[str, float]) -> Iterator[Row]:
    """Yield who of a group was turned away, the pupils of a home, and the means of what a group meets."""
    yield "turned_away", stage, group, sums["turned_away"]
    if not sums["pupils"]:
        return
    if group.startswith("home_"):
        yield "pupils", stage, group, sums["pupils"]
    yield from ((name, stage, group, sums[name] / sums["pupils"]) for name in MEANS if (name, group) not in RECORDED)
