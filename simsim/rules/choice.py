"""What families want and who gets it: utilities of schools, lottery tickets, and deferred acceptance.

For policies in which families rank schools. A utility is that of evidence/effects.md 3.2: perceived quality (seen with
an error of the family's own), more so for families of higher SES, likeness of the intake, distance, and a taste drawn
once for every pupil and school. Only pupils who choose draw tastes and errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import NOWHERE, STAGES
from simsim.base.geometry import distance_km
from simsim.base.matching import NOT_ASKED, deferred_acceptance, lists
from simsim.base.streams import gumbel
from simsim.rules.admission import catchment_parts, nearest
from simsim.world.seats import Seats
from simsim.world.world import World


@dataclass(frozen=True)
class Market:
    """Pupils of one stage who look for a place (rows, n), and the public parts they may ask at (parts, S).

    `own` (n) is the column of each pupil's catchment school, `near` (n, S) says which parts lie within the travel limit
    of the stage (the catchment's always does).
    """

    stage: int
    rows: Ints
    parts: Ints
    own: Ints
    near: Mask

    def of(self, mask: Mask) -> Market:
        """Return the market of some of the pupils (mask of n)."""
        return Market(self.stage, self.rows[mask], self.parts, self.own[mask], self.near[mask])

    @property
    def at_own(self) -> Mask:
        """Where the catchment school is (n, S)."""
        there: Mask = self.own[:, None] == np.arange(len(self.parts))
        return there


@dataclass(frozen=True)
class Outcome:
    """What a market came to: the part of each pupil (n; -1 for
    none) and its place on the pupil's list (0 the first).
    """

    parts: Ints
    place: Ints


@dataclass(frozen=True)
class Placement:
    """How the pupils of one stage are placed.

    `worth` gives what every school of a market is worth to every pupil (n, S; -inf: not asked), `tickets`
    who goes first where (n, S; lower first) of those who ask (mask of n, S). A list holds at most
    `length` schools; `tell` hears what the stage came to.
    """

    worth: Callable[[Market], Floats]
    tickets: Callable[[Market, Mask], Floats]
    length: int
    tell: Callable[[int, Outcome], None]


def market(world: World, rows: Ints, stage: int) -> Market:
    """Return the market of pupils `rows` (n), all of one stage."""
    parts = world.parts.of_stage(stage, only_public=True)
    column = np.full(len(world.parts) + 1, NOWHERE)
    column[parts] = np.arange(len(parts))
    within = np.zeros((len(world.neighbourhoods), len(world.parts) + 1), bool)
    np.put_along_axis(within, world.public_order[stage].astype(np.int64), True, axis=1)
    home = world.neighbourhoods.rows(world.students.neighbourhood[rows])
    return Market(stage, rows, parts, column[catchment_parts(world, rows)], within[home][:, parts])


def draws(world: World, stream: str, of: Market, where: Mask) -> Floats:
    """Return one uniform for every pupil and school of a market (n, S) that `where` marks, keyed by both; else NaN."""
    ids = world.students.id[of.rows]
    order = np.argsort(ids)
    out = np.empty(where.shape)
    keys = world.parts.key[of.parts].tolist()
    out[order] = world.streams.per_school(stream, world.year, ids[order], keys, where[order])
    return out


def utility(world: World, of: Market, stream: str, where: Mask) -> Floats:
    """Return what the schools that `where` marks are worth to the pupils of a market (n, S), -inf for the others.

    `stream` begins the names of the two streams drawn from.
    """
    p, students, parts = world.p, world.students, world.parts
    ses = students.ses[of.rows][:, None]
    quality = parts.perceived[of.parts]
    error = float(world.rate("admit/view-error", p["choice_view_sd"]))
    if error > 0.0:
        quality = quality + error * ndtri(draws(world, f"{stream}/view", of, where))
    intake = parts.means(students.ses)[of.parts]
    x, y = parts.x_km[of.parts], parts.y_km[of.parts]
    km = distance_km(students.home_x[of.rows][:, None], students.home_y[of.rows][:, None], x, y)
    value = (p["choice_bq"] + p["choice_bq_ses"] * ses) * quality + p["choice_bs"] * intake * ses
    value = value - p[f"choice_bd_{STAGES[of.stage]}"] * km + gumbel(draws(world, f"{stream}/taste", of, where))
    return np.where(where, value, -np.inf)


@dataclass(frozen=True)
class Wishes:
    """What the pupils of a market ask for: their lists (n, k;
    columns, -1 for nothing) and their tickets there (n, k).
    """

    market: Market
    asked: Ints
    tickets: Floats

    @classmethod
    def of(cls, whole: Market, placement: Placement) -> Wishes:
        """Let a market rank schools and draw tickets."""
        asked = lists(placement.worth(whole), placement.length)
        asks = np.zeros((len(whole.rows), len(whole.parts) + 1), bool)
        np.put_along_axis(asks, asked, True, axis=1)
        return cls(whole, asked, np.take_along_axis(placement.tickets(whole, asks[:, :-1]), asked, axis=1))

    def match(self, world: World, rows: Ints, seats: Seats) -> Outcome:
        """Match some of the pupils (rows) to the seats open to anybody, which are reduced in place."""
        mine, parts = np.searchsorted(self.market.rows, rows), self.market.parts
        asked, grade = self.asked[mine], world.students.grade[rows].astype(np.int64)
        cells = np.where(asked >= 0, parts[asked] * world.system.n_grades + grade[:, None] - 1, NOT_ASKED)
        place = deferred_acceptance(cells, self.tickets[mine], seats.open.reshape(-1))
        placed = np.flatnonzero(place >= 0)
        got = np.full(len(rows), NOWHERE)
        got[placed] = parts[asked[placed, place[placed]]]
        for kind in (seats.open, seats.own):
            np.subtract.at(kind.reshape(-1), cells[placed, place[placed]], 1)
        return Outcome(got, place)


@dataclass
class Lists:
    """A placement by lists: what `world.instructions.place` is while families
    choose. Stages without one keep to nearness.

    Everybody hands in the list at the same time (`wishes`, by stage); groups that are placed in turn then use theirs.
    """

    placements: dict[int, Placement] = field(default_factory=dict)
    wishes: dict[int, Wishes] = field(default_factory=dict)

    def __call__(self, world: World, rows: Ints, seats: Seats) -> Ints:
        """Return a part for each pupil (rows): by the list, else the nearest with seats; -1 where there is none.

        Who ends up neither on the list nor in the catchment school is displaced.
        """
        chosen = np.full(len(rows), NOWHERE)
        stage = world.system.stage_of(world.students.grade[rows])
        for code in sorted(self.placements):
            mine = np.flatnonzero(stage == code)
            outcome = self._wishes(world, code).match(world, rows[mine], seats)
            chosen[mine] = outcome.parts
            self.placements[code].tell(code, outcome)
        rest = np.flatnonzero(chosen == NOWHERE)
        chosen[rest] = nearest(world, rows[rest], seats)
        away = chosen[rest] != catchment_parts(world, rows[rest])
        world.students.displaced[rows[rest]] = away & (chosen[rest] != NOWHERE)
        return chosen

    def _wishes(self, world: World, stage: int) -> Wishes:
        """Return the wishes of everybody of a stage who looks for a place when the first group is placed."""
        if stage not in self.wishes:
            seekers = (world.parts.of_students() < 0) & (world.system.stage_of(world.students.grade) == stage)
            self.wishes[stage] = Wishes.of(market(world, np.flatnonzero(seekers), stage), self.placements[stage])
        return self.wishes[stage]


def choose(world: World, stage: int, placement: Placement) -> None:
    """Let families of a stage choose in this year's admission."""
    if not isinstance(world.instructions.place, Lists):
        world.instructions.place = Lists()
    world.instructions.place.placements[stage] = placement
    world.instructions.families_chose = True
