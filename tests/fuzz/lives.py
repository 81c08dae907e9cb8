"""One random district lives ten years: it ends, everybody is accounted for, and no number is infinite."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from simsim.district import District
from simsim.districts.files import load_district
from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario
from tests.fuzz.districts import FIRST, Shape, policies, shapes, written

YEARS = 10
HAS_TO_END = settings(
    deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


def live(shape: Shape, data: st.DataObject, seen: Counter[str]) -> None:
    """Import a district, let it live under drawn policies, and look at every table."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        place = written(shape, Path(folder))
        district = load_district(place)
        keys = [*district.schools["key"].tolist(), *district.neighbourhoods["key"].tolist()]
        drawn = data.draw(policies(keys))
        taken: dict[str, Any] = {}
        for name, instance in drawn.items():
            accepted = fits({**taken, name: instance}, place)
            seen["policies accepted" if accepted else "policies refused"] += 1
            taken |= {name: instance} if accepted else {}
        lived = District(scenario(taken, place), seed=1 + shape.seed % 1000, data=district)
        lived.run(to=FIRST + YEARS - 1)
        seen["lived"] += 1
        assert infinite(lived) == []


def scenario(policies: dict[str, Any], place: Path) -> dict[str, Any]:
    return {"name": "drawn", "extends": "baseline", "district": str(place), "policies": policies}


def fits(policies: dict[str, Any], place: Path) -> bool:
    """Whether the settings, which keep every single limit, fit each other and the district as well."""
    try:
        Scenario.load(scenario(policies, place))
    except InputError:
        return False
    return True


def infinite(district: District) -> list[str]:
    """Return where in a district's tables a number is infinite."""
    return [
        f"{name}.{column}"
        for name, table in district.tables().items()
        for column in table.select_dtypes("number")
        if np.isinf(table[column].to_numpy(dtype=float)).any()
    ]


def lives(cases: int, start: int = 0) -> Counter[str]:
    """Let so many random districts live; return what became of them. The first that fails is shrunk and raised."""
    seen: Counter[str] = Counter()

    @seed(start)
    @settings(HAS_TO_END, max_examples=cases, derandomize=False, phases=(Phase.generate, Phase.shrink))
    @given(shapes, st.data())
    def run(shape: Shape, data: st.DataObject) -> None:
        live(shape, data, seen)

    run()
    return seen
