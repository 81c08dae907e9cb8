"""Runs found by content: what an experiment beside this one has simulated already is taken over, not simulated again.

A block of seeds of one scenario is the same wherever it lies when its receipt names the same code and inputs; every
file is read and compared with the receipt before it counts. Whose experiment had other versions of Python or of the
libraries is left alone: vectors may differ in the last bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from simsim.experiments.folder import Folder, drawn_in
from simsim.experiments.manifest import MANIFEST, SCHEMA, is_sealed, read_manifest
from simsim.experiments.parts import FAILURES, block_of, group_on_disk, path_of
from simsim.inputs.errors import InputError


def take_over(folder: Folder, seeds: Iterable[int], versions: Mapping[str, str]) -> list[str]:
    """Put into a folder what experiments beside it have of its scenarios and seeds; return a line for each of them."""
    blocks: dict[int, set[int]] = {}
    for seed in seeds:
        blocks.setdefault(block_of(seed), set()).add(seed)
    wanted = [
        (name, block) for block in sorted(blocks) for name in folder.sources if (name, block) not in folder.groups
    ]
    found: Counter[tuple[Path, str]] = Counter()
    for other in _others(folder.path, versions) if wanted else ():
        for key in [key for key in wanted if key not in folder.groups and path_of(other, FAILURES, key).is_file()]:
            group = group_on_disk(other, key, folder.sources[key[0]])
            if group is not None and blocks[key[1]] & set(group.seeds):
                found[other, key[0]] += folder.adopt(other, key, group, blocks[key[1]])
    return list(_lines(found))


def worlds_beside(folder: Folder, versions: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """Yield the parameters that experiments beside a folder drew or solved, from the same code and inputs."""
    for other in _others(folder.path, versions):
        yield from drawn_in(other, folder.shared)


def _others(folder: Path, versions: Mapping[str, str]) -> Iterator[Path]:
    """Yield the finished experiments beside a folder that were run with the same versions."""
    try:
        beside = sorted(path for path in folder.resolve().parent.iterdir() if (path / MANIFEST).is_file())
    except OSError:
        return
    for path in beside:
        if path != folder.resolve():
            try:
                manifest = read_manifest(path)
            except InputError:
                continue
            if manifest["schema"] == SCHEMA and is_sealed(manifest) and manifest.get("versions") == dict(versions):
                yield path


def _lines(found: Mapping[tuple[Path, str], int]) -> Iterator[str]:
    for other in dict.fromkeys(path for path, _ in found):
        runs = ", ".join(f"{n} of {name}" for (path, name), n in found.items() if path == other and n)
        if runs:
            yield f"runs taken over from {other} (same content, seeds, code): {runs}; --fresh simulates them again"
