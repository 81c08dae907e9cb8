"""Results put into a folder of their own: parts and a manifest that say what the tables hold, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

import pandas as pd

from simsim.experiments.manifest import MANIFEST, SCHEMA, sealed, write_json
from simsim.experiments.parts import (
    ALL,
    FAILURES,
    PARAMETERS,
    Key,
    Source,
    block_of,
    draws_part,
    failures_of,
    group_of,
    name_of,
    path_of,
    shared_source,
    source_of,
    written,
)
from simsim.experiments.store import to_arrow
from simsim.inputs.documents import Document, Draft
from simsim.inputs.whole_files import write_bytes

SCENARIO, SEED = "scenario", "replication"
OF_RUNS = ("agreement", "doses")
"""What a manifest tells of the worlds that were run: of fewer it is not so, and is left out."""


def write_results(tables: Mapping[str, pd.DataFrame], manifest: Document, folder: Path) -> None:
    """Write tables as parts by scenario and block, and the manifest last."""
    frames = {name: tables[name] for name in tables}
    saved = Saved(folder, manifest)
    for key, found in _grouped(frames).items():
        saved.add(key, found)
    for block, draws in _by_block(frames.get(PARAMETERS)).items():
        saved.add_draws(block, draws)
    write_json(sealed(saved.manifest()), folder / MANIFEST)


class Saved:
    """A folder that is filled with parts; what of the manifest describes other scenarios is left out."""

    def __init__(self, folder: Path, manifest: Document) -> None:
        self.folder, self.given = folder, manifest
        self.blocks: dict[str, Draft] = {}
        self.tables: dict[str, Draft] = {}

    def add(self, key: Key, frames: Mapping[str, pd.DataFrame]) -> None:
        """Write what the tables hold of one scenario and block."""
        source = self._source(key[0])
        failed = frames.get(FAILURES, failures_of([]).to_pandas())
        seeds = sorted({int(s) for name, f in frames.items() if name != FAILURES for s in f[SEED].unique()})
        parts = written(key, {n: to_arrow(f) for n, f in frames.items()} | {FAILURES: to_arrow(failed)}, seeds, source)
        for name, content in parts.items():
            write_bytes(content, path_of(self.folder, name, key))
        group = group_of(key, parts[FAILURES], source)
        if group is not None:
            entry = {"seeds": list(group.seeds), "failed": list(group.failed)}
            self.blocks.setdefault(key[0], {})[f"{key[1]:06d}"] = entry
            for name, file in group.files.items():
                self.tables.setdefault(name, {})[name_of(key)] = asdict(file)

    @property
    def _inputs(self) -> Document:
        return dict(self.given.get("inputs", {}))

    def _narrowed(self) -> Document:
        """Return the inputs of the scenarios that were written, as the manifest has them."""
        places = self.given.get("districts", {})
        return _inputs(self._inputs, self.blocks, {name: places.get(name, "") for name in self.blocks})

    @property
    def _code(self) -> str:
        return str(self.given.get("code", ""))

    def _source(self, scenario: str) -> Source:
        district = self.given.get("districts", {}).get(scenario, "")
        return source_of(scenario, district, self._inputs, self._code)

    def add_draws(self, block: int, draws: pd.DataFrame) -> None:
        """Write what the replications of a block drew."""
        seeds = sorted({seed for blocks in self.blocks.values() for seed in blocks.get(f"{block:06d}", _NONE)["seeds"]})
        kept = draws[draws[SEED].isin(seeds)]
        if seeds:
            content, entry = draws_part(block, kept, seeds, shared_source(self._narrowed(), self._code))
            write_bytes(content, path_of(self.folder, PARAMETERS, (ALL, block)))
            self.tables.setdefault(PARAMETERS, {})[name_of((ALL, block))] = asdict(entry)

    def manifest(self) -> Draft:
        """Return the manifest: what was given, narrowed to the scenarios, seeds and files that were written."""
        order = [name for name in self.given.get("order", self.blocks) if name in self.blocks]
        order += [name for name in self.blocks if name not in order]
        kept = dict(self.given) | {"schema": SCHEMA, "order": order}
        for field in ("scenarios", "districts"):
            if field in kept:
                kept[field] = {name: kept[field].get(name, _NOTHING[field]) for name in order}
        if "inputs" in kept:
            kept["inputs"] = _inputs(kept["inputs"], order, kept.get("districts", {}))
        blocks = {name: self.blocks[name] for name in order}
        runs = {name: sum(len(entry["seeds"]) for entry in blocks[name].values()) for name in order}
        seeds = sorted({s for entries in blocks.values() for entry in entries.values() for s in entry["seeds"]})
        tables = {n: {"rows": sum(e["rows"] for e in p.values()), "parts": p} for n, p in self.tables.items()}
        if "worlds" in kept and (seeds != self.given.get("seeds", seeds) or runs != self.given.get("runs", runs)):
            kept["worlds"] = {name: value for name, value in kept["worlds"].items() if name not in OF_RUNS}
        return kept | {"seeds": seeds, "runs": runs, "blocks": blocks, "tables": tables}


_NONE: dict[str, list[int]] = {"seeds": []}
_NOTHING: Draft = {"scenarios": {}, "districts": ""}


def _inputs(inputs: Document, order: Iterable[str], districts: Mapping[str, str]) -> Draft:
    """Return the inputs that these scenarios have."""
    kept = dict(inputs)
    for field, names in (("scenarios", set(order)), ("districts", set(districts.values()))):
        if field in kept:
            kept[field] = {name: value for name, value in kept[field].items() if name in names}
    return kept


def _grouped(frames: Mapping[str, pd.DataFrame]) -> dict[Key, dict[str, pd.DataFrame]]:
    """Return the rows of every table by scenario and block; a table that has none of them is empty there."""
    found: dict[Key, dict[str, pd.DataFrame]] = {}
    keyed = {name: frame for name, frame in frames.items() if {SCENARIO, SEED} <= set(frame.columns)}
    for name, frame in keyed.items():
        blocks = frame[SEED].map(lambda seed: block_of(int(seed))).astype(int)
        for key, rows in frame.groupby([frame[SCENARIO].astype(str), blocks], sort=False):
            scenario, block = cast(tuple[str, int], key)
            found.setdefault((scenario, int(block)), {})[name] = rows.sort_values(SEED, kind="stable")
    for tables in found.values():
        tables.update({name: frame.iloc[:0] for name, frame in keyed.items() if name not in tables})
    return found


def _by_block(draws: pd.DataFrame | None) -> dict[int, pd.DataFrame]:
    if draws is None or draws.empty:
        return {}
    blocks = draws[SEED].map(lambda seed: block_of(int(seed)))
    return {int(str(block)): rows for block, rows in draws.groupby(blocks)}
