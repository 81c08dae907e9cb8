"""Backbone teachers (骨干教师) and subject leaders (学科带头人) are named every year, by what panels see of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simsim.codes import FIRST, STAGES, SUBJECT_GROUPS
from simsim.teachers import team_weight

if TYPE_CHECKING:
    from simsim.district import District

Ints = NDArray[np.int64]


def name_backbones(district: District) -> None:
    """Name as many backbone teachers as the quota of each stage has room for: the share of 2014, raised by policies."""
    teachers = district.teachers
    mine = teachers.public
    people = np.bincount(teachers.stage[mine], minlength=len(STAGES))
    named = np.bincount(teachers.stage[mine & teachers.backbone], minlength=len(STAGES))
    quota = np.broadcast_to(district.rate("staff/backbone-quota", first_share(district)), len(STAGES))
    room = np.maximum(np.rint(quota * people).astype(np.int64) - named, 0)
    name(district, candidates(district), room, "staff/backbone-label", "backbone")


def first_share(district: District) -> NDArray[np.float64]:
    """Return the share of backbone teachers by stage (stages) that schools.csv gives for public schools."""
    named, staff = np.zeros(len(STAGES)), np.zeros(len(STAGES))
    for row in district.first_schools:
        if row["ownership"] == "public":
            named += [row[f"backbone_{stage}"] for stage in STAGES]
            staff += [sum(row[f"t_{stage}_{group}"] for group in SUBJECT_GROUPS) for stage in STAGES]
    return named / np.maximum(staff, 1)


def candidates(district: District) -> Ints:
    """Return the rows of public teachers who may be named backbone: with at least the first title and not named before."""
    teachers = district.teachers
    return np.flatnonzero(teachers.public & ~teachers.backbone & (teachers.title >= FIRST))


def name(district: District, rows: Ints, counts: Ints, stream: str, column: str) -> Ints:
    """Give the `counts` (stages) best-looking of the candidates (rows) a label, `backbone` or `star`; return their rows.

    What is seen of a candidate correlates with effectiveness by `star_label_corr_mu` (Chu et al. 2015: awards say little);
    a label changes no effectiveness.
    """
    teachers, corr = district.teachers, district.p["star_label_corr_mu"]
    own = teachers.mu[rows] / (team_weight(district.p) or 1.0)
    seen = corr * own + np.sqrt(1.0 - corr**2) * district.normal(stream, teachers.id[rows])
    order = rows[np.argsort(-seen, kind="stable")]
    named = np.concatenate([order[teachers.stage[order] == s][: int(counts[s])] for s in range(len(STAGES))])
    getattr(teachers, column)[named] = True
    return named
