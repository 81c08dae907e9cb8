"""Tables of schools made by hand, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from simsim.assessment.judging import assess
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource

TEMPLATES = resource("parameters") / "templates"


EXAMPLE = TEMPLATES / "schools-example.csv"


def school(
    name: str, kind: str = "primary", primary: int = 0, junior: int = 0, senior: int = 0, **own: Any
) -> dict[str, Any]:
    """Return a row of a school with everything that both standards ask for, and a little more."""
    everybody = primary + junior + senior
    row: dict[str, Any] = {
        "school": name,
        "kind": kind,
        "pupils_primary": primary,
        "pupils_junior": junior,
        "pupils_senior": senior,
    }
    row |= {"teaching_area_m2": 10 * everybody, "sports_area_m2": 15 * everybody, "equipment_yuan": 4000 * everybody}
    row |= {"computers": 0.2 * everybody, "books": 40 * everybody, "multimedia_rooms": 0.04 * everybody}
    for stage, pupils in (("primary", primary), ("junior", junior)):
        shares = {"teachers": 0.1, "overqualified": 0.08, "midtitle": 0.06, "backbone": 0.02, "pe_arts": 0.02}
        row |= {f"{part}_{stage}": share * pupils for part, share in shares.items()}
    return row | own


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def problems(frame: pd.DataFrame, standard: str = "basic-2012", **other: float) -> str:
    with pytest.raises(InputError) as caught:
        assess(frame, standard, **other)
    return str(caught.value)
