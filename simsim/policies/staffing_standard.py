"""Every school is staffed by one pupil-teacher ratio: schools with more
release, those with fewer receive (按师生比配备教师; T1).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import ClassVar

import numpy as np

from simsim.base.arrays import Ints
from simsim.base.codes import CORE, STAGES, SUBJECT_GROUPS
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class StaffingStandardSettings(PolicySettings):
    """How many teachers move a year, what a school keeps, and what a move costs."""

    share: float | None = setting(
        None,
        unit="share of a stage's public teachers moved a year at most",
        parameter="staffing.moved_share",
        ge=0,
        le=1,
    )
    vacant_posts: bool = setting(True, unit="whether empty posts go to schools below the ratio first")
    growth: bool = setting(True, unit="whether posts added by the district go where most pupils share a post")
    core_floor: int | None = setting(
        None,
        unit="core-subject teachers that a stage keeps",
        parameter="staffing.core_floor",
        ge=0,
        le=100,
        only_above=("share",),
    )
    other_floor: int = setting(
        1, unit="teachers of every other subject group that a stage keeps", ge=0, le=100, only_above=("share",)
    )
    tolerance: float = setting(
        1.0,
        unit="teachers of a group above or below the mean that are let be",
        ge=0.5,
        le=1000,
        only_above=("share", "vacant_posts"),
    )
    cost: float | None = setting(
        None, unit="yuan per teacher moved", parameter="staffing.move_cost", ge=0, le=1e7, only_above=("share",)
    )


class StaffingStandard(Policy):
    """Posts, and teachers with them, go from schools above the district's mean of teachers per pupil to those below.

    The mean is that of the stage and of each subject group (PE and arts apart). Posts that the district adds go where
    most pupils share a post. Empty posts move first; then at most `share` of the stage's teachers move for good, post
    and all, from where the surplus is largest to where most are missing, and only while it makes both come nearer to
    the mean. No school gives its last teacher of a group, nor core-subject teachers below the floor. Nobody is
    dismissed: the surplus against the standard itself (`staffing_ratio`, a proxy) is reported by school and group
    whether this policy acts or not.
    """

    name: ClassVar[str] = "staffing_standard"
    title: ClassVar[dict[str, str]] = {"zh": "按师生比配备教师", "en": "Staffing by the pupil-teacher ratio"}
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = "none on effectiveness; cost: mover_class_penalty_yr1 and _yr2 of those who move"
    zero: ClassVar[dict[str, object]] = {"share": 0.0, "vacant_posts": False, "growth": False}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "share",
            "vacant_posts",
            "growth",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"share": 1.0, "core_floor": 0, "other_floor": 0},
        {"share": 1.0, "core_floor": 100, "other_floor": 100, "vacant_posts": False, "cost": 0.0},
    )
    Settings = StaffingStandardSettings
    settings: StaffingStandardSettings

    @classmethod
    def sets(cls, settings: StaffingStandardSettings) -> set[str]:
        """One standard says where posts belong."""
        return {"posts of schools"}

    def planned(self, district: World) -> tuple[float, float]:
        """Return what moving as many as may be costs."""
        return 0.0, float(
            self.value(district, "share") * np.count_nonzero(district.teachers.public) * self.value(district, "cost")
        )

    def instruct(self, district: World) -> None:
        """Say that added posts go by need; without a standard they are shared like the posts there are."""
        district.instructions.level_growth |= self.settings.growth

    def staff(self, district: World) -> None:
        """Even out posts and teachers, one stage after the other."""
        moved, rolls = np.zeros(len(STAGES)), district.parts.rolls()
        for stage in district.system.stages:
            parts = district.parts.of_stage(stage, only_public=True)
            if len(parts) > 1 and rolls[parts].sum():
                if self.settings.vacant_posts:
                    self._move_vacant(district, parts, rolls[parts])
                moved[stage] = self._move_people(district, parts, stage, rolls[parts])
        district.spend(self.id, "running", moved.sum() * self.value(district, "cost"), self.measure)
        self.touched += int(moved.sum())
        for stage, word in enumerate(STAGES):
            if moved[stage]:
                district.recorder.note(district, "released", moved[stage], word)

    def _move_vacant(self, district: World, parts: Ints, pupils: Ints) -> None:
        """Move empty posts from where posts are above the mean to where they are below."""
        posts = district.parts.posts[parts]
        vacant = district.parts.vacancies()[parts].clip(min=0)
        for step in evening(posts, pupils, vacant, int(vacant.sum()), self.settings.tolerance):
            self._move_post(district, parts, step)

    def _move_people(self, district: World, parts: Ints, stage: int, pupils: Ints) -> int:
        """Move teachers with their posts; return how many."""
        teachers, groups = district.teachers, len(SUBJECT_GROUPS)
        place = np.full(len(district.parts) + 1, -1)
        place[parts] = np.arange(len(parts))
        at = place[district.parts.place[teachers.stage, teachers.home]]
        cell = np.where(at >= 0, at * groups + teachers.subject, -1)
        free = (cell >= 0) & (teachers.post == teachers.home) & (teachers.years_in_school > 0)
        held, may = (
            np.bincount(cell[mask], minlength=len(parts) * groups).reshape(-1, groups) for mask in (cell >= 0, free)
        )
        n = int(
            district.streams.whole(
                self.stream("number"),
                district.year,
                np.array([stage]),
                self.value(district, "share") * self.funded * held.sum(),
            )[0]
        )
        floor = np.full(groups, self.settings.other_floor)
        floor[CORE] = int(self.value(district, "core_floor"))
        steps = evening(held, pupils, np.minimum(may, (held - floor).clip(min=0)), n, self.settings.tolerance)
        movers = self._draw(district, np.flatnonzero(free), cell, [donor * groups + group for donor, _, group in steps])
        for step in steps:
            self._move_post(district, parts, step)
        district.move_teachers(
            movers,
            district.parts.key[parts[[receiver for _, receiver, _ in steps]]],
            "release",
            self.id,
        )
        return len(movers)

    def _draw(self, district: World, rows: Ints, cell: Ints, wanted: list[int]) -> Ints:
        """Return a teacher (of rows) for every cell in `wanted`, nobody twice, by lot."""
        rows = rows[np.isin(cell[rows], wanted)]
        lot = district.uniform(self.stream("who"), district.teachers.id[rows])
        rows = rows[np.lexsort((lot, cell[rows]))]
        cells, turn = np.asarray(wanted, dtype=np.int64), np.empty(len(wanted), np.int64)
        order = np.argsort(cells, kind="stable")
        turn[order] = np.arange(len(cells)) - np.searchsorted(cells[order], cells[order])
        drawn: Ints = rows[np.searchsorted(cell[rows], cells) + turn]
        return drawn

    def _move_post(self, district: World, parts: Ints, step: tuple[int, int, int]) -> None:
        """Move one post of a subject group between two parts."""
        donor, receiver, group = step
        district.parts.posts[parts[donor], group] -= 1
        district.parts.posts[parts[receiver], group] += 1


def evening(amount: Ints, pupils: Ints, available: Ints, most: int, tolerance: float) -> list[tuple[int, int, int]]:
    """Return up to `most` moves (donor, receiver, group) that bring `amount`
    (parts, groups) nearest to one ratio to pupils.

    Of each group at most `available` leave a part. The largest surpluses and shortages over all go first; what is not
    more than `tolerance` above or below the mean is let be.
    """
    gap = amount - pupils[:, None] * (amount.sum(axis=0) / max(pupils.sum(), 1))
    moves = [
        move
        for group in range(gap.shape[1])
        for move in _of_group(gap[:, group].tolist(), available[:, group].tolist(), group, tolerance)
    ]
    moves.sort(key=lambda move: (-move[0], move[3]))
    return [move[1:] for move in moves[:most]]


def _of_group(gap: list[float], left: list[int], group: int, tolerance: float) -> list[tuple[float, int, int, int]]:
    """Return every move of one subject group, the widest first: (surplus plus shortage, donor, receiver, group)."""
    donors = [(-g, i) for i, g in enumerate(gap) if g > tolerance and left[i] > 0]
    receivers = [(g, i) for i, g in enumerate(gap) if g < -tolerance]
    heapify(donors)
    heapify(receivers)
    moves = []
    while donors and receivers:
        (high, donor), (low, receiver) = heappop(donors), heappop(receivers)
        moves.append((-high - low, donor, receiver, group))
        left[donor] -= 1
        if -high - 1.0 > tolerance and left[donor] > 0:
            heappush(donors, (high + 1.0, donor))
        if low + 1.0 < -tolerance:
            heappush(receivers, (low + 1.0, receiver))
    return moves
