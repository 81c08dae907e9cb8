"""Persons: the same child or teacher is made whichever way they come, and whoever else comes."""

from __future__ import annotations

import numpy as np

from simsim.base import ids as identity
from simsim.rules import development, persons
from simsim.rules.families import EVER
from simsim.world.teachers import retirement_month, team_weight
from tests.one_district import founded


def test_one_child_more_changes_nothing_about_the_others():
    world = founded()
    ids = identity.make(2016, identity.BIRTH, 0, np.arange(40))
    places, grade = np.zeros(40, np.int64), np.ones(40, np.int64)
    all_of_them = persons.children(world, ids, places, 0.3, grade, identity.BIRTH)
    some = persons.children(world, ids[:39], places[:39], 0.3, grade[:39], identity.BIRTH)
    assert all((all_of_them[name][:39] == column).all() for name, column in some.items())
    assert (all_of_them["route"] == identity.BIRTH).all() and (all_of_them["grade"] == 1).all()
    beyond_scores = development.start(world, ids, all_of_them["ses"], grade)
    assert all((all_of_them[name] == column).all() for name, column in beyond_scores.items())


def test_migrants_are_nobody_or_everybody_at_the_ends_of_the_share():
    world, ids = founded(), identity.make(2016, identity.BIRTH, 0, np.arange(20))
    one = np.ones(20, np.int64)
    nobody, everybody = (
        persons.children(world, ids, one, share, one, identity.BIRTH)["migrant"] for share in (0.0, 1.0)
    )
    assert not nobody.any() and everybody.all()


def test_a_teachers_effectiveness_and_retirement_follow_from_what_is_given():
    world, ids = founded(), identity.make(2016, identity.HIRE, 0, np.arange(3))
    stage, female = np.zeros(3, np.int64), np.array([True, False, True])
    born, own = np.array([1980, 1985, 1990]) * 12, np.array([-1.0, 0.0, 2.0])
    made = persons.teachers(world, ids, stage, stage, female, born, own)
    assert (made["mu"] == team_weight(world.p) * own).all()
    assert (made["retire_month"] == retirement_month(born, female, world.p, world.retirement)).all()
    assert (made["drift"] == world.p["teacher_drift_sd"] * world.normal("teacher/drift", ids, EVER)).all()
    world.p["teacher_drift_sd"] = 0.0
    assert (persons.teachers(world, ids, stage, stage, female, born, own)["drift"] == 0.0).all()
