"""What a heading of several levels means by its path: 专任教师 over #按学历分 over 本科, wherever its cells stand.

The words are data (`paths`, `leaves`, `per_pupil` in parameters/templates/book.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from simsim.tables.cells import clean, plain
from simsim.tables.phrases import Meaning
from simsim.tables.words import words

START = re.compile(
    r"^(?:#|\*|其中[:：]?|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|[0-9]{1,2}[.、](?![0-9]))+"
)  # noqa: RUF001
END = re.compile(r"\s*\(([^()]*)\)$")
ARTEFACT = "_x000d_"
"""What some programs write for a line break in a cell."""


@cache
def level(text: str) -> tuple[str, str | None]:
    """Return one level in its normal form, without number, 其中 and brackets at its end, and what the brackets hold."""
    folded = unicodedata.normalize("NFKC", text).lower().replace(ARTEFACT, "")
    folded = re.sub(r"\s+", "", folded)
    found = END.search(folded)
    inside = found[1] if found else None
    whole = START.sub("", folded)
    name = END.sub("", whole) if found and plain(whole) not in _names() else whole
    return plain(name), inside


@cache
def _patterns() -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    """Return every key with its paths, each level the set of its names."""
    return tuple(
        (key, tuple(frozenset(map(plain, names.split("|"))) for names in path))
        for key, paths in words()["paths"].items()
        for path in paths
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(name for _, path in _patterns() for names in path for name in names)


@cache
def _leaves() -> dict[str, str]:
    return {plain(name): key for key, names in words()["leaves"].items() for name in names}


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(map(plain, words()[name]))


def path_meaning(parts: Sequence[str]) -> Meaning | None:
    """Return what the path of a heading means; None where no path says it.

    A stage in brackets at the end, 县级以上骨干教师(小学), is that of its key.
    """
    levels = [level(part) for part in parts]
    names = [name for name, _ in levels if name]
    stages = words()["stage_words"]
    kept = [name for name in names if name not in _listed("whole_levels") and name not in stages] or names[-1:]
    none = {*stages, *words()["not_units"]}
    unit = next((inside for _, inside in reversed(levels) if inside and inside not in none), None)
    if not kept or any(name in _listed("other_levels") for name in kept):
        return None
    key = next((key for key, path in _patterns() if _matches(kept, path)), "") or _leaf(kept)
    if not key:
        return None
    stage = stages.get(levels[-1][1] or "") or next((stages[name] for name in names if name in stages), "")
    return Meaning(f"{key}_{stage}" if stage else key, unit=unit or _unit_of(key, names))


def _matches(levels: Sequence[str], path: Sequence[frozenset[str]]) -> bool:
    """Tell whether the names of a path stand in this order, the last at the end."""
    if levels[-1] not in path[-1]:
        return False
    above = iter(levels[:-1])
    return all(any(name in names for name in above) for names in path[:-1])


def _leaf(levels: Sequence[str]) -> str:
    """Return the key of a name that means something under its group alone, nothing elsewhere."""
    key = _leaves().get(levels[-1], "")
    if not key:
        return ""
    under = plain(words()["under"].get(key, words()["under"].get(key.split("_")[0], "")))
    return key if any(under in name for name in levels[:-1]) else ""


def _unit_of(key: str, names: Sequence[str]) -> str | None:
    """Return the unit that the Ministry's forms use under a group of this name, where the heading says none."""
    known = words()["default_units"].get(key, {})
    return next((str(unit) for name, unit in known.items() if plain(name) in names), None)


def is_whole(text: str) -> bool:
    """Tell whether a level says nothing of what is counted: 合计, 指标值."""
    return level(text)[0] in _listed("whole_levels")


def other_part(parts: Sequence[str]) -> bool:
    """Tell whether an upper level says that only a part stands below: 专任教师 over 女 over 本科."""
    return any(level(part)[0] in _listed("other_levels") for part in parts[:-1])


def per_pupil(text: str) -> tuple[str, float] | None:
    """Return a heading of values per pupil without the words that say so, and per how many; None for another."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", clean(text)))
    for word, per in sorted(words()["per_pupil"].items(), key=lambda item: -len(item[0])):
        if word in folded:
            return folded.replace(word, "", 1), float(per)
    return None
