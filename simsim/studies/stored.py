"""Tables of the validation notebook that take minutes: read from a file, computed only when somebody asks for it.

    FULL=1 jupyter nbconvert --to notebook --execute --inplace notebooks/03-validation.ipynb

With FULL=1 in the environment every table is computed and written anew, and beside it which code computed it. A table
of other code than this is still shown, with a line that says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from simsim import __version__
from simsim.experiments.fingerprint import code_digest
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from simsim.scenarios.scenario import Scenario

FOLDER = "validation"
FULL = "FULL"
BY = "computed_by.json"
SCENARIOS = ("baseline", "plan")


def stored(name: str, compute: Callable[[], pd.DataFrame], folder: Path | None = None) -> pd.DataFrame:
    """Return a table by name: from its file, or with FULL=1 computed and written.

    InputError where it was never computed.
    """
    place = (resource("notebooks") / FOLDER if folder is None else folder) / f"{name}.parquet"
    if os.environ.get(FULL) == "1":
        return _written(compute(), place)
    if not place.exists():
        raise InputError(Problem(place.name, "", None, f"was never computed; set {FULL}=1 and execute again"))
    by = json.loads((place.parent / BY).read_text(encoding="utf-8")).get(name, {})
    if by.get("code") != _code():
        print(
            f"{name}: computed by simsim {by.get('version', '?')} with other code than this; {FULL}=1 computes it anew"
        )
    return pd.read_parquet(place)


def _written(table: pd.DataFrame, place: Path) -> pd.DataFrame:
    place.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(place)
    note = place.parent / BY
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    known[place.stem] = {"version": __version__, "code": _code()}
    note.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return table


def _code() -> str:
    """Return the digest of the code that runs of the model load."""
    return code_digest([Scenario.load(name) for name in SCENARIOS])
