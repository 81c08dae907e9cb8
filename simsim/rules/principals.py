"""Principals as Mesa agents: how effective, how long in post, what a change costs a school, and how one is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsim.base import ids as identity
from simsim.world.schools import GeneralPrincipal, Principal, School

if TYPE_CHECKING:
    from simsim.district import District

EVER = 0


@dataclass(frozen=True)
class Selection:
    """How principals are chosen: how many candidates a post has, what the panel sees of them, and how many led a school
    before.

    `signal` is the correlation of what the panel sees with effectiveness. As it was before any plan: one candidate,
    nobody to compare.
    """

    candidates: int = 1
    signal: float = 0.0
    experienced: float | None = None


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
    """Let principals leave, at weak schools sooner than at strong ones (survey: 10 against 3.4 years), and fill empty
    posts.

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
        leaves = district.chance(
            "staff/principal-leaves", people, district.rate("staff/principal-leaves", odds / (1 + odds))
        )
        for school, leaving in zip(schools, leaves, strict=True):
            if leaving:
                appoint(district, school)
    for school in district.open_schools:
        if school.principal is None:
            appoint(district, school)


def campuses(district: District) -> list[School]:
    """Return the open public schools that have a principal, by key: the campuses that terms, letters and heads are
    about.
    """
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
    """Return how many campus principals have begun a year beyond the plan's last term, service counted from the plan's
    date.
    """
    p = district.p
    most, start = int(p["principal.term_years"] * p["principal.terms_most"]), int(p["principal.terms_count_from"])
    return sum(s.principal.served(district.year, start) >= most for s in campuses(district) if s.principal)


def summary(district: District) -> dict[str, float]:
    """Return the year's indicators of campus principals: changes, years in post, and who stays beyond the plan's last
    term.
    """
    heads = [s.principal for s in campuses(district) if s.principal]
    return {
        "principals": float(len(heads)),
        "principal_changes": float(sum(h.since == district.year and h.predecessor for h in heads)),
        "principal_tenure": float(np.mean([h.served(district.year) for h in heads])) if heads else 0.0,
        "principals_overstaying": float(overstaying(district)),
    }
