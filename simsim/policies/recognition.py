"""Schools are recognised every year by monitored indicators, for all
to see (新优质学校、常规达标校、三星特色校; Q2 of the plan).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import PE_ARTS
from simsim.base.quantiles import quantiles
from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World

NEW_QUALITY, STANDARD, THREE_STAR = LABELS = ("new_quality", "standard", "three_star")


class RecognitionSettings(PolicySettings):
    """Who is reviewed, by which lines, and what a label is worth in the eyes of families."""

    reviewed: float = setting(1.0, unit="share of public schools reviewed a year", ge=0, le=1)
    window: int = setting(3, unit="years over which improvement is judged", ge=1, le=20, only_above=("improved",))
    improved: float = setting(
        0.2, unit="share of a stage's schools that may be new quality, the most improved first", ge=0, le=1
    )
    standard: float = setting(0.8, unit="of the stage's mean per pupil, the least that meets the standard", ge=0, le=1)
    star: float = setting(0.5, unit="share of a stage's schools that a star is above", ge=0, le=1)
    bonus: float | None = setting(
        None, unit="SD of perceived quality a year for each label", parameter="recognition.bonus", ge=0, le=2
    )
    cost: float | None = setting(
        None, unit="yuan per school reviewed", parameter="recognition.review_cost", ge=0, le=1e7
    )


class Recognition(Policy):
    """Labels for the year, judged stage by stage on what is monitored; a school
    has a label when every part of it earns it.

    *New quality*: among the most improved in monitored value added over `window` years, and improved at all.
    *Standard*: no class of large_class.first or more, no more pupils than seats, and teachers per pupil at `standard`
    of the mean or better. *Three star*: above the `star` quantile in each of monitored value added, PE and arts
    teachers per pupil, and sports area per pupil. The plan names no criteria: these are judgement. A label adds to
    perceived quality, which families see where they choose, and teachers and principals where they move.
    """

    name: ClassVar[str] = "recognition"
    title: ClassVar[dict[str, str]] = {"zh": "学校创建与评估", "en": "Recognition of schools"}
    effect: ClassVar[str] = "perceived quality rises by recognition.bonus for each label; none on learning itself"
    zero: ClassVar[dict[str, object]] = {"reviewed": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("reviewed",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"improved": 1.0, "standard": 0.0, "star": 0.0, "bonus": 2.0, "window": 1},
        {"improved": 0.0, "standard": 1.0, "star": 1.0, "bonus": 0.0, "cost": 0.0, "window": 20},
        {"reviewed": 0.3},
    )
    Settings = RecognitionSettings
    settings: RecognitionSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.seen: deque[dict[tuple[int, int], float]] = deque(maxlen=self.settings.window)

    @classmethod
    def in_vain(cls, settings: RecognitionSettings, around: Around) -> list[Vain]:
        """Nobody has improved before the window is full."""
        full = around.first + settings.window
        return around.outside("window", full) + around.outside("improved", full)

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year's reviews cost."""
        schools = sum(school.public for school in district.open_schools)
        return 0.0, self.settings.reviewed * schools * self.value(district, "cost")

    def assess(self, district: World) -> None:
        """Review this year's schools, label them, and let the labels be seen."""
        labels = self._labels(district)
        parts = district.parts
        where = zip(parts.key.tolist(), parts.stage.tolist(), strict=True)
        self.seen.append(dict(zip(where, parts.monitored.tolist(), strict=True)))
        schools = [school for school in district.open_schools if school.public]
        keys = np.array([school.key for school in schools])
        chosen = district.chance(self.stream("review"), keys, self.funded * self.settings.reviewed)
        for school, reviewed in zip(schools, chosen.tolist(), strict=True):
            mine = [labels[part.key, part.stage] for part in school.parts.values()]
            school.recognition = tuple(sorted(set.intersection(*mine))) if reviewed else ()
            for part in school.parts.values():
                part.perceived += self.value(district, "bonus") * len(school.recognition)
        self.touched += int(chosen.sum())
        district.spend(self.id, "running", self.value(district, "cost") * int(chosen.sum()), self.measure)
        for label in LABELS if self.settings.reviewed else ():
            district.recorder.note(
                district, f"recognised_{label}", sum(label in school.recognition for school in schools)
            )

    def _labels(self, district: World) -> Mapping[tuple[int, int], set[str]]:
        """Return the labels that every public part earns, by school key and stage."""
        found: dict[tuple[int, int], set[str]] = {}
        table = _table(district)
        for stage in district.system.stages:
            rows = district.parts.of_stage(stage, only_public=True)
            here = {name: column[rows] for name, column in table.items()}
            improved = self._improved(district, rows)
            earned = {NEW_QUALITY: improved, STANDARD: self._meets(here), THREE_STAR: self._stars(here)}
            for i, key in enumerate(district.parts.key[rows].tolist()):
                found[key, stage] = {label for label in LABELS if earned[label][i]}
        return found

    def _improved(self, district: World, rows: Ints) -> Mask:
        """Return which parts (rows, n) improved most over the window; nobody until it is full."""
        before, parts = self.seen[0] if len(self.seen) == self.settings.window else {}, district.parts
        where = zip(parts.key[rows].tolist(), parts.stage[rows].tolist(), strict=True)
        gain = parts.monitored[rows] - np.array([before.get(part, np.inf) for part in where])
        rank = np.argsort(np.argsort(-gain, kind="stable"), kind="stable")
        most: Mask = (gain > 0.0) & (rank < self.settings.improved * len(rows))
        return most

    def _meets(self, here: Mapping[str, Floats]) -> Mask:
        """Return which parts (n) meet the standard."""
        staffed = here["teachers"] >= self.settings.standard * here["teachers"].mean()
        met: Mask = ~here["crowded"].astype(bool) & staffed
        return met

    def _stars(self, here: Mapping[str, Floats]) -> Mask:
        """Return which parts (n) have all three stars."""
        starred: Mask = np.all(
            [
                here[name] >= quantiles(here[name], [self.settings.star])[0]
                for name in ("monitored", "pe_arts", "sports")
            ],
            axis=0,
        )
        return starred


def _table(district: World) -> dict[str, Floats]:
    """Return what the review looks at, by part (n)."""
    parts, classes, p = district.parts, district.classes, district.p
    staff, rolls = district.parts.staff(), np.maximum(district.parts.rolls(), 1)
    seats = parts.seats(p)
    large = np.bincount(classes.part, classes.size >= p["large_class.first"], len(parts)) > 0
    whole = {school: sum(part.pupils for part in school.parts.values()) for school in district.open_schools}
    return {
        "monitored": parts.monitored.copy(),
        "teachers": staff.sum(axis=1) / rolls,
        "pe_arts": staff[:, PE_ARTS] / rolls,
        "sports": parts.of_schools(lambda school: school.facilities["sports_area_m2"] / max(whole[school], 1)),
        "crowded": (large | (rolls > seats)).astype(float),
    }
