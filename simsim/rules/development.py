"""Pupils beyond scores: fitness, skills in sport, music and art, provision for disabled children, places after school.

Fitness is a margin above the line, in shares of all pupils: a gain of 0.03 lifts 3 pupils in 100
above it. A skill is a level of its kind, whole when it is learnt; a pupil works on the skill in
hand. Schools bring exposure (`Part.sport_hour`, `Part.activities`), places after school bring more;
of all this only `afterschool_mean` reaches scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simsim.base.arrays import AnyArray, Floats, Ints, Rows
from simsim.rules.families import EVER
from simsim.rules.monitoring import standardise
from simsim.world.world import World

SKILLS = ("sport", "music", "art")
NO_PROVISION, ORDINARY, SPECIAL = range(3)
SPORTS, ARTS = 2, 1
"""The skills of 2+1: two in sport, one in music or art."""
MOST_AT_FIRST = 4
LEAST = 0.1
DIGITS = 1e4
"""The first digits of a uniform say how many skills a child brings, the next ones of which kind each is."""
SHARES = ("fit_share", "one_skill_share", "two_skills_share", "two_plus_one_share", "after_school_share")
"""Recorded every year: above the fitness line; at least one skill; at least two; two in sport and one in art; a place.
"""


def start(world: World, ids: Ints, ses: Floats, grade: Rows) -> dict[str, Floats]:
    """Return fitness and skills of children (n) who come into a grade, drawn once and the same in every world."""
    p = world.p
    since: Floats = np.asarray(grade, dtype=float) - world.system.middle_grade
    above = world.uniform("family/fitness", ids, EVER) - (1.0 - p["fit_share_2014"])
    return {"fitness": above + p["fitness_drift"] * since} | _first_skills(world, ids, ses, since)


def _first_skills(world: World, ids: Ints, ses: Floats, since: Floats) -> dict[str, Floats]:
    """Return the level of each kind of skill (n): `skill_share_2014` have one, a share of these another, and so on.

    Older children have more, so that a year of `skill_growth` leads from each grade to the next.
    """
    p, u = world.p, world.uniform("family/skills", ids, EVER)
    corr, share = p["skill_ses_corr"], p["skill_share_2014"]
    below = ndtr(-corr * ses + np.sqrt(1.0 - corr**2) * ndtri(u)) / np.maximum(
        1.0 + p["skill_growth"] * (1.0 / share - 1.0) * since, LEAST
    )
    have = share * p["skill_next_share"] ** np.arange(MOST_AT_FIRST - 1)
    total = np.interp(-below, [-1.0, *-have, 0.0], np.arange(MOST_AT_FIRST + 1))
    kinds = np.cumsum([p[f"skill_kind_share.{kind}"] for kind in SKILLS[:-1]])
    levels, rows = np.zeros((len(SKILLS), len(ids))), np.arange(len(ids))
    for nth in range(MOST_AT_FIRST):
        digits = u * DIGITS ** min(nth + 1, len(SKILLS))
        kind = np.searchsorted(kinds, digits - np.floor(digits))
        levels[kind, rows] += np.clip(total - nth, 0.0, 1.0)
    return dict(zip(SKILLS, levels, strict=True))


# ---- the year ----


def clear(world: World) -> None:
    """Start the year without aid, places and support: each policy gives this year's anew."""
    world.students.aided = False
    world.students.after_school = False
    world.parts.supported[:] = False


def grow(world: World) -> None:
    """Let fitness and skills grow by this year's exposure, and provide for disabled children."""
    students, p = world.students, world.p
    parts, at = world.parts, world.parts.of_students()
    hour = _by_pupil(parts.sport_hour, at) + p["after_school_sport"] * students.after_school
    students.fitness += p["fitness_drift"] + p["fitness_gain_hour"] * np.minimum(hour, 1.0)
    lessons = _by_pupil(parts.activities, at) + students.after_school
    _practise(world, p["skill_growth"] + p["skill_gain"] * lessons)
    _provide(world)


