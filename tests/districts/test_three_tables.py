"""A district from three tables loads, is written whole or not at all, and never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.districts.files import check_district, load_district
from simsim.districts.three_tables import import_district
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from tests.districts.copies import change, put
from tests.fuzz.districts import Shape, written

ERDAO = resource("parameters") / "districts" / "erdao"


def test_imported_tables_make_a_district_that_loads(tmp_path: Path) -> None:
    tables = ERDAO / "schools.csv", ERDAO / "neighbourhoods.csv"
    folder = import_district("my-district", *tables, out=tmp_path / "new", first_year=2014)
    data = load_district(folder)
    assert data.name == "my-district" and check_district(folder) == []
    assert data.births["births"].unique().tolist() == [data.schools["pupils_g1"].sum()]
    assert data.spec["pupils_per_teacher"]["primary"]["value"] == pytest.approx(13.7, abs=0.05)


def test_what_an_import_writes_opens_however_few_the_teachers(tmp_path: Path) -> None:
    crowded = Shape(27, schools=1, neighbourhoods=1, most_in_a_grade=60, empty_grades=0.0, private=0.0,
                    idle_facilities=0.0, births=0, excluded=0.0, spread_km=0.0)  # fmt: skip
    ratio = load_district(written(crowded, tmp_path)).spec["pupils_per_teacher"]["primary"]["value"]
    assert ratio > 100


def test_an_import_keeps_the_users_births(tmp_path: Path) -> None:
    folder = import_district(
        "other",
        ERDAO / "schools.csv",
        ERDAO / "neighbourhoods.csv",
        ERDAO / "births.csv",
        out=tmp_path / "new",
        first_year=2014,
    )
    assert load_district(folder).births.equals(load_district("erdao").births)


def test_a_bad_import_writes_nothing_and_lists_everything(copy: Path, tmp_path: Path) -> None:
    change(copy / "schools.csv", put(0, "rooms_primary", -1))
    change(copy / "neighbourhoods.csv", put(0, "x_km", "far"))
    with pytest.raises(InputError) as caught:
        tables = copy / "schools.csv", copy / "neighbourhoods.csv"
        import_district("../up", *tables, out=tmp_path / "new", first_year=2014)
    assert {problem.file for problem in caught.value.problems} == {"name", "schools.csv", "neighbourhoods.csv"}
    assert not (tmp_path / "new").exists()


def test_an_import_names_the_users_own_files_and_refuses_a_year_that_cannot_be_simulated(
    copy: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "my schools.csv"
    mine.write_bytes(b"\0\0")
    with pytest.raises(InputError) as caught:
        import_district("fine", mine, tmp_path / "gone.csv", out=tmp_path / "new", first_year=1066)
    assert [problem.file for problem in caught.value.problems] == ["import", "my schools.csv", "gone.csv"]
    assert not (tmp_path / "new").exists()


def test_an_import_never_writes_over_a_folder_with_content(copy: Path) -> None:
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    with pytest.raises(InputError, match="exists already"):
        import_district("fine", ERDAO / "schools.csv", ERDAO / "neighbourhoods.csv", out=copy, first_year=2014)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


@pytest.mark.parametrize("year", ["2014", 2014.0, True])
def test_the_first_year_of_an_import_is_a_whole_number(tmp_path: Path, year: object) -> None:
    tables = (ERDAO / "schools.csv", ERDAO / "neighbourhoods.csv")
    with pytest.raises(InputError, match="first_year = .*: must be a year"):
        import_district("mine", *tables, out=tmp_path / "new", first_year=year)  # type: ignore[arg-type]
