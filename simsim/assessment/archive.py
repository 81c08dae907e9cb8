"""A workbook is a zip archive: what it would unpack to is looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from typing import IO

from simsim.inputs.errors import InputError, Problem

MEGABYTE = 1_000_000
LARGEST_UNPACKED = 100 * MEGABYTE
"""Bytes of everything in a workbook, pictures included."""
LARGEST_SHEET = 30 * MEGABYTE
"""Bytes of one sheet: 20,000 schools with all columns need 20 million."""
LARGEST_STRINGS = 10 * MEGABYTE
"""Bytes of the shared strings, the texts of all sheets."""
LARGEST_OTHER = 5 * MEGABYTE
"""Bytes of any other part that is read: styles, the list of sheets, relations."""
MOST_PARTS = 2_000
PICTURES = ("xl/media/", "xl/drawings/", "xl/embeddings/", "xl/charts/", "xl/printersettings/", "docprops/thumbnail")
"""Parts that are never unpacked; only the sum of all bounds them."""
SHEETS = "xl/worksheets/"
STRINGS = "xl/sharedstrings.xml"


def check_archive(file: IO[bytes], shown: str) -> None:
    """Raise InputError for a workbook that would unpack to more than a table of schools can hold.

    The sizes are those that the archive states. They bind: `zipfile` gives out no more bytes of a part than are stated.
    zipfile.BadZipFile for what is no archive.
    """
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    problems = list(filter(None, [_too_large(part, shown) for part in parts]))
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS:
        problems = [Problem(shown, "", None, f"has {len(parts):,} parts; at most {MOST_PARTS:,} are read")]
    elif not problems and whole > LARGEST_UNPACKED:
        problems = [Problem(shown, "", None, _remedy(whole, LARGEST_UNPACKED))]
    if problems:
        raise InputError(problems[0])


def _too_large(part: zipfile.ZipInfo, shown: str) -> Problem | None:
    """Return what is wrong with the size of one part, if anything is."""
    name = part.filename.lower().lstrip("/")
    if name.startswith(PICTURES):
        return None
    most = LARGEST_SHEET if name.startswith(SHEETS) else LARGEST_STRINGS if name == STRINGS else LARGEST_OTHER
    return Problem(shown, part.filename, None, _remedy(part.file_size, most)) if part.file_size > most else None


def _remedy(size: int, most: int) -> str:
    return (
        f"would unpack to {size:,} bytes; at most {most:,} are read: copy the table of schools, values only, into a new"
        " workbook"
    )
