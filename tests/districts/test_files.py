"""A district's files are read strictly: what is wrong is told by file, line, column and remedy, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from simsim.districts.files import (
    check_district,
    district_folder,
    load_district,
    shipped_districts,
)
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from tests.districts.copies import change, put

ERDAO = resource("parameters") / "districts" / "erdao"


def test_erdao_ships_and_is_sound() -> None:
    assert "erdao" in shipped_districts() and check_district("erdao") == []
    data = load_district("erdao")
    assert data.name == "erdao" and len(data.schools) == 25 and {"inflow_scale", "posts_growth"} <= set(data.fitted())
    assert data.schools["key"].tolist() == list(range(1, 26))


def test_a_district_is_read_once_while_its_files_stay(copy: Path) -> None:
    assert load_district(copy) is load_district(copy / "district.yaml")
    change(copy / "schools.csv", put(0, "computers", 1))
    assert load_district(copy).schools["computers"].iloc[0] == 1


def test_unknown_districts_are_suggested() -> None:
    with pytest.raises(InputError, match=r"did you mean erdao\?"):
        load_district("erdoa")
    for name in ("../erdao", "/nowhere", "", "\0"):
        with pytest.raises(InputError, match="is no district"):
            district_folder(name)


SCHOOLS = [
    (put(0, "rooms_primary", -3), "line 2, rooms_primary", "between 0"),
    (put(0, "rooms_primary", "many"), "line 2, rooms_primary", "finite number"),
    (put(0, "rooms_primary", "nan"), "line 2, rooms_primary", "finite number"),
    (put(0, "teaching_area_m2", "inf"), "line 2, teaching_area_m2", "finite number"),
    (put(0, "pupils_g1", 3.5), "line 2, pupils_g1", "whole"),
    (put(2, "key", 1), "line 4, key", "used before"),
    (put(2, "key", 12345), "line 4, key", "between 1 and 999"),
    (put(0, "kind", "nineyear"), "line 2, kind", "did you mean nine_year?"),
    (put(0, "kind", "primary"), "line 2, rooms_junior", "has no junior stage"),
    (put(6, "rooms_primary", 0), "line 8, rooms_primary", "teaches the primary stage"),
    (put(6, "rooms_junior", 4), "line 8, rooms_junior", "set 0 or change kind"),
    (put(6, "senior_pupils", 4), "line 8, senior_pupils", "only a complete school"),
    (put(0, "ownership", "state"), "line 2, ownership", "public, private"),
    (put(0, "neighbourhood", 99), "line 2, neighbourhood", "not a key of neighbourhoods.csv"),
    (put(0, "title_none_primary", 999), "line 2, title_*_primary", "must add up"),
    (put(0, "backbone_primary", 999), "line 2, backbone_primary", "cannot exceed"),
    (put(0, "name_en", ""), "line 2, name_en", "fill it in"),
    (put(0, "urban", 2), "line 2, urban", "between 0 and 1"),
    (lambda t: t.rename(columns={"books": "boks"}), "books", "did you mean boks?"),
    (lambda t: t.rename(columns={"books": "boks"}), "boks", "did you mean books?"),
    (lambda t: t.assign(colour="red"), "colour", "remove it"),
    (lambda t: t.drop(columns="computers"), "computers", "is missing"),
    (lambda t: t.iloc[:0], "", "no rows"),
]
NEIGHBOURHOODS = [
    (put(0, "catchment_primary", 0), "line 2, catchment_primary", "the catchment has no school"),
    (put(0, "catchment_primary", 77), "line 2, catchment_primary", "not a school of schools.csv"),
    (put(0, "catchment_primary", 19), "line 2, catchment_primary", "has no primary stage"),
    (put(0, "catchment_junior", 24), "line 2, catchment_junior", "is private"),
    (put(1, "key", 1), "line 3, key", "used before"),
    (put(0, "migrant_share", 1.2), "line 2, migrant_share", "between 0 and 1"),
    (put(0, "radius_km", -1), "line 2, radius_km", "between"),
    (lambda t: t.assign(births_share=0), "births_share", "zero in every included"),
    (lambda t: t.assign(included=0), "included", "no neighbourhood is included"),
]
BIRTHS = [
    (put(3, "births", -1), "line 5, births", "between 0"),
    (put(3, "year", 2000), "line 5, year", "used before"),
    (lambda t: t.drop(index=5), "year", "1 years are missing"),
    (lambda t: t[t["year"].astype(int) > 2012], "year", "must cover 2008"),
]
TABLE_CASES = [
    (f, *case)
    for f, cases in (("schools", SCHOOLS), ("neighbourhoods", NEIGHBOURHOODS), ("births", BIRTHS))
    for case in cases
]


@pytest.mark.slow
@pytest.mark.parametrize(("file", "edit", "key", "remedy"), TABLE_CASES)
def test_a_bad_table_says_line_column_and_remedy(
    copy: Path, file: str, edit: Callable[[pd.DataFrame], object], key: str, remedy: str
) -> None:
    change(copy / f"{file}.csv", edit)
    found = [problem for problem in check_district(copy) if problem.file == f"{file}.csv"]
    assert any(problem.key == key and remedy in problem.remedy for problem in found), "\n".join(map(str, found))


def test_a_public_school_without_a_catchment_is_named(copy: Path) -> None:
    change(copy / "neighbourhoods.csv", lambda t: t.assign(catchment_primary=t["catchment_primary"].replace("7", "8")))
    assert any(
        "key 7 (Changqing Primary)" in str(problem) and "at least one" in problem.remedy
        for problem in check_district(copy)
    )


FILES = [
    (b"", "is empty"),
    (b"\n \n", "is empty"),
    (b"key,\0name\n", "binary"),
    (b"PK\x03\x04rest of a workbook", "export the sheet as CSV"),
    ("key,名称\n".encode("utf-16"), "UTF-16"),
    ("key,名称\n1,东盛\n".encode("gbk"), "not UTF-8"),
    (b'key,name\n1,"open', "not a CSV table"),
    (b"key,name\n1,2,3,4\n", "not a CSV table"),
    (b"key,key\n1,2\n", "two columns"),
]


@pytest.mark.parametrize(("content", "remedy"), FILES)
def test_a_file_that_is_no_table_is_told_what_it_seems_to_be(copy: Path, content: bytes, remedy: str) -> None:
    (copy / "schools.csv").write_bytes(content)
    problems = check_district(copy)
    assert len(problems) == 1 and problems[0].file == "schools.csv" and remedy in str(problems[0]), problems


def test_a_missing_file_and_a_folder_are_told_apart(copy: Path) -> None:
    (copy / "births.csv").unlink()
    (copy / "schools.csv").unlink()
    (copy / "schools.csv").mkdir()
    assert {(p.file, p.remedy.split(";")[0]) for p in check_district(copy)} == {
        ("births.csv", "is missing"),
        ("schools.csv", "is a folder"),
    }


def test_a_byte_order_mark_and_spaces_do_no_harm(copy: Path) -> None:
    text = re.sub(r"^(\d+),(\d+),", r"\1 , \2 ,", (copy / "births.csv").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (copy / "births.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert check_district(copy) == []


def test_all_problems_of_all_files_come_at_once(copy: Path) -> None:
    for file, column in (("schools", "rooms_primary"), ("neighbourhoods", "x_km"), ("births", "births")):
        change(copy / f"{file}.csv", put(0, column, "x"))
    spec = (copy / "district.yaml").read_text(encoding="utf-8")
    (copy / "district.yaml").write_text(
        spec.replace("migrant_share_of_arrivals: {value: 0.55", "migrant_share_of_arrivals: {value: 55")
    )
    assert {problem.file for problem in check_district(copy)} == {
        "schools.csv",
        "neighbourhoods.csv",
        "births.csv",
        "district.yaml",
    }


def test_many_bad_cells_of_a_column_are_summed_up(copy: Path) -> None:
    change(copy / "schools.csv", lambda t: t.assign(books="many"))
    keys = [problem.key for problem in check_district(copy)]
    assert keys == ["line 2, books", "line 3, books", "line 4, books", "books"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ("schema: simsim-district/1", "schema: simsim-district/9", "schema", "simsim-district/1"),
        ("name: erdao", "name: ../erdao", "name", "no slashes"),
        ("first_year: 2014", "first_yaer: 2014", "first_yaer", "did you mean first_year?"),
        ("first_year: 2014", "first_yaer: 2014", "first_year", "is missing"),
        ("first_year: 2014", "first_year: 20.14", "first_year", "year from 1990 to 2060"),
        ("{value: [330, 190,", "{value: [330, -190,", "migration.arrivals_by_grade.value", "list of 9"),
        ("later: 2000", "later: many", "housing.flats_by_year.value", "map years"),
        (
            "kind: estimate, source: as for primary}",
            "kind: guess, source: as for primary}",
            "aggregates.pupils.junior.kind",
            "published",
        ),
    ],
)
def test_a_bad_entry_of_the_district_file_says_key_and_remedy(
    copy: Path, old: str, new: str, key: str, remedy: str
) -> None:
    text = (copy / "district.yaml").read_text(encoding="utf-8")
    assert old in text
    (copy / "district.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check_district(copy)
    assert any(problem.key == key and remedy in problem.remedy for problem in found), found


def test_problems_are_one_line_each(copy: Path) -> None:
    change(copy / "schools.csv", put(0, "name_en", ""))
    assert all(isinstance(p, Problem) and "\n" not in str(p) for p in check_district(copy))


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["36000①", "66¹", "½", "٣٤", "1_0", "0x10", "True", "inf", "nan"])
def test_a_cell_with_a_footnote_mark_or_foreign_digits_is_no_number(copy: Path, cell: str) -> None:
    change(copy / "schools.csv", put(0, "books", cell))
    found = [problem for problem in check_district(copy) if problem.key == "line 2, books"]
    assert [problem.remedy for problem in found] == ["must be a finite number"]


def test_full_width_digits_are_the_numbers_that_they_write(copy: Path) -> None:
    before = load_district(copy).schools["books"].iloc[0]
    full = str(int(before)).translate(str.maketrans("0123456789", "０１２３４５６７８９"))  # noqa: RUF001
    change(copy / "schools.csv", put(0, "books", full))
    assert load_district(copy).schools["books"].iloc[0] == before


@pytest.mark.parametrize(
    ("block", "key", "remedy"),
    [
        ("  inflow_scale: {value: '1.1', ", "fitted.inflow_scale.value", "must be a number"),
        ("  inflow_scale: {value: yes, ", "fitted.inflow_scale.value", "must be a number"),
        ("  inflow_scael: {value: 1.1, ", "fitted.inflow_scael", "is not a parameter (did you mean inflow_scale?)"),
        (
            "  dropout: {value: '0.1'}\n  inflow_scale: {value: 1.1, ",
            "fitted.dropout.value",
            "must be a number between",
        ),
        ("  inflow_scale: {value: 0x2d, ", "fitted.inflow_scale.value", "is not a plain decimal number"),
    ],
)
def test_a_fitted_value_is_a_plain_number_of_a_parameter(copy: Path, block: str, key: str, remedy: str) -> None:
    text = (copy / "district.yaml").read_text(encoding="utf-8")
    changed = re.sub(r"  inflow_scale: \{value: [0-9.]+, ", lambda _: block, text)
    assert changed != text
    (copy / "district.yaml").write_text(changed, encoding="utf-8")
    found = check_district(copy)
    assert any(problem.key == key and remedy in problem.remedy for problem in found), found
