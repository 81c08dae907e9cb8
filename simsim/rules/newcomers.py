"""Children who come on the rolls: who they are and what they know, drawn once for all scenarios of a seed."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.rules import persons
from simsim.rules.families import EVER, entry_knowledge, sd_growth
from simsim.world.columns import fitting
from simsim.world.world import World

HOMES = ("key", "area", "x_km", "y_km", "radius_km", "standing")
"""What is read of neighbourhoods."""


def newcomers(world: World, ids: Ints, place: Ints, share: Floats, grade: Ints, route: int) -> dict[str, AnyArray]:
    """Return the columns of children `ids` (n, sorted) who come from neighbourhood rows `place` (n) into a grade (n),
    each a migrant with the chance `share` (n).

    A world that others of its seed live beside (`world.drawn`) takes those that were drawn there from all the same
    numbers. InputError for values that a column cannot hold.
    """
    here = (world.year, route)
    homes = world.neighbourhoods
    given = (ids, place, share, grade, *(getattr(homes, name).copy() for name in HOMES))
    if world.drawn is not None and here in world.drawn:
        p, before, people = world.drawn[here]
        if p == world.p and all(map(np.array_equal, given, before)):
            return dict(people)
    people = persons.children(world, ids, place, share, grade, route)
    people["knowledge"] = knowledge_at(world, ids, place, people["ses"], people["migrant"], grade)
    columns = world.students.columns
    people = {
        name: fitting(name, values, columns[name].dtype).astype(columns[name].dtype) for name, values in people.items()
    }
    if world.drawn is not None:
        world.drawn[here] = dict(world.p), given, people
    return people


def knowledge_at(
    world: World,
    ids: Ints,
    place: Ints,
    ses: Floats,
    migrant: Mask,
    grade: Ints,
) -> Floats:
    """Return K of children (n) who come into a grade from schools of average quality elsewhere."""
    p, rho = world.p, world.p["rho_K"]
    years = grade - 1
    start = entry_knowledge(world, ids, place, ses, migrant)
    noise = sd_growth(p, world.system.years_to_middle) * np.sqrt((1.0 - rho ** (2.0 * years)) / (1.0 - rho**2))
    grown = (1.0 - rho**years) / (1.0 - rho) * p["b_g_ses_annual"] * ses
    knowledge: Floats = rho**years * start + grown + noise * world.normal("family/history", ids, EVER)
    return knowledge
