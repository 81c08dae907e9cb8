"""Tables as offices of several countries publish them: the right numbers, or a refusal, and never others unsaid."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

A, B = [40, 41, 42], [30, 31, 32]
HEADS = {
    "england": ["2023/24", *(f"Number of pupils in NC Year {grade}" for grade in (1, 2, 3))],
    "scotland": ["2023/24", "P1", "P2", "P3"],
    "ireland": ["2023/2024", "First Class", "Second Class", "Third Class"],
    "canada": ["2023-2024", "Gr 1", "Gr 2", "Gr 3"],
    "singapore": ["2023", "Primary 1", "Primary 2", "Primary 3"],
    "india": ["2023-24", "Class I", "Class II", "Class III"],
    "japan": ["令和5年度", "1学年", "第2学年", "3年"],
    "hong kong": ["2023/24", "小一", "小二", "小三"],
    "footnotes": ["2023-24", "Grade 1*", "Grade 2¹", "Grade 3"],
    "quoted": ["2023-24", 'Year 1 "Total"', 'Year 2 "Total"', 'Year 3 "Total"'],
}  # fmt: skip


@pytest.mark.parametrize("country", HEADS)
def test_grades_and_years_of_many_countries_are_read(tmp_path, country):
    year, *grades = HEADS[country]
    rows = [["Academic year", "School", *grades], [year, "A School", *A], [year, "B School", *B]]
    assert office.read(office.csv_file(tmp_path / "x.csv", rows, "utf-8"))[0] == {"A School": A, "B School": B}


@pytest.mark.parametrize(
    ("names", "before"),
    [(["Nursery", "Reception"], [9, 10]), (["JK", "SK"], [9, 10]), (["Junior Infants", "Senior Infants"], [9, 10]),
     (["KF"], [10]), (["NC Year R"], [10]), (["GR_KN"], [10])],
)  # fmt: skip
def test_what_comes_before_grade_one_has_many_names(tmp_path, names, before):
    rows = [["Year", "School", *names, "Grade 1", "Grade 2", "Grade 3"], ["2023-24", "A School", *before, *A]]
    assert office.read(office.csv_file(tmp_path / "x.csv", rows))[0] == {"A School": [*before, *A]}


def test_columns_of_boys_and_girls_by_class_of_the_indian_return_are_added(tmp_path):
    heads = [f"c{grade}_{sex}" for grade in (1, 2, 3) for sex in "bg"]
    rows = [["academic_year", "udise_code", "school_name", *heads], ["2021-22", "0912", "A", 20, 20, 21, 20, 20, 22]]
    assert office.read(office.csv_file(tmp_path / "x.csv", rows))[0] == {"A": A}


def test_the_long_form_of_american_states_is_read_by_its_rows_of_all(tmp_path):
    rows = [["SCHOOL_YEAR", "NCESSCH", "SCH_NAME", "GRADE", "RACE_ETHNICITY", "SEX", "STUDENT_COUNT"]]
    for grade, n in enumerate(A, 1):
        rows += [["2017-2018", "36", "A", f"Grade {grade}", "White", sex, n // 2] for sex in ("Male", "Female")]
        rows.append(["2017-2018", "36", "A", f"Grade {grade}", *["No Category Codes"] * 2, n])
    rows += [
        ["2017-2018", "36", "A", "UG", *["No Category Codes"] * 2, 4],
        ["2017-2018", "36", "A", *["No Category Codes"] * 3, 127],
    ]
    found, said = office.read(office.csv_file(tmp_path / "x.csv", rows))
    assert found == {"A": A} and "4 pupils of no grade (UG) are not counted" in said


def test_negative_codes_are_no_numbers_and_said(tmp_path):
    rows = [
        ["SCHOOL_YEAR", "NCESSCH", "PK", "G01", "G02", "G03"],
        ["2012-2013", "36", -2, *A],
        ["2012-2013", "37", -2, -1, 31, -9],
    ]
    given = office.read_book(office.csv_file(tmp_path / "x.csv", rows))
    assert given.rolls["36", 2012, "PK"].blank and given.rolls["37", 2012, "1"].value is None
    assert not given.rolls["37", 2012, "1"].blank and "4 numbers are negative codes (-9, -2, -1)" in "\n".join(
        map(str, given.said)
    )


def test_what_does_not_apply_is_no_hidden_number(tmp_path):
    rows = [
        ["Year", "School", "Grade 1", "Grade 2", "Grade 3"],
        ["2023-24", "A", 40, "z", "N/A"],
        ["2023-24", "B", "c", "[x]", "Msk"],
    ]
    given = office.read_book(office.csv_file(tmp_path / "x.csv", rows))
    assert [given.rolls["A", 2023, grade].blank for grade in "123"] == [False, True, True]
    assert not any(given.rolls["B", 2023, grade].blank for grade in "123")


@pytest.mark.parametrize("cell", ["1 052", "1\u00a0052", "1\u202f052", "1'052", "1’052", "1,052", "1052,0"])  # noqa: RUF001
def test_thousands_may_be_written_in_many_ways(tmp_path, cell):
    rows = [["Year", "School", "Grade 1", "Grade 2"], ["2023-24", "A", cell, 900]]
    book = office.workbook(tmp_path / "x.xlsx", {"s": rows})
    assert office.read(book)[0] == {"A": [1052, 900]}


@pytest.mark.parametrize("cell", ["1.000", "52,5", "31①", "31(1)", "18.2%"])
def test_a_number_that_may_be_two_is_refused_with_its_place(tmp_path, cell):
    book = office.workbook(
        tmp_path / "x.xlsx", {"s": [["Year", "School", "Grade 1", "Grade 2"], ["2023-24", "A", cell, 9]]}
    )
    with pytest.raises(InputError, match="x.xlsx: sheet s: row 2, Grade 1 = "):
        office.read(book)


def test_totals_by_year_are_no_rolls(tmp_path):
    path = office.csv_file(tmp_path / "x.csv", [["School", "2019-20", "2020-21"], ["A School", 52, 48]])
    with pytest.raises(InputError, match="have no pupils by grade"):
        office.read(path)


def test_years_below_grades_are_two_levels_of_headings(tmp_path):
    rows = [["学校", "一年级", None, "二年级", None], [None, "2022", "2023", "2022", "2023"], ["东街小学", 1, 2, 3, 4]]
    assert office.read(office.workbook(tmp_path / "x.xlsx", {"s": rows}))[0] == {"东街小学": [2, 4]}


def test_others_than_all_pupils_over_the_grades_are_not_read_and_their_small_numbers_hidden(tmp_path):
    head = [["学校", "随迁子女", None, "学生数", None], ["学校", "一年级", "二年级", "一年级", "二年级"]]
    book = office.workbook(
        tmp_path / "x.xlsx", {"2023-24": [*head, ["东街小学", 2, 3, 40, 41], ["西街小学", 1, 9, 30, 31]]}
    )
    given = office.read_book(book)
    assert {place: cell.value for place, cell in given.rolls.items() if place[0] == "东街小学"} == {
        ("东街小学", 2023, "1"): 40, ("东街小学", 2023, "2"): 41,
    }  # fmt: skip
    assert given.extra[0]["随迁子女 / 一年级"].tolist() == ["<5", "<5"]


@pytest.mark.parametrize(
    ("name", "told"), [("寄宿生", "寄宿"), ("Dropouts 2023-24", "dropout"), ("Projected", "projected")]
)
def test_a_sheet_of_others_is_passed_over_beside_one_of_all_and_refused_alone(tmp_path, name, told):
    rows = [["学年", "学校", "一年级", "二年级"], ["2023-24", "东街小学", 5, 6]]
    whole = [rows[0], ["2023-24", "东街小学", 40, 41]]
    found, said = office.read(office.workbook(tmp_path / "x.xlsx", {name: rows, "在校生": whole}))
    assert found == {"东街小学": [40, 41]} and f"speaks of {told}, not of all pupils" in said
    with pytest.raises(InputError, match=rf"sheet {name} = '.*{told}.*': stands in its title or name"):
        office.read(office.workbook(tmp_path / "y.xlsx", {name: rows}))


def test_a_total_that_is_not_the_sum_of_the_grades_is_said(tmp_path):
    rows = [["Year", "School", "Grade 1", "Grade 2", "Ungraded", "Total"], ["2023-24", "A School", 40, 41, 3, 84]]
    said = office.read(office.csv_file(tmp_path / "x.csv", rows))[1]
    assert "Total is not the sum of the grades in 1 of 1 rows (row 2: 84, grades 81)" in said
    assert "3 pupils of no grade (Ungraded) are not counted" in said
    rows[1][4:] = [0, 81]
    assert "not the sum" not in office.read(office.csv_file(tmp_path / "x.csv", rows))[1]


def test_grades_together_and_kinds_of_kindergarten_that_are_not_read_are_said(tmp_path):
    rows = [["Year", "School", "Half Day Kindergarten", "K-2", "Grade 3"], ["2023-24", "A", 5, 60, 40]]
    said = office.read(office.csv_file(tmp_path / "x.csv", rows))[1]
    assert "K-2 hold several grades together" in said and "Half Day Kindergarten may be grades" in said


def test_campuses_and_special_schools_are_said(tmp_path):
    rows = [
        ["学年", "学校", "一年级", "二年级"],
        *(["2023-24", name, 5, 6] for name in ("东街小学", "东街小学南校区", "启智学校")),
    ]
    said = office.read(office.csv_file(tmp_path / "x.csv", rows))[1]
    assert "东街小学南校区): each counts as a school" in said and "1 special or vocational schools (启智学校)" in said


def test_a_formula_without_a_value_is_refused_with_its_cell(tmp_path):
    book = office.workbook(tmp_path / "x.xlsx", {"2023-24": [["School", "Grade 1", "Grade 2"], ["A", "=20+20", 41]]})
    with pytest.raises(InputError, match="sheet 2023-24: cell B2: holds a formula without a saved value"):
        office.read(book)
