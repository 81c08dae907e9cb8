"""Campus principals serve terms, at most so many in one post, and are chosen by a rule (校长任期制; P2 of the plan)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from simsim.base.arrays import Floats
from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules import principals
from simsim.world.instructions import Panel
from simsim.world.schools import Principal, School
from simsim.world.world import World


class PrincipalTermsSettings(PolicySettings):
    """How long a term is, how many there may be, what counts, and how principals are chosen."""

    term_years: int | None = setting(None, unit="years", parameter="principal.term_years", ge=1, le=40)
    terms_most: int | None = setting(
        None, unit="terms in one post; 0 for no limit", parameter="principal.terms_most", ge=0, le=20
    )
    counted_from: int | None = setting(
        None,
        unit="September from which service counts; 0: all",
        parameter="principal.terms_count_from",
        ge=0,
        le=2100,
        only_above=("terms_most", "pass_mark"),
    )
    pass_mark: float | None = setting(
        None, unit="share of yearly targets met", parameter="principal.pass_mark", ge=0, le=1
    )
    leave_in_term: float | None = setting(
        None,
        unit="share of usual leaving that goes on within a term",
        parameter="principal.leave_in_term",
        ge=0,
        le=1,
        only_above=("terms_most", "pass_mark"),
    )
    chosen: Literal["usual", "recommendation", "competition", "city"] = setting(
        "city", unit="how principals are chosen"
    )
    signal: float | None = setting(
        None,
        unit="correlation",
        parameter="principal.selection_signal",
        ge=0,
        le=1,
        only_with={"chosen": ("recommendation", "competition", "city")},
    )
    cost: float | None = setting(
        None,
        unit="yuan per post filled by selection",
        parameter="principal.selection_cost",
        ge=0,
        le=1e7,
        only_with={"chosen": ("recommendation", "competition", "city")},
    )


class PrincipalTerms(Policy):
    """Terms end; reviews decide whether another follows; after the last, principals go to other schools.

    A term is served to its end: of those who would usually leave only a share does before (`leave_in_term`: retirement,
    health, resignation), and the transfers that had to wait are decided when the term ends.
    At the end of a term a principal who met less than `pass_mark` of the yearly targets of the letter (policy
    principal_targets; without letters everybody passes) leaves the post. After the last term a principal must move: the
    best reviewed choose first and go to the school of lowest monitored quality among those whose post falls free; who
    finds none changes places with the longest-serving other principal of a like school, and where there is none leaves.
    Posts left empty go to the best-looking of the candidates: two by recommendation (民主推荐), more in a competition
    (竞争上岗) of the district and most in city-wide open recruitment (全市公开招聘). With `counted_from` 0 earlier
    service counts, and all who served too long must move in the first year.
    """

    name: ClassVar[str] = "principal_terms"
    title: ClassVar[dict[str, str]] = {"zh": "校长任期与选拔", "en": "Principals' terms and selection"}
    touches: ClassVar[str] = "principals"
    effect: ClassVar[str] = (
        "costs: principal_change_yr1 and _yr2 after every change, less principal_experienced_offset; "
        "gain: the best of several candidates as far as the panel sees it (principal.selection_signal, sd_principal)"
    )
    zero: ClassVar[dict[str, object]] = {"terms_most": 0, "pass_mark": 0.0, "chosen": "usual"}
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"term_years": 1, "terms_most": 1, "counted_from": 0, "pass_mark": 1.0, "signal": 1.0},
        {"term_years": 1, "terms_most": 1, "chosen": "usual"},
        {"term_years": 40, "terms_most": 20, "chosen": "recommendation", "signal": 0.0},
    )
    rates: ClassVar[tuple[str, ...]] = ("staff/principal-leaves",)
    divisible: ClassVar[bool] = False
    Settings = PrincipalTermsSettings
    settings: PrincipalTermsSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.counts = {"ended": 0, "renewed": 0, "moved": 0}

    @classmethod
    def sets(cls, settings: PrincipalTermsSettings) -> set[str]:
        """Terms and selection are set once."""
        return {"principals' terms"}

    @classmethod
    def in_vain(cls, settings: PrincipalTermsSettings, around: Around) -> list[Vain]:
        """Without letters everybody passes."""
        return around.alone("pass_mark", "principal_targets")

    def instruct(self, district: World) -> None:
        """Say how many candidates a principal's post has this year, and what is seen of them."""
        chosen = self.settings.chosen
        if chosen != "usual" and self.funded:
            district.instructions.panel = Panel(
                int(district.p[f"principal.candidates.{chosen}"]),
                float(self.value(district, "signal")),
                district.p["principal.experienced_share_city"] if chosen == "city" else None,
            )

    def planned(self, district: World) -> tuple[float, float]:
        """Return what filling the posts that fall free in a usual year costs; without
        the money principals are chosen as before.
        """
        posts = (
            0.0
            if self.settings.chosen == "usual"
            else district.p["principal.leave"] * len(principals.campuses(district))
        )
        return 0.0, float(posts * self.value(district, "cost"))

    def rate(self, name: str, district: World) -> Floats:
        """Return, for each principal who may leave, the share of usual leaving that goes on within a term."""
        public = np.array([school.public for school in principals.may_leave(district)], dtype=bool)
        return np.where(public & self._binds(district), self.value(district, "leave_in_term"), 1.0)

    def _binds(self, district: World) -> bool:
        """Whether there are terms at all: a limit on them, or a mark to pass."""
        return bool(self.value(district, "terms_most") or self.value(district, "pass_mark"))

    def staff(self, district: World) -> None:
        """End the terms that are over: some go on, some leave, some must move."""
        self.counts = dict.fromkeys(self.counts, 0)
        ended = [s for s in principals.campuses(district) if self._ends(s.principal, district)]
        failed = [s for s in ended if not self._passes(s.principal, district)]
        last = [s for s in ended if s not in failed and self._last(s.principal, district)]
        stay = [s for s in ended if s not in failed and s not in last]
        transferred = self._transferred(district, stay)
        stay = [s for s in stay if s not in transferred]
        for school in stay:
            if school.principal is not None:
                school.principal.letter = None
        for school in [*failed, *transferred]:
            principals.vacate(school)
        self._move(district, last)
        for school in [*last, *failed, *transferred]:
            if school.principal is None:
                principals.appoint(district, school)
        self.counts = {"ended": len(ended), "renewed": len(stay), "moved": len(last)}
        self.touched += len(ended)

    def _transferred(self, district: World, schools: list[School]) -> list[School]:
        """Return the schools whose principal, the term being over, goes where a transfer has waited for the end of it:
        with the chance that usual leaving would have taken them within these years.
        """
        if not schools or not self._binds(district):
            return []
        waits = 1.0 - self.value(district, "leave_in_term")
        years = int(self.value(district, "term_years"))
        chance = 1.0 - (1.0 - waits * principals.chances_of_leaving(district, schools)) ** years
        people = np.array([s.principal.id for s in schools if s.principal])
        goes = district.chance(self.stream("transferred"), people, chance)
        return [school for school, yes in zip(schools, goes.tolist(), strict=True) if yes]

    def settle(self, district: World) -> None:
        """Pay for the selections of the year and write how terms ended."""
        if self.settings.chosen != "usual" and self.funded:
            new = [s for s in principals.campuses(district) if s.principal and s.principal.entered == district.year]
            district.spend(self.id, "running", len(new) * self.value(district, "cost"), self.measure)
            self.touched += len(new)
        if self._binds(district):
            names = {
                "ended": "principal_terms_ended",
                "renewed": "principal_terms_renewed",
                "moved": "principals_moved_on",
            }
            district.recorder.note_all(district, {names[key]: value for key, value in self.counts.items()})

    # ---- when a term ends, and what follows ----

    def _served(self, principal: Principal | None, district: World) -> int:
        counted_from = int(self.value(district, "counted_from"))
        return 0 if principal is None else principal.served(district.year, counted_from)

    def _last(self, principal: Principal | None, district: World) -> bool:
        """Whether all the terms that one post allows are served."""
        most = int(self.value(district, "terms_most"))
        return most > 0 and self._served(principal, district) >= most * int(self.value(district, "term_years"))

    def _ends(self, principal: Principal | None, district: World) -> bool:
        """Whether a term ends this September, or should have ended before."""
        served = self._served(principal, district)
        return served > 0 and (served % int(self.value(district, "term_years")) == 0 or self._last(principal, district))

    def _passes(self, principal: Principal | None, district: World) -> bool:
        """Whether the end-of-term review is passed; without a letter it is."""
        return (
            principal is None
            or principal.letter is None
            or principal.letter.share_met >= self.value(district, "pass_mark")
        )

    def _move(self, district: World, leaving: list[School]) -> None:
        """Send those who must move to other schools; who finds none changes places, and else leaves the campuses."""
        movers = [(s.principal, s) for s in leaving if s.principal is not None]
        movers.sort(key=lambda m: (-(m[0].letter.share_met if m[0].letter else 0.0), m[1].key))
        for school in leaving:
            school.principal = None
        for principal, home in movers:
            free = [
                s
                for s in district.open_schools
                if s.public and s.principal is None and s is not home and alike(s, home)
            ]
            if free:
                principal.lead(min(free, key=lambda s: (principals.quality(s), s.key)), district.year)
            elif not self._exchange(district, principal, home):
                principal.remove()

    def _exchange(self, district: World, principal: Principal, home: School) -> bool:
        """Let a principal change places with the longest-serving other one of a
        like school; return whether there is one, and the own school has nobody else yet.
        """
        others = [
            s
            for s in principals.campuses(district)
            if s is not home and alike(s, home) and s.principal and s.principal.since < district.year
        ]
        if not others or home.principal is not None:
            return False
        there = max(others, key=lambda s: (self._served(s.principal, district), -s.key))
        partner = there.principal
        principal.lead(there, district.year)
        if partner is not None:
            partner.lead(home, district.year)
        return True


def alike(one: School, two: School) -> bool:
    """Whether two schools teach a common stage."""
    return bool(set(one.parts) & set(two.parts))
