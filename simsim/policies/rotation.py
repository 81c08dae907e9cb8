"""Teachers rotate between schools: who may, who does, where to, and how they come back (交流轮岗; T2 of the plan)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.base.swaps import Answer, Balance, Pool, exchange, shuffle, to_need
from simsim.policies.shared import rotation_pool as rota
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.staff import age
from simsim.world.world import World

PASSES = 4
OF_VOLUNTEERS = ("accept.", "child_at_home.")
COUNTS = ("eligible", "rotated", "counted", "backbone", "refusals", "km", "good_rotated", "good_backbone")
GOOD = "good_eligible"


class Settings(PolicySettings):
    """Who may rotate, how many do, where they go, for how long, and what it costs."""

    scope: Literal["cluster", "district"] = setting("district", unit="area inside which teachers move")
    quota: float | None = setting(
        None, unit="share of eligible teachers a year", parameter="rotation_rate_policy", ge=0, le=1
    )
    backbone_share: float | None = setting(
        None, unit="share of rotated teachers", parameter="rotation_backbone_share", ge=0, le=1
    )
    voluntary: bool = setting(False, unit="whether teachers may refuse without consequence")
    destination: Literal["exchange", "random", "need", "weakest", "balancing"] = setting(
        "exchange", unit="rule of who goes where"
    )
    origin: Literal["all", "urban_good"] = setting("all", unit="schools whose teachers the quota counts")
    eligible_years: int | None = setting(None, unit="years in school", parameter="rotation_eligible_years", ge=0, le=40)
    age_limit: int | None = setting(None, unit="years of age", parameter="rotation.age_limit", ge=20, le=100)
    spell_years: int | None = setting(None, unit="years", parameter="rotation_spell_years", ge=1, le=20)
    return_prob: float | None = setting(None, unit="probability", parameter="rotation_return_prob", ge=0, le=1)
    compliance: float | None = setting(
        None,
        unit="probability of going when told to",
        parameter="rotation_mandated_compliance",
        ge=0,
        le=1,
        only_with={"voluntary": (False,)},
    )
    title_incentive: float = setting(
        0.0, unit="0 none, 1 when service away counts for a higher title", ge=0, le=1, only_with={"voluntary": (True,)}
    )
    attrition: float | None = setting(
        None, unit="multiplier on the exit rate while away", parameter="rotation_attrition", ge=0, le=10
    )
    allowance: float | None = setting(
        None, unit="yuan per rotated teacher-year", parameter="rotation_allowance", ge=0, le=1e6
    )


class Rotation(Policy):
    """A share of the eligible teachers works at another school for a spell, keeping the home post.

    Subject group and stage are kept. `exchange` lets two teachers swap, `random` deals out the movers' places, `need`
    and
    `weakest` send teachers to the schools with most pupils per teacher or lowest monitored quality (alone where that
    evens out staffing, else in exchange), `balancing` makes the swaps that narrow gaps in teacher quality as monitored.
    With origin `urban_good` the quota counts teachers of urban schools of above-median standing; they change places
    with teachers of the others.
    """

    name: ClassVar[str] = "rotation"
    title: ClassVar[dict[str, str]] = {"zh": "教师交流轮岗", "en": "Teacher rotation"}
    rates: ClassVar[tuple[str, ...]] = ("staff/exit",)
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "none on the mean of effectiveness; costs: mover_class_penalty_yr1 and _yr2, va_portability_primary and "
        "_junior while "
        "away, mandated_effort_cost for those told to go"
    )
    zero: ClassVar[dict[str, Any]] = {"quota": 0.0}
    extremes: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "quota": 1.0,
            "eligible_years": 0,
            "age_limit": 100,
            "spell_years": 1,
            "destination": "random",
            "compliance": 1.0,
        },
        {
            "quota": 1.0,
            "eligible_years": 0,
            "age_limit": 100,
            "spell_years": 20,
            "destination": "balancing",
            "return_prob": 0.0,
        },
        {"quota": 1.0, "eligible_years": 0, "destination": "need", "origin": "urban_good", "return_prob": 1.0},
        {
            "quota": 1.0,
            "voluntary": True,
            "destination": "weakest",
            "title_incentive": 1.0,
            "attrition": 10.0,
            "allowance": 0.0,
        },
        {"scope": "cluster", "eligible_years": 40, "age_limit": 20, "backbone_share": 1.0},
    )
    Settings = Settings

    @classmethod
    def unread(cls, settings: Any, p: Mapping[str, float]) -> set[str]:
        """What moves volunteers is not read of those told to go; and who is eligible is mostly no novice any more."""
        found = super().unread(settings, p)
        if not settings.voluntary:
            return found | {name for name in p if name.startswith(OF_VOLUNTEERS)}
        years = p["rotation_eligible_years"] if settings.eligible_years is None else settings.eligible_years
        return found | ({"accept.novice"} if years >= p["novice_years"] else set())

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.away = np.empty(0, np.int64)
        self.counts = {name: np.zeros(len(STAGES)) for name in (*COUNTS, GOOD)}

    def active(self, year: int) -> bool:
        """It acts until everybody is back: nobody new goes after the last year."""
        return self.first_year <= year

    def starts(self, year: int) -> bool:
        """Whether teachers may be sent away this year."""
        return super().active(year)

    def rate(self, name: str, district: World) -> Any:
        """Multiply the exit rate of those who are away (n teachers)."""
        return np.where(np.isin(district.teachers.id, self.away), self.value(district, "attrition"), 1.0)

    def planned(self, district: World) -> tuple[float, float]:
        """Return the allowances of those who are away and of those who may go."""
        goes = (
            self.value(district, "quota") * np.count_nonzero(self._may(district)) if self.starts(district.year) else 0.0
        )
        return 0.0, self.value(district, "allowance") * (len(self.away) + goes)

    def staff(self, district: World) -> None:
        """Bring back those whose spell is over, then ask for this year's."""
        for counts in self.counts.values():
            counts[:] = 0
        self._bring_back(district)
        if self.starts(district.year) and self.value(district, "quota") > 0.0:
            self._send(district)

    def settle(self, district: World) -> None:
        """Pay the allowance of everybody who is away, and let the last instance of the year write what all did."""
        district.spend(self.id, "running", self.value(district, "allowance") * len(self.away), self.measure)
        working = [
            p
            for p in district.policies
            if isinstance(p, Rotation) and p.starts(district.year) and p.value(district, "quota") > 0.0
        ]
        if working and working[-1] is self:
            good = np.max([p.counts[GOOD] for p in working], axis=0)
            note(district, {name: sum(p.counts[name] for p in working) for name in COUNTS} | {GOOD: good})

    # ---- going and coming back ----

    def _bring_back(self, district: World) -> None:
        """Send home whose spell is over, with `return_prob`; the others keep the new school for good."""
        teachers = district.teachers
        rows = np.flatnonzero(np.isin(teachers.id, self.away) & (teachers.post != teachers.home))
        due = rows[teachers.spell_end[rows] <= district.year]
        returns = district.chance(self.stream("return"), teachers.id[due], self.value(district, "return_prob"))
        back, stay = rota.released(district, due[returns]), due[~returns]
        teachers.home[stay] = teachers.post[stay]
        district.move_teachers(back, teachers.home[back], "return", self.id)
        for over in (back, stay):
            teachers.spell_end[over], teachers.mandated[over] = 0, False
        self.away = teachers.id[rows[teachers.post[rows] != teachers.home[rows]]]

    def _send(self, district: World) -> None:
        """Ask eligible teachers until the quota is reached, and move them for a spell."""
        teachers = district.teachers
        rows, pool = self._pool(district)
        expected = self.funded * self.value(district, "quota") * int(pool.counts.sum())
        target = int(district.streams.whole(self.stream("quota"), district.year, np.zeros(1, np.int64), expected)[0])
        rows, pool, answer = self._choose(district, rows, pool, target)
        movers = rows[[person for person, _ in answer.moves]]
        keys = district.parts.key[[place for _, place in answer.moves]]
        self._count(district, rows, pool, answer, keys)
        district.move_teachers(movers, keys, "rotation", self.id, home=False)
        teachers.spell_end[movers] = district.year + int(self.value(district, "spell_years"))
        teachers.mandated[movers] = not self.settings.voluntary
        self.away = np.sort(np.append(self.away, teachers.id[movers]))
        self.touched += len(movers)

    def _count(self, district: World, rows: Ints, pool: Pool, answer: Answer, keys: Ints) -> None:
        """Note what the year came to, by stage."""
        teachers, x, y = district.teachers, *rota.places(district)
        stage, people = teachers.stage[rows], np.array([person for person, _ in answer.moves], dtype=np.int64)
        to = district.parts.place[stage[people], keys]
        km = distance_km(x[pool.part[people]], y[pool.part[people]], x[to], y[to])
        counted = people[pool.counts[people]]
        columns: dict[str, tuple[Any, Any]] = {
            "eligible": (stage[pool.counts], None),
            "rotated": (stage[people], None),
            "counted": (stage[counted], None),
            "backbone": (stage[counted], pool.backbone[counted]),
            "refusals": (stage[answer.refused], None),
            "km": (stage[people], km),
        }
        good = rota.good_parts(district)
        eligible = self._may(district)
        from_good = people[good[pool.part[people]]]
        columns |= {
            GOOD: (teachers.stage[eligible & good[district.parts.of_teachers()]], None),
            "good_rotated": (stage[from_good], None),
            "good_backbone": (stage[from_good], pool.backbone[from_good]),
        }
        for name, (of, weights) in columns.items():
            self.counts[name] += np.bincount(of, weights, len(STAGES))

    # ---- who and where ----

    def _origins(self, district: World) -> Mask:
        """Return the parts whose teachers the quota counts (parts)."""
        return district.parts.public if self.settings.origin == "all" else rota.good_parts(district)

    def _may(self, district: World) -> Mask:
        """Return who is eligible (n teachers): public, at the home post, long enough in the school and not too old."""
        teachers = district.teachers
        may = teachers.public & (teachers.post == teachers.home)
        may &= teachers.years_in_school >= self.value(district, "eligible_years")
        return may & (age(district) < self.value(district, "age_limit"))

    def _pool(self, district: World) -> tuple[Ints, Pool]:
        """Return the rows of teachers who may be asked, in the order of a keyed draw, and the pool they form."""
        teachers, area, origin = district.teachers, rota.areas(district, self.settings.scope), self._origins(district)
        part = district.parts.of_teachers().astype(np.int64)
        rows = np.flatnonzero(self._may(district) & (area[part] >= 0))
        rows = rows[np.argsort(district.uniform(self.stream("order"), teachers.id[rows]), kind="stable")]
        at = part[rows]
        sided = self.settings.origin != "all"
        chance = self._acceptance(district, rows, rota.reach(district, area, origin if sided else None)[at])
        accepts = district.chance(self.stream("accept"), teachers.id[rows], chance)
        group = teachers.subject[rows].astype(np.int64)
        cell = rota.cells(area[at], teachers.stage[rows], group)
        side = origin[at].astype(np.int64) if sided else at
        return rows, Pool(cell, at, group, side, origin[at], accepts, teachers.backbone[rows])

    def _acceptance(self, district: World, rows: Ints, km: Floats) -> Any:
        """Return the chance that each teacher (rows) goes when asked: as volunteers do, or as those do who are told
        to.
        """
        if not self.settings.voluntary:
            return district.compliance(self.value(district, "compliance"))
        return rota.volunteering(district, rows, km, self.value(district, "allowance"), self.settings.title_incentive)

    def _choose(self, district: World, rows: Ints, pool: Pool, target: int) -> tuple[Ints, Pool, Answer]:
        """Return who goes where, asking as many backbone teachers first as it takes to reach their share.

        Some who are asked first find no partner, so that a few more must be asked before the others.
        """
        wanted = int(np.ceil(self.value(district, "backbone_share") * target))
        ready = np.flatnonzero(pool.backbone & pool.counts & pool.accepts)
        first = wanted
        for _ in range(PASSES):
            order = np.r_[ready[:first], np.setdiff1d(np.arange(len(pool)), ready[:first])]
            answer = self._place(district, rows[order], pool.take(order), target, wanted)
            found = np.count_nonzero(np.isin(order[[person for person, _ in answer.moves]], ready))
            if found >= wanted or first >= len(ready):
                break
            first += wanted - found
        rows, pool = rows[order], pool.take(order)
        if self.settings.destination == "random" and self.settings.origin == "all":
            answer = shuffle(pool, answer, district.uniform(self.stream("place"), district.teachers.id[rows]))
        return rows, pool, answer

    def _place(self, district: World, rows: Ints, pool: Pool, target: int, wanted: int) -> Answer:
        """Return who goes where, by the destination rule."""
        rule = self.settings.destination
        if rule in ("need", "weakest"):
            rank = -district.parts.monitored if rule == "weakest" else None
            return to_need(pool, target, rota.room(district), self._options(district, pool), rank)
        if rule == "balancing":
            return self._balance(district, rows, pool, target, wanted)
        return exchange(pool, target)

    def _options(self, district: World, pool: Pool) -> dict[int, Mask]:
        """Return, for each cell, the parts that its people who count may go to (parts)."""
        area = rota.areas(district, self.settings.scope)
        stage = district.parts.stage
        to = np.ones(len(stage), bool) if self.settings.origin == "all" else ~self._origins(district)
        return {c: to & (rota.cells(area, stage, c % len(SUBJECT_GROUPS)) == c) for c in np.unique(pool.cell).tolist()}

    def _balance(self, district: World, rows: Ints, pool: Pool, target: int, wanted: int) -> Answer:
        """Return the swaps that narrow gaps in teacher quality as monitoring shows it, backbone teachers first."""
        teachers = district.teachers
        cell = district.parts.of_teachers().astype(np.int64) * len(SUBJECT_GROUPS) + teachers.subject
        shape = (len(district.parts), len(SUBJECT_GROUPS))
        sums = np.bincount(cell, teachers.monitored, shape[0] * shape[1]).reshape(shape)
        sided = self.settings.origin != "all"
        balance = Balance(pool, teachers.monitored[rows], sums, district.parts.staff(), sided)
        balance.run(min(target, wanted if sided else 2 * wanted), pool.backbone)
        balance.run(target, np.ones(len(pool), bool))
        return balance.answer


def note(district: World, counts: dict[str, Floats]) -> None:
    """Write the year's indicators of rotation by stage and in all."""
    for word, pick in (*((word, np.s_[i : i + 1]) for i, word in enumerate(STAGES)), ("all", np.s_[:])):
        n = {name: float(values[pick].sum()) for name, values in counts.items()}
        values = {
            "rotation_eligible": n["eligible"],
            "rotated": n["rotated"],
            "rotation_share": n["counted"] / max(n["eligible"], 1.0),
            "rotation_backbone_share": n["backbone"] / max(n["counted"], 1.0),
            "rotation_refusals": n["refusals"],
            "rotation_km": n["km"] / max(n["rotated"], 1.0),
            "rotation_good_share": n["good_rotated"] / max(n[GOOD], 1.0),
            "rotation_good_backbone_share": n["good_backbone"] / max(n["good_rotated"], 1.0),
        }
        district.recorder.note_all(district, values, word)
