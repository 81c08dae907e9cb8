"""The small integers that columns hold, and the words they stand for."""

from __future__ import annotations

from datetime import date

STAGES = ("primary", "junior")
STAGES_ZH = ("小学", "初中")
SUBJECT_GROUPS = ("core", "science", "humanities", "pe_arts", "other")
TITLES = ("none", "second", "first", "senior")
KINDS = ("primary", "junior", "nine_year", "complete")
OWNERSHIP = ("public", "private")

PRIMARY, JUNIOR = range(2)
CORE, SCIENCE, HUMANITIES, PE_ARTS, OTHER = range(5)
NO_TITLE, SECOND, FIRST, SENIOR = range(4)

FIRST_GRADE = (1, 7)
LAST_GRADE = (6, 9)
N_GRADES = 9
NO_SCHOOL = 0
MAX_SCHOOL_KEY = 999

SEPTEMBER = 9

# What a policy may multiply; whoever uses a rate asks `district.rate(name, base)`.
RATES = (
    "admit/leave", "admit/inflow", "admit/births", "admit/view-error", "build/reactive-rooms", "staff/exit", "staff/voluntary-move",
    "staff/replacement", "staff/principal-leaves", "staff/title", "staff/backbone-quota", "teach/utilisation",
    "assess/monitoring-error", "settle/upkeep", "policy/non-compliance", "teach/unserved",
)  # fmt: skip


def stages_of(kind: str) -> tuple[int, ...]:
    """Return the stage codes that a school of this kind teaches; a senior part is not simulated."""
    return {"primary": (PRIMARY,), "junior": (JUNIOR,), "complete": (JUNIOR,), "nine_year": (PRIMARY, JUNIOR)}[kind]


def acts_from(completed: date) -> int:
    """Return the first school year that sees a measure: the first 1 September on or after its completion."""
    return completed.year if completed <= date(completed.year, SEPTEMBER, 1) else completed.year + 1
