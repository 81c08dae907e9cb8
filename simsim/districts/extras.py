"""Columns that nobody uses: kept apart, without persons, and with small counts of children hidden."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsim.districts.given import Given
from simsim.districts.hidden import is_sensitive, of_persons, shielded, tells_of_persons, without_differences
from simsim.tables.cells import clean, is_blank
from simsim.tables.table import Table


def keep_apart(
    given: Given,
    table: Table,
    schools: Sequence[str],
    pupils: Sequence[float | None],
    years: Sequence[int | None],
    used: set[int],
) -> None:
    """Keep the columns that nobody uses, but for those about persons; hide small counts of children.

    `schools`, `years` and their `pupils` are those of each row.
    """
    unused = [h for h in table.headings if h.place not in used and h.parts]
    texts = {h.place: ["" if is_blank(row[h.place]) else clean(row[h.place]) for row in table.rows] for h in unused}
    persons = [h for h in unused if of_persons(h.shown) or tells_of_persons(texts[h.place])]
    given.dropped += [h.shown for h in persons]
    kept = [h for h in unused if h not in persons and any(texts[h.place])]
    if not kept:
        return
    frame: dict[str, list[object]] = {"sheet": [table.sheet.name or table.sheet.file] * len(table.rows)}
    frame |= {"code": list(schools), "year": list(years)}
    secret: dict[str, list[str]] = {}
    for heading in kept:
        cells = texts[heading.place]
        name = heading.shown if heading.shown not in frame else f"{heading.shown} ({heading.place + 1})"
        frame[name] = list(cells)
        if is_sensitive(heading.shown):
            secret[name] = list(shielded(heading.shown, cells, pupils))
    frame |= {name: list(cells) for name, cells in without_differences(secret).items()}
    given.extra.append(pd.DataFrame(frame))
