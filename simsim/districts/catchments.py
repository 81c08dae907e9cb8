"""Catchments that bring schools near the sizes they should have: neighbourhoods change school, one or two at a time.

Every step takes the best of all moves and of all pairs of moves, as a plain search through all pairs would, without
listing them: what a pair gains is the sum of what its moves gain alone, but for the schools that both concern.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Floats, Ints

SMALLEST = 1e-9
KM_WEIGHT = 0.15
"""What a kilometre more weighs, for all children, beside the squared relative misses of the sizes."""

Move = tuple[int, int]
"""A neighbourhood's place in the list of movable ones, and the school where it goes."""


def evened(chosen: Ints, movable: Ints, children: Floats, distance: Floats, target: Floats) -> Ints:
    """Return the school of each neighbourhood (n) after all moves that bring sizes nearer their targets for their km.

    `chosen` (n) is where each goes at first, `movable` lists those that may change, `children` (n) their weights,
    `distance` (n, schools) km, `target` (schools) the weight each should have.
    """
    chosen = chosen.copy()
    while len(movable):
        search = _Search.of(chosen, movable, children, distance, target)
        gain, moves = min((search.single(), search.onward(), search.apart()), key=lambda found: found[0])
        if gain >= -SMALLEST:
            break
        for place, school in moves:
            chosen[movable[place]] = school
    return chosen


@dataclass(frozen=True)
class _Search:
    """What moves cost now: `cost` (m, schools) of each alone, negative where it helps.

    `at` (m) is where the movable neighbourhoods go now, `weight` (m) their children, `others` (m) the rest of the
    school's; `target` and `empty` (schools) the size wanted, and one where nobody goes.
    """

    cost: Floats
    at: Ints
    weight: Floats
    others: Floats
    target: Floats
    empty: Floats

    @classmethod
    def of(cls, chosen: Ints, movable: Ints, children: Floats, distance: Floats, target: Floats) -> _Search:
        """Weigh every move of one neighbourhood."""
        load: Floats = np.bincount(chosen, children, len(target)).astype(np.float64)
        at, weight = chosen[movable], children[movable]
        rows = np.arange(len(movable))

        def miss(size: Floats, wanted: Floats) -> Floats:
            found: Floats = (size - wanted) ** 2 / wanted + (size < SMALLEST)
            return found

        now = miss(load, target)
        others = load[at] - weight
        left = miss(others, target[at]) - now[at]
        further = weight[:, None] * (distance[movable] - distance[movable, at][:, None])
        cost: Floats = KM_WEIGHT * further + left[:, None] + miss(load + weight[:, None], target) - now
        cost[rows, at] = np.inf
        return cls(cost, at, weight, others, target, (load < SMALLEST).astype(np.float64))

    def single(self) -> tuple[float, list[Move]]:
        """Return the best move of one neighbourhood."""
        place, school = np.unravel_index(int(np.argmin(self.cost)), self.cost.shape)
        return float(self.cost[place, school]), [(int(place), int(school))]

    def onward(self) -> tuple[float, list[Move]]:
        """Return the best pair of which one (row) goes where the other (column) leaves, for elsewhere or in exchange.

        Such a pair costs less than its moves alone: what comes makes up for what goes.
        """
        into, shared = self.cost[:, self.at], 2 * self.weight[:, None] * self.weight
        made_up = shared / self.target[self.at] + (self.others < SMALLEST)
        rows = np.arange(len(self.at))
        to = np.argmin(self.cost, axis=1)
        without = self.cost.copy()
        without[rows, to] = np.inf
        second = np.argmin(without, axis=1)
        back = to == self.at[:, None]
        into = into - made_up
        elsewhere = into + np.where(back, without[rows, second], self.cost[rows, to])
        exchange = into + into.T
        pair = np.minimum(elsewhere, exchange)
        pair[self.at[:, None] == self.at] = np.inf
        one, two = (int(i) for i in np.unravel_index(int(np.argmin(pair)), pair.shape))
        swapped = exchange[one, two] <= elsewhere[one, two]
        onward = self.at[one] if swapped else second[two] if back[one, two] else to[two]
        return float(pair[one, two]), [(one, int(self.at[two])), (two, int(onward))]

    def apart(self) -> tuple[float, list[Move]]:
        """Return the best pair of moves of which none goes where the other leaves.

        Such a pair costs no less than its moves alone, so both must help; with moves in order of cost the search ends
        where even the sum is no better than the best pair found.
        """
        places, schools = np.nonzero(self.cost < 0)
        order = np.argsort(self.cost[places, schools], kind="stable")
        places, schools = places[order], schools[order]
        cost = self.cost[places, schools]
        best, found = np.inf, [(0, 0)]
        for i in range(len(cost) - 1):
            if cost[i] + cost[i + 1] >= best:
                break
            rest = slice(i + 1, i + 1 + int(np.searchsorted(cost[i + 1 :], best - cost[i])))
            pair = cost[i] + cost[rest] + self._in_the_way((places[i], schools[i]), places[rest], schools[rest])
            nearest = int(np.argmin(pair))
            if pair[nearest] < best:
                best, j = float(pair[nearest]), i + 1 + nearest
                found = [(int(places[k]), int(schools[k])) for k in (i, j)]
        return best, found

    def _in_the_way(self, move: Move, places: Ints, schools: Ints) -> Floats:
        """Return what a move and each of others cost more together: infinite where one goes where the other leaves."""
        (one, to), at = move, self.at[places]
        here, both = self.at[one], 2 * self.weight[one] * self.weight[places]
        emptied = self.others[one] - self.weight[places] < SMALLEST
        more = np.where(at == here, both / self.target[here] + emptied, 0.0)
        more = more + np.where(schools == to, both / self.target[to] + self.empty[to], 0.0)
        result: Floats = np.where((places == one) | (schools == here) | (at == to), np.inf, more)
        return result
