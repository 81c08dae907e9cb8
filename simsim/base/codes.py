"""The small integers that columns hold, and the words they stand for."""

from __future__ import annotations

STAGES = ("primary", "junior")
SUBJECT_GROUPS = ("core", "science", "humanities", "pe_arts", "other")
TITLES = ("none", "second", "first", "senior")
KINDS = ("primary", "junior", "nine_year", "complete")
OWNERSHIP = ("public", "private")

PRIMARY, JUNIOR = range(2)
CORE, SCIENCE, HUMANITIES, PE_ARTS, OTHER = range(5)
NO_TITLE, SECOND, FIRST, SENIOR = range(4)

NO_SCHOOL = 0
NOWHERE = -1


def stages_of(kind: str) -> tuple[int, ...]:
    """Return the stage codes that a school of this kind teaches; a senior part is not simulated."""
    return {"primary": (PRIMARY,), "junior": (JUNIOR,), "complete": (JUNIOR,), "nine_year": (PRIMARY, JUNIOR)}[kind]
