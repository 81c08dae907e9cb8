"""Single rows of a table by key: found without searching an index, with the words of one language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


class Lines:
    """Single rows of a table by key, found without searching the index; what is missing is NaN and has no words.

    Of the words of both languages those of the page are taken, as `words`.
    """

    def __init__(self, table: pd.DataFrame, columns: Sequence[str]) -> None:
        told = [name.startswith(("words", "verdict")) for name in columns]
        values = table[list(columns)].astype(object).to_numpy().tolist() if len(table) else []
        self.rows: dict[tuple[object, ...], list[object]] = dict(zip(table.index.tolist(), values, strict=True))
        self.nothing = ["" if word else np.nan for word in told]
        names = ["words" if name.startswith("words") else name for name in columns]
        self._columns = pd.Index(names)  # one for all rows
        self._kind = object if any(told) else float

    def __getitem__(self, key: tuple[object, ...]) -> pd.Series:
        return pd.Series(self.rows.get(key, self.nothing), index=self._columns, dtype=self._kind)


def judged_columns(lang: str) -> tuple[str, ...]:
    """Return the columns of a paired difference that a page in a language shows."""
    return ("mean", "low", "high", "share", "with_sign", "mc_error", "beyond", "n", "verdict", f"words_{lang}")
