"""An experiment's folder while it is written: what is there, what is added, and the manifest that lists it, last."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import pandas as pd

from simsim.experiments.folder_listing import draws_listed, files_of, is_own, listing
from simsim.experiments.manifest import (
    MANIFEST,
    MERGED,
    SEAL,
    UNITS,
    is_sealed,
    plain,
    sealed,
    shared_manifest,
    write_json,
)
from simsim.experiments.parts import (
    ALL,
    FAILURES,
    PARAMETERS,
    Entry,
    Found,
    Group,
    Key,
    Source,
    block_of,
    draws_part,
    group_of,
    group_on_disk,
    is_entry,
    joined,
    name_of,
    narrowed,
    path_of,
    tables_on_disk,
    written,
)
from simsim.experiments.store import BROKEN, from_bytes, link
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError
from simsim.inputs.whole_files import write_bytes

REPORTS = ("report-*.html", "report-*.ipynb", "report-*.docx", "report-*.xlsx", "report-*.data")
BLOCK = re.compile(r"([0-9]{6,})\.parquet$")
LISTED = ("seeds", "runs", "blocks", "tables")
"""What a manifest says about what is there."""
Draws = Callable[[Sequence[int]], pd.DataFrame]


class Folder:
    """The parts of one experiment; `groups` is what is there, checked, by scenario and block."""

    def __init__(self, path: Path, sources: Mapping[str, Source], shared: Source) -> None:
        self.path, self.sources, self.shared = path, dict(sources), shared
        self.groups: dict[Key, Group] = {}
        self.draws: dict[int, tuple[tuple[int, ...], Entry]] = {}
        self.trusted: Draft = {}

    def scan(self, manifest: Document, only: Iterable[int] | None = None) -> None:
        """Find what is there: what the manifest lists by presence, size and time; anything else by its content.

        What is neither is deleted, to be run again. With `only` other seeds are left out of what is found.
        """
        trusted = dict(manifest) if is_sealed(manifest) and manifest.get("schema") != MERGED else {}
        listed, files = listing(trusted), files_of(self.path)
        self.trusted = trusted
        newest = _written_at(self.path / MANIFEST)
        folders = {name.split("/", 1)[0] for name in files if "/" in name}
        for key in self._keys(files, listed):
            group = listed.get(key)
            if group is None or not all(self._fits(files, newest, t, key, e) for t, e in group.files.items()):
                group = group_on_disk(self.path, key, self.sources[key[0]])
            if group is None:
                self._drop(key, folders)
            else:
                self.groups[key] = group
        self.draws = {
            block: (seeds, entry)
            for block, (seeds, entry) in draws_listed(trusted).items()
            if self._fits(files, newest, PARAMETERS, (ALL, block), entry)
        }
        if only is not None:
            self._narrow(set(only))

    def _fits(self, files: Mapping[str, os.stat_result], newest: int, table: str, key: Key, entry: Entry) -> bool:
        """Tell whether a file that the manifest lists is there; one written after the manifest is read."""
        stat = files.get(f"{table}/{name_of(key)}")
        if stat is None or stat.st_size != entry.bytes:
            return False
        return stat.st_mtime_ns <= newest or is_entry(path_of(self.path, table, key), entry)

    def _keys(self, files: Iterable[str], listed: Iterable[Key]) -> list[Key]:
        """Return the scenarios and blocks that may be there, in order."""
        blocks = {int(found[1]) for name in files if (found := BLOCK.search(name))}
        there = {name.split("/", 1)[1] for name in files if "/" in name}
        maybe = {(scenario, block) for scenario in self.sources for block in blocks}
        return sorted(
            {key for key in maybe if name_of(key) in there} | {key for key in listed if key[0] in self.sources}
        )

    def _drop(self, key: Key, folders: Iterable[str]) -> None:
        """Delete what is there of a scenario's block in these folders of tables, the receipt first."""
        self.groups.pop(key, None)
        for table in sorted(folders, key=lambda name: name != FAILURES):
            path_of(self.path, table, key).unlink(missing_ok=True)

    def _narrow(self, seeds: set[int]) -> None:
        """Leave only some seeds in what was found."""
        for key, group in list(self.groups.items()):
            if not seeds >= {*group.seeds, *group.failed}:
                tables = narrowed(tables_on_disk(self.path, key, group), seeds)
                kept = [seed for seed in group.seeds if seed in seeds]
                self._drop(key, group.files)
                if kept:
                    self._write(key, written(key, tables, kept, self.sources[key[0]]))

    def missing(self, scenario: str, seeds: Iterable[int], block: int) -> tuple[int, ...]:
        """Return which of a block's seeds a scenario has not done."""
        group = self.groups.get((scenario, block))
        return tuple(seed for seed in seeds if group is None or seed not in group.seeds)

    def has(self, scenario: str, seeds: Iterable[int]) -> bool:
        """Tell whether a scenario has done all of these seeds."""
        done = {seed for (name, _), group in self.groups.items() if name == scenario for seed in group.seeds}
        return done.issuperset(seeds)

    def add(self, found: Found) -> None:
        """Write what was found, joined with what was there of the same scenario and block."""
        key, parts = found.key, dict(found.parts)
        before = group_on_disk(self.path, key, self.sources[key[0]]) if key in self.groups else None
        if before is not None:  # by its receipt: a manifest that was edited may list other seeds
            new = {name: from_bytes(content)[0] for name, content in parts.items()}
            added = group_of(key, parts[FAILURES], self.sources[key[0]])
            kept = {*before.seeds} - {*found.seeds}
            seeds = sorted({*kept, *(added.seeds if added else ())})
            old = narrowed(tables_on_disk(self.path, key, before), {*before.seeds, *before.failed} - {*found.seeds})
            parts = written(key, joined(old, new, found.seeds), seeds, self.sources[key[0]])
        self._write(key, parts)

    def adopt(self, other: Path, key: Key, group: Group, seeds: set[int]) -> int:
        """Take over what another folder has of a scenario's block, these seeds of it; return how many runs."""
        kept = [seed for seed in group.seeds if seed in seeds]
        try:
            if seeds >= {*group.seeds, *group.failed}:
                for name in sorted(group.files, key=lambda name: (name == FAILURES, name)):
                    link(path_of(other, name, key), path_of(self.path, name, key))
                self.groups[key] = group
            else:
                tables = narrowed(tables_on_disk(other, key, group), seeds)
                self._write(key, written(key, tables, kept, self.sources[key[0]]))
        except BROKEN:  # it was changed meanwhile
            return 0
        if group_on_disk(self.path, key, self.sources[key[0]]) is None:
            self._drop(key, group.files)
            return 0
        return len(kept)

    def _write(self, key: Key, parts: Mapping[str, bytes]) -> None:
        """Write the parts of a scenario's block, the receipt last."""
        self.groups.pop(key, None)
        for name in sorted(parts, key=lambda name: (name == FAILURES, name)):
            write_bytes(parts[name], path_of(self.path, name, key))
        group = group_of(key, parts[FAILURES], self.sources[key[0]])
        if group is not None:
            self.groups[key] = group

    def finish(self, manifest: Document, draws: Draws) -> Draft:
        """Write the manifest of what is there, last, and return it; nothing when it is written already.

        Parts of other inputs and drafts are deleted first, and reports of other tables are marked as old.
        """
        files = files_of(self.path)
        self.groups = {key: g for key, g in self.groups.items() if _all_there(files, key, g)}
        self.draws = {block: kept for block, kept in self.draws.items() if _draw_there(files, block, kept[1])}
        self._draw(draws)
        whole = sealed({**manifest, **self._listing()})
        if _found(self.path) != whole:
            mark_reports(self.path)
            self._sweep(whole)
            write_json(whole, self.path / MANIFEST)
        return whole

    def stands(self, manifest: Document, told: Collection[str]) -> bool:
        """Tell whether the trusted manifest says all that `finish` would write: these inputs, code and versions, and
        what is there. What it has `told` of the worlds, worked out from all that, stands with it.
        """
        found, worlds = dict(self.trusted), dict(self.trusted.get("worlds") or {})
        if not set(told) <= set(worlds) or set(found) != {*manifest, *LISTED, SEAL}:
            return False
        found["worlds"] = {name: value for name, value in worlds.items() if name not in told}
        same = all(found[name] == plain(value) for name, value in manifest.items())
        drew = {block for (_, block), group in self.groups.items() if group.seeds}
        return same and drew == set(self.draws) and all(found[name] == it for name, it in self._listing().items())

    def drawn(self) -> Iterator[pd.DataFrame]:
        """Yield what replications drew as far as it is here, from the same code and inputs; listed or not."""
        yield from drawn_in(self.path, self.shared)

    def draw(self, seeds: Iterable[int], draws: Draws) -> None:
        """Write what the replications of these seeds draw before they are run, beside those that are here."""
        blocks: dict[int, set[int]] = {}
        for seed in seeds:
            blocks.setdefault(block_of(seed), set()).add(seed)
        for block, new in sorted(blocks.items()):
            there = {s for (_, b), group in self._of(block) for s in group.seeds}
            self._draw_block(block, tuple(sorted(new | there)), draws)

    def _draw_block(self, block: int, seeds: tuple[int, ...], draws: Draws) -> None:
        if self.draws.get(block, ((), None))[0] != seeds and seeds:
            content, entry = draws_part(block, draws(seeds), seeds, self.shared)
            write_bytes(content, path_of(self.path, PARAMETERS, (ALL, block)))
            self.draws[block] = (seeds, entry)

    def tables(self, scenario: str, name: str) -> Iterator[pd.DataFrame]:
        """Yield a table of a scenario, block by block; what cannot be read is left out."""
        for (mine, block), group in sorted(self.groups.items()):
            if mine == scenario and name in group.files:
                with suppress(*BROKEN):
                    yield from_bytes(path_of(self.path, name, (mine, block)).read_bytes())[0].to_pandas()

    def _draw(self, draws: Draws) -> None:
        """Write what the replications of each block drew, unless it is there."""
        for block in sorted({block for _, block in self.groups}):
            seeds = tuple(sorted({s for (_, b), group in self._of(block) for s in group.seeds}))
            self._draw_block(block, seeds, draws)
        there = {block for (_, block), group in self.groups.items() if group.seeds}
        self.draws = {block: self.draws[block] for block in sorted(there)}

    def _of(self, block: int) -> list[tuple[Key, Group]]:
        keys = [(scenario, block) for scenario in self.sources]
        return [(key, self.groups[key]) for key in keys if key in self.groups]

    def _listing(self) -> Draft:
        """Return what a manifest says about what is there."""
        blocks: Draft = {scenario: {} for scenario in self.sources}
        tables: Draft = {}
        for (scenario, block), group in sorted(self.groups.items()):
            blocks[scenario][f"{block:06d}"] = {"seeds": list(group.seeds), "failed": list(group.failed)}
            name = name_of((scenario, block))
            for table, entry in group.files.items():
                tables.setdefault(table, {})[name] = dict(vars(entry))
        for block, (_, entry) in self.draws.items():
            tables.setdefault(PARAMETERS, {})[name_of((ALL, block))] = dict(vars(entry))
        runs = {s: sum(len(block["seeds"]) for block in blocks[s].values()) for s in self.sources}
        seeds = sorted({seed for group in self.groups.values() for seed in group.seeds})
        summed = {t: {"rows": sum(e["rows"] for e in parts.values()), "parts": parts} for t, parts in tables.items()}
        return {"seeds": seeds, "runs": runs, "blocks": blocks, "tables": summed}

    def _sweep(self, manifest: Document) -> None:
        """Delete the drafts and parts of simsim's own that the manifest does not list, and nothing else."""
        listed = {f"{table}/{name}" for table, entry in manifest["tables"].items() for name in entry["parts"]}
        for name in files_of(self.path):
            if name not in listed and is_own(self.path / name):
                (self.path / name).unlink(missing_ok=True)
                _remove_empty((self.path / name).parent, self.path)

    def begin(self, manifest: Document, found: Document) -> Draft:
        """Say what the folder is going to hold, when it held nothing or something else; return what can be trusted of
        the manifest that was found.
        """
        if found and all(found.get(name) == manifest[name] for name in ("schema", "inputs", "code")):
            return dict(found)
        mark_reports(self.path)
        write_json(sealed(manifest), self.path / MANIFEST)
        if found.get("schema") == MERGED:
            for path in (*self.path.glob("*.parquet"), *(self.path / UNITS).glob("*.zip")):
                path.unlink()
                _remove_empty(path.parent, self.path)
        return {}


