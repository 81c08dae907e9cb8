"""Choice at the junior transition: a share of those who enter the junior stage compete for the places of that share.

Zoning leaves some places to other ways in (tests and special classes, pupils recommended or paid for, lots for what is
left). Here a share of a year's entrants give up their place, and these places are dealt out anew: who knows more and
comes from a better-off family goes first and takes the place where the intake is richest. Nobody else is touched, no
class gets larger, and a district of one stage has no such transition.
"""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Columns, Floats, Ints, Mask
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.base.geometry import distance_km
from simsim.rules.admission import enter
from simsim.rules.choice import Lists
from simsim.rules.families import EVER, entry_knowledge, sd_growth
from simsim.world.world import World

RULES = ("first", "later")
CITY = -1
"""The market of all urban neighbourhoods; every town or township is one of its own."""


def choose(world: World) -> None:
    """Deal out anew the places of entrants to the junior stage who choose, unless a policy lets all of them choose."""
    place, system, students, parts = world.instructions.place, world.system, world.students, world.parts
    if not both_stages(world) or (isinstance(place, Lists) and JUNIOR in place.placements):
        return
    at = parts.of_students()
    rows = np.flatnonzero((students.grade == system.junior_from) & (at >= 0) & ~students.over_capacity)
    rows = rows[parts.public[at[rows]]]
    rows = rows[choosers(world, students.id[rows], world.year)]
    mark = criteria(world, students.id[rows], students.knowledge[rows], students.ses[rows])
    market = markets(world, world.neighbourhoods.rows(students.neighbourhood[rows]))
    part = dealt(at[rows].astype(np.int64), market, mark, parts.means(students.ses))
    moves = part != at[rows]
    enter(world, rows[moves], part[moves], np.zeros(np.count_nonzero(moves), bool))
    students.displaced[rows[moves]] = False


def found(world: World, pupils: Columns) -> None:
    """Deal out anew the places of those of the first junior roll who chose when they entered, grade by grade.

    `pupils` are the columns of the first September (n), with the place in its neighbourhood's school; `school`, `part`,
    `years_in_school` and `distance_km` are rewritten.
    """
    if not both_stages(world):
        return
    system, parts, part = world.system, world.parts, pupils["part"]
    rows = np.flatnonzero(system.is_junior(pupils["grade"]) & parts.public[part])
    entered = world.first_year - (pupils["grade"][rows] - system.junior_from)
    mine = np.zeros(len(rows), bool)
    for year in np.unique(entered).tolist():
        now = entered == year
        mine[now] = choosers(world, pupils["id"][rows[now]], year)
    rows = rows[mine]
    mark = criteria(world, pupils["id"][rows], _knowledge_then(world, pupils, rows), pupils["ses"][rows])
    market = markets(world, pupils["place"][rows]) * system.n_grades + pupils["grade"][rows]
    new = dealt(part[rows], market, mark, _intake(world, pupils))
    rows, new = rows[new != part[rows]], new[new != part[rows]]
    pupils["part"][rows], pupils["school"][rows] = new, parts.key[new]
    pupils["years_in_school"][rows] = pupils["grade"][rows] - system.junior_from
    x, y = parts.x_km[new], parts.y_km[new]
    pupils["distance_km"][rows] = distance_km(pupils["home_x"][rows], pupils["home_y"][rows], x, y)


def both_stages(world: World) -> bool:
    """Whether the district teaches both stages, so that there is a transition."""
    return {PRIMARY, JUNIOR} <= set(world.system.stages)


def share(world: World, year: int) -> float:
    """Return the share of entrants who choose in a year: no more than the rules of zoning leave from their years on."""
    p, left = world.p, float(world.p["transition.share"])
    for rule in RULES:
        if year >= p[f"transition.rule_year.{rule}"]:
            left = min(left, p[f"transition.rule_share.{rule}"])
    return left


def choosers(world: World, ids: Ints, year: int) -> Mask:
    """Return which pupils (ids, n) choose among those who enter the junior stage in a year; drawn once in a life."""
    return world.chance("admit/transition", ids, share(world, year), EVER)


def criteria(world: World, ids: Ints, knowledge: Floats, ses: Floats) -> Floats:
    """Return the mark by which choosers (n) are ranked: what they know, the family's SES, and what nobody can plan."""
    p = world.p
    luck = world.normal("admit/transition-luck", ids, EVER)
    mark: Floats = p["transition.merit"] * knowledge + p["transition.ses"] * ses + p["transition.luck"] * luck
    return mark


def markets(world: World, places: Ints) -> Ints:
    """Return the market in which pupils of neighbourhood rows (n) choose: the whole city, or their own town."""
    homes = world.neighbourhoods
    market: Ints = np.where(homes.urban[places], CITY, homes.area[places])
    return market


def dealt(part: Ints, market: Ints, mark: Floats, intake: Floats) -> Ints:
    """Return the new part of each chooser (n): inside a market the best mark gets the richest `intake` (parts)."""
    seats, people = np.lexsort((part, -intake[part], market)), np.lexsort((-mark, market))
    new = np.empty_like(part)
    new[people] = part[seats]
    return new


def _intake(world: World, pupils: Columns) -> Floats:
    """Return the mean SES of each part (parts) before anybody chose; 0 where nobody is."""
    n = len(world.parts)
    sums = np.bincount(pupils["part"], pupils["ses"], n)
    means: Floats = sums / np.maximum(np.bincount(pupils["part"], minlength=n), 1)
    return means


def _knowledge_then(world: World, pupils: Columns, rows: Ints) -> Floats:
    """Return what pupils (rows) knew when they entered the junior stage, as far as it is not their school's doing."""
    p, rho = world.p, world.p["rho_K"]
    years = world.system.first_grade[JUNIOR] - 1
    ids, places, ses, migrant = (pupils[name][rows] for name in ("id", "place", "ses", "migrant"))
    grown, spread = (1.0 - rho**years) / (1.0 - rho), (1.0 - rho ** (2.0 * years)) / (1.0 - rho**2)
    noise = sd_growth(p, world.system.years_to_middle) * np.sqrt(spread) * world.normal("family/history", ids, EVER)
    entry = entry_knowledge(world, ids, places, ses, migrant)
    knew: Floats = rho**years * entry + grown * p["b_g_ses_annual"] * ses + noise
    return knew
