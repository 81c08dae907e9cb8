"""The tables of an experiment's folder, read when asked for and no more than asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simsim.experiments.choosing import Chooser, Where, chosen
from simsim.experiments.contradictions import RATHER, inputs_told, of_fields, of_part, of_receipt
from simsim.experiments.folder_listing import draws_listed, files_of, listing
from simsim.experiments.manifest import MANIFEST, MERGED
from simsim.experiments.parts import ALL, FAILURES, PARAMETERS, Entry, Group, Key, name_of, path_of
from simsim.experiments.store import BROKEN, COLUMNS, META, concatenate, from_bytes
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest

RENAMED = {"ledger_year": "instance_year"}
"""Tables that had another name in older folders."""
AGAIN = "is missing or damaged; repeat `simsim run`, it writes the tables again"
NUMBERS = (pa.types.is_floating, pa.types.is_integer)
Found = TypeVar("Found")


class TableFolder(Mapping[str, pd.DataFrame]):
    """The tables of one state of a folder, the one that its manifest lists: a part that is another one by now is
    refused. `seeds` narrows what is read; `answers` are what was worked out from them (`once`).
    """

    def __init__(self, folder: Path, manifest: Document, seeds: Iterable[int] | None = None) -> None:
        self.folder, self.manifest = folder, manifest
        self.seeds = None if seeds is None else {int(seed) for seed in seeds}
        self._groups = listing(manifest)
        self._true: set[Key] = set()
        self._inputs: dict[str, str] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._first: dict[str, pd.DataFrame] = {}
        self._choosers: dict[str, Chooser] = {}
        self.answers: dict[object, tuple[Document, object]] = {}

    def __getstate__(self) -> dict[str, object]:
        """Return what a copy has: no answers, which are found by what stays here."""
        return {**vars(self), "answers": {}}

    def __repr__(self) -> str:
        return f"tables: {', '.join(self)}"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self:
            raise KeyError(f"{name!r} is not a table here{suggest(str(name), self)}; there are {', '.join(self)}")
        if name not in self._frames:
            self._frames[name] = self.read(name, {})
        return self._frames[name].copy(deep=False)  # whoever writes into it changes no later answer

    def __contains__(self, name: object) -> bool:
        return name in self.manifest["tables"]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.manifest["tables"]))

    def __len__(self) -> int:
        return len(self.manifest["tables"])

    def narrowed(self, seeds: Iterable[int]) -> TableFolder:
        """Return the same tables with some replications only; nothing is read."""
        wanted = {int(seed) for seed in seeds}
        return type(self)(self.folder, self.manifest, wanted if self.seeds is None else wanted & self.seeds)

    def scenarios(self) -> list[str]:
        """Return the scenarios with finished runs, in the order they were asked for."""
        return [name for name in self.manifest["order"] if self.replications(name)]

    def replications(self, scenario: str) -> list[int]:
        """Return the seeds of a scenario that finished."""
        done = {seed for (name, _), group in self._groups.items() if name == scenario for seed in group.seeds}
        return sorted(done if self.seeds is None else done & self.seeds)

    def rows(self, name: str, scenario: str) -> int:
        """Return how many rows of a scenario the parts of a table are listed with."""
        groups = [group for (one, _), group in self._groups.items() if one == scenario]
        return sum(group.files[name].rows for group in groups if name in group.files)

    def read(self, name: str, where: Where) -> pd.DataFrame:
        """Return the rows of a table with one of the values wanted in each column, read part by part.

        InputError when a part is missing, damaged or of another kind than the others.
        """
        if name in self._frames:
            return self._chosen(name, where)
        wanted = dict(where)
        if self.seeds is not None:
            wanted["replication"] = sorted(self.seeds)
        parts = [_filtered(self._part(name, key, entry), wanted) for key, entry in self._parts(name, wanted)]
        try:
            found = concatenate(parts, self.manifest.get("order", ())).to_pandas() if parts else pd.DataFrame()
            del parts
            pa.default_memory_pool().release_unused()  # what reading took, beside the table itself
            return found
        except BROKEN as error:
            raise self._broken(self.folder / name, f"has parts of different kinds ({_line(error)}); {AGAIN}") from None

    def _chosen(self, name: str, where: Where) -> pd.DataFrame:
        """Return the rows of a table that was read before."""
        if name not in self._choosers:
            self._choosers[name] = Chooser(self._frames[name])
        return self._choosers[name].of(where)

    def first_rows(self, name: str) -> pd.DataFrame:
        """Return the rows of a table in each scenario's first part: what may be asked for, without reading all."""
        if name not in self._first:
            first: dict[str, pa.Table] = {}
            for key, entry in self._parts(name, {}):
                if key[0] not in first:
                    first[key[0]] = self._part(name, key, entry)
            self._first[name] = concatenate([*first.values()], [*first]).to_pandas() if first else pd.DataFrame()
        return self._first[name]

    def _parts(self, name: str, where: Where) -> Iterator[tuple[Key, Entry]]:
        """Yield the parts of a table that may hold rows wanted, scenarios in their order; one part when none does."""
        scenarios = where.get("scenario") or self.manifest.get("order", ())
        keys: list[tuple[Key, Entry, Iterable[int]]] = [
            (key, group.files[name], (*group.seeds, *group.failed))
            for place in self.manifest.get("order", ())
            for key, group in sorted(self._groups.items())
            if key[0] == place and name in group.files
        ]
        if name == FAILURES:  # thousands, of which nearly none says anything
            keys = [one for one in keys if one[1].rows or self._groups[one[0]].failed] or keys[:1]
        if name == PARAMETERS:
            keys += [((ALL, block), entry, seeds) for block, (seeds, entry) in sorted(self._draws.items())]
        chosen = [
            (key, entry)
            for key, entry, seeds in keys
            if (key[0] == ALL or key[0] in scenarios) and (self.seeds is None or not self.seeds.isdisjoint(seeds))
        ]
        yield from chosen or [(key, entry) for key, entry, _ in keys[:1]]

    def _part(self, name: str, key: Key, entry: Entry) -> pa.Table:
        """Read one part; InputError when it is not the one that the manifest lists, or is of something else."""
        path, group = path_of(self.folder, name, key), self._group(key)
        table, meta = self._as_written(path, entry, from_bytes)
        wrong = wrong_column(table)
        if table.num_rows != entry.rows or wrong:
            raise self._broken(path, f"{wrong or 'has other rows than were written'}; {AGAIN}")
        if key[0] not in self._inputs:
            self._inputs[key[0]] = inputs_told(self.manifest, key[0])
        if said := of_part(self.manifest, name, key, group, meta, self._inputs[key[0]]):
            raise self._broken(path, f"says other {said} than {MANIFEST}; {RATHER}")
        if key[0] != ALL and key not in self._true:
            receipt = path_of(self.folder, FAILURES, key)
            if said := of_receipt(group, self._as_written(receipt, group.files[FAILURES], said_inside)):
                raise self._broken(receipt, f"describes other files of {said} than {MANIFEST}; {RATHER}")
            self._true.add(key)
        return table

    def _group(self, key: Key) -> Group:
        """Return what the manifest lists of a part's scenario and block; of drawn parameters, the seeds that drew."""
        if key[0] != ALL:
            return self._groups[key]
        return Group(self._draws[key[1]][0], (), {})

    @cached_property
    def _draws(self) -> dict[int, tuple[tuple[int, ...], Entry]]:
        return draws_listed(self.manifest)

    def _as_written(self, path: Path, entry: Entry, read: Callable[[bytes], Found]) -> Found:
        """Return what is read of a file's content; InputError unless it is the one that was written."""
        try:
            content = path.read_bytes()
            if len(content) != entry.bytes or hashlib.sha256(content).hexdigest() != entry.sha256:
                raise ValueError
            return read(content)
        except BROKEN:
            raise self._broken(path, AGAIN) from None

    def _broken(self, path: Path, text: str) -> InputError:
        return InputError(Problem(str(path), "", None, text))

    def check(self) -> None:
        """Raise InputError, in one message, when parts are missing or have another size than the manifest says."""
        files, tables = files_of(self.folder), self.manifest["tables"]
        wrong = [
            self.folder / table / name
            for table, entry in tables.items()
            for name, part in entry["parts"].items()
            if (stat := files.get(f"{table}/{name}")) is None or stat.st_size != part["bytes"]
        ]
        if wrong:
            more = f" (and {len(wrong) - 1} others)" if len(wrong) > 1 else ""
            raise self._broken(wrong[0], f"{AGAIN}{more}")
        self._check_listing()

    def _check_listing(self) -> None:
        """Raise InputError when the manifest's lists do not say the same."""
        of_blocks = {name_of(key): {*group.seeds} for key, group in self._groups.items()}
        draws = {name_of((ALL, block)) for block in self._draws}
        seeds = sorted(set().union(*of_blocks.values())) if of_blocks else []
        order = self.manifest.get("order", [])
        named = {name for entry in self.manifest["tables"].values() for name in entry["parts"]}
        same = self.manifest.get("seeds", seeds) == seeds and set(self.manifest["blocks"]) == set(order)
        if not same or not set(of_blocks) <= named <= {*of_blocks, *draws}:
            text = f"lists other runs than there are parts; {RATHER}"
            raise self._broken(self.folder / MANIFEST, text)
        problems = [
            Problem(str(self.folder / MANIFEST), name, None, f"{text}; {RATHER}")
            for name, text in of_fields(self.manifest)
        ]
        if problems:
            raise InputError(problems)


