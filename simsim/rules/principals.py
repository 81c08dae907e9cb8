"""Principals as Mesa agents: how effective, how long in post, what a change costs a school, and how one is chosen."""

from __future__ import annotations

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats
from simsim.base.sums import added_up
from simsim.world.instructions import Panel
from simsim.world.schools import GeneralPrincipal, Principal, School
from simsim.world.world import World

EVER = 0


def appoint(world: World, school: School, route: int = identity.PRINCIPAL) -> Principal:
    """Put the best-looking candidate of the year into a school; whoever leads it until now leaves the post."""
    rule = world.instructions.panel if route == identity.PRINCIPAL and school.public else Panel()
    people = identity.make(world.year, route, school.key, np.arange(rule.candidates))
    z = world.normal("staff/principal-effectiveness", people, EVER)
    best = 0
    if rule.candidates > 1:
        noise = world.normal("staff/principal-signal", people, EVER)
        best = int(np.argmax(rule.signal * z + np.sqrt(1.0 - rule.signal**2) * noise))
    share = world.p["principal.experienced_share"] if rule.experienced is None else rule.experienced
    experienced = bool(world.chance("staff/principal-experience", people[best : best + 1], share, EVER)[0])
    effectiveness = world.p["sd_principal"] * float(z[best])
    principal = Principal(world, int(people[best]), effectiveness, world.year, experienced)
    vacate(school)
    principal.take(school, world.year)
    return principal


def vacate(school: School) -> None:
    """Let the principal of a school, if it has one, leave the post and the district's campuses."""
    if school.principal is not None:
        school.principal.remove()
        school.principal = None


def first(world: World, school: School) -> None:
    """Give a school its first principal, with a tenure drawn from how long principals stay."""
    principal = appoint(world, school, identity.INITIAL)
    served = world.uniform("build/principal-tenure", np.array([principal.id]), 0)[0]
    stay = np.log(1.0 - served) / np.log(1.0 - world.p["principal.leave"])
    principal.since = principal.entered = world.year - int(min(stay, world.p["principal.longest"])) - 1
    principal.predecessor = False


def turn_over(world: World) -> None:
    """Let principals leave, at weak schools sooner than at strong ones (survey: 10
    against 3.4 years), and fill empty posts.

    Who took a post this year stays; the principal of a school that closed goes.
    """
    for school in world.schools.values():
        if not school.parts:
            vacate(school)
    if schools := may_leave(world):
        people = np.array([s.principal.id for s in schools if s.principal])
        chance = world.rate("staff/principal-leaves", chances_of_leaving(world, schools))
        leaves = world.chance("staff/principal-leaves", people, chance)
        for school, leaving in zip(schools, leaves, strict=True):
            if leaving:
                appoint(world, school)
    for school in world.open_schools:
        if school.principal is None:
            appoint(world, school)


def may_leave(world: World) -> list[School]:
    """Return the schools whose principal may leave this year, by key: all but those who took the post this year."""
    return [s for s in world.open_schools if s.principal is not None and s.principal.since < world.year]


def chances_of_leaving(world: World, schools: list[School]) -> Floats:
    """Return the usual chance that the principal of each school (n) leaves within a year, by the school's standing."""
    p = world.p
    status = np.array([np.mean([part.status for part in s.parts.values()]) for s in schools])
    odds: Floats = p["principal.leave"] / (1 - p["principal.leave"]) * p["vol_move_or_status"] ** status
    return odds / (1 + odds)


def campuses(world: World) -> list[School]:
    """Return the open public schools that have a principal, by key: the campuses
    that terms, letters and heads are about.
    """
    return [s for s in world.open_schools if s.public and s.principal is not None]


def everybody(world: World) -> list[Principal | GeneralPrincipal]:
    """Return all who lead a school or a cluster."""
    return [*world.agents_by_type.get(Principal, ()), *world.agents_by_type.get(GeneralPrincipal, ())]


def quality(school: School) -> float:
    """Return the monitored quality of a school (SD): the mean of its parts, weighted by their September rolls."""
    seen = [(float(max(part.pupils, 1)), part.monitored) for part in school.parts.values()]
    return added_up(weight * quality for weight, quality in seen) / added_up(weight for weight, _ in seen)


def overstaying(world: World) -> int:
    """Return how many campus principals have begun a year beyond the plan's last
    term, service counted from the plan's date.
    """
    p = world.p
    most, start = int(p["principal.term_years"] * p["principal.terms_most"]), int(p["principal.terms_count_from"])
    return sum(s.principal.served(world.year, start) >= most for s in campuses(world) if s.principal)


def summary(world: World) -> dict[str, float]:
    """Return the year's indicators of campus principals: changes, years in post,
    and who stays beyond the plan's last term.
    """
    heads = [s.principal for s in campuses(world) if s.principal]
    return {
        "principals": float(len(heads)),
        "principal_changes": float(sum(h.since == world.year and h.predecessor for h in heads)),
        "principal_tenure": float(np.mean([h.served(world.year) for h in heads])) if heads else 0.0,
        "principals_overstaying": float(overstaying(world)),
    }
