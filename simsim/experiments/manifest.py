"""What an experiment was made from: inputs, code, versions; and the folder that says so."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from simsim.experiments.targets import MANIFEST as MANIFEST
from simsim.experiments.targets import not_among_parts
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import folder_name, path_of
from simsim.inputs.whole_files import write_bytes

SCHEMA = "simsim-experiment/2"
MERGED = "simsim-experiment/1"
"""Folders of this older form have one file a table; they are read and verified, and not resumed."""
FIELDS = ("scenarios", "order", "districts", "inputs", "code", "to", "fixed_parameters")
DESIGN = "design"
"""What a manifest has where the worlds are those of a design (simsim/experiments/design.py)."""
UNITS = "units"
"""Where folders of the older form kept their units of work."""
SEAL = "seal"
SHORT = 8
ANEW = "repeat `simsim run` with --replace (runs that still fit are kept), or delete the folder and run again"


_checked: list[bytes] = []
"""The manifest whose shape was found right last: a command reads one several times, and of many runs it is long."""
_shared: list[tuple[bytes, Draft]] = []
"""The manifest that was looked at last, and its bytes."""


def digest(content: object) -> str:
    """Return the SHA-256 of bytes, or of anything that JSON can write."""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest_of_plain(plain(content))


def digest_of_plain(content: object) -> str:
    """Return the SHA-256 of what is plain already."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def plain(content: object) -> object:
    """Return mappings with text as keys, lists, numbers, and the text of anything else: what JSON can write and
    sort.
    """
    if isinstance(content, Mapping):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [plain(value) for value in content]
    return content if content is None or isinstance(content, str | int | float) else str(content)


def default_folder(name: str, inputs: Document) -> Path:
    """Return outputs/<name>-<hash of the inputs> in the working directory."""
    return Path("outputs") / f"{slug(name)}-{digest(inputs)[:SHORT]}"


def slug(name: str) -> str:
    """Return a name that is safe in a file name."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "experiment"


def refuse_screening(manifest: Document, where: object) -> None:
    """Raise InputError for a screening: its worlds are spread over the ranges of parameters, not drawn from them."""
    if DESIGN in manifest:
        remedy = "is a screening, whose worlds are no draws; its table is sensitivity.csv, and the same command resumes"
        raise InputError(Problem(str(where), DESIGN, None, f"{remedy} (`simsim sensitivity`)"))


def new_folder(folder: Path) -> Path:
    """Make a folder, or accept an empty one; InputError when it cannot be written or already holds something."""
    if os.path.isdir(folder) and any(writable(folder).iterdir()):
        here = (
            "an experiment already" if os.path.isfile(folder / MANIFEST) else "files that are not a simsim experiment"
        )
        raise InputError(Problem(str(folder), "", None, f"holds {here}; name another folder"))
    return writable(folder)


def writable(folder: Path) -> Path:
    """Make a folder unless it exists; InputError when that fails, when nothing can be written into it, where the parts
    of an experiment's table lie, and for a file's name.
    """
    folder = folder_name(not_among_parts(path_of(folder, "simsim", "the folder to write into")))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            Problem(str(folder), "", None, f"cannot be made: {error.strerror}; name another folder")
        ) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise InputError(Problem(str(folder), "", None, "cannot be written; name another folder"))
    return folder


def open_folder(folder: Path, wanted: Document, replace: bool = False, alone: bool = False) -> Draft:
    """Return the manifest that a folder has (`shared_manifest`), nothing for a new one; InputError when it holds
    something else, other inputs or other code, unless they are to be replaced. Nothing is written but the folder
    itself; `alone` says that its log is held, which a new folder has by then.
    """
    if not os.path.isfile(folder / MANIFEST):
        if not alone:
            new_folder(folder)
        return {}
    if replace:
        return _readable(writable(folder))
    found = shared_manifest(writable(folder), FIELDS)
    if found["schema"] == MERGED:
        raise InputError(Problem(str(folder), "schema", MERGED, _other("an older simsim, which had one file a table")))
    if found["inputs"] != wanted["inputs"]:
        raise InputError(
            Problem(str(folder), "inputs", _different(found["inputs"], wanted["inputs"]), _other("other inputs"))
        )
    if found["code"] != wanted["code"]:
        raise InputError(
            Problem(str(folder), "code", found["code"][:SHORT], _other(f"other code (now {wanted['code'][:SHORT]})"))
        )
    return found


def _readable(folder: Path) -> Draft:
    """Return the manifest of a folder, or nothing when it says nothing that can be used."""
    try:
        return read_manifest(folder, FIELDS)
    except InputError:
        return {}


def _other(what: str) -> str:
    remedy = "name another folder with --out, delete this one, or say --replace"
    return f"was made from {what}, and runs of two kinds are never mixed; {remedy}"


def _different(found: Document, wanted: Document) -> str:
    """Return the names of the inputs that differ."""
    return ", ".join(sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name)))


def read_manifest(folder: Path, needed: Iterable[str] = ()) -> Draft:
    """Return the manifest of an experiment folder; InputError when it is not one, or lacks a field that is needed."""
    path = folder / MANIFEST
    return _parsed(_content(folder, path), path, needed)


def shared_manifest(folder: Path, needed: Iterable[str] = ()) -> Draft:
    """Return what `read_manifest` says, parsed once for as long as the file stays the same: one mapping for all who
    ask, to look things up, not to be changed. InputError as there.
    """
    path = folder / MANIFEST
    content = _content(folder, path)
    if not _shared or _shared[0][0] != content:
        _shared[:] = [(content, _parsed(content, path, ()))]
    manifest = _shared[0][1]
    _have(manifest, path, needed)
    return manifest


def _content(folder: Path, path: Path) -> bytes:
    """Return the bytes of a folder's manifest."""
    if not os.path.isdir(folder):
        raise InputError(Problem(str(folder), "", None, "is not the folder of an experiment; `simsim run` makes one"))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            Problem(str(path), "", None, "is missing: not the folder of an experiment; `simsim run` makes one")
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(Problem(str(path), "", None, f"cannot be read ({error}); {ANEW}"))


