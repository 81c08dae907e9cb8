"""Principals as Mesa agents: how effective, how long in post, what a change costs a school, and how one is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa
import numpy as np

from simsim import ids as identity
from simsim.schools import School

if TYPE_CHECKING:
    from simsim.clusters import Cluster
    from simsim.district import District

EVER = 0


@dataclass
class Letter:
    """A target letter (目标责任书): monitored quality at its start (SD), the rise promised over the term, each year's verdict."""

    start: float
    gain: float
    written: int
    met: list[bool] = field(default_factory=list)

    def target(self, year: int, term: int) -> float:
        """Return what the school year `year` should reach: a share of the promised rise for every year since the start."""
        return self.start + self.gain * min(year - self.written + 1, term) / term

    def review(self, seen: float, year: int, term: int) -> bool:
        """Compare a year's monitored quality with its target, keep the verdict and return it."""
        self.met.append(bool(seen >= self.target(year, term)))
        return self.met[-1]

    @property
    def share_met(self) -> float:
        """The share of the yearly targets met so far; 1 before any review."""
        return sum(self.met) / len(self.met) if self.met else 1.0


@dataclass(frozen=True)
class Selection:
    """How principals are chosen: how many candidates a post has, what the panel sees of them, and how many led a school before.

    `signal` is the correlation of what the panel sees with effectiveness. As it was before any plan: one candidate, nobody to compare.
    """

    candidates: int = 1
    signal: float = 0.0
    experienced: float | None = None


class Principal(mesa.Agent):
    """The head of a campus: `effectiveness` in SD a year at full effect, `since` the September of taking the post, `entered` the first."""

    def __init__(self, model: mesa.Model, person: int, effectiveness: float, since: int, experienced: bool) -> None:
        super().__init__(model)
        self.id, self.effectiveness, self.since, self.experienced = int(person), effectiveness, since, experienced
        self.entered, self.predecessor = since, False
        self.letter: Letter | None = None
        self.trained_year = 0

    def value_added(self, year: int, p: dict[str, float]) -> float:
        """Return this year's effect on the school in SD: growing into the post, less the dip of a recent change.

        Sources: Coelli & Green 2012 (growing in), Bartanen et al. 2019 and Miller 2013 (dip; smaller when the
        successor has led a school before).
        """
        served = year - self.since
        grown = 1.0 - float(np.exp(-(served + 1) / p["principal_ramp_tau"]))
        dips = (p["principal_change_yr1"], p["principal_change_yr2"])
        dip = dips[served] if self.predecessor and served < len(dips) else 0.0
        softened = 1.0 - p["principal_experienced_offset"] * self.experienced
        return self.effectiveness * grown + dip * softened

    def served(self, year: int, counted_from: int = 0) -> int:
        """Return the whole years in this post up to September `year`, those before `counted_from` left out."""
        return year - max(self.since, counted_from)

    def take(self, school: School, year: int) -> None:
        """Take the post at a school; a school that opened before this year had somebody else."""
        self.predecessor, self.since, self.letter = school.opened < year, year, None
        school.principal = self

    def lead(self, school: School, year: int) -> None:
        """Go to another school: with the experience of having led one."""
        self.experienced = True
        self.take(school, year)

    def __repr__(self) -> str:
        return f"Principal({self.id}, since {self.since})"


class GeneralPrincipal(mesa.Agent):
    """The head of a cluster (集团总校长, 联盟校总校长, 大学区长): above the campus principals, without a campus and not bound by terms."""

    def __init__(self, model: mesa.Model, cluster: Cluster, campus: Principal, since: int) -> None:
        super().__init__(model)
        self.cluster, self.since = cluster, since
        self.id, self.effectiveness, self.trained_year = campus.id, campus.effectiveness, campus.trained_year

    def __repr__(self) -> str:
        return f"GeneralPrincipal({self.id}, {self.cluster.name}, since {self.since})"


def selection(district: District) -> Selection:
    """Return how principals are chosen this year: as an acting policy says, else as it was before any plan."""
    for policy in district.policies:
        chosen = getattr(policy, "selection", None)
        if chosen is not None and district.acts(policy):
            return chosen(district)
    return Selection()


