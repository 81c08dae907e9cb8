"""New teachers: how many the year's rules allow, who they are, and which vacancy each takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.rules.families import EVER
from simsim.rules.staff_traits import applicants
from simsim.rules.staffing import NONE, choose_posts
from simsim.world.staff import is_new
from simsim.world.teachers import team_weight
from simsim.world.world import World

NEVER_ZERO = 1e-9


def hire(world: World) -> None:
    """Hire into public posts as the year's rules say, and let private schools fill theirs."""
    rows = engage(world, wanted(world), "hires")
    place(world, rows)
    _private(world)


def wanted(world: World) -> Ints:
    """Return hires by stage and subject group: openings of each kind times the share that the year's rules fill."""
    shares = [
        float(world.rate("staff/replacement", world.instructions.fill[kind]))
        for kind in ("retirement", "exit", "growth")
    ]
    expected = np.tensordot(shares, world.vacated, axes=1)
    cells = np.arange(expected.size)
    return world.streams.whole("staff/hires", world.year, cells, expected.ravel()).reshape(expected.shape)


def engage(world: World, counts: Ints, reason: str, route: int = identity.HIRE, **more: ArrayLike) -> Ints:
    """Employ the first applicants of each stage and subject group, `counts` (stages, groups); return their rows.

    They have no post yet (it is set by `place` or by the caller).
    """
    cells = [(s, g) for s in range(len(STAGES)) for g in range(len(SUBJECT_GROUPS)) if counts[s, g] > 0]
    if not cells:
        return np.empty(0, np.int64)
    stages, groups, n = np.array([(s, g, counts[s, g]) for s, g in cells]).T
    columns = applicants(world, stages, groups, n, route)
    world.flows.employ(reason, **columns | more)
    rows: Ints = world.teachers.rows(columns["id"])
    return rows


def place(world: World, rows: Ints, reason: str = "hire", instance: str = "") -> None:
    """Let new teachers (rows) take public vacancies in turn; where none is left
    they go where pupils per teacher are most.
    """
    rows = rows[np.argsort(-signal(world, rows), kind="stable")]
    vacant = world.parts.vacancies() * world.parts.public[:, None]
    chosen = _first_to_openings(world, rows, vacant)
    left = chosen == NONE
    usual = post_by_rank if world.p["structure.newcomers_by_rank"] else choose_posts
    chosen[left] = (world.instructions.post or usual)(world, rows[left], vacant, np.full(np.count_nonzero(left), NONE))
    for row, index in zip(rows[chosen == NONE].tolist(), np.flatnonzero(chosen == NONE).tolist(), strict=True):
        chosen[index] = neediest(world, int(world.teachers.stage[row]))
        world.parts[chosen[index]].posts[world.teachers.subject[row]] += 1
    keys = world.parts.key[chosen] if len(rows) else rows
    if world.p["structure.degrees_like_stock"]:
        ask_for_degrees(world, rows, chosen)
    world.move_teachers(rows, keys, reason, instance)


def ask_for_degrees(world: World, rows: Ints, parts: Ints) -> None:
    """Let posts ask new teachers (rows) for a degree above the required one as often as the staff of the part that
    each goes to (n) has it; whoever is asked at one school is asked wherever it is asked for more often.
    """
    teachers, at = world.teachers, world.parts.of_teachers()
    settled = at >= 0
    settled[rows] = False
    staff = np.bincount(at[settled], minlength=len(world.parts))
    above = np.bincount(at[settled & (teachers.degree > teachers.stage)], minlength=len(world.parts))
    share = np.where(staff > 0, above / np.maximum(staff, 1), 1.0)
    asked = world.chance("teacher/degree", teachers.id[rows], share[parts], EVER)
    teachers.degree[rows] = teachers.stage[rows] + asked


def _first_to_openings(world: World, rows: Ints, vacant: Ints) -> Ints:
    """Return the opening part that each new teacher is sent to, by lot, or -1; `vacant` is reduced in place."""
    chosen, teachers = np.full(len(rows), NONE), world.teachers
    opening = np.flatnonzero(world.parts.opening).tolist()
    if opening:
        lot = np.argsort(world.uniform("staff/opening", teachers.id[rows]), kind="stable")
    for index in opening:
        for group in np.flatnonzero(vacant[index] > 0):
            fits = (
                (teachers.stage[rows] == world.parts.stage[index])
                & (teachers.subject[rows] == group)
                & (chosen == NONE)
            )
            sent = lot[fits[lot]][: vacant[index, group]]
            chosen[sent] = index
            vacant[index, group] -= len(sent)
    return chosen


