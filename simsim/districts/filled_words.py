"""The columns that an import fills, and the rules by which it does, in the language of a page: English as they are
written, Chinese by the words of parameters/templates/book.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from simsim.tables.words import words

HOLE = "{}"


def table_word(table: str, lang: str) -> str:
    """Return what a table of a district is called; one without a word by its name."""
    return str(words()["filled_tables"].get(table, table)) if lang == "zh" else table


def column_word(table: str, column: str, lang: str) -> str:
    """Return what a column of one of a district's tables is called; one without a word by its name."""
    if lang != "zh":
        return column
    own = words()["filled_columns"].get(f"{table}.{column}")
    for pattern, text in () if own else _columns():
        found = pattern.fullmatch(column)
        if found:
            parts = {name: _part(name, value) for name, value in found.groupdict().items()}
            return text.format(**parts)
    return str(own or column)


def rule_word(rule: str, lang: str) -> str:
    """Return a rule by which columns are filled; one without a word as it is."""
    if lang != "zh":
        return rule
    for pattern, text in _rules():
        found = pattern.fullmatch(rule)
        if found:
            return text.format(*(rule_word(part, lang) for part in found.groups()))
    return rule


def _part(name: str, value: str) -> str:
    known: Mapping[str, str] = words().get(f"filled_{name}s", {})
    return str(known.get(value, value))


@cache
def _columns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern of each name with the words for it."""
    return tuple(
        (re.compile(re.sub(r"\\\{(\w+)\\\}", _group, re.escape(name))), str(text))
        for name, text in words()["filled_columns"].items()
    )


def _group(match: re.Match[str]) -> str:
    """Return a group for a part of a name: a stage or a subject group that is known, or a grade."""
    known = words().get(f"filled_{match[1]}s")
    return f"(?P<{match[1]}>{'|'.join(known) if known else '[0-9A-Za-z]+'})"


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern of each rule with its words; the ones without a hole first."""
    found = sorted(words()["filled_rules"].items(), key=lambda entry: str(entry[0]).count(HOLE))
    return tuple((re.compile("(.+?)".join(map(re.escape, str(rule).split(HOLE)))), str(text)) for rule, text in found)
