"""New teachers: how many the year's rules allow, who they are, and which vacancy each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.rules.staff_traits import applicants
from simsim.rules.staffing import NONE, choose_posts
from simsim.world.teachers import is_new, team_weight

if TYPE_CHECKING:
    from simsim.district import District


def hire(district: District) -> None:
    """Hire into public posts as the year's rules say, and let private schools fill theirs."""
    rows = engage(district, wanted(district), "hires")
    settle(district, rows)
    _private(district)


def wanted(district: District) -> Ints:
    """Return hires by stage and subject group: openings of each kind times the share that the year's rules fill."""
    shares = [
        float(district.rate("staff/replacement", district.hiring[kind])) for kind in ("retirement", "exit", "growth")
    ]
    expected = np.tensordot(shares, district.openings, axes=1)
    cells = np.arange(expected.size)
    return district.streams.whole("staff/hires", district.year, cells, expected.ravel()).reshape(expected.shape)


def engage(district: District, counts: Ints, reason: str, route: int = identity.HIRE, **more: Any) -> Ints:
    """Employ the first applicants of each stage and subject group, `counts` (stages, groups); return their rows.

    They have no post yet (it is set by `settle` or by the caller).
    """
    cells = [(s, g) for s in range(len(STAGES)) for g in range(len(SUBJECT_GROUPS)) if counts[s, g] > 0]
    if not cells:
        return np.empty(0, np.int64)
    people = [applicants(district, s, g, int(counts[s, g]), route) for s, g in cells]
    columns = {name: np.concatenate([p[name] for p in people]) for name in people[0]}
    district.employ(reason, **columns | more)
    return district.teachers.rows(columns["id"])


def settle(district: District, rows: Ints, reason: str = "hire", instance: str = "") -> None:
    """Let new teachers (rows) take public vacancies in turn; where none is left they go where pupils per teacher are
    most.
    """
    rows = rows[np.argsort(-signal(district, rows), kind="stable")]
    vacant = district.vacancies() * district.public_parts[:, None]
    chosen = _first_to_openings(district, rows, vacant)
    left = chosen == NONE
    chosen[left] = (district.posting or choose_posts)(
        district, rows[left], vacant, np.full(np.count_nonzero(left), NONE)
    )
    for row, index in zip(rows[chosen == NONE].tolist(), np.flatnonzero(chosen == NONE).tolist(), strict=True):
        chosen[index] = neediest(district, int(district.teachers.stage[row]))
        district.parts[chosen[index]].posts[district.teachers.subject[row]] += 1
    keys = np.array([part.key for part in district.parts])[chosen] if len(rows) else rows
    district.move_teachers(rows, keys, reason, instance)


def _first_to_openings(district: District, rows: Ints, vacant: Ints) -> Ints:
    """Return the opening part that each new teacher is sent to, by lot, or -1; `vacant` is reduced in place."""
    chosen, teachers = np.full(len(rows), NONE), district.teachers
    opening = [index for index, part in enumerate(district.parts) if part.opening]
    if opening:
        lot = np.argsort(district.uniform("staff/opening", teachers.id[rows]), kind="stable")
    for index in opening:
        for group in np.flatnonzero(vacant[index] > 0):
            fits = (
                (teachers.stage[rows] == district.parts[index].stage)
                & (teachers.subject[rows] == group)
                & (chosen == NONE)
            )
            sent = lot[fits[lot]][: vacant[index, group]]
            chosen[sent] = index
            vacant[index, group] -= len(sent)
    return chosen


def post_by_need(district: District, rows: Ints, vacant: Ints, origin: Ints) -> Ints:
    """Return the part of each new teacher (rows, the most promising first): the vacancy where most pupils share a
    teacher.
    """
    return _post_where(district, rows, vacant, district.rolls().astype(float))


def post_evenly(district: District, rows: Ints, vacant: Ints, origin: Ints) -> Ints:
    """Return the part of each new teacher (rows): the vacancy at the school with the smallest share of new teachers."""
    at = district.teacher_parts()
    new = np.bincount(at[is_new(district) & (at >= 0)], minlength=len(district.parts))
    return _post_where(district, rows, vacant, -new.astype(float), gain=-1.0)


def _post_where(district: District, rows: Ints, vacant: Ints, amount: Floats, gain: float = 0.0) -> Ints:
    """Give each new teacher the vacancy of the subject where `amount` (parts) per teacher is most; `gain` adds to it
    each time.
    """
    teachers, stage = district.teachers, np.array([part.stage for part in district.parts])
    staff, amount = district.staff_by_part().sum(axis=1), amount.copy()
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


def signal(district: District, rows: Ints) -> Floats:
    """Return what interviews and trial lessons show of new teachers: correlated with mu by `applicant_signal_corr`."""
    corr, teachers = district.p["applicant_signal_corr"], district.teachers
    noise = district.normal("staff/signal", teachers.id[rows])
    return corr * teachers.mu[rows] / (team_weight(district.p) or 1.0) + np.sqrt(1.0 - corr**2) * noise


def neediest(district: District, stage: int) -> int:
    """Return the public part of a stage with the most pupils per teacher."""
    load = district.rolls() / np.maximum(district.staff_by_part().sum(axis=1), 1)
    mine = [i for i, part in enumerate(district.parts) if part.stage == stage and part.school.public]
    return mine[int(np.argmax(load[mine]))]


def _private(district: District) -> None:
    """Let private schools replace everybody who left, from their own applicants."""
    short = np.maximum(district.vacancies(), 0) * ~district.public_parts[:, None]
    if not short.any():
        return
    stage = np.array([part.stage for part in district.parts])
    counts = np.array([short[stage == s].sum(axis=0) for s in range(len(STAGES))])
    rows = engage(district, counts, "private_school_hires", identity.PRIVATE, public=False)
    for s in range(len(STAGES)):
        for group in range(len(SUBJECT_GROUPS)):
            mine = rows[(district.teachers.stage[rows] == s) & (district.teachers.subject[rows] == group)]
            parts = np.repeat(np.flatnonzero(stage == s), short[stage == s, group])
            district.move_teachers(mine, [district.parts[i].key for i in parts], "private")
