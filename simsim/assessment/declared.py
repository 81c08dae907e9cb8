"""What the table itself says of a school, 该校综合评估是否达标 (L14 of form Ⅱ-2), beside what its numbers say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from simsim.tables.by_stage import some
from simsim.tables.cells import is_blank, plain
from simsim.tables.derived import COMPULSORY
from simsim.tables.words import listed, say


def verdict_columns(table: pd.DataFrame) -> dict[str, str]:
    """Return by stage the column of a table that says which schools pass, where there is one."""
    keys = {stage: listed("headings", f"verdict_{stage}") | {f"verdict{stage}"} for stage in COMPULSORY}
    found = {stage: next((c for c in table.columns if plain(c) in names), None) for stage, names in keys.items()}
    return {stage: column for stage, column in found.items() if column is not None}


def compared(table: pd.DataFrame, rows: Sequence[object], parts: pd.DataFrame) -> Iterator[object]:
    """Yield whether the passes that a table tells are those of the numbers, school by school.

    `rows` are the names of the table's rows in the order of the schools, whose place `parts` has as its column `row`.
    """
    columns = verdict_columns(table)
    if "passes" not in parts or not columns:
        return
    same, differing, unread = 0, [], []
    for part in parts.to_dict("records"):
        column = columns.get(str(part["stage"]))
        cell = None if column is None else table.loc[[rows[int(part["row"])]], column].iloc[0]
        if is_blank(cell):
            continue
        told = _told(cell)
        name = f"{part['school']} {'小学' if part['stage'] == COMPULSORY[0] else '初中'}"
        if told is None:
            unread.append(f"{name} {cell}")
        elif told == bool(part["passes"]):
            same += 1
        else:
            differing.append(f"{name} {cell} ({part['n_met']})")
    if differing:
        yield say("verdict_differs", n=len(differing), same=same, some=some(differing))
    elif same:
        yield say("verdict_same", n=same)
    if unread:
        yield say("verdict_unread", n=len(unread), some=some(unread))


def _told(cell: object) -> bool | None:
    """Return what a cell says: 是, 达标, 1 or 否, 不达标, 0; None for another text."""
    text = plain(cell)
    return True if text in listed("passes", "passing") else False if text in listed("passes", "failing") else None
