"""The `fitted` block of a district.yaml, rewritten without another character of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from simsim.districts.files import SPEC, district_folder, read_spec
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.whole_files import write_text


def update_fitted(path: str | Path, values: Mapping[str, Document]) -> None:
    """Rewrite only the `fitted` block of a district.yaml; every other character of the file stays.

    `values` maps a fitted name to its entries (value, target, residual, command); entries not given keep what they had.
    InputError for a name that is not fitted there.
    """
    path = district_folder(path) / SPEC
    text, spec = path.read_text(encoding="utf-8"), read_spec(path)
    unknown = [
        Problem(SPEC, f"fitted.{name}", None, f"is not fitted{suggest(name, spec['fitted'])}")
        for name in values
        if name not in spec["fitted"]
    ]
    if unknown:
        raise InputError(unknown)
    lines = []
    for name, old in spec["fitted"].items():
        entries = {**old, **values.get(name, {})}
        lines.append(f"  {name}: {{{', '.join(f'{key}: {_plain(value)}' for key, value in entries.items())}}}\n")
    block = re.compile(r"^fitted:[^\n]*\n(?:[ \t]+[^\n]*\n|\n(?=[ \t]))*", re.MULTILINE)
    written, found = block.subn(lambda _: "fitted:\n" + "".join(lines), text, count=1)
    written = written if found else f"{text.rstrip()}\n\nfitted:\n{''.join(lines)}"
    write_text(written, path)


def _plain(value: str | float | Document | None) -> str:
    """Write one YAML scalar, or a mapping of them; text is quoted when it has to be."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_plain(entry)}' for key, entry in value.items())}}}"
    if value is None:
        return "null"
    if isinstance(value, (bool, str)):
        text = str(value)
        return (
            text
            if re.fullmatch(r"[A-Za-z][\w .()/+-]*", text) and isinstance(value, str)
            else '"' + text.replace('"', "'") + '"'
        )
    return repr(int(value)) if float(value).is_integer() and not isinstance(value, float) else repr(float(value))
