"""Principals as Mesa agents: how effective, how long in post, and what a change costs a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from simsim import ids as identity
from simsim.schools import School

if TYPE_CHECKING:
    from simsim.district import District


class Principal(mesa.Agent):
    """The head of a school: `effectiveness` in SD a year at full effect, `since` the September of taking the post."""

    def __init__(self, model: mesa.Model, person: int, effectiveness: float, since: int, experienced: bool) -> None:
        super().__init__(model)
        self.id, self.effectiveness, self.since, self.experienced = int(person), effectiveness, since, experienced
        self.predecessor = False

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

    def __repr__(self) -> str:
        return f"Principal({self.id}, since {self.since})"


def appoint(district: District, school: School, route: int = identity.PRINCIPAL) -> Principal:
    """Put a new principal from the pool of the year into a school, and remember whether somebody left the post."""
    person = int(identity.make(district.year, route, school.key, 0))
    who = np.array([person])
    effectiveness = district.p["sd_principal"] * float(district.normal("staff/principal-effectiveness", who, 0)[0])
    experienced = bool(district.chance("staff/principal-experience", who, district.p["principal.experienced_share"], 0)[0])
    principal = Principal(district, person, effectiveness, district.year, experienced)
    principal.predecessor = school.principal is not None
    if school.principal is not None:
        school.principal.remove()
    school.principal = principal
    return principal


def first(district: District, school: School) -> None:
    """Give a school its principal of 2014, with a tenure drawn from how long principals stay."""
    principal = appoint(district, school, identity.INITIAL)
    served = district.uniform("build/principal-tenure", np.array([principal.id]), 0)[0]
    stay = np.log(1.0 - served) / np.log(1.0 - district.p["principal.leave"])
    principal.since = district.year - int(min(stay, district.p["principal.longest"])) - 1


def turn_over(district: District) -> None:
    """Let principals leave: at weak schools sooner than at strong ones (survey: 10 against 3.4 years)."""
    p = district.p
    schools = [s for s in district.open_schools if s.principal is not None]
    if not schools:
        return
    people = np.array([s.principal.id for s in schools])
    status = np.array([np.mean([part.status for part in s.parts.values()]) for s in schools])
    odds = p["principal.leave"] / (1 - p["principal.leave"]) * p["vol_move_or_status"] ** status
    leaves = district.chance("staff/principal-leaves", people, district.rate("staff/principal-leaves", odds / (1 + odds)))
    for school, leaving in zip(schools, leaves, strict=True):
        if leaving:
            appoint(district, school)
