"""Who changes places with whom in a rotation: arithmetic on arrays, knowing nothing of the district.

A *cell* is what nobody leaves by rotating: an area (a cluster or the district), a stage and a subject group. People who
swap inside a cell leave every school with the teachers of each subject that it had.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask


@dataclass(frozen=True)
class Pool:
    """People who may be asked to rotate (n), in the order in which they are asked.

    `part` is where they work; only people of different `side` change places; `counts` says who counts towards the
    quota; `accepts` who would go when asked.
    """

    cell: Ints
    part: Ints
    group: Ints
    side: Ints
    counts: Mask
    accepts: Mask
    backbone: Mask

    def __len__(self) -> int:
        return len(self.cell)

    def take(self, order: Ints) -> Pool:
        """Return the same people in another order."""
        return Pool(*(getattr(self, field.name)[order] for field in fields(self)))


@dataclass
class Answer:
    """Who goes where (pairs of a person of the pool and a part), and who was asked and refused."""

    moves: list[tuple[int, int]]
    refused: list[int]

    def swap(self, pool: Pool, one: int, two: int) -> None:
        """Let two people change places."""
        self.moves += [(one, int(pool.part[two])), (two, int(pool.part[one]))]


def exchange(pool: Pool, target: int) -> Answer:
    """Ask in turn; whoever accepts waits for the next one of the cell from another side, until `target` people moved.

    Those who wait in a cell are always of one side, for anybody else would have been paired.
    """
    answer, moved, people = Answer([], []), 0, Columns.of(pool)
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    for person in range(len(pool)):
        if moved >= target:
            break
        if not people.accepts[person]:
            answer.refused.append(person)
            continue
        queue = waiting[people.cell[person]]
        if queue and people.side[queue[0]] != people.side[person]:
            partner = queue.pop(0)
            answer.swap(pool, partner, person)
            moved += people.counts[partner] + people.counts[person]
        else:
            queue.append(person)
    return answer


def shuffle(pool: Pool, answer: Answer, draw: Floats) -> Answer:
    """Deal out the places of those who move at random inside each cell (`draw`: n), nobody to the own school."""
    movers = np.array([person for person, _ in answer.moves], dtype=np.int64)
    moves: list[tuple[int, int]] = []
    for cell in np.unique(pool.cell[movers]):
        mine = np.sort(movers[pool.cell[movers] == cell])
        places = pool.part[mine[np.argsort(draw[mine], kind="stable")]]
        own = pool.part[mine]
        for i in np.flatnonzero(places == own).tolist():
            fits = np.flatnonzero((places != own[i]) & (own != places[i]))
            if places[i] == own[i] and len(fits):
                j = fits[int(draw[mine[i]] * len(fits))]
                places[[i, j]] = places[[j, i]]
        moves += [(int(p), int(place)) for p, place, at in zip(mine, places, own, strict=True) if place != at]
    return Answer(moves, answer.refused)


@dataclass
class Capacity:
    """What each part can give and take: teachers by subject group
    (parts, groups), pupils (parts), and the least staff.
    """

    staff: Ints
    pupils: Floats
    floor: Ints

    def load(self, group: int, more: int = 0) -> Floats:
        """Return pupils per teacher of a subject group in each part, with `more` teachers there."""
        return self.pupils / np.maximum(self.staff[:, group] + more, 1)

    def lets_go(self, part: int, group: int) -> bool:
        """Whether a part can do with one teacher of a group less."""
        return bool(self.staff[part, group] > max(self.floor[part, group], 1))

    def evens_out(self, part: int, group: int) -> Mask:
        """Return the parts where one teacher of `part` is needed more even after the move (parts)."""
        needed: Mask = self.load(group, 1) >= self.pupils[part] / max(self.staff[part, group] - 1, 1)
        return needed


def to_need(
    pool: Pool, target: int, capacity: Capacity, options: dict[int, Mask], rank: Floats | None = None
) -> Answer:
    """Send people to where they are needed most: alone where that evens out
    staffing, else in exchange for one from there.

    `options` are the parts to which people of a cell may go; need is the `rank` of a part, or without one the pupils
    per teacher of the subject group.
    """
    answer, moved = Answer([], []), 0
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    people, loads = Columns.of(pool), {} if rank is None else dict.fromkeys(np.unique(pool.group).tolist(), rank)
    for person in range(len(pool)):
        if moved >= target:
            break
        if not people.accepts[person]:
            answer.refused.append(person)
            continue
        here, group, cell = people.part[person], people.group[person], people.cell[person]
        if group not in loads:
            loads[group] = capacity.load(group)
        need = loads[group]
        place = _alone(capacity, need, options[cell], here, group) if people.counts[person] else None
        if place is not None:
            answer.moves.append((person, place))
            capacity.staff[[here, place], group] += (-1, 1)
            moved += 1
            if rank is None:
                del loads[group]
            continue
        partner = _partner(people, need, waiting[cell], person)
        if partner is None:
            waiting[cell].append(person)
            continue
        waiting[cell].remove(partner)
        answer.swap(pool, partner, person)
        moved += people.counts[partner] + people.counts[person]
    return answer


@dataclass(frozen=True)
class Columns:
    """A pool's columns as lists, which are quicker than arrays to read one by one."""

    cell: list[int]
    part: list[int]
    group: list[int]
    side: list[int]
    counts: list[bool]
    accepts: list[bool]

    @classmethod
    def of(cls, pool: Pool) -> Columns:
        """Return the columns of a pool."""
        return cls(*(getattr(pool, field.name).tolist() for field in fields(cls)))


