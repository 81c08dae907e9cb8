"""September of the first year: schools as in schools.csv, and the pupils and teachers that the seed draws for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base import ids as identity
from simsim.base.arrays import Columns, Floats, Ints
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.inputs.documents import Record
from simsim.rules import persons, principals, staff_traits, transition
from simsim.rules.classes import class_counts
from simsim.rules.families import EVER, entry_knowledge, sd_growth
from simsim.rules.learning import school_part, size_effect
from simsim.world.schools import FACILITIES, School
from simsim.world.staff import effects
from simsim.world.world import World


def found(world: World) -> None:
    """Build the first September: schools, teachers, pupils, principals, and how schools are seen."""
    for row in world.first_schools:
        world.schools[row["key"]] = _school(world, row)
    world.index_parts()
    _draw_residuals(world)
    pupils = _pupils(world)
    transition.found(world, pupils)
    intake = np.bincount(pupils["part"], pupils["ses"], len(world.parts)) / np.bincount(
        pupils["part"], minlength=len(world.parts)
    )
    world.parts.intake = world.parts.status = intake
    staff_traits.found_staff(world, intake)
    for school in world.open_schools:
        principals.first(world, school)
    world.reference = reference(world)
    knowledge = _history(world, pupils)
    world.students.add(knowledge=knowledge, **{k: v for k, v in pupils.items() if k in world.students.columns})
    _first_rolls(world)


def _first_rolls(world: World) -> None:
    """Note what the first September is measured by: rolls, and pupils per post of each stage."""
    parts = world.parts
    parts.pupils = parts.rolls()
    for school in world.open_schools:
        school.equipped_for = sum(part.pupils for part in school.parts.values())
    for stage in world.system.stages:
        public = parts.of_stage(stage, only_public=True)
        world.pupils_per_post[stage] = parts.pupils[public].sum() / parts.posts[public].sum()


def _school(world: World, row: Record) -> School:
    school = School(world, row["key"], row["kind"], row["ownership"], bool(row["urban"]), row["x_km"], row["y_km"])
    school.name = {"zh": str(row["name_zh"]), "en": str(row["name_en"])}
    school.facilities = {name: float(row[name]) for name in FACILITIES}
    school.senior_pupils = int(row["senior_pupils"])
    school.building_year = int(row["building_year"])
    world.parts.open(school, (int(row["rooms_primary"]), int(row["rooms_junior"])))
    for stage, part in school.parts.items():
        part.posts = np.array([row[f"t_{STAGES[stage]}_{group}"] for group in SUBJECT_GROUPS], dtype=np.int64)
    return school


def _draw_residuals(world: World) -> None:
    """Draw what each school adds for reasons the model does not name (SD `sd_school_resid`)."""
    for school in world.open_schools:
        draw_residual(world, school)


def draw_residual(world: World, school: School) -> None:
    """Draw the unexplained yearly value added of a school's parts;
    keyed by school, so it is the same in every world.
    """
    for stage, part in school.parts.items():
        who = identity.make(0, identity.INITIAL, school.key, np.array([stage]))
        part.residual = float(world.p["sd_school_resid"] * world.normal("school/residual", who, EVER)[0])


def _pupils(world: World) -> Columns:
    """Draw the pupils of the first September, by school and grade as in schools.csv, in order of id."""
    schools: pd.DataFrame = world.data.schools
    system = world.system
    counts = schools[list(system.columns.values())].to_numpy(dtype=np.int64)
    oldest_first = counts[:, ::-1].T
    cell, serial = identity.count_up(oldest_first.ravel())
    grade = system.n_grades - cell // len(schools)
    key = schools["key"].to_numpy(dtype=np.int64)[cell % len(schools)]
    ids = identity.make(world.first_year - grade + 1, identity.INITIAL, identity.pupils_pool(key), serial)
    stage = system.stage_of(grade).astype(np.int64)
    part = world.parts.place[stage, key].astype(np.int64)
    places = _homes(world, ids, part)
    share = world.neighbourhoods.migrant_share[places]
    people = persons.children(world, ids, places, share, grade, identity.INITIAL)
    x, y = world.parts.x_km[part], world.parts.y_km[part]
    since = np.array(system.first_grade)[stage]
    through = [k for k, school in world.schools.items() if school.direct_promotion]
    return people | {
        "school": key,
        "years_in_school": grade - np.where(np.isin(key, through), system.first_grade[PRIMARY], since),
        "distance_km": distance_km(people["home_x"], people["home_y"], x, y),
        "part": part,
        "place": places,
    }


def _homes(world: World, ids: Ints, part: Ints) -> Ints:
    """Draw each pupil's neighbourhood row from the catchment of the school; a private school's pupils live anywhere."""
    places, u = world.neighbourhoods, world.uniform("family/home", ids, EVER)
    rows = np.empty(len(ids), np.int64)
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.arange(len(world.parts) + 1))
    for index, this in enumerate(world.parts):
        mine = places.catchment[this.stage] == this.key
        weights = np.cumsum(np.where(mine, places.births_share, 0.0) if mine.any() else places.births_share)
        here = order[bounds[index] : bounds[index + 1]]
        rows[here] = np.searchsorted(weights, u[here] * weights[-1])
    return rows


def _history(world: World, pupils: Columns) -> Floats:
    """Return K in the first September (n): entry, then the years at school so far, in closed form.

    A junior pupil is taken to have gone to the primary of the neighbourhood, or to an average one where the district
    has none. Class shocks of the past are in the noise.
    """
    p, rho, system = world.p, world.p["rho_K"], world.system
    added = np.append(school_value(world), 0.0)  # the last, -1, stands for a school elsewhere
    ids, grade, part = pupils["id"], pupils["grade"], pupils["part"]
    primary = world.parts.place[PRIMARY, world.neighbourhoods.catchment[PRIMARY][pupils["place"]]]
    junior = system.is_junior(grade)
    first = np.where(junior, system.first_grade[JUNIOR] - 1, grade - 1)
    second = np.where(junior, grade - system.first_grade[JUNIOR], 0)
    early = added[np.where(junior, primary, part)]
    knowledge = entry_knowledge(world, ids, pupils["place"], pupils["ses"], pupils["migrant"])
    for years, value in ((first, early), (second, added[part])):
        grown = (1.0 - rho**years) / (1.0 - rho)
        knowledge = rho**years * knowledge + grown * (p["b_g_ses_annual"] * pupils["ses"] + p["lam_persist"] * value)
    noise = sd_growth(p, system.years_to_middle) * np.sqrt((1.0 - rho ** (2.0 * (grade - 1))) / (1.0 - rho**2))
    held: Floats = knowledge + noise * world.normal("family/history", ids, EVER)
    return held


def school_value(world: World) -> Floats:
    """Return the lasting yearly value added of each part (SD) against its stage:
    school, teachers and peers of the intake.
    """
    p = world.p
    stage = world.parts.stage
    peers = p["peer_linear"] * p["b0_ses_entry"] * world.parts.intake
    return level(world) - world.reference[stage] + peers


def level(world: World) -> Floats:
    """Return the expected value added of each part (SD): teachers, school,
    principal, and the class size of schools.csv.
    """
    part, n = world.parts.of_teachers(), len(world.parts)
    team = np.bincount(part, effects(world), n) / np.maximum(np.bincount(part, minlength=n), 1)
    rolls = _rolls_of_file(world)
    size = np.array([roll / max(classes, 1) for roll, classes in rolls])
    return team + school_part(world) + size_effect(size, world.p)


def reference(world: World) -> Floats:
    """Return the pupil-weighted mean of `level` by stage, the
    zero from which value added counts in every later year.
    """
    pupils = np.array([roll for roll, _ in _rolls_of_file(world)], dtype=float)
    stage, value = world.parts.stage, level(world)
    means = np.zeros(len(STAGES))
    for s in world.system.stages:
        means[s] = np.average(value[stage == s], weights=pupils[stage == s])
    return means


def _rolls_of_file(world: World) -> list[tuple[int, int]]:
    """Return pupils and classes of each part as schools.csv gives them, whoever was drawn."""
    schools, system = world.data.schools, world.system
    line = {key: row for row, key in enumerate(schools["key"].tolist())}
    rolls = np.zeros((len(world.parts), system.n_grades), np.int64)
    for stage in system.stages:
        counts = schools[system.columns_of(stage)].to_numpy(dtype=np.int64)
        mine = world.parts.of_stage(stage)
        rows = [line[key] for key in world.parts.key[mine].tolist()]
        rolls[mine[:, None], np.array(system.grades(stage)) - 1] = counts[rows]
    return list(zip(rolls.sum(axis=1).tolist(), class_counts(world, rolls).sum(axis=1).tolist(), strict=True))
