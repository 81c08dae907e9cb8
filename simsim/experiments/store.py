"""Tables on disk: one type for each column, finished files only, and the same bytes for the same rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simsim.base.arrays import Rows
from simsim.experiments.packing import PACKED, packed, unpacked
from simsim.inputs.documents import Document, Draft
from simsim.inputs.whole_files import write_bytes

_STRING = pa.dictionary(pa.int32(), pa.string())
_WORDS = (
    "scenario",
    "stage",
    "group",
    "indicator",
    "reason",
    "instance",
    "measure",
    "policy",
    "milestone",
    "due",
    "done",
    "kind",
)
_NAMES = ("phase", "error", "message", "name_zh", "name_en", "code", "parameter", "district")
_WHOLE = (
    "replication",
    "year",
    "school",
    "neighbourhood",
    "origin",
    "destination",
    "backbone",
    "striving",
    "met",
    "urban",
    "opened",
    "rooms",
    "places",
    "outside",
)
_NUMBERS = ("value", "drawn", "yuan", "km", "x_km", "y_km", "planned", "funded", "spent", "line", "gap")
_TYPES = {_STRING: _WORDS + _NAMES, pa.int32(): _WHOLE, pa.int64(): ("teacher",), pa.float64(): _NUMBERS}
COLUMNS = {name: kind for kind, names in _TYPES.items() for name in names}
SPLIT = ("value", PACKED, "gap", "teacher")
"""Columns in which few numbers come twice: their bytes are stored by place (byte-stream split), not as a dictionary."""
LEVEL = 9
"""Of zstd: 3 per cent smaller than its default; more takes longer for nothing."""
PACKING = "packing"
"""What a part says of numbers that are stored otherwise than they are read (`packing`)."""
META = b"simsim"
"""The key under which a part says what it is, in its Parquet metadata."""
SEVERAL_THREADS = 1_000_000
"""Bytes of a file from which on Arrow reads its columns side by side: in a small one that costs more than reading."""
BROKEN = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)
"""What reading a damaged file may raise."""


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a table in the documented column types; words become dictionaries, and a missing word the empty one."""
    return pa.table({str(name): _column(str(name), frame[name]) for name in frame.columns})


def _column(name: str, column: pd.Series) -> pa.Array:
    kind = COLUMNS.get(name, _STRING if not pd.api.types.is_numeric_dtype(column) else None)
    if kind != _STRING:
        return pa.array(column, type=kind, from_pandas=True)
    words = pa.array(column, from_pandas=True)
    return words.cast(pa.string()).fill_null("").dictionary_encode()


def _words(codes: Rows, categories: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(categories, pa.string()))


def concatenate(tables: Sequence[pa.Table], scenarios: Sequence[str] = ()) -> pa.Table:
    """Join tables in the order given; dictionaries are joined and sorted (scenarios in their own order)."""
    table = pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()
    for place, name in enumerate(table.column_names):
        if pa.types.is_dictionary(table.schema.field(name).type):
            table = table.set_column(
                place, name, _sorted_words(table.column(name), scenarios if name == "scenario" else ())
            )
    return table


def _sorted_words(column: pa.ChunkedArray, order: Sequence[str]) -> pa.DictionaryArray:
    """Return a dictionary column whose used words stand in `order`, or else alphabetically."""
    if not column.num_chunks:
        return _words(np.empty(0, np.int32), [])
    words = np.array(column.chunk(0).dictionary.to_pylist(), dtype=object)
    codes = column.chunk(0).indices.to_numpy()
    used = set(words[np.flatnonzero(np.bincount(codes))])
    categories = [word for word in order if word in used] or sorted(used)
    place = {word: number for number, word in enumerate(categories)}
    return _words(np.array([place.get(word, -1) for word in words], np.int32)[codes], categories)


def by_replication(table: pa.Table) -> pa.Table:
    """Return the rows in order of replication, otherwise as they stand."""
    return table.take(pa.array(np.argsort(table.column("replication").to_numpy(), kind="stable")))


def only(table: pa.Table, seeds: Iterable[int]) -> pa.Table:
    """Return the rows of some replications."""
    return table.filter(
        pc.is_in(table.column("replication"), pa.array(sorted(seeds), table.schema.field("replication").type))
    )


def link(source: Path, target: Path) -> None:
    """Give a finished file a second name, or copy it where that cannot be: such files are replaced, never changed."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, draft)
        draft.replace(target)
    except OSError:
        write_bytes(source.read_bytes(), target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def parquet_bytes(table: pa.Table, meta: Document | None = None, pack: bool = True) -> bytes:
    """Return a table as the bytes of a Parquet file, with what it is written inside; packed, unless every reader of
    Parquet is to find the numbers as they are.
    """
    buffer = BytesIO()
    table, packing = packed(table) if pack else (table, {})
    table = table.replace_schema_metadata(None)
    meta = {**(meta or {}), PACKING: packing} if packing else meta
    split = [name for name in SPLIT if name in table.column_names and _is_wide(table.schema.field(name).type)]
    options = {"use_dictionary": [name for name in table.column_names if name not in split], "write_statistics": False}
    options |= {"column_encoding": dict.fromkeys(split, "BYTE_STREAM_SPLIT")}
    with pq.ParquetWriter(buffer, table.schema, compression="zstd", compression_level=LEVEL, **options) as writer:
        writer.write_table(table)
        if meta:  # beside the schema, which would hold it twice
            text = json.dumps(meta, sort_keys=True, ensure_ascii=False)
            writer.add_key_value_metadata({META.decode(): text})
    return buffer.getvalue()


def _is_wide(kind: pa.DataType) -> bool:
    return bool(pa.types.is_float64(kind) or pa.types.is_int64(kind))


def from_bytes(content: bytes) -> tuple[pa.Table, Draft]:
    """Return a table and what is written inside its file; BROKEN when the bytes are not Parquet or not whole."""
    file = pq.ParquetFile(pa.BufferReader(content))
    table = file.read(use_threads=len(content) >= SEVERAL_THREADS)
    meta = json.loads((file.metadata.metadata or {}).get(META, b"{}"))
    meta = meta if isinstance(meta, dict) else {}
    return unpacked(table.replace_schema_metadata(None), meta.pop(PACKING, {})), meta


def write_table(table: pa.Table | pd.DataFrame, path: Path) -> bytes:
    """Write one table as Parquet, its numbers as they are, and return the bytes."""
    content = parquet_bytes(to_arrow(table) if isinstance(table, pd.DataFrame) else table, pack=False)
    write_bytes(content, path)
    return content
