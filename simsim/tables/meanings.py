"""What a heading means: by its words, by the path of levels above it, or as a value per pupil."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from simsim.tables.cells import plain
from simsim.tables.columns import PER_HUNDRED, PER_ONE, STAGE_NAMES, columns
from simsim.tables.paths import is_whole, other_part, path_meaning, per_pupil
from simsim.tables.phrases import Meaning, meaning, without_unit
from simsim.tables.words import words

QUOTES = str.maketrans("", "", '"“”')
FOOTNOTE = re.compile(r"(?<![mM米])\s*[¹²³⁴⁵⁶⁷⁸⁹⁰①②③④⑤⑥⑦⑧⑨*†‡§]+\s*$")
"""Marks at the end of a heading that point to a note; m² is none."""


@cache
def known_headings() -> Mapping[str, str]:
    """Return the key of every heading that is understood, in its normal form."""
    more = {plain(text): key for key, texts in words()["headings"].items() for text in (key, *texts)}
    return {**columns().alone, **columns().by_heading, **more}


@cache
def _of_levels() -> Mapping[str, str]:
    """Return the headings that stand for themselves below others, without those that need a path or a stage."""
    alone = {key for key in columns().by_stage if key not in words()["headings"]}
    return {text: key for text, key in known_headings().items() if key not in alone}


def understood(parts: Sequence[str], known: Mapping[str, str]) -> Meaning | None:
    """Return what a heading means whose levels are `parts`, from the top: by its words, else by its path, else by its
    last level; None where it is not understood.
    """
    parts = [FOOTNOTE.sub("", part.translate(QUOTES)) or part for part in parts]
    value = _value_meaning(parts)
    if value:
        return value
    if len(parts) == 1:
        found = meaning(parts, known)
        return found if found or known is not known_headings() else _known_path(parts)
    if known is not known_headings():
        return meaning(parts, known)
    path = _known_path(parts)
    found = path or meaning(parts, _of_levels())
    return None if found and other_part(parts) and found.key not in ("pupils", "classes") else found


def _known_path(parts: Sequence[str]) -> Meaning | None:
    """Return what a path means, where its key is one of a table."""
    found = path_meaning(parts)
    return found if found and found.key in {*columns().columns, *columns().by_stage, *words()["headings"]} else None


def _value_meaning(parts: Sequence[str]) -> Meaning | None:
    """Return the value per pupil, or per 100, that a heading asks for; None where it asks for none."""
    if other_part([*parts, ""]):
        return None
    text, unit = without_unit("".join(part for part in parts if not is_whole(part)))
    whole = known_headings().get(plain(text))
    if whole and "value" in whole:
        return Meaning(whole, unit=unit)
    found = per_pupil(text)
    if found is None:
        return None
    key = known_headings().get(plain(found[0]), "")
    stage = key.rsplit("_", 1)[-1] if key.endswith(tuple(STAGE_NAMES)) else ""
    column = columns().columns.get(key) or columns().columns.get(f"{key}_primary")
    value = columns().by_stage.get(f"value_{column.input}") if column else None
    if column is None or value is None:
        return None
    other = None if value.per == found[1] else PER_ONE if found[1] == 1 else PER_HUNDRED
    return Meaning(f"value_{column.input}" + (f"_{stage}" if stage else ""), unit=other or unit)
