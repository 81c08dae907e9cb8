"""Districts of a few schools, written by hand, in the shape of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simsim.base.codes import CORE
from simsim.districts.system import shipped
from simsim.studies.watched import Snapshot


def snapshot(
    parts: Mapping[str, Any], pupils: Mapping[str, Any] | None = None, teachers: Mapping[str, Any] | None = None
) -> Snapshot:
    """Return a snapshot of 2014 from columns; what is left out is public, core, local, and 0."""
    system = shipped("china")
    schools = {"public": True, "key": 0, "stage": 0, "x_km": 0.0, "y_km": 0.0} | dict(parts)
    children = {"part": [], "grade": 1, "ses": 0.0, "migrant": False, "knowledge": 0.0, "score": 0.0} | dict(
        pupils or {}
    )
    staff = {"part": [], "subject": CORE, "experience": 0, "effect": 0.0} | dict(teachers or {})
    columns = [
        {name: np.broadcast_to(value, len(table[of])).copy() for name, value in table.items()}
        for table, of in ((children, "part"), (staff, "part"), (schools, "key"))
    ]
    columns[0] |= {"id": np.arange(len(columns[0]["part"])), "stage": system.stage_of(columns[0]["grade"])}
    columns[0]["school"] = columns[2]["key"][columns[0]["part"].astype(int)]
    for table in columns[:2]:
        table["part"] = table["part"].astype(int)
    return Snapshot(2014, *columns, {}, system)
