"""What an experiment was made from: inputs, code, versions; and the folder that says so."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from simsim.experiments.store import write_bytes
from simsim.inputs.errors import InputError, Problem

SCHEMA = "simsim-experiment/1"
FIELDS = ("scenarios", "order", "districts", "inputs", "code", "to", "fixed_parameters")
MANIFEST = "manifest.json"
UNITS = "units"
SHORT = 8


def digest(content: object) -> str:
    """Return the SHA-256 of bytes, or of anything that JSON can write."""
    data = (
        content
        if isinstance(content, bytes)
        else json.dumps(plain(content), sort_keys=True, ensure_ascii=False).encode()
    )
    return hashlib.sha256(data).hexdigest()


def plain(content: object) -> Any:
    """Return mappings with text as keys, lists, numbers, and the text of anything else: what JSON can write and
    sort.
    """
    if isinstance(content, Mapping):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [plain(value) for value in content]
    return content if content is None or isinstance(content, str | int | float) else str(content)


def default_folder(name: str, inputs: Mapping[str, Any]) -> Path:
    """Return outputs/<name>-<hash of the inputs> in the working directory."""
    return Path("outputs") / f"{slug(name)}-{digest(inputs)[:SHORT]}"


def slug(name: str) -> str:
    """Return a name that is safe in a file name."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "experiment"


def new_folder(folder: Path) -> Path:
    """Make a folder, or accept an empty one; InputError when it cannot be written or already holds something."""
    if os.path.isdir(folder) and any(writable(folder).iterdir()):
        raise InputError(
            Problem(str(folder), "", None, "holds files that are not a simsim experiment; name another folder")
        )
    return writable(folder)


def writable(folder: Path) -> Path:
    """Make a folder unless it exists; InputError when that fails or nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            Problem(str(folder), "", None, f"cannot be made: {error.strerror}; name another folder")
        ) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise InputError(Problem(str(folder), "", None, "cannot be written; name another folder"))
    return folder


def open_folder(folder: Path, wanted: Mapping[str, Any], replace: bool = False) -> dict[str, Any]:
    """Return the manifest of a folder, begun or resumed; InputError when it holds something else, other inputs or other
    code.

    With `replace` an experiment from other inputs or code is deleted from the folder, and a new one begun in it.
    """
    if not os.path.isfile(folder / MANIFEST):
        new_folder(folder)
        write_json(wanted, folder / MANIFEST)
        return dict(wanted)
    found = read_manifest(writable(folder), () if replace else FIELDS)
    if replace and any(found.get(field) != wanted[field] for field in ("inputs", "code")):
        _clear(folder)
        write_json(wanted, folder / MANIFEST)
        return dict(wanted)
    if found["inputs"] != wanted["inputs"]:
        raise InputError(
            Problem(str(folder), "inputs", _different(found["inputs"], wanted["inputs"]), _other("other inputs"))
        )
    if found["code"] != wanted["code"]:
        raise InputError(
            Problem(str(folder), "code", found["code"][:SHORT], _other(f"other code (now {wanted['code'][:SHORT]})"))
        )
    return found


def _clear(folder: Path) -> None:
    """Delete an experiment's own files from its folder, and nothing else."""
    for path in (folder / MANIFEST, *folder.glob("*.parquet"), *(folder / UNITS).glob("*.zip")):
        path.unlink()


def _other(what: str) -> str:
    remedy = "name another folder with --out, delete this one, or say --replace"
    return f"was made from {what}, and runs of two kinds are never mixed; {remedy}"


def _different(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return the names of the inputs that differ."""
    return ", ".join(sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name)))


def read_manifest(folder: Path, needed: Iterable[str] = ()) -> dict[str, Any]:
    """Return the manifest of an experiment folder; InputError when it is not one, or lacks a field that is needed."""
    path = folder / MANIFEST
    if not os.path.isdir(folder):
        raise InputError(Problem(str(folder), "", None, "is not the folder of an experiment; `simsim run` makes one"))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            Problem(str(path), "", None, "is missing: not the folder of an experiment; `simsim run` makes one")
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(str(path), "", None, f"cannot be read ({error}); delete the folder and run again")
        ) from None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise InputError(Problem(str(path), "schema", None, f"is not {SCHEMA}; delete the folder and run again"))
    missing = ", ".join(name for name in needed if name not in manifest)
    if missing:
        raise InputError(Problem(str(path), missing, None, "is missing; delete the folder and run again"))
    return manifest


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON with sorted keys, whole or not at all."""
    text = json.dumps(plain(content), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_bytes(text.encode(), path)
