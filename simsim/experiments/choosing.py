"""The rows of a table in memory with one of the values wanted in each column, asked for hundreds of times by a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from simsim.base.arrays import Mask, Rows

INDICATOR, SCENARIO = "indicator", "scenario"
LONG = 10_000
"""Rows from which it pays to know where those of each indicator are."""
Where = Mapping[str, Sequence[object] | None]


class Chooser:
    """Chooses rows of one table; of a long one by the places of its indicators, found once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._places = len(frame) >= LONG and INDICATOR in frame and _is_words(frame[INDICATOR])

    def of(self, where: Where) -> pd.DataFrame:
        """Return the rows with one of the values wanted in each column (None for all), in their order."""
        indicators = where.get(INDICATOR)
        if indicators is None or not self._places:
            return chosen(self.frame, where)
        rows = self._by_indicator.of(indicators, where.get(SCENARIO))
        answered = self._by_indicator.answers
        return chosen(self.frame, {key: values for key, values in where.items() if key not in answered}, rows)

    @cached_property
    def _by_indicator(self) -> ByIndicator:
        return ByIndicator(self.frame)


class ByIndicator:
    """Where the rows of each indicator are in a long table, so that none is searched for again: of scenarios too, where
    each one's rows stand together. `answers` are the columns of which `of` leaves nothing to be asked.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        column = frame[INDICATOR].cat
        codes = column.codes.to_numpy()
        self._order: Rows = np.argsort(codes, kind="stable").astype(np.int32)  # by row within each
        counts = np.bincount(codes.astype(np.int64) + 1, minlength=len(column.categories) + 1)
        edges = np.cumsum(counts).tolist()  # the first of what is missing, whose code is -1
        self._spans = {word: slice(*ends) for word, *ends in zip(column.categories, edges, edges[1:], strict=False)}
        self._scenarios = _stretches(frame[SCENARIO]) if SCENARIO in frame else None
        self.answers = (INDICATOR,) if self._scenarios is None else (INDICATOR, SCENARIO)

    def of(self, indicators: Iterable[object], scenarios: Sequence[object] | None = None) -> Rows:
        """Return the rows of some indicators, in order; of some scenarios, where these can be told."""
        known = [self._order[self._spans[name]] for name in dict.fromkeys(indicators) if name in self._spans]
        if scenarios is not None and self._scenarios is not None:
            wanted = [stretch for name, stretch in self._scenarios.items() if name in scenarios]
            known = [rows[slice(*np.searchsorted(rows, stretch))] for stretch in wanted for rows in known]
        return np.sort(np.concatenate(known)) if len(known) > 1 else known[0] if known else np.empty(0, np.int32)


def _stretches(column: pd.Series) -> dict[str, Rows] | None:
    """Return the first row of each word of a column, and the first after it; None where its rows are scattered."""
    if not _is_words(column):
        return None
    codes = column.cat.codes.to_numpy()
    if (codes[1:] < codes[:-1]).any():
        return None
    edges = np.searchsorted(codes, np.arange(len(column.cat.categories) + 1)).astype(np.int32)
    return {word: edges[place : place + 2] for place, word in enumerate(column.cat.categories)}


def chosen(frame: pd.DataFrame, where: Where, rows: Rows | None = None) -> pd.DataFrame:
    """Return the rows with one of the values wanted in each column, of all or of these."""
    for name, values in where.items():
        if values is not None and name in frame:
            found = np.flatnonzero(_among(frame[name], values, rows))
            rows = found if rows is None else rows[found]
    return frame.copy(deep=False) if rows is None else frame.iloc[rows]


def _among(column: pd.Series, values: Sequence[object], rows: Rows | None = None) -> Mask:
    """Return which of a column (of these rows) are among some values; of words only each category is looked up."""
    if not _is_words(column):
        return (column if rows is None else column.iloc[rows]).isin(values).to_numpy()
    wanted = np.array([*column.cat.categories.isin(values), False], bool)  # the last: what is missing, whose code is -1
    codes = column.cat.codes.to_numpy()
    return wanted[codes if rows is None else codes[rows]]


def _is_words(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)
