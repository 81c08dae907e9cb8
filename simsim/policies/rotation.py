"""Teachers rotate between schools: who may, who does, where to, and how they come back (交流轮岗; T2 of the plan)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from simsim.base.arrays import Ints
from simsim.base.codes import STAGES
from simsim.base.swaps import Answer, Pool, shuffle
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import rotation_pool as rota
from simsim.policy import Policy, PolicySettings, setting
from simsim.record import rotation as rotated
from simsim.world.rates import Multiple
from simsim.world.world import World

PASSES = 4
BY_ORDER, FLEXIBLE = "rotation_rate_policy", "rotation.flexible_quota"
"""What stands behind the quota of those who are told to go, and of volunteers."""
OF_VOLUNTEERS = ("accept.", "child_at_home.")


class RotationSettings(PolicySettings):
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
    and `weakest` send teachers to the schools with most pupils per teacher or lowest monitored quality (alone where
    that evens out staffing, else in exchange), `balancing` makes the swaps that narrow gaps in teacher quality as
    monitored. With origin `urban_good` the quota counts teachers of urban schools of above-median standing; they change
    places with teachers of the others.
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
    zero: ClassVar[dict[str, object]] = {"quota": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("quota",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
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
    Settings = RotationSettings
    settings: RotationSettings

    @classmethod
    def behind(cls, settings: RotationSettings, field: str) -> str | None:
        """The quota of volunteers is no national rule: it has a parameter of its own."""
        return FLEXIBLE if field == "quota" and settings.voluntary else super().behind(settings, field)

    @classmethod
    def unread(cls, settings: RotationSettings, p: Mapping[str, float]) -> set[str]:
        """What moves volunteers is not read of those told to go."""
        found = super().unread(settings, p) | {BY_ORDER if settings.voluntary else FLEXIBLE}
        if not settings.voluntary:
            found |= {name for name in p if name.startswith(OF_VOLUNTEERS)}
        return found

    @classmethod
    def contradictions(cls, settings: RotationSettings) -> list[tuple[str, object, str]]:
        """Places are dealt out among all who move, not between two sides."""
        if settings.destination == "random" and settings.origin != "all":
            remedy = "has no effect unless origin is all (two sides exchange); set origin, or destination to exchange"
            return [("destination", settings.destination, remedy)]
        return []

    @classmethod
    def in_vain(cls, settings: RotationSettings, around: Around) -> list[Vain]:
        """Nobody moves inside clusters that are not there; nobody is younger than the youngest teacher."""
        found = around.alone("", "clusters") if settings.scope == "cluster" else []
        if settings.spell_years is not None and around.first + settings.spell_years > around.to:
            found.append(Vain("return_prob", "kept", {"others": f"spell_years = {settings.spell_years}"}))
        return found + around.below("age_limit", settings.age_limit, "age.youngest")

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.away = np.empty(0, np.int64)
        self.counts = {name: np.zeros(len(STAGES)) for name in (*rotated.COUNTS, rotated.GOOD)}

    def active(self, year: int) -> bool:
        """It acts until everybody is back: nobody new goes after the last year."""
        return self.first_year <= year

    def starts(self, year: int) -> bool:
        """Whether teachers may be sent away this year."""
        return super().active(year)

    def rate(self, name: str, district: World) -> Multiple:
        """Multiply the exit rate of those who are away (n teachers)."""
        return np.where(np.isin(district.teachers.id, self.away), self.value(district, "attrition"), 1.0)

    def changes_heads(self, district: World) -> bool:
        """Only where teachers who are away leave the profession more often, or less."""
        return self.value(district, "attrition") != 1.0

    def planned(self, district: World) -> tuple[float, float]:
        """Return the allowances of those who are away and of those who may go."""
        goes = (
            self.value(district, "quota") * np.count_nonzero(rota.eligible(district, self.call(district)))
            if self.starts(district.year)
            else 0.0
        )
        return 0.0, self.value(district, "allowance") * (len(self.away) + goes)

    def staff(self, district: World) -> None:
        """Bring back those whose spell is over, then ask for this year's."""
        for counts in self.counts.values():
            counts[:] = 0
        self._bring_back(district)
        if self.starts(district.year) and self.value(district, "quota") > 0.0:
            self._send(district, self.call(district))

    def settle(self, district: World) -> None:
        """Pay the allowance of everybody who is away, and add this year's counts to what all instances did."""
        district.spend(self.id, "running", self.value(district, "allowance") * len(self.away), self.measure)
        if self.starts(district.year) and self.value(district, "quota") > 0.0:
            rotated.add(district, self.counts)

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

    def _send(self, district: World, call: rota.Call) -> None:
        """Ask eligible teachers until the quota is reached, and move them for a spell."""
        teachers = district.teachers
        rows, pool = rota.ask(district, call)
        expected = self.funded * self.value(district, "quota") * int(pool.counts.sum())
        target = int(district.streams.whole(self.stream("quota"), district.year, np.zeros(1, np.int64), expected)[0])
        rows, pool, answer = self._choose(district, rows, pool, call, target)
        movers = rows[[person for person, _ in answer.moves]]
        keys = district.parts.key[[place for _, place in answer.moves]]
        for name, numbers in rota.tally(district, rows, pool, answer, call).items():
            self.counts[name] += numbers
        district.move_teachers(movers, keys, "rotation", self.id, home=False)
        teachers.spell_end[movers] = district.year + int(self.value(district, "spell_years"))
        teachers.mandated[movers] = not self.settings.voluntary
        self.away = np.sort(np.append(self.away, teachers.id[movers]))
        self.touched += len(movers)

    # ---- who and where ----

    def call(self, district: World) -> rota.Call:
        """Return whom this instance asks, and on what terms."""
        s = self.settings
        return rota.Call(
            s.scope,
            s.origin != "all",
            self.value(district, "eligible_years"),
            self.value(district, "age_limit"),
            None if s.voluntary else self.value(district, "compliance"),
            self.value(district, "allowance"),
            s.title_incentive,
            self.stream("order"),
            self.stream("accept"),
        )

    def _choose(
        self, district: World, rows: Ints, pool: Pool, call: rota.Call, target: int
    ) -> tuple[Ints, Pool, Answer]:
        """Return who goes where, asking as many backbone teachers first as it takes to reach their share.

        Some who are asked first find no partner, so that a few more must be asked before the others.
        """
        s = self.settings
        wanted = int(np.ceil(self.value(district, "backbone_share") * target))
        ready = np.flatnonzero(pool.backbone & pool.counts & pool.accepts)
        first = wanted
        for _ in range(PASSES):
            order = np.r_[ready[:first], np.setdiff1d(np.arange(len(pool)), ready[:first])]
            asked = rows[order], pool.take(order)
            answer = rota.destinations(district, *asked, call, s.destination, target, wanted)
            found = int(np.count_nonzero(np.isin(order[[person for person, _ in answer.moves]], ready)))
            if found >= wanted or first >= len(ready):
                break
            first += wanted - found
        if s.destination == "random" and s.origin == "all":
            lot = district.uniform(self.stream("place"), district.teachers.id[asked[0]])
            answer = shuffle(asked[1], answer, lot)
        return *asked, answer
