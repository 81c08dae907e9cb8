"""Sheets (or files) that are named by a grade or a school, which their rows do not name again."""

from __future__ import annotations

from simsim.tables.cells import plain
from simsim.tables.grades import grade_of
from simsim.tables.headings import IDENTITY, Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import listed, say

COUNTED = ("pupils", "classes")


def name_of(table: Table) -> str:
    """Return what a table's sheet is called; the name of its file where it has no sheets."""
    return (table.sheet.name or table.sheet.file.rsplit(".", 1)[0]).strip()


def by_name(table: Table) -> None:
    """Give a table that counts pupils, and names no grade or no school, that of its sheet's name, and say so."""
    name = name_of(table)
    counted = [h.means for key in COUNTED for h in table.find(key) if h.means]
    if not counted:
        return
    graded = table.first("grade") is not None or any(means.grade for means in counted)
    if not graded and any(table.first(key) for key in IDENTITY) and grade_of(name) and not name.isdecimal():
        _add(table, "grade", name)
    elif graded and not any(table.first(key) for key in (*IDENTITY, "district", "area")) and _school(name):
        _add(table, "school", name)


def _school(name: str) -> bool:
    """Tell whether a sheet's name is one of a school: 甲小学, Oak School, and not 学校 or schools alone."""
    words = [word for word in listed("school_words") if word in plain(name)]
    return any(len(plain(name)) > len(word) for word in words) and plain(name) not in _not_names()


def _not_names() -> frozenset[str]:
    headings = frozenset().union(*(listed("headings", key) for key in (*IDENTITY, "classes", "teachers")))
    return headings | listed("not_schools")


def _add(table: Table, key: str, name: str) -> None:
    width = len(table.headings)
    table.headings.append(Heading(width, (key,), Meaning(key)))
    for row in table.rows:
        row.append(name)
    table.said.append(say(f"sheet_{key}", table=table.shown, name=name))
