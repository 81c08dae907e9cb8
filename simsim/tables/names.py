"""Short names of schools: 实验小学 is 长春市二道区实验小学 of another table, where only one school can be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.cells import is_blank, plain, simplified
from simsim.tables.columns import columns
from simsim.tables.table import Table
from simsim.tables.words import listed, say, words

STAGE_WORDS = {"小学": "primary", "初中": "junior", "高中": "senior"}
NAMED = re.compile(r"[(（](小学|初中|高中)[部段]?[)）]$|[_\-—－](小学|初中|高中)[部段]?$|(小学|初中|高中)部$")  # noqa: RUF001
KIND_NAMED = re.compile(r"[(（]([^()（）]+)[)）]$")  # noqa: RUF001
MARKS = {"primary": "（小学部）", "junior": "（初中部）", "senior": "（高中部）", "": ""}  # noqa: RUF001
ORDINAL = re.compile(r"第([一二三四五六七八九十]{1,3})([小中])学")
"""第一小学, which is called 一小."""
LONGEST_PLACE = 8
UNSURE = "unsure"
FEWEST = 2
"""Characters of a short name; a shorter one says nothing."""


def without_stage(name: str) -> tuple[str, str]:
    """Return a school's name without the part that its end names, and that stage: 八一学校（初中部）."""  # noqa: RUF002
    text = simplified(unicodedata.normalize("NFKC", name).strip())
    found = NAMED.search(text)
    if found and found.start() > 0:
        return text[: found.start()].strip(), STAGE_WORDS[next(part for part in found.groups() if part)]
    kind = KIND_NAMED.search(text)
    if kind and plain(kind[1]) in columns().by_kind:
        return text[: kind.start()].strip(), ""
    return name, ""


def stage_of_name(name: str) -> str:
    """Return the stage that a school's name tells (第三初中, 東國中, 第一中学校); UNSURE for one that may be of several
    (一中), nothing for another.
    """
    text = plain(name)
    for stage, ends in words()["stage_names"].items():
        if any(text.endswith(plain(end)) or f"{plain(end)}(" in text for end in ends):
            return str(stage)
    return UNSURE if any(text.endswith(end) for end in listed("stage_names_unsure")) else ""


@dataclass
class _Called:
    """A name: how it is written, where it stands (table, stage marked), its codes and the stages of its kinds."""

    shown: str
    places: set[tuple[int, str]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    stages: set[str] = field(default_factory=set)


def link_names(tables: Sequence[Table]) -> list[object]:
    """Give short names of schools in tables the full name that another table has, and return what was linked.

    A name is short for another that ends with it, after a place alone (长春市二道区), and never stands beside it: not
    in the same table, unless as 小学部 and 初中部. InputError where two schools could be meant.
    """
    called = _called(tables)
    links: dict[str, str] = {}
    problems = []
    meant: dict[str, list[str]] = {}
    for full in called:
        for short in _short_forms(full):
            if short in called and _may_mean(called[short], called[full]):
                meant.setdefault(short, []).append(full)
    for short, found in meant.items():
        if len(found) > 1:
            shown = ", ".join(called[full].shown for full in found)
            remedy = f"may be short for any of {shown}; write the full name or the school's code in every table"
            where = tables[min(called[short].places)[0]].shown
            problems.append(Problem(where, "school", called[short].shown, remedy))
        else:
            links[short] = found[0]
    if problems:
        raise InputError(capped(problems))
    for table in tables if links else ():
        _rename(table, {short: called[full].shown for short, full in links.items()})
    pairs = tuple(f"{called[short].shown} = {called[full].shown}" for short, full in links.items())
    return [say("names_linked", n=len(links), some=pairs)] if links else []


def _called(tables: Sequence[Table]) -> dict[str, _Called]:
    """Return every name of a school, without the part that its end marks, in its normal form."""
    found: dict[str, _Called] = {}
    for at, table in enumerate(tables):
        name, code, kind = (table.first(key) for key in ("school", "code", "kind"))
        for row in table.rows if name else ():
            assert name is not None
            if is_blank(row[name.place]):
                continue
            shown, stage = without_stage(str(row[name.place]))
            one = found.setdefault(plain(shown), _Called(shown))
            one.places.add((at, stage))
            if code and not is_blank(row[code.place]):
                one.codes.add(plain(row[code.place]))
            told = columns().by_kind.get(plain(row[kind.place]), "") if kind and not is_blank(row[kind.place]) else ""
            one.stages |= set(columns().kinds[told].stages) if told else set()
    return found


def _may_mean(one: _Called, other: _Called) -> bool:
    """Tell whether a name may be short for another one, by codes, kinds and where the two stand."""
    if (one.codes and other.codes) or (one.stages and other.stages and not one.stages & other.stages):
        return False
    return not any(
        a == b and (not mark or not other_mark or mark == other_mark)
        for a, mark in one.places
        for b, other_mark in other.places
    )


def short_for(short: str, full: str) -> bool:
    """Tell whether a name in its normal form may be short for another: 一小, 第一小学 for 二道区第一小学."""
    return short in _short_forms(full)


def _short_forms(full: str) -> set[str]:
    """Return what may be short for a name: without the place it begins with, and 一小 for 第一小学."""
    found = {full[match.end() :] for match in _place().finditer(full) if _is_place(full[: match.end()])}
    shorter = {match[1] + match[2] for name in (full, *found) if (match := ORDINAL.fullmatch(name))}
    return {name for name in found | shorter if len(name) >= FEWEST} - {full}


@cache
def _place() -> re.Pattern[str]:
    return re.compile("|".join(words()["place_ends"]))


def _is_place(text: str) -> bool:
    """Tell whether a text is names of places alone, none of them very long."""
    return all(len(part) <= LONGEST_PLACE for part in _place().split(text))


def _rename(table: Table, names: Mapping[str, str]) -> None:
    """Write full names for short ones into a table, and beside campuses, leaving the part that the end marks."""
    for key in ("school", "main_school"):
        heading = table.first(key)
        for row in table.rows if heading else ():
            assert heading is not None
            cell = row[heading.place]
            if is_blank(cell):
                continue
            bare, stage = without_stage(str(cell))
            if plain(bare) in names:
                row[heading.place] = names[plain(bare)] + MARKS[stage]
