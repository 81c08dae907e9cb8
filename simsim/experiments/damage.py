"""What is not as `simsim run` left it: every file of a folder is read and compared with the manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from simsim.experiments.contradictions import of_fields, of_part
from simsim.experiments.folder_listing import DRAFT, draws_listed, listing
from simsim.experiments.manifest import MANIFEST, MERGED, digest, is_sealed
from simsim.experiments.parts import ALL, FAILURES, PARAMETERS, Entry, Group, Key, Source, group_of, name_of, path_of
from simsim.experiments.screening_table import changed
from simsim.experiments.store import BROKEN, from_bytes
from simsim.experiments.table_folder import AGAIN, TableFolder, folder_of, wrong_column
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem

Row = tuple[str, int, str, bool, str]
OTHER = "the file is not the one that was written"
DATA = (".parquet", ".zip")


class Unchecked(TableFolder):
    """The tables of a folder as they are now, edited or not: what was edited has a row of its own."""

    def _part(self, name: str, key: Key, entry: Entry) -> pa.Table:
        path = path_of(self.folder, name, key)
        try:
            table = from_bytes(path.read_bytes())[0]
        except BROKEN:
            raise self._broken(path, AGAIN) from None
        if wrong := wrong_column(table):
            raise self._broken(path, f"{wrong}; {AGAIN}")
        return table


def lenient(folder: Path, manifest: Document) -> TableFolder:
    """Return the tables to compare with; InputError, in one message, when files cannot be read at all."""
    if manifest["schema"] == MERGED and {"tables", "seeds"} <= set(manifest):
        tables = folder_of(folder, manifest)
        for name in tables:
            tables.read(name, {})
        return tables
    if not {"blocks", "tables", "seeds"} <= set(manifest):
        raise InputError(Problem(str(folder), "", None, "no run is finished; repeat `simsim run`, it resumes"))
    unchecked = Unchecked(folder, manifest)
    for name, entry in manifest["tables"].items():
        for part in entry["parts"]:
            if not (folder / name / part).is_file():
                raise InputError(Problem(str(folder / name / part), "", None, AGAIN))
    return unchecked


def damage(folder: Path, manifest: Document) -> Iterator[Row]:
    """Yield a row for every file that is not as it was written, is not listed, or is listed and says another thing.

    InputError for a file that cannot be read at all.
    """
    if manifest["schema"] == MERGED:
        yield from _of_merged(folder, manifest)
        return
    if not is_sealed(manifest):
        yield "", 0, MANIFEST, False, OTHER
    yield from _of_listing(folder, manifest)
    yield from (("", 0, name, False, OTHER) for name in changed(folder))
    named = {f"{table}/{part}" for table, entry in manifest["tables"].items() for part in entry["parts"]}
    for name in sorted(_files(folder)):
        table = name.split("/", 1)[0]
        strange = Path(name).suffix in DATA or table in manifest["tables"] or DRAFT.fullmatch(Path(name).name)
        if name not in named and strange:
            yield "", 0, name, False, "the file should not be there"
    for table, entry in manifest["tables"].items():
        for part, file in entry["parts"].items():
            content = (folder / table / part).read_bytes()
            if len(content) != file["bytes"] or digest(content) != file["sha256"]:
                _readable(folder / table / part, content)
                yield "", 0, f"{table}/{part}", False, OTHER


def _files(folder: Path) -> Iterator[str]:
    """Yield every file and link in a folder, however deep, by its path in it; what lies behind a link is not there."""
    for path, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(path) / name).is_symlink()]
        yield from (Path(path, name).relative_to(folder).as_posix() for name in (*files, *links))


def _readable(path: Path, content: bytes) -> None:
    """Raise InputError when a file is not Parquet at all."""
    try:
        from_bytes(content)
    except BROKEN:
        raise InputError(Problem(str(path), "", None, AGAIN)) from None


def _of_listing(folder: Path, manifest: Document) -> Iterator[Row]:
    """Yield a row where the manifest says other things than the parts, or than itself."""
    groups, draws = listing(manifest), draws_listed(manifest)
    for key, group in groups.items():
        found, meta = _receipt(folder, key)
        if found != group:
            yield key[0], 0, f"{FAILURES}/{name_of(key)}", False, "the manifest lists other seeds or files than it does"
        elif other := of_part(manifest, FAILURES, key, group, meta):
            yield key[0], 0, f"{FAILURES}/{name_of(key)}", False, f"the manifest says other {other}"
    for block, (done, entry) in draws.items():
        key = (ALL, block)
        mine = Group(done, (), {PARAMETERS: entry})
        if other := of_part(manifest, PARAMETERS, key, mine, _said(path_of(folder, PARAMETERS, key))):
            yield "", 0, f"{PARAMETERS}/{name_of(key)}", False, f"the manifest says other {other}"
    for name, text in of_fields(manifest):
        yield "", 0, MANIFEST, False, f"{name} {text}"
    parts = {name_of(key) for key in groups} | {name_of((ALL, block)) for block in draws}
    listed = {part for entry in manifest["tables"].values() for part in entry["parts"]}
    drawn = {name_of((ALL, block)) for block in draws} == set(manifest["tables"].get(PARAMETERS, {}).get("parts", {}))
    if parts < listed or "runs" not in manifest or not drawn:
        yield "", 0, MANIFEST, False, "its blocks and tables do not list the same parts"


def _receipt(folder: Path, key: Key) -> tuple[Group | None, Document]:
    """Return what the receipt in a part says, whatever its code and inputs, and all that it says of itself."""
    path = path_of(folder, FAILURES, key)
    meta = _said(path)
    source = Source(str(meta.get("code")), str(meta.get("inputs")))
    return (group_of(key, path.read_bytes(), source) if meta else None), meta


def _said(path: Path) -> Document:
    """Return what a part says of itself; nothing where it cannot be read."""
    try:
        return from_bytes(path.read_bytes())[1]
    except BROKEN:
        return {}


def _of_merged(folder: Path, manifest: Document) -> Iterator[Row]:
    """Yield a row for every table of a folder of the older form that is another one, or should not be there."""
    for name, entry in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.exists() or digest(path.read_bytes()) != entry["sha256"]:
            yield "", 0, name, False, OTHER
    for path in sorted(folder.glob("*.parquet")):
        if path.stem not in manifest["tables"]:
            yield "", 0, path.name, False, "the file should not be there"
    order = [name for name in manifest["order"] if name in folder_of(folder, manifest).scenarios()]
    if order != folder_of(folder, manifest).scenarios():
        yield "", 0, MANIFEST, False, "its order is not that of the tables"
    seeds = {s for name in order for s in folder_of(folder, manifest).replications(name)}
    if set(manifest["seeds"]) != seeds:
        yield "", 0, MANIFEST, False, "its seeds are not those of the tables"
