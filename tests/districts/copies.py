"""A copy of the shipped district that a test may damage, table by table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd


def change(file: Path, edit: Callable[[pd.DataFrame], object]) -> None:
    """Edit one table of a district in place; `edit` may return a new table."""
    table = pd.read_csv(file, dtype=object)
    edited = edit(table)
    (edited if isinstance(edited, pd.DataFrame) else table).to_csv(file, index=False)


def put(row: int, column: str, value: object) -> Callable[[pd.DataFrame], None]:
    return lambda table: table.__setitem__(column, table[column].where(table.index != row, value))
