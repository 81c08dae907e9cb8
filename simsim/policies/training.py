"""Everybody is trained once in a cycle; studios and the naming of backbone
teachers are levers beside it (T6 of the plan).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim import actions
from simsim.base.arrays import Ints, Mask
from simsim.base.calendar import MONTHS
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.base.ids import entry_year
from simsim.base.sums import ratio
from simsim.policies.shared.promises import Promise, Promises
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules import principals
from simsim.world.rates import Multiple
from simsim.world.world import World

ONCE = np.zeros(1, np.int64)
EVER = 0
AUGUST = 7
"""The last month of a year's training, counted from 0."""


class TrainingSettings(PolicySettings):
    """The cycle, what it does and costs; studios; naming of backbone teachers and subject leaders."""

    cycle_years: int | None = setting(
        None,
        unit="years in which everybody is trained once",
        parameter="training.cycle_years",
        ge=1,
        le=20,
        only_above=("coverage",),
    )
    coverage: float = setting(1.0, unit="share of teachers and principals whom training reaches", ge=0, le=1)
    effect: float | None = setting(
        0.0,
        unit="SD added to a trained teacher; null: the range of the evidence",
        parameter="training_generic",
        ge=-1,
        le=1,
        only_above=("coverage",),
    )
    cost: float | None = setting(
        None, unit="yuan per person and cycle", parameter="training_cost", ge=0, le=1e7, only_above=("coverage",)
    )
    studios: bool = setting(False, unit="whether every star teacher of public schools has a studio (名师工作室)")
    studio_members: int | None = setting(
        None,
        unit="teachers a studio reaches a year",
        parameter="studio.members",
        ge=0,
        le=1000,
        only_with={"studios": (True,)},
    )
    studio_intensity: float = setting(
        0.0,
        unit="share of intensive coaching's effect that members get",
        source="judgement; 0: none shown",
        ge=0,
        le=1,
        only_above=("studio_members",),
        only_with={"studios": (True,)},
    )
    studio_cost: float | None = setting(
        None, unit="yuan per studio-year", parameter="studio.cost", ge=0, le=1e7, only_with={"studios": (True,)}
    )
    naming: bool = setting(False, unit="whether more backbone teachers and subject leaders are named than leave")
    backbone: float | None = setting(
        None,
        unit="share of public teachers newly named backbone a year",
        parameter="naming.backbone",
        ge=0,
        le=1,
        only_with={"naming": (True,)},
    )
    leaders: int | None = setting(
        None,
        unit="backbone teachers named subject leaders a year",
        parameter="naming.leaders",
        ge=0,
        le=1000,
        only_with={"naming": (True,)},
    )
    naming_years: int | None = setting(
        None, unit="years of naming", parameter="naming.years", ge=1, le=20, only_with={"naming": (True,)}
    )
    delay_probability: float | None = setting(
        None,
        unit="probability that naming slips",
        parameter="delay_probability_striving",
        ge=0,
        le=1,
        only_with={"naming": (True,)},
        only_above=("delay_months",),
    )
    delay_months: float | None = setting(
        None,
        unit="months given delay",
        parameter="delay_months",
        ge=0,
        le=100,
        only_with={"naming": (True,)},
        only_above=("delay_probability",),
    )


