"""Numbers as they lie on disk: what others give exactly is not written twice, and an indicator's numbers lie together.

A share of pupils, say, is a whole number over the pupils of the same row, and that number takes a fifth of the room.
A number is left out, or replaced by its numerator, only where working it out again gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np
import pyarrow as pa

from simsim.base.arrays import Floats, Rows
from simsim.inputs.documents import Document, Draft

INDICATOR, VALUE, GAP, LINE = "indicator", "value", "gap", "line"
SHARES = "shares"
DIVISORS = ("pupils", "teachers", "classes", "seats")
"""Whole numbers of which others are shares, the likeliest first."""
PACKED = "packed"
"""The column that stands in the place of `value`, so that nobody takes a numerator for the number itself."""
YEAR = "year"
OUTERMOST = ("scenario", "replication", YEAR)
SHORT = np.iinfo(np.int16).max
"""Keys up to here are sorted several times as fast."""
SPARSE = 64
"""A table of all combinations of keys may have as many cells a row; more are numbered first."""


def packed(table: pa.Table) -> tuple[pa.Table, Draft]:
    """Return a table as it is stored, and what `unpacked` must know: nothing where it is stored as it is."""
    how: Draft = {}
    if len(table) and {GAP, VALUE, LINE} <= set(table.column_names) and _same(_distance(table), _numbers(table, GAP)):
        how[GAP] = table.column_names.index(GAP)
        table = table.drop_columns([GAP])
    if len(table) and {INDICATOR, VALUE} <= set(table.column_names):
        lines = Lines(table)
        values = _numbers(table, VALUE)[lines.order]
        how[SHARES] = _without_shares(lines, values)
        table = _replaced(table, VALUE, PACKED, values)
    return table, how


def unpacked(table: pa.Table, how: Document) -> pa.Table:
    """Return the table that was packed; KeyError, TypeError or ValueError where it is not what `how` tells of."""
    if SHARES in how:
        lines, values = Lines(table), np.empty(len(table))
        ordered = _numbers(table, PACKED).copy()
        whole = {name: lines.by_place(name, ordered) for name in DIVISORS if name in lines.spans}
        for name, (over, under) in how[SHARES].items():
            mine, place = lines.spans[name], lines.place[lines.spans[name]]
            with np.errstate(divide="ignore", invalid="ignore"):
                ordered[mine] = (whole[over][place] if over else ordered[mine]) / whole[under][place]
        values[lines.order] = ordered
        table = _replaced(table, PACKED, VALUE, values)
    if GAP in how:
        table = table.add_column(int(how[GAP]), GAP, pa.array(_distance(table), from_pandas=True))
    return table


class Lines:
    """The rows of a table in the order in which their numbers are stored: by indicator, then place, year, replication.

    `order` are the rows, `spans` the stretch of each indicator, and `place` says which rows tell of the same stage,
    school (or whatever the table tells of), year and replication; all but the first in that order.
    """

    def __init__(self, table: pa.Table) -> None:
        names = [name for name in table.column_names if not pa.types.is_floating(table.schema.field(name).type)]
        codes = {name: _codes(table.column(name)) for name in names}
        indicator, words = codes.pop(INDICATOR)
        keys = {name: code for name, (code, _) in codes.items() if code.any()}  # one value tells nothing apart
        inner = [keys[name] for name in keys if name not in OUTERMOST]
        self.order: Rows = np.lexsort([*(keys[name] for name in keys if name == YEAR), *inner[::-1], indicator])
        self.place: Rows = _numbered([*keys.values()], len(table))[self.order]
        edges = [0, *np.cumsum(np.bincount(indicator, minlength=len(words))).tolist()]
        stretches = zip(words, edges, edges[1:], strict=False)
        self.spans = {word: slice(first, last) for word, first, last in stretches if first < last}
        self._places = int(self.place.max()) + 1

    def by_place(self, indicator: str, ordered: Floats) -> Floats:
        """Return an indicator's numbers by place, NaN where it has none."""
        found = np.full(self._places, np.nan)
        found[self.place[self.spans[indicator]]] = ordered[self.spans[indicator]]
        return found


def _without_shares(lines: Lines, ordered: Floats) -> dict[str, tuple[str, str]]:
    """Put numerators in the place of shares, and return of which numbers they are shares: over (empty where the
    numerator is told nowhere else) and under.
    """
    whole = {name: lines.by_place(name, ordered) for name in DIVISORS if name in lines.spans}
    found: dict[str, tuple[str, str]] = {}
    for name, mine in lines.spans.items():
        values, place = ordered[mine], lines.place[mine]
        if _same(values, np.rint(values)):
            continue
        for under, over, numerator in _shares(values, {each: at[place] for each, at in whole.items()}):
            found[name] = over, under
            ordered[mine] = 0.0 if over else numerator
            break
    return found


def _shares(values: Floats, whole: Mapping[str, Floats]) -> Iterator[tuple[str, str, Floats]]:
    """Yield of which whole numbers these are shares, to the bit: under, over (empty: none of them) and numerators."""
    for under, divisor in whole.items():
        numerator = np.rint(values * divisor)
        with np.errstate(divide="ignore", invalid="ignore"):
            fits = _same(numerator / divisor, values)
        if fits:
            yield under, next((over for over, number in whole.items() if _same(number, numerator)), ""), numerator


def _numbered(codes: Sequence[Rows], rows: int) -> Rows:
    """Return a number for each combination of keys."""
    sizes = [int(code.max()) + 1 for code in codes]
    if prod(sizes) <= SPARSE * rows:
        found = np.zeros(rows, np.int32)
        for code, size in zip(codes, sizes, strict=True):
            found *= size
            found += code
        return found
    return np.unique(np.stack(codes), axis=1, return_inverse=True)[1]


def _codes(column: pa.ChunkedArray) -> tuple[Rows, list[str]]:
    """Return keys as whole numbers from 0, short ones as short numbers, and the words that they stand for, if any:
    by the alphabet, however a file lists them.
    """
    if pa.types.is_dictionary(column.type):
        one = column.unify_dictionaries().combine_chunks()
        known = one.dictionary.to_pylist()
        words = sorted(known)
        place = {word: number for number, word in enumerate(words)}
        return np.array([place[word] for word in known], _kind(len(words)))[one.indices.to_numpy()], words
    codes = column.to_numpy()
    codes = codes - codes.min()
    return codes.astype(_kind(int(codes.max()))), []


def _kind(largest: int) -> type[np.int16] | type[np.int64]:
    return np.int16 if largest <= SHORT else np.int64


def _numbers(table: pa.Table, name: str) -> Floats:
    numbers: Floats = table.column(name).to_numpy()
    return numbers


def _distance(table: pa.Table) -> Floats:
    return np.abs(_numbers(table, VALUE) - _numbers(table, LINE))


def _same(one: Floats, other: Floats) -> bool:
    """Tell whether numbers are the same to the bit; one that is not defined has one form only in a file."""
    return bool(np.all((one.view(np.int64) == other.view(np.int64)) | (np.isnan(one) & np.isnan(other))))


def _replaced(table: pa.Table, old: str, new: str, values: Floats) -> pa.Table:
    return table.set_column(table.column_names.index(old), new, pa.array(values, from_pandas=True))
