"""The parts of an experiment's folder: each table in files by scenario and block of seeds, trusted by their content.

A scenario's block is whole when its `failures` part is there: it is written last and says which seeds were done, from
which code and inputs, and the SHA-256 of every other part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from simsim.experiments.store import BROKEN, by_replication, concatenate, from_bytes, only, parquet_bytes, to_arrow
from simsim.inputs.documents import Document, Draft

SEEDS_A_BLOCK = 5
SCHEMA = "simsim-part/2"
SCHEMAS = ("simsim-part/1", SCHEMA)
"""Parts that are read: in the first every number lies as it is read, and none is left out."""
FAILURES = "failures"
FAILURE_COLUMNS = ("scenario", "replication", "year", "phase", "error", "message")
PARAMETERS = "parameters"
ALL = ""
"""In the place of a scenario: what all scenarios share, as the parameters that a replication drew."""

Key = tuple[str, int]


@dataclass(frozen=True)
class Source:
    """What a part was made from: the digests of the code, and of all inputs of its scenario."""

    code: str
    inputs: str


@dataclass(frozen=True)
class Entry:
    """A file as it was written."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Group:
    """What is there of one scenario and block: the seeds done, the seeds that failed, and a file a table."""

    seeds: tuple[int, ...]
    failed: tuple[int, ...]
    files: Mapping[str, Entry]


@dataclass(frozen=True)
class Found:
    """What running seeds of one scenario left: the bytes of its parts by table, and the text of failures for the
    log.
    """

    key: Key
    seeds: tuple[int, ...]
    parts: Mapping[str, bytes]
    log: tuple[str, ...] = ()


def source_of(scenario: str, district: str, inputs: Document, code: str) -> Source:
    """Return what the parts of one scenario are made from: of all the inputs of an experiment only its own count."""
    own = {
        "scenario": inputs.get("scenarios", {}).get(scenario),
        "district": inputs.get("districts", {}).get(district),
    }
    return Source(code, _digest(own | _shared(inputs)))


def shared_source(inputs: Document, code: str) -> Source:
    """Return what the parameters that the replications drew are made from."""
    return Source(code, _digest({"districts": inputs.get("districts", {})} | _shared(inputs)))


def _shared(inputs: Document) -> Draft:
    return {name: value for name, value in inputs.items() if name not in ("scenarios", "districts")}


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def block_of(seed: int) -> int:
    """Return the first seed of the block that a seed belongs to."""
    return (seed - 1) // SEEDS_A_BLOCK * SEEDS_A_BLOCK + 1


@cache
def label(scenario: str) -> str:
    """Return a scenario's name as files have it; one that no file system can tell from another gets a digest."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in scenario)[:60]
    same = plain == scenario == scenario.lower()
    return plain if same else f"{plain}-{hashlib.sha256(scenario.encode()).hexdigest()[:8]}"


def name_of(key: Key) -> str:
    """Return the name of a part's file, the same in the folder of every table."""
    scenario, block = key
    return f"{label(scenario)}-{block:06d}.parquet" if scenario else f"{block:06d}.parquet"


def path_of(folder: Path, table: str, key: Key) -> Path:
    """Return the file of a part."""
    return folder / table / name_of(key)


def entry_of(content: bytes, rows: int) -> Entry:
    """Return the description of a file's content."""
    return Entry(rows, len(content), hashlib.sha256(content).hexdigest())


def is_entry(path: Path, entry: Entry) -> bool:
    """Tell whether a file is there and is, byte for byte, the one described."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return len(content) == entry.bytes and hashlib.sha256(content).hexdigest() == entry.sha256


def written(key: Key, tables: Mapping[str, pa.Table], seeds: Sequence[int], source: Source) -> dict[str, bytes]:
    """Return the parts of a scenario's block as bytes; the receipt, `failures`, comes last."""
    common = {"schema": SCHEMA, "scenario": key[0], "block": key[1], "seeds": list(seeds)}
    common |= {"code": source.code, "inputs": source.inputs}
    tables = {name: concatenate([tables[name]]) for name in tables}
    parts = {name: parquet_bytes(tables[name], common | {"table": name}) for name in sorted(tables) if name != FAILURES}
    receipt = {name: vars(entry_of(parts[name], tables[name].num_rows)) for name in parts}
    failed = sorted(set(tables[FAILURES].column("replication").to_pylist()))
    meta = common | {"table": FAILURES, "tables": receipt, "failed": failed}
    return parts | {FAILURES: parquet_bytes(tables[FAILURES], meta)}


def failures_of(rows: Iterable[Sequence[object]]) -> pa.Table:
    """Return the table of failures."""
    return to_arrow(pd.DataFrame(list(rows), columns=list(FAILURE_COLUMNS)))


def group_of(key: Key, receipt: bytes, source: Source) -> Group | None:
    """Return what a receipt says about its scenario's block, or None when it is not the receipt of this one."""
    try:
        table, meta = from_bytes(receipt)
        wanted = {"table": FAILURES, "scenario": key[0], "block": key[1]}
        wanted |= {"code": source.code, "inputs": source.inputs}
        if meta.get("schema") not in SCHEMAS or any(meta.get(name) != value for name, value in wanted.items()):
            return None
        files = {str(name): Entry(**entry) for name, entry in meta["tables"].items()}
        files[FAILURES] = entry_of(receipt, table.num_rows)
        return Group(tuple(meta["seeds"]), tuple(meta["failed"]), files)
    except (*BROKEN, AttributeError):
        return None


def group_on_disk(folder: Path, key: Key, source: Source) -> Group | None:
    """Return what is there of a scenario's block, every file read and compared with the receipt, or None."""
    try:
        group = group_of(key, path_of(folder, FAILURES, key).read_bytes(), source)
    except OSError:
        return None
    if group is None or any(not is_entry(path_of(folder, name, key), entry) for name, entry in group.files.items()):
        return None
    return group


def tables_on_disk(folder: Path, key: Key, group: Group) -> dict[str, pa.Table]:
    """Return the tables of a scenario's block."""
    return {name: from_bytes(path_of(folder, name, key).read_bytes())[0] for name in group.files}


def joined(old: Mapping[str, pa.Table], new: Mapping[str, pa.Table], tried: Iterable[int]) -> dict[str, pa.Table]:
    """Return a block with further runs, in order of seed; earlier failures of runs tried again are dropped."""
    kept = set(old[FAILURES].column("replication").to_pylist()) - set(tried)
    before = {**old, FAILURES: only(old[FAILURES], kept)}
    names = {*before, *new}
    return {n: by_replication(concatenate([t[n] for t in (before, new) if n in t])) for n in names}


def narrowed(tables: Mapping[str, pa.Table], seeds: Iterable[int]) -> dict[str, pa.Table]:
    """Return the rows of some replications, of every table."""
    wanted = set(seeds)
    return {name: only(table, wanted) for name, table in tables.items()}


def draws_part(block: int, draws: pd.DataFrame, seeds: Sequence[int], source: Source) -> tuple[bytes, Entry]:
    """Return the part with the parameters that the replications of a block drew."""
    table = concatenate([to_arrow(draws)])
    meta = {"schema": SCHEMA, "table": PARAMETERS, "scenario": ALL, "block": block, "seeds": list(seeds)}
    content = parquet_bytes(table, meta | {"code": source.code, "inputs": source.inputs})
    return content, entry_of(content, table.num_rows)