def _by_pupil(values: AnyArray, at: Rows) -> AnyArray:
    """Return the value of each pupil's part (n); zero for a child who waits for a seat (part -1)."""
    return np.append(values, 0)[at]


def _practise(world: World, gain: Floats) -> None:
    """Add `gain` (n, skills) to the skill in hand: the one furthest
    on the way; under 2+1 first what is missing there.
    """
    students = world.students
    sport, music, art = (students.columns[kind] - students.columns[kind].astype(np.int8) for kind in SKILLS)
    guided = _by_pupil(world.parts.guided, world.parts.of_students()).astype(bool)
    if guided.any():
        sports, arts = _two_plus_one(world)
        sport = sport + (guided & (sports < SPORTS))
        music, art = music + (guided & (arts < ARTS)), art + (guided & (arts < ARTS))
    to_sport, to_music = (sport >= music) & (sport >= art), music >= art
    gain = gain.astype(np.float32)
    for name, mine in zip(SKILLS, (to_sport, ~to_sport & to_music, ~(to_sport | to_music)), strict=True):
        students.columns[name][:] += gain * mine


def _two_plus_one(world: World) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return each pupil's whole skills in sport, and in music and art together (n)."""
    sport, music, art = (world.students.columns[kind].astype(np.int8) for kind in SKILLS)
    return sport, music + art


def _provide(world: World) -> None:
    """Place disabled children: the milder the disability the sooner, the most severe ones in special provision."""
    students, p = world.students, world.p
    rows = np.flatnonzero(students.disabled)
    severity, served = students.severity[rows], served_share(world)
    place = np.where(severity > 1.0 - p["disabled_special_share"], SPECIAL, ORDINARY)
    students.provision[rows] = np.where(severity < served, place, NO_PROVISION)


def served_share(world: World) -> float:
    """Return the share of disabled children in ordinary or special provision this year."""
    return 1.0 - float(world.rate("teach/unserved", 1.0 - world.p["disabled_served_2014"]))


def evaluate(world: World) -> None:
    """Let schools with whole-person evaluation see achievement, growth, fitness
    and skills as one number (SD in the stage).
    """
    evaluates = world.parts.of_schools(lambda school: school.evaluates)
    if not evaluates.any():
        return
    p, table = world.p, shares_table(world)
    pupils = np.maximum(table["pupils"].sum(axis=1), 1)
    seen = {
        "achievement": world.parts.means(world.students.score),
        "growth": world.parts.monitored,
        "fitness": table["fit_share"].sum(axis=1) / pupils,
        "skills": table["one_skill_share"].sum(axis=1) / pupils,
    }
    for stage in world.system.stages:
        mine = world.parts.of_stage(stage)
        whole = sum(p[f"evaluation_weight.{name}"] * standardise(values[mine]) for name, values in seen.items())
        world.parts.evaluation[mine] = np.where(evaluates[mine], whole, np.nan)


def shares_table(world: World) -> dict[str, Ints]:
    """Return pupils, and those of each of SHARES, by part and poverty (parts, 2)."""
    students, n = world.students, len(world.parts)
    sports, arts = _two_plus_one(world)
    both = sports + arts
    flags = (students.fitness >= 0.0, both >= 1, both >= 2, (sports >= SPORTS) & (arts >= ARTS), students.after_school)
    # Five flags are the bits of one number, so that one count by part, poverty and number gives every share at once.
    code = sum(flag.view(np.uint8) << np.uint8(bit) for bit, flag in enumerate(flags))
    cell = (world.parts.of_students().astype(np.int32) + 1) * 2 + students.poor
    counts = np.bincount(cell << len(flags) | code, minlength=(n + 1) * 2 << len(flags)).reshape(n + 1, 2, -1)[1:]
    bits = np.arange(1 << len(flags))
    return {"pupils": counts.sum(axis=2)} | {
        name: counts[:, :, bits >> bit & 1 == 1].sum(axis=2) for bit, name in enumerate(SHARES)
    }