class MergedFolder(TableFolder):
    """The tables of a folder of the older form: one file a table."""

    def __init__(self, folder: Path, manifest: Document, seeds: Iterable[int] | None = None) -> None:
        super().__init__(folder, {**manifest, "blocks": {}}, seeds)
        self._paths = {RENAMED.get(path.stem, path.stem): path for path in sorted(folder.glob("*.parquet"))}

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def scenarios(self) -> list[str]:
        """Return the scenarios with finished runs, in the order they were asked for."""
        column = self["district_year"]["scenario"]
        return list(column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.unique())

    def replications(self, scenario: str) -> list[int]:
        """Return the seeds of a scenario that finished."""
        frame = self["district_year"]
        return sorted(int(seed) for seed in frame.loc[frame["scenario"] == scenario, "replication"].unique())

    def read(self, name: str, where: Where) -> pd.DataFrame:
        """Return the rows of a table with one of the values wanted in each column."""
        if name not in self._frames:
            frame = self._read(self._paths[name])
            self._frames[name] = frame if self.seeds is None else frame[frame["replication"].isin(sorted(self.seeds))]
        return chosen(self._frames[name], where)

    def first_rows(self, name: str) -> pd.DataFrame:
        """Return the table: an older folder keeps it in one file."""
        return self[name]

    def _read(self, path: Path) -> pd.DataFrame:
        """Return a Parquet table; Arrow gets bytes: it cannot open every path that Python can."""
        try:
            content = path.read_bytes()
            entry = self.manifest.get("tables", {}).get(path.stem)
            if entry is not None and hashlib.sha256(content).hexdigest() != entry["sha256"]:
                raise ValueError
            wrong = wrong_column(from_bytes(content)[0])
            if not wrong:
                return pd.read_parquet(BytesIO(content))
        except BROKEN:
            raise self._broken(path, AGAIN) from None
        raise self._broken(path, f"{wrong}; {AGAIN}")

    def check(self) -> None:
        """Raise InputError when tables are missing."""
        problems = [
            Problem(str(self.folder / f"{name}.parquet"), "", None, AGAIN)
            for name in self.manifest.get("tables", ())
            if RENAMED.get(name, name) not in self
        ]
        if problems:
            raise InputError(problems)


