"""What families want and who gets it: utilities of schools, lottery tickets, and deferred acceptance.

For policies in which families rank schools. A utility is that of evidence/effects.md 3.2: perceived quality (seen with
an error of the family's own), more so for families of higher SES, likeness of the intake, distance, and a taste drawn
once for every pupil and school. Only pupils who choose draw tastes and errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import N_GRADES, NOWHERE, STAGES
from simsim.base.geometry import distance_km
from simsim.base.matching import NOT_ASKED, deferred_acceptance, lists
from simsim.base.streams import gumbel
from simsim.rules.admission import catchment_parts, nearest
from simsim.rules.monitoring import part_means
from simsim.world.students import stage_of

if TYPE_CHECKING:
    from simsim.district import District


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
        return self.own[:, None] == np.arange(len(self.parts))


@dataclass(frozen=True)
class Outcome:
    """What a market came to: the part of each pupil (n; -1 for none) and its place on the pupil's list (0 the
    first).
    """

    parts: Ints
    place: Ints


@dataclass(frozen=True)
class Rule:
    """How the pupils of one stage are placed.

    `worth` gives what every school of a market is worth to every pupil (n, S; -inf: not asked), `tickets` who goes
    first where (n, S; lower first) of those who ask (mask of n, S). A list holds at most `length` schools; `tell` hears
    what the stage came to.
    """

    worth: Callable[[Market], Floats]
    tickets: Callable[[Market, Mask], Floats]
    length: int
    tell: Callable[[int, Outcome], None]


def market(district: District, rows: Ints, stage: int) -> Market:
    """Return the market of pupils `rows` (n), all of one stage."""
    parts = np.array(
        [i for i, part in enumerate(district.parts) if part.stage == stage and part.school.public], dtype=np.int64
    )
    column = np.full(len(district.parts) + 1, NOWHERE)
    column[parts] = np.arange(len(parts))
    within = np.zeros((len(district.neighbourhoods), len(district.parts) + 1), bool)
    np.put_along_axis(within, district.public_order[stage].astype(np.int64), True, axis=1)
    home = district.neighbourhoods.rows(district.students.neighbourhood[rows])
    return Market(stage, rows, parts, column[catchment_parts(district, rows)], within[home][:, parts])


def draws(district: District, stream: str, of: Market, where: Mask) -> Floats:
    """Return one uniform for every pupil and school of a market (n, S) that `where` marks, keyed by both; else NaN."""
    ids = district.students.id[of.rows]
    order = np.argsort(ids)
    out = np.empty(where.shape)
    keys = [district.parts[i].key for i in of.parts]
    out[order] = district.streams.per_school(stream, district.year, ids[order], keys, where[order])
    return out


def utility(district: District, of: Market, stream: str, where: Mask) -> Floats:
    """Return what the schools that `where` marks are worth to the pupils of a market (n, S), -inf for the others.

    `stream` begins the names of the two streams drawn from.
    """
    p, students, parts = district.p, district.students, [district.parts[i] for i in of.parts]
    ses = students.ses[of.rows][:, None]
    quality = np.array([part.perceived for part in parts])
    error = float(district.rate("admit/view-error", p["choice_view_sd"]))
    if error > 0.0:
        quality = quality + error * ndtri(draws(district, f"{stream}/view", of, where))
    intake = part_means(district, students.ses)[of.parts]
    x, y = np.array([(part.school.x_km, part.school.y_km) for part in parts]).T
    km = distance_km(students.home_x[of.rows][:, None], students.home_y[of.rows][:, None], x, y)
    value = (p["choice_bq"] + p["choice_bq_ses"] * ses) * quality + p["choice_bs"] * intake * ses
    value = value - p[f"choice_bd_{STAGES[of.stage]}"] * km + gumbel(draws(district, f"{stream}/taste", of, where))
    return np.where(where, value, -np.inf)


@dataclass(frozen=True)
class Wishes:
    """What the pupils of a market ask for: their lists (n, k; columns, -1 for nothing) and their tickets there (n,
    k).
    """

    market: Market
    asked: Ints
    tickets: Floats

    @classmethod
    def of(cls, whole: Market, rule: Rule) -> Wishes:
        """Let a market rank schools and draw tickets."""
        asked = lists(rule.worth(whole), rule.length)
        asks = np.zeros((len(whole.rows), len(whole.parts) + 1), bool)
        np.put_along_axis(asks, asked, True, axis=1)
        return cls(whole, asked, np.take_along_axis(rule.tickets(whole, asks[:, :-1]), asked, axis=1))

    def match(self, district: District, rows: Ints, seats: Ints) -> Outcome:
        """Match some of the pupils (rows) to seats (parts, grades), which are reduced in place."""
        mine, parts = np.searchsorted(self.market.rows, rows), self.market.parts
        asked, grade = self.asked[mine], district.students.grade[rows].astype(np.int64)
        cells = np.where(asked >= 0, parts[asked] * N_GRADES + grade[:, None] - 1, NOT_ASKED)
        place = deferred_acceptance(cells, self.tickets[mine], seats.reshape(-1))
        placed = np.flatnonzero(place >= 0)
        got = np.full(len(rows), NOWHERE)
        got[placed] = parts[asked[placed, place[placed]]]
        np.subtract.at(seats.reshape(-1), cells[placed, place[placed]], 1)
        return Outcome(got, place)


@dataclass
class Lists:
    """A placement by lists: what `district.placement` is while families choose. Stages without a rule keep to nearness.

    Everybody hands in the list at the same time (`wishes`, by stage); groups that are placed in turn then use theirs.
    """

    rules: dict[int, Rule] = field(default_factory=dict)
    wishes: dict[int, Wishes] = field(default_factory=dict)

    def __call__(self, district: District, rows: Ints, seats: Ints) -> Ints:
        """Return a part for each pupil (rows): by the list, else the nearest with seats; -1 where there is none.

        Who ends up neither on the list nor in the catchment school is displaced.
        """
        chosen = np.full(len(rows), NOWHERE)
        stage = stage_of(district.students.grade[rows])
        for code in sorted(self.rules):
            mine = np.flatnonzero(stage == code)
            outcome = self._wishes(district, code).match(district, rows[mine], seats)
            chosen[mine] = outcome.parts
            self.rules[code].tell(code, outcome)
        rest = np.flatnonzero(chosen == NOWHERE)
        chosen[rest] = nearest(district, rows[rest], seats)
        away = chosen[rest] != catchment_parts(district, rows[rest])
        district.students.displaced[rows[rest]] = away & (chosen[rest] != NOWHERE)
        return chosen

    def _wishes(self, district: District, stage: int) -> Wishes:
        """Return the wishes of everybody of a stage who looks for a place when the first group is placed."""
        if stage not in self.wishes:
            seekers = (district.student_parts() < 0) & (stage_of(district.students.grade) == stage)
            self.wishes[stage] = Wishes.of(market(district, np.flatnonzero(seekers), stage), self.rules[stage])
        return self.wishes[stage]


def choose(district: District, stage: int, rule: Rule) -> None:
    """Let families of a stage choose in this year's admission."""
    if not isinstance(district.placement, Lists):
        district.placement = Lists()
    district.placement.rules[stage] = rule
    district.families_chose = True
