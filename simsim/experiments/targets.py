"""Where a result may be written: never over what a command or a run reads, nor among the parts of an experiment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from simsim.districts import plans_ahead, provenance, rolls
from simsim.districts.files import SPEC, TABLES
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import path_of, resource

MANIFEST = "manifest.json"
"""What an experiment's folder is known by."""
OF_A_DISTRICT = (*TABLES, rolls.FILE, plans_ahead.FILE, provenance.FILE, "extra.csv", "birth_series.csv")
"""Tables that are read where they lie beside a district.yaml."""
OF_AN_EXPERIMENT = ("sensitivity.csv", "pattern-worlds.csv")
"""Tables that simsim keeps in an experiment's folder itself."""
TABLE = (".csv", ".xlsx")


def target(path: str | Path, read: Iterable[str | Path] = (), endings: Iterable[str] = TABLE) -> Path:
    """Return where a table is to be written, checked before any work is done.

    InputError for another ending, for a folder that is not there or cannot be written, for a file that the command
    reads (`read`, or in a folder of them), and for one of a district's, an experiment's or simsim's own.
    """
    place = path_of(path, "simsim", "the file to write")
    if place.suffix.lower() not in endings:
        raise InputError(Problem(str(path), "", None, f"must end in {' or '.join(endings)}"))
    remedy = _unfit(place) or _own(place) or next((r for one in read if (r := _same(place, Path(one)))), "")
    if remedy:
        raise InputError(Problem(str(path), "", None, f"{remedy}; name another file"))
    not_among_parts(place.parent)
    return place


def not_among_parts(folder: Path) -> Path:
    """Return a folder to write into; InputError where it holds the parts of a table of an experiment, among which
    nothing else may lie, or is inside of such a folder.
    """
    whole = Path(os.path.abspath(folder))
    for table, home in zip((whole, *whole.parents), whole.parents, strict=False):
        if os.path.isfile(home / MANIFEST) and next(table.glob("*.parquet"), None) is not None:
            remedy = f"holds the parts of a table of the experiment {home.name}, and nothing else; name another folder"
            raise InputError(Problem(str(folder), "", None, remedy))
    return folder


def _unfit(place: Path) -> str:
    """Return why nothing can be written there, as far as one sees beforehand."""
    home = place.parent
    if os.path.lexists(place) and not os.path.isfile(place):
        return "is no file"
    if not os.path.isdir(home):
        return "is in a folder that does not exist"
    return "" if os.access(home, os.W_OK | os.X_OK) else "is in a folder that cannot be written"


def _own(place: Path) -> str:
    """Return why a place belongs to a district, an experiment or simsim."""
    home, name = place.parent, place.name.lower()
    if name in OF_A_DISTRICT and os.path.isfile(home / SPEC):
        return f"is read with the {SPEC} beside it"
    if name in OF_AN_EXPERIMENT and os.path.isfile(home / MANIFEST):
        return "is a table of the experiment's own"
    shipped = resource("parameters").resolve()
    return "is among simsim's own parameters" if shipped in Path(os.path.abspath(place)).resolve().parents else ""


def _same(place: Path, read: Path) -> str:
    """Return why a place may not be: it is the file that is read, or would be read with the folder next time."""
    if os.path.exists(place) and os.path.exists(read) and place.samefile(read):
        return "is read by this command"
    if os.path.isdir(read) and place.parent.resolve() == read.resolve():
        return "is in the folder that this command reads"
    return ""
