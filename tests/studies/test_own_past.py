"""`simsim district hindcast` on an imported district, worlds and openings included."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.inputs.errors import InputError
from simsim.studies.own_past import look_back
from tests.studies.own_district import imported


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("own"), growth=1.02)


@pytest.mark.slow
def test_the_past_of_an_imported_district_is_its_test(folder: Path) -> None:
    found = look_back(folder)
    assert set(found.table["method"]) == {"ours", "unchanged", "cohort"}
    assert "district: better than unchanged" in found.words or "no better than unchanged" in found.words


@pytest.mark.slow
def test_worlds_stand_beside_the_formula_and_near_it(folder: Path) -> None:
    table = look_back(folder, worlds=3).table
    district = table[table["level"] == "district"].pivot_table(
        index=["base", "lead"], columns="method", values="forecast"
    )
    assert district["worlds"].to_numpy() == pytest.approx(district["ours"].to_numpy(), rel=0.06)


def test_openings_say_that_there_are_none(folder: Path) -> None:
    assert "nothing to look back at" in look_back(folder, openings=True).words


@pytest.mark.parametrize("worlds", [-1, 1.5, "many", True])
def test_a_number_of_worlds_that_is_none_is_refused(folder: Path, worlds: object) -> None:
    with pytest.raises(InputError, match="worlds"):
        look_back(folder, worlds=worlds)  # type: ignore[arg-type]
