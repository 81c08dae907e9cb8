"""Areas and equipment of a school in two rows, one a stage: those of the whole school twice, or of each part alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import written
from simsim.tables.words import rule

MEASURED = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "books")
"""What two parts of a school hardly have the same amount of, to the last digit; of rooms they may."""
FACILITIES = (*MEASURED, "computers", "multimedia_rooms")
AREA_PARTS = ("teaching_gross_m2", "teaching_net_m2", "indoor_sports_m2", "sports_ground_m2")
SAME = 1e-9
Place = tuple[str, str, str]
"""Table, row and stage of a part, as messages name them."""


def shared_by(school: str, parts: Mapping[Place, Mapping[str, object]], keys: Sequence[str]) -> str:
    """Return whose the facilities are that stand in the rows of a school's stages: `whole` where they are equal,
    `nearly` where but for rounding, `split` where each stage has its own, nothing where no facility stands twice.

    InputError where some are equal and others are not, for then either answer may be wrong.
    """
    rows = list(parts.values())
    both = {key: amounts for key in keys if len(amounts := _given(rows, key)) > 1 and any(amounts)}
    apart = {key: max(amounts) / min(amounts) - 1 if min(amounts) else float("inf") for key, amounts in both.items()}
    differing = [key for key, gap in apart.items() if gap > rule("same_facility")]
    equal = [key for key in apart if key not in differing]
    told = [key for key in equal if key in MEASURED] or ([] if any(k in MEASURED for k in differing) else equal)
    if told and differing:
        raise InputError([_unclear(school, parts, told[0], key) for key in differing])
    if differing:
        return "split"
    return "nearly" if any(gap > SAME for gap in apart.values()) else "whole" if both else ""


def _given(rows: Sequence[Mapping[str, object]], key: str) -> list[float]:
    return [number for row in rows if (number := written(row.get(key))) is not None]


def _unclear(school: str, parts: Mapping[Place, Mapping[str, object]], equal: str, differing: str) -> Problem:
    """Return why nobody can tell whether a school's facilities are divided already."""
    file = next(iter(parts))[0]
    rows = " + ".join(f"row {place}, {stage}" for _, place, stage in parts)
    amounts = " / ".join(f"{number:g}" for number in _given(list(parts.values()), differing))
    remedy = (
        f"differs between the stages of {school}, but {equal} is the same: write the whole school's number into both "
        "rows, or each stage's own number of everything"
    )
    return Problem(file, f"{rows}, {differing}", amounts, remedy)


def areas(cells: Mapping[str, object]) -> dict[str, object]:
    """Return cells with the teaching area without indoor sports rooms and the sports area with them, where they
    follow.
    """
    found = dict(cells)
    indoor, ground = written(cells.get("indoor_sports_m2")), written(cells.get("sports_ground_m2"))
    for key in ("teaching_gross_m2", "teaching_area_m2"):
        gross = written(cells.get(key))
        if gross is not None and "teaching_net_m2" not in cells:
            found["teaching_area_m2"] = gross - (indoor or 0.0)
            break
    if "teaching_net_m2" in cells:
        found["teaching_area_m2"] = cells["teaching_net_m2"]
    if "sports_area_m2" not in cells and indoor is not None and ground is not None:
        found["sports_area_m2"] = ground + indoor
    return found