def folder_of(folder: Path, manifest: Document) -> TableFolder:
    """Return the tables of a folder of either form; InputError when none is finished, or some are not there."""
    merged = manifest["schema"] == MERGED
    if not merged and not {"tables", "blocks"} <= set(manifest):
        raise InputError(Problem(str(folder), "", None, "no run is finished; repeat `simsim run`, it resumes"))
    tables = MergedFolder(folder, manifest) if merged else TableFolder(folder, manifest)
    tables.check()
    if "district_year" not in tables:
        raise InputError(
            Problem(str(folder), "district_year", None, "no run is finished; repeat `simsim run`, it resumes")
        )
    return tables


def said_inside(content: bytes) -> Document:
    """Return what a part says of itself, without reading its table; BROKEN when that cannot be told."""
    metadata = pq.read_metadata(BytesIO(content)).metadata or {}
    said: object = json.loads(metadata.get(META, b"{}"))
    return said if isinstance(said, dict) else {}


def wrong_column(table: pa.Table) -> str:
    """Return what is wrong with a table's columns, in words: one without numbers where numbers stand, or nothing."""
    for name, found in zip(table.schema.names, table.schema.types, strict=True):
        if (kind := COLUMNS.get(name)) is not None:
            numbers = any(test(kind) for test in NUMBERS)
            if numbers != any(test(found) for test in (*NUMBERS, pa.types.is_null)) and not pa.types.is_null(found):
                return f"column {name} holds {found}, not {'numbers' if numbers else 'words'}"
    return ""


def _filtered(table: pa.Table, where: Where) -> pa.Table:
    """Return the rows with one of the values wanted in each column: none, for values of another kind."""
    for name, values in where.items():
        if values is not None and name in table.column_names:
            column = table.column(name)
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            try:
                table = table.filter(pc.is_in(column, pa.array(list(values)).cast(column.type)))
            except pa.ArrowException:
                table = table.slice(0, 0)
    return table


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
