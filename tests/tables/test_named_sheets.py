"""Sheets named by a grade or by a school."""

from __future__ import annotations

from simsim.districts.book import read_book
from tests.districts import office_tables as office


def numbers(path):
    given = read_book(path, first_year=2023)
    rolls = {(given.names[code], year, grade): cell.value for (code, year, grade), cell in given.rolls.items()}
    return rolls, "\n".join(map(str, given.said))


def test_a_sheet_a_grade(tmp_path):
    sheets = {
        name: [["学校", "2022学年", "2023学年"], ["甲小学", 30 + at, 40 + at]]
        for at, name in enumerate(("一年级", "二年级"))
    }
    found, said = numbers(office.workbook(tmp_path / "x.xlsx", sheets))
    assert found == {("甲小学", year, grade): n for year, grade, n in
                     [(2022, "1", 30), (2023, "1", 40), (2022, "2", 31), (2023, "2", 41)]}  # fmt: skip
    assert "the grade is taken from its name: 一年级" in said


def test_a_sheet_a_school(tmp_path):
    sheets = {
        name: [["Grade", "Pupils"], [1, 30 + at], [2, 40 + at]] for at, name in enumerate(("Oak School", "Elm School"))
    }
    found, said = numbers(office.workbook(tmp_path / "x.xlsx", sheets))
    assert found[("Elm School", 2023, "2")] == 41 and len(found) == 4
    assert "the school is taken from its name: Oak School" in said


def test_a_sheet_called_schools_is_no_school(tmp_path):
    sheets = {"学校": [["学校", "一年级", "二年级"], ["甲小学", 30, 40], ["乙小学", 31, 41]]}
    assert {school for school, *_ in numbers(office.workbook(tmp_path / "x.xlsx", sheets))[0]} == {"甲小学", "乙小学"}