def drawn_in(folder: Path, shared: Source) -> Iterator[pd.DataFrame]:
    """Yield what replications drew as far as a folder has it from this code and these inputs, listed or not."""
    for path in sorted((folder / PARAMETERS).glob("*.parquet")):
        try:
            table, meta = from_bytes(path.read_bytes())
        except BROKEN:
            continue
        if (meta.get("code"), meta.get("inputs")) == (shared.code, shared.inputs):
            yield table.to_pandas()


def _remove_empty(folder: Path, home: Path) -> None:
    if folder != home and not any(folder.iterdir()):
        folder.rmdir()


def _found(folder: Path) -> Draft | None:
    try:
        return shared_manifest(folder)
    except InputError:
        return None


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _all_there(files: Mapping[str, os.stat_result], key: Key, group: Group) -> bool:
    name = name_of(key)
    stats = ((files.get(f"{table}/{name}"), entry) for table, entry in group.files.items())
    return all(stat is not None and stat.st_size == entry.bytes for stat, entry in stats)


def _draw_there(files: Mapping[str, os.stat_result], block: int, entry: Entry) -> bool:
    stat = files.get(f"{PARAMETERS}/{name_of((ALL, block))}")
    return stat is not None and stat.st_size == entry.bytes


def mark_reports(folder: Path) -> None:
    """Rename the reports in a folder whose tables are about to change, and say so."""
    for pattern in REPORTS:
        for path in sorted(folder.glob(pattern)):
            old = path.with_name(f"{path.name}.old")
            if path.is_dir():  # the numbers behind a page; a folder takes no other's place
                places = (path.with_name(f"{path.name}.old{n or ''}") for n in count())
                old = next(place for place in places if not place.exists())
            path.replace(old)
            logging.getLogger("simsim").warning(
                "%s shows other tables than the folder now holds: renamed to %s", path.name, old.name
            )
