"""Of a fitted block only what was fitted is written anew; every other character of the file stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.districts.files import load_district, read_spec
from simsim.districts.fitted_block import update_fitted
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource

ERDAO = resource("parameters") / "districts" / "erdao"


def test_fitted_values_are_rewritten_and_nothing_else(copy: Path) -> None:
    before = (copy / "district.yaml").read_text(encoding="utf-8")
    update_fitted(
        copy / "district.yaml",
        {"inflow_scale": {"value": 1.2345, "residual": -12.0, "command": "simsim district fit erdao: 20"}},
    )
    after = (copy / "district.yaml").read_text(encoding="utf-8")
    head = before[: before.index("fitted:\n")]
    assert after.startswith(head) and len(after.splitlines()) == len(before.splitlines())
    fitted = read_spec(copy / "district.yaml")["fitted"]
    assert fitted["inflow_scale"] == {
        "value": 1.2345,
        "target": 44725,
        "residual": -12.0,
        "command": "simsim district fit erdao: 20",
    }
    assert fitted["posts_growth"] == read_spec(ERDAO / "district.yaml")["fitted"]["posts_growth"]
    assert load_district(copy).fitted()["inflow_scale"] == 1.2345


def test_rewriting_fitted_values_keeps_what_follows(copy: Path) -> None:
    file = copy / "district.yaml"
    text = file.read_text(encoding="utf-8")
    block = text[text.index("fitted:\n") :]
    moved = text.replace(block, "").replace("travel:\n", f"{block.rstrip()}\n\ntravel:\n")
    file.write_text(moved, encoding="utf-8")
    update_fitted(file, {"posts_growth": {"value": 0.02}})
    assert load_district(copy).fitted()["posts_growth"] == 0.02 and "\ntravel:\n" in file.read_text(encoding="utf-8")


def test_fitting_what_is_not_fitted_is_refused(copy: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean inflow_scale\?"):
        update_fitted(copy, {"inflow_scal": {"value": 1.0}})