def _parsed(content: bytes, path: Path, needed: Iterable[str]) -> Draft:
    """Return what the bytes of a manifest say; InputError when they are none, or lack a field that is needed."""
    try:
        manifest = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(manifest, dict) or manifest.get("schema") not in (SCHEMA, MERGED):
        raise InputError(Problem(str(path), "schema", None, f"is not {MERGED} or {SCHEMA}; {ANEW}"))
    _have(manifest, path, needed)
    if content not in _checked:
        _check(manifest, path)
        _checked[:] = [content]
    return manifest


def _have(manifest: Document, path: Path, needed: Iterable[str]) -> None:
    """Raise InputError when a manifest lacks fields that are needed."""
    missing = ", ".join(name for name in needed if name not in manifest)
    if missing:
        raise InputError(Problem(str(path), missing, None, f"is missing; {ANEW}"))


def _check(manifest: Document, path: Path) -> None:
    """Raise InputError when a field of a manifest has not the shape that simsim gave it."""
    checks = _SHAPES | (_LISTING if manifest["schema"] == SCHEMA else {"tables": _are_hashed})
    problems = [
        Problem(str(path), name, manifest[name], f"is not what `simsim run` wrote there; {ANEW}")
        for name, is_right in checks.items()
        if name in manifest and not is_right(manifest[name])
    ]
    order, known = manifest.get("order"), manifest.get("scenarios")
    if not problems and order is not None and known is not None and sorted(order) != sorted(known):
        problems = [Problem(str(path), "order", order, f"does not name the scenarios of the experiment; {ANEW}")]
    if problems:
        raise InputError(problems)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_whole(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_whole, value))


def _are(kind: Callable[[object], bool]) -> Callable[[object], bool]:
    """Return a check of all values of a mapping."""
    return lambda value: isinstance(value, dict) and all(map(kind, value.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_scenario(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name, {}), dict) for name in ("title", "resolved"))


def _are_inputs(value: object) -> bool:
    return isinstance(value, dict) and all(_are(_is_text)(value.get(name, {})) for name in ("scenarios", "districts"))


def _is_entry(value: object) -> bool:
    return isinstance(value, dict) and _is_whole(value.get("rows")) and _is_text(value.get("sha256"))


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and _is_entry(value) and _is_whole(value.get("bytes"))


def _is_block(value: object) -> bool:
    return isinstance(value, dict) and _are_whole(value.get("seeds")) and _are_whole(value.get("failed"))


def _are_hashed(value: object) -> bool:
    return isinstance(value, dict) and _are(_is_entry)(value) and all(map(_is_plain_name, value))


def _are_tables(value: object) -> bool:
    shaped = _are(lambda table: isinstance(table, dict) and _are(_is_file)(table.get("parts")))
    return (
        isinstance(value, dict)
        and shaped(value)
        and all(_is_plain_name(name) and all(map(_is_plain_name, table["parts"])) for name, table in value.items())
    )


def _is_plain_name(name: str) -> bool:
    return bool(name) and not name.startswith(".") and "/" not in name and "\\" not in name and "\0" not in name


def _are_blocks(value: object) -> bool:
    return _are(
        lambda blocks: isinstance(blocks, dict) and _are(_is_block)(blocks) and all(map(str.isdecimal, blocks))
    )(value)


_SHAPES: dict[str, Callable[[object], bool]] = {
    "name": _is_text,
    "scenarios": _are(_is_scenario),
    "order": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "districts": _are(_is_text),
    "inputs": _are_inputs,
    "code": _is_text,
    "versions": _are(_is_text),
    "to": _is_whole,
    "fixed_parameters": lambda value: isinstance(value, bool),
    "worlds": lambda value: isinstance(value, dict),
    "seeds": _are_whole,
    "runs": _are(_is_whole),
}
_LISTING: dict[str, Callable[[object], bool]] = {"tables": _are_tables, "blocks": _are_blocks}


def sealed(manifest: Document) -> Draft:
    """Return a manifest with a digest of all its other fields: any edit shows."""
    content = {str(name): plain(value) for name, value in manifest.items() if name != SEAL}
    return content | {SEAL: digest_of_plain(content)}


def is_sealed(manifest: Document) -> bool:
    """Tell whether a manifest that was read is, field by field, the one that was written."""
    return (
        SEAL in manifest
        and digest_of_plain({name: manifest[name] for name in manifest if name != SEAL}) == manifest[SEAL]
    )


def write_json(content: Document, path: Path) -> None:
    """Write JSON with sorted keys, whole or not at all."""
    text = json.dumps(plain(content), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_bytes(text.encode(), path)
