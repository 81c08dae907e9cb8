"""Which school a row is of."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

GRADES = ["Grade 1", "Grade 2"]


def test_schools_of_one_name_are_told_apart_by_their_area(tmp_path):
    rows = [
        ["学年", "乡镇", "学校", *GRADES],
        ["2023-24", "甲镇", "中心小学", 5, None],
        ["2023-24", "乙镇", "中心小学", None, 7],
    ]
    found, said = office.read(office.csv_file(tmp_path / "x.csv", rows))
    assert found == {"中心小学 (甲镇)": [5], "中心小学 (乙镇)": [7]}
    assert "2 schools without a code share a name" in said


def test_a_name_of_several_schools_without_an_area_is_refused(tmp_path):
    sheets = {
        "学校": [["乡镇", "学校", "教师数"], ["甲镇", "中心小学", 5], ["乙镇", "中心小学", 6]],
        "2023-24": [["学校", *GRADES], ["中心小学", 5, 6]],
    }
    with pytest.raises(InputError, match=r"sheet 2023-24: row 2, 学校 = '中心小学': is the name of several schools"):
        office.read(office.workbook(tmp_path / "x.xlsx", sheets))


def test_codes_as_decimals_are_whole_and_powers_of_ten_are_refused(tmp_path):
    rows = [["Year", "Code", "School", *GRADES], ["2022-23", "1001", "A", 5, 6], ["2023-24", "1001.0", "A", 7, 8]]
    found, said = office.read(office.csv_file(tmp_path / "x.csv", rows))
    assert found == {"A": [7, 8]} and "another code" not in said
    rows[2][1] = "2.10E+09"
    with pytest.raises(InputError, match=r"row 3, Code = '2.10E\+09': has lost digits"):
        office.read(office.csv_file(tmp_path / "x.csv", rows))


def test_a_code_that_lost_its_zeros_in_another_year_is_the_same_school(tmp_path):
    rows = [["Year", "Code", "School", *GRADES], ["2022-23", "0101", "A", 5, 6], ["2023-24", "101", "A", 7, 8]]
    said = office.read(office.csv_file(tmp_path / "x.csv", rows))[1]
    assert "1 codes of schools differ by zeros" in said
    rows[2][2] = "B"
    assert "differ by zeros" not in office.read(office.csv_file(tmp_path / "x.csv", rows))[1]


def test_another_code_for_the_same_name_and_other_names_for_a_code_are_said(tmp_path):
    rows = [["Year", "Code", "School", *GRADES], ["2022-23", "101", "A", 5, 6], ["2023-24", "900", "A", 7, 8]]
    assert "A 101 → 900" in office.read(office.csv_file(tmp_path / "x.csv", rows))[1]
    rows = [["Year", "Code", "School", *GRADES], ["2023-24", "101", "A", 5, None], ["2023-24", "101", "B", None, 8]]
    assert "101: A / B" in office.read(office.csv_file(tmp_path / "x.csv", rows))[1]


def test_a_code_that_two_districts_use_is_refused_until_one_is_chosen(tmp_path):
    rows = [["Year", "District", "Code", "School", *GRADES], ["2023-24", "D1", "1", "A", 5, None]]
    path = office.csv_file(tmp_path / "x.csv", [*rows, ["2023-24", "D2", "1", "B", None, 8]])
    with pytest.raises(InputError, match=r"Code = '1': is the code of schools in several districts \(A, B\)"):
        office.read(path)
    assert office.read(path, only=("District=D1",))[0] == {"A": [5]}


def test_blanks_capitals_and_marks_make_no_other_school_of_a_name(tmp_path):
    rows = [["Year", "School", *GRADES], ["2022-23", "ASHBY School", 5, 6], ["2023-24", "Ashby  School*", 7, 8]]
    given = office.read_book(office.csv_file(tmp_path / "x.csv", rows))
    assert len({school for school, _, _ in given.rolls}) == 1