def appoint(district: District, school: School, route: int = identity.PRINCIPAL) -> Principal:
    """Put the best-looking candidate of the year into a school; whoever leads it until now leaves the post."""
    rule = selection(district) if route == identity.PRINCIPAL and school.public else Selection()
    people = identity.make(district.year, route, school.key, np.arange(rule.candidates))
    z = district.normal("staff/principal-effectiveness", people, EVER)
    best = 0
    if rule.candidates > 1:
        noise = district.normal("staff/principal-signal", people, EVER)
        best = int(np.argmax(rule.signal * z + np.sqrt(1.0 - rule.signal**2) * noise))
    share = district.p["principal.experienced_share"] if rule.experienced is None else rule.experienced
    experienced = bool(district.chance("staff/principal-experience", people[best : best + 1], share, EVER)[0])
    effectiveness = district.p["sd_principal"] * float(z[best])
    principal = Principal(district, int(people[best]), effectiveness, district.year, experienced)
    vacate(school)
    principal.take(school, district.year)
    return principal


def vacate(school: School) -> None:
    """Let the principal of a school, if it has one, leave the post and the district's campuses."""
    if school.principal is not None:
        school.principal.remove()
        school.principal = None


def first(district: District, school: School) -> None:
    """Give a school its principal of 2014, with a tenure drawn from how long principals stay."""
    principal = appoint(district, school, identity.INITIAL)
    served = district.uniform("build/principal-tenure", np.array([principal.id]), 0)[0]
    stay = np.log(1.0 - served) / np.log(1.0 - district.p["principal.leave"])
    principal.since = principal.entered = district.year - int(min(stay, district.p["principal.longest"])) - 1
    principal.predecessor = False


def turn_over(district: District) -> None:
    """Let principals leave, at weak schools sooner than at strong ones (survey: 10 against 3.4 years), and fill empty posts.

    Who took a post this year stays; the principal of a school that closed goes.
    """
    p = district.p
    for school in district.schools.values():
        if not school.parts:
            vacate(school)
    schools = [s for s in district.open_schools if s.principal is not None and s.principal.since < district.year]
    if schools:
        people = np.array([s.principal.id for s in schools if s.principal])
        status = np.array([np.mean([part.status for part in s.parts.values()]) for s in schools])
        odds = p["principal.leave"] / (1 - p["principal.leave"]) * p["vol_move_or_status"] ** status
        leaves = district.chance("staff/principal-leaves", people, district.rate("staff/principal-leaves", odds / (1 + odds)))
        for school, leaving in zip(schools, leaves, strict=True):
            if leaving:
                appoint(district, school)
    for school in district.open_schools:
        if school.principal is None:
            appoint(district, school)


def campuses(district: District) -> list[School]:
    """Return the open public schools that have a principal, by key: the campuses that terms, letters and heads are about."""
    return [s for s in district.open_schools if s.public and s.principal is not None]


def everybody(district: District) -> list[Principal | GeneralPrincipal]:
    """Return all who lead a school or a cluster."""
    return [*district.agents_by_type.get(Principal, ()), *district.agents_by_type.get(GeneralPrincipal, ())]


def quality(school: School) -> float:
    """Return the monitored quality of a school (SD): the mean of its parts, weighted by their September rolls."""
    parts = list(school.parts.values())
    weights = np.array([max(part.pupils, 1) for part in parts], dtype=float)
    return float(np.average([part.monitored for part in parts], weights=weights))


def overstaying(district: District) -> int:
    """Return how many campus principals have begun a year beyond the plan's last term, service counted from the plan's date."""
    p = district.p
    most, start = int(p["principal.term_years"] * p["principal.terms_most"]), int(p["principal.terms_count_from"])
    return sum(s.principal.served(district.year, start) >= most for s in campuses(district) if s.principal)


def summary(district: District) -> dict[str, float]:
    """Return the year's indicators of campus principals: changes, years in post, and who stays beyond the plan's last term."""
    heads = [s.principal for s in campuses(district) if s.principal]
    return {
        "principals": float(len(heads)),
        "principal_changes": float(sum(h.since == district.year and h.predecessor for h in heads)),
        "principal_tenure": float(np.mean([h.served(district.year) for h in heads])) if heads else 0.0,
        "principals_overstaying": float(overstaying(district)),
    }
