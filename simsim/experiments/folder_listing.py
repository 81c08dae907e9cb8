"""What stands in an experiment's folder: its files, which of them are its own, and what a manifest lists of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from simsim.experiments.manifest import MANIFEST
from simsim.experiments.parts import ALL, PARAMETERS, SCHEMAS, Entry, Group, Key, name_of
from simsim.experiments.store import BROKEN, from_bytes
from simsim.inputs.documents import Document

DRAFT = re.compile(r"\.(.+)\.[0-9]+")


def files_of(folder: Path) -> dict[str, os.stat_result]:
    """Return every file in a folder and in its folders, by its path in it."""
    found = {}
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            found.update({f"{entry.name}/{e.name}": e.stat() for e in _entries(entry.path) if e.is_file()})
        elif entry.is_file():
            found[entry.name] = entry.stat()
    return found


def _entries(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


def is_own(path: Path) -> bool:
    """Tell whether a file is a part or a draft that simsim wrote."""
    if draft := DRAFT.fullmatch(path.name):
        return draft[1].endswith(".parquet") or draft[1] == MANIFEST
    try:
        return path.suffix == ".parquet" and from_bytes(path.read_bytes())[1].get("schema") in SCHEMAS
    except BROKEN:
        return False


def listing(manifest: Document) -> dict[Key, Group]:
    """Return the groups that a manifest lists."""
    found, tables = {}, manifest.get("tables", {})
    for scenario, blocks in manifest.get("blocks", {}).items():
        for block, seeds in blocks.items():
            key = (scenario, int(block))
            name = name_of(key)
            files = {t: Entry(**e["parts"][name]) for t, e in tables.items() if name in e["parts"]}
            found[key] = Group(tuple(seeds["seeds"]), tuple(seeds["failed"]), files)
    return found


def draws_listed(manifest: Document) -> dict[int, tuple[tuple[int, ...], Entry]]:
    """Return the parameter draws that a manifest lists: seeds and file of each block."""
    seeds: dict[int, set[int]] = {}
    for blocks in manifest.get("blocks", {}).values():
        for block, entry in blocks.items():
            seeds.setdefault(int(block), set()).update(entry["seeds"])
    parts = manifest.get("tables", {}).get(PARAMETERS, {}).get("parts", {})
    named = {block: name_of((ALL, block)) for block in seeds}
    return {
        block: (tuple(sorted(seeds[block])), Entry(**parts[name])) for block, name in named.items() if name in parts
    }