def post_by_need(world: World, rows: Ints, vacant: Ints, origin: Ints) -> Ints:
    """Return the part of each new teacher (rows, the most promising first): the
    vacancy where most pupils share a teacher.
    """
    return _post_where(world, rows, vacant, world.parts.rolls().astype(float))


def post_evenly(world: World, rows: Ints, vacant: Ints, origin: Ints) -> Ints:
    """Return the part of each new teacher (rows): the vacancy at the school with the smallest share of new teachers."""
    at = world.parts.of_teachers()
    new = np.bincount(at[is_new(world) & (at >= 0)], minlength=len(world.parts))
    return _post_where(world, rows, vacant, -new.astype(float), gain=-1.0)


def post_by_rank(world: World, rows: Ints, vacant: Ints, origin: Ints) -> Ints:
    """Return the part of each new teacher (rows): the better the place in the examination, the higher the standing.

    Inside a stage and subject group the order of what newcomers show, blurred so that effectiveness correlates with
    standing as in the first year, is laid against the order of vacancies by standing. That newcomers choose schools in
    the order of examination totals is the rule of several cities (recalled from calls of 2016 to 2020).
    """
    teachers, p, parts = world.teachers, world.p, world.parts
    c = float(np.clip(p["corr_teacher_school_ses_init"] / max(p["applicant_signal_corr"], NEVER_ZERO), -1.0, 1.0))
    shown = c * signal(world, rows) + np.sqrt(1.0 - c**2) * world.normal("staff/rank", teachers.id[rows])
    chosen = np.full(len(rows), NONE)
    for stage in world.system.stages:
        best_first = np.argsort(-parts.status, kind="stable")
        best_first = best_first[parts.stage[best_first] == stage]
        for group in range(len(SUBJECT_GROUPS)):
            mine = np.flatnonzero((teachers.stage[rows] == stage) & (teachers.subject[rows] == group))
            mine = mine[np.argsort(-shown[mine], kind="stable")]
            posts = np.repeat(best_first, np.maximum(vacant[best_first, group], 0))
            n = min(len(mine), len(posts))
            taken = posts[((np.arange(n) + 0.5) * len(posts) / max(n, 1)).astype(np.int64)]
            chosen[mine[:n]] = taken
            vacant[:, group] -= np.bincount(taken, minlength=len(vacant))
    return chosen


def _post_where(world: World, rows: Ints, vacant: Ints, amount: Floats, gain: float = 0.0) -> Ints:
    """Give each new teacher the vacancy of the subject where `amount` (parts) per
    teacher is most; `gain` adds to it each time.
    """
    teachers, stage = world.teachers, world.parts.stage
    staff, amount = world.parts.staff().sum(axis=1), amount.copy()
    chosen = np.full(len(rows), NONE)
    for i, row in enumerate(rows.tolist()):
        options = (stage == teachers.stage[row]) & (vacant[:, teachers.subject[row]] > 0)
        if options.any():
            best = int(np.argmax(np.where(options, amount / np.maximum(staff, 1), -np.inf)))
            chosen[i] = best
            vacant[best, teachers.subject[row]] -= 1
            staff[best] += 1
            amount[best] += gain
    return chosen


def signal(world: World, rows: Ints) -> Floats:
    """Return what interviews and trial lessons show of new teachers: correlated with mu by `applicant_signal_corr`."""
    corr, teachers = world.p["applicant_signal_corr"], world.teachers
    noise = world.normal("staff/signal", teachers.id[rows])
    shown: Floats = corr * teachers.mu[rows] / (team_weight(world.p) or 1.0) + np.sqrt(1.0 - corr**2) * noise
    return shown


def neediest(world: World, stage: int) -> int:
    """Return the public part of a stage with the most pupils per teacher."""
    load = world.parts.rolls() / np.maximum(world.parts.staff().sum(axis=1), 1)
    mine = world.parts.of_stage(stage, only_public=True)
    return int(mine[np.argmax(load[mine])])


def _private(world: World) -> None:
    """Let private schools replace everybody who left, from their own applicants."""
    short = np.maximum(world.parts.vacancies(), 0) * ~world.parts.public[:, None]
    if not short.any():
        return
    stage = world.parts.stage
    counts = np.array([short[stage == s].sum(axis=0) for s in range(len(STAGES))])
    rows = engage(world, counts, "private_school_hires", identity.PRIVATE, public=False)
    stages, groups = world.teachers.stage[rows], world.teachers.subject[rows]
    cells = [(s, group) for s in range(len(STAGES)) for group in range(len(SUBJECT_GROUPS))]
    people = [rows[(stages == s) & (groups == group)] for s, group in cells]
    parts = [np.repeat(np.flatnonzero(stage == s), short[stage == s, group]) for s, group in cells]
    world.move_teachers(np.concatenate(people), world.parts.key[np.concatenate(parts)], "private")
