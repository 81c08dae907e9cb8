"""Tables of the validation notebook that take minutes: read from a file, computed only when somebody asks for it.

    FULL=1 jupyter nbconvert --to notebook --execute --inplace notebooks/03-validation.ipynb

With FULL=1 in the environment every table is computed and written anew, and beside it which code computed it, and what
that code made of one world. Other code that makes the same of that world is as good as the same; a table of code that
makes something else of it is still shown, with a line that says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from simsim import __version__
from simsim.experiments.experiment import Experiment
from simsim.experiments.fingerprint import code_digest
from simsim.experiments.screening_table import alike, probe_of
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from simsim.scenarios.scenario import Scenario

FOLDER = "validation"
FULL = "FULL"
BY = "computed_by.json"
WORLDS = "worlds"
BASE, OTHER = SCENARIOS = ("baseline", "plan")
SEED = 1
"""The world in which two versions of the code are compared."""


def stored(name: str, compute: Callable[[], pd.DataFrame], folder: Path | None = None) -> pd.DataFrame:
    """Return a table by name: from its file, or with FULL=1 computed and written.

    InputError where it was never computed.
    """
    place = (resource("notebooks") / FOLDER if folder is None else folder) / f"{name}.parquet"
    if os.environ.get(FULL) == "1":
        return _written(compute(), place)
    if not place.exists():
        raise InputError(Problem(place.name, "", None, f"was never computed; set {FULL}=1 and execute again"))
    by = _noted(place.parent / BY)
    table = by.get(place.stem, {})
    if not _same(table.get("code"), by.get(WORLDS, {})):
        print(
            f"{name}: computed by simsim {table.get('version', '?')} with other code than this; {FULL}=1 computes it"
            " anew"
        )
    return pd.read_parquet(place)


def _written(table: pd.DataFrame, place: Path) -> pd.DataFrame:
    place.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(place)
    note = place.parent / BY
    known = _noted(note)
    known[place.stem] = {"version": __version__, "code": _code()}
    used = {row["code"] for name, row in known.items() if name != WORLDS}
    worlds = {code: probe for code, probe in known.get(WORLDS, {}).items() if code in used}
    known[WORLDS] = worlds if _code() in worlds else worlds | {_code(): _probe()}
    note.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return table


def _noted(note: Path) -> Draft:
    """Return which code computed each table, and under WORLDS what each code made of one world."""
    found: Draft = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    return found


def _same(code: str | None, worlds: Draft) -> bool:
    """Return whether code is this code, or makes the same of one world."""
    return code == _code() or (code in worlds and alike(worlds[code], _probe()))


@cache
def _probe(to: int | None = None) -> Draft:
    """Return what this code makes of one world: every indicator of `plan` less `baseline`, in the last year."""
    with TemporaryDirectory() as folder:
        world = Experiment(list(SCENARIOS), [SEED], to=to).run(
            1, out=Path(folder) / "world", progress=False, fresh=True
        )
        recorded = world.frame("district_year")["indicator"].unique().tolist()
        return probe_of(world, OTHER, BASE, SEED, sorted(recorded))


def _code() -> str:
    """Return the digest of the code that runs of the model load."""
    return code_digest([Scenario.load(name) for name in SCENARIOS])