class Training(Policy):
    """Each year of a cycle trains an equal share of those not trained in it yet,
    teachers and principals, public and private.

    A year's training is that of the twelve months before 1 September. It adds `effect` to a teacher, 0 unless set,
    which fades like coaching. Studios reach members of the star's own stage and subject, anew each year; what they add
    is a share of intensive coaching's effect, 0 unless set. Naming raises the quota of backbone teachers by a share of
    teachers a year, filled by what panels see of candidates, and makes some of them subject leaders: nobody teaches
    better for a label. Naming is only striven for (力争) and may slip.
    """

    name: ClassVar[str] = "training"
    title: ClassVar[dict[str, str]] = {
        "zh": "教师校长轮训与名师培育",
        "en": "Training, studios and naming of backbone teachers",
    }
    rates: ClassVar[tuple[str, ...]] = ("staff/backbone-quota",)
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "none by default (training_generic 0: trials found none); studios: studio_intensity times "
        "coaching_intensive, 0 by default"
    )
    zero: ClassVar[dict[str, object]] = {"coverage": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "coverage",
            "studios",
            "naming",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {
            "cycle_years": 1,
            "effect": 1.0,
            "studios": True,
            "studio_members": 1000,
            "studio_intensity": 1.0,
            "naming": True,
            "backbone": 1.0,
        },
        {
            "cycle_years": 20,
            "effect": -1.0,
            "coverage": 0.01,
            "studios": True,
            "studio_members": 0,
            "naming": True,
            "leaders": 1000,
        },
        {"naming": True, "naming_years": 1, "delay_probability": 1.0, "delay_months": 100, "cost": 0.0, "effect": None},
    )
    Settings = TrainingSettings
    settings: TrainingSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.late = 0
        self.written = Promises()
        self.trained: int | None = None
        self.counts = {"teachers": 0, "principals": 0, "studio_members": 0}

    @classmethod
    def sets(cls, settings: TrainingSettings) -> set[str]:
        """There is one cycle, and one quota that naming raises."""
        return {"the training cycle"}

    def begin(self, district: World) -> None:
        """Draw by how many months naming slips."""
        slips = district.chance(self.stream("delay"), ONCE, self.value(district, "delay_probability"), EVER)[0]
        self.late = round(self.value(district, "delay_months")) if slips else 0

    def planned(self, district: World) -> tuple[float, float]:
        """Return what a year of the cycle and the studios cost."""
        people = self.settings.coverage * len(district.teachers) / self.value(district, "cycle_years")
        studios = (
            np.count_nonzero(self._stars(district)) * self.value(district, "studio_cost")
            if self.settings.studios
            else 0.0
        )
        return 0.0, float(people * self.value(district, "cost") + studios)

    # ---- the phases ----

    def rate(self, name: str, district: World) -> Multiple:
        """Raise the quota of backbone teachers (stages) by what was to be named up to this year."""
        if not self.settings.naming:
            return 1.0
        return 1.0 + self._batches(district) * self.value(district, "backbone") / np.maximum(
            actions.backbone_share(district), 1e-9
        )

    def staff(self, district: World) -> None:
        """Train this year's share, choose the members of studios, name subject leaders, and pay for it."""
        self.counts = {
            "teachers": self._train_teachers(district),
            "principals": self._train_principals(district),
            "studio_members": 0,
        }
        cost = (self.counts["teachers"] + self.counts["principals"]) * self.value(district, "cost")
        if self.settings.studios:
            cost += self._hold_studios(district) * self.value(district, "studio_cost")
        if self.settings.naming and self._batches(district) > self._batches(district, before=1):
            self._name_leaders(district)
        district.spend(self.id, "running", cost, self.measure)
        self.touched += sum(self.counts.values())

    def settle(self, district: World) -> None:
        """Write how many were trained, who has been within a cycle, and what is done of what was promised."""
        if not self.settings.coverage and not self.settings.studios and not self.settings.naming:
            return
        since, teachers = district.year - int(self.value(district, "cycle_years")), district.teachers
        heads = principals.everybody(district)
        values = {
            "trained_teachers": self.counts["teachers"],
            "trained_principals": self.counts["principals"],
            "training_coverage": ratio(np.count_nonzero(teachers.trained_year > since), len(teachers)),
            "training_coverage_principals": float(np.mean([h.trained_year > since for h in heads])) if heads else 0.0,
            "studio_members": self.counts["studio_members"],
        }
        district.recorder.note_all(district, values)
        self._milestones(district)

    # ---- the cycle ----

    def _cycle(self, district: World) -> tuple[int, int]:
        """Return the first year of the present cycle and the years left of it, this one counted."""
        length = int(self.value(district, "cycle_years"))
        start = district.year - (district.year - self.first_year) % length
        return start, start + length - district.year

    def _due(self, district: World, kind: str, ids: Ints, trained: Ints) -> Mask:
        """Return who is trained this year (n): an equal share of those whom the cycle has
        not reached yet, the longest untrained first.
        """
        start, left = self._cycle(district)
        waiting = trained < start
        if self.settings.coverage < 1.0:
            waiting &= district.chance(self.stream(f"reached-{kind}"), ids, self.settings.coverage, start)
        rows = np.flatnonzero(waiting)
        lot = district.uniform(self.stream(f"order-{kind}"), ids[rows])
        chosen = np.zeros(len(ids), bool)
        chosen[rows[np.lexsort((lot, trained[rows]))[: int(np.ceil(len(rows) / left * self.funded))]]] = True
        return chosen

    def _train_teachers(self, district: World) -> int:
        """Train this year's teachers; return how many."""
        teachers = district.teachers
        chosen = self._due(district, "teachers", teachers.id, teachers.trained_year)
        teachers.trained_year[chosen] = district.year
        teachers.coaching[chosen] += self.value(district, "effect")
        return int(np.count_nonzero(chosen))

    def _train_principals(self, district: World) -> int:
        """Train this year's principals; return how many."""
        heads = sorted(principals.everybody(district), key=lambda head: head.id)
        ids, trained = np.array([h.id for h in heads], dtype=np.int64), np.array([h.trained_year for h in heads])
        chosen = self._due(district, "principals", ids, trained)
        for head, yes in zip(heads, chosen.tolist(), strict=True):
            head.trained_year = district.year if yes else head.trained_year
        return int(np.count_nonzero(chosen))

    # ---- studios and names ----

    def _stars(self, district: World) -> Mask:
        """Return who has a studio (n): star teachers of public schools."""
        return district.teachers.star & district.teachers.public

    def _hold_studios(self, district: World) -> int:
        """Choose the members of this year's studios by lot among the star's own stage
        and subject; return the number of studios.
        """
        teachers, stars = district.teachers, self._stars(district)
        groups = len(SUBJECT_GROUPS)
        cell = teachers.stage.astype(np.int64) * groups + teachers.subject
        places = np.bincount(cell[stars], minlength=len(STAGES) * groups) * int(self.value(district, "studio_members"))
        rows = np.flatnonzero(teachers.public & ~stars & (places[cell] > 0))
        rows = rows[np.lexsort((district.uniform(self.stream("studio"), teachers.id[rows]), cell[rows]))]
        turn = np.arange(len(rows)) - np.searchsorted(cell[rows], cell[rows])
        members = rows[turn < places[cell[rows]]]
        gain = self.settings.studio_intensity * district.p["coaching_intensive"]
        teachers.coaching[members] = (
            np.maximum(teachers.coaching[members], gain) if gain else teachers.coaching[members]
        )
        self.counts["studio_members"] = len(members)
        return int(np.count_nonzero(stars))

    def _batches(self, district: World, before: int = 0) -> int:
        """Return how many yearly batches were to be named up to this September, or
        some years before; a slip moves them all.
        """
        begun = self.first_year + -(-self.late // MONTHS)
        return int(np.clip(district.year - before - begun + 1, 0, self.value(district, "naming_years")))

    def _name_leaders(self, district: World) -> None:
        """Make backbone teachers subject leaders, by what panels see of them."""
        teachers = district.teachers
        rows = np.flatnonzero(teachers.public & teachers.backbone & ~teachers.star)
        named = actions.name_leaders(district, rows, int(self.value(district, "leaders")), self.stream("leaders"))
        self.touched += len(named)

    # ---- what was promised ----

    def _milestones(self, district: World) -> None:
        """Bring the lines of what was promised within the first cycle up to date."""
        start, left = self._cycle(district)
        if self.trained is None and left == 1 and self._all_trained(district, start):
            self.trained = district.year * MONTHS + AUGUST
        measure, last = self.measure or self.id, self.first_year - 1
        due = (last + int(self.value(district, "cycle_years"))) * MONTHS + AUGUST
        self.written.write(district, measure, Promise("everybody trained once", due), self.trained)
        if self.settings.naming:
            due = (last + int(self.value(district, "naming_years"))) * MONTHS + AUGUST
            promise = Promise("subject leaders and backbone teachers grown", due, striving=True)
            self.written.write(district, measure, promise, due + self.late)

    def _all_trained(self, district: World, start: int) -> bool:
        """Whether everybody who has been here since the cycle began was trained in it."""
        teachers, heads = district.teachers, principals.everybody(district)
        late = (teachers.trained_year < start) & (entry_year(teachers.id) < start)
        return not late.any() and all(h.trained_year >= start for h in heads if h.since < start)