def _alone(capacity: Capacity, need: Floats, options: Mask, here: int, group: int) -> int | None:
    """Return the part of greatest need that may take a teacher without giving one; None when there is none."""
    if not capacity.lets_go(here, group):
        return None
    fits = options & (need > need[here]) & capacity.evens_out(here, group)
    return int(np.argmax(np.where(fits, need, -np.inf))) if fits.any() else None


def _partner(people: Columns, need: Floats, waiting: list[int], person: int) -> int | None:
    """Return who has waited longest of those with whom a swap sends one that counts to where the need is greater."""
    if not waiting:
        return None
    level, part, side, counts = need.tolist(), people.part, people.side, people.counts
    mine, apart, asked = level[part[person]], side[person], counts[person]
    for other in waiting:
        gap = level[part[other]] - mine
        if side[other] != apart and ((asked and gap > 0) or (counts[other] and gap < 0)):
            return other
    return None


class Balance:
    """Swaps that narrow the gaps between parts in the mean quality of the teachers of a cell, the most telling first.

    `quality` (n) is what monitoring shows of each person; `sums` and `counts` (parts, groups) are over everybody who
    works there. Only accepted swaps happen; who refuses is not asked again. With `sided` swaps go between a part whose
    people count and one whose people do not.
    """

    def __init__(self, pool: Pool, quality: Floats, sums: Floats, counts: Ints, sided: bool) -> None:
        self.pool, self.quality, self.sums, self.counts, self.sided = pool, quality, sums.copy(), counts, sided
        self.answer, self.moved = Answer([], []), 0
        self.free = np.ones(len(pool), bool)
        order = np.argsort(pool.cell, kind="stable")
        cells, starts = np.unique(pool.cell[order], return_index=True)
        self.members = dict(zip(cells.tolist(), np.split(order, starts[1:]), strict=True)) if len(pool) else {}

    def run(self, target: int, first: Mask) -> None:
        """Make swaps until `target` people who count have moved or
        no swap narrows a gap; givers come from `first` (n).
        """
        best = {cell: self._best(cell, first) for cell in self.members}
        while self.moved < target and best:
            cell = max(best, key=lambda c: best[c][0])
            gain, one, two = best[cell]
            if gain <= 0.0:
                return
            refusing = [person for person in (one, two) if not self.pool.accepts[person]]
            if refusing:
                self.answer.refused += refusing
                self.free[refusing] = False
            else:
                self._swap(one, two)
            best[cell] = self._best(cell, first)

    def _swap(self, one: int, two: int) -> None:
        pool, change = self.pool, self.quality[one] - self.quality[two]
        self.answer.swap(pool, one, two)
        self.free[[one, two]] = False
        self.sums[[pool.part[one], pool.part[two]], pool.group[one]] += (-change, change)
        self.moved += int(pool.counts[one]) + int(pool.counts[two])

    def _best(self, cell: int, first: Mask) -> tuple[float, int, int]:
        """Return the swap of a cell that narrows gaps most: its gain, the giver from the better part, and the other."""
        members = self.members[cell][self.free[self.members[cell]]]
        group, nobody = int(self.pool.group[self.members[cell][0]]), (0.0, -1, -1)
        giving = members[first[members] & (self.pool.counts[members] | (not self.sided))]
        taking = members[~self.pool.counts[members]] if self.sided else members
        if not len(giving) or not len(taking):
            return nobody
        n = np.maximum(self.counts[:, group], 1)
        mean = self.sums[:, group] / n
        high, low = np.unique(self.pool.part[giving]), np.unique(self.pool.part[taking])
        gap = np.maximum(mean[high][:, None] - mean[low], 0.0)
        above, below = np.unravel_index(np.argmax(gap**2 / (1 / n[high][:, None] + 1 / n[low])), gap.shape)
        one, two = giving[self.pool.part[giving] == high[above]], taking[self.pool.part[taking] == low[below]]
        change = self.quality[one][:, None] - self.quality[two]
        gain = 2 * change * gap[above, below] - change**2 * (1 / n[high[above]] + 1 / n[low[below]])
        i, j = np.unravel_index(np.argmax(gain), gain.shape)
        return float(gain[i, j]), int(one[i]), int(two[j])
