"""Names of grades that a table must decide: years of secondary school, R, romans."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.districts import office_tables as office


def wide(tmp_path, names, start=100):
    rows = [["School", "School year", *names]]
    rows += [[school, "2023-24", *(start + at for at in range(len(names)))] for school in ("A", "B")]
    return office.csv_file(tmp_path / "x.csv", rows)


def long(tmp_path, names):
    rows = [["School", "School year", "Grade", "Pupils"]]
    rows += [[school, "2023-24", name, 100 + at] for school in ("A", "B") for at, name in enumerate(names)]
    return office.csv_file(tmp_path / "x.csv", rows)


@pytest.mark.parametrize("shape", [wide, long])
@pytest.mark.parametrize(
    ("names", "grades"),
    [
        (["P1", "P2", "P6", "S1", "S2"], [1, 2, 6, 7, 8]),
        (["P1", "P7", "S1", "S6"], [1, 7, 8]),
        (["Std 1", "Std 7", "Form 1", "Form 2"], [1, 7, 8, 9]),
        (["Primary 5", "Primary 6", "Secondary 1"], [5, 6, 7]),
        (["I", "II", "IX", "X"], [1, 2, 9, 10]),
        (["JSS 1", "JSS 2", "SSS 1"], [7, 8, 10]),
        (["小1", "小2", "中1", "中2"], [1, 2, 7, 8]),
        (["1학년", "2학년", "3학년"], [1, 2, 3]),
        (["초1", "초2", "중1"], [1, 2, 7]),
        (["R", "1", "2"], [0, 1, 2]),
        (["Year 0", "Year 1", "Year 2"], [0, 1, 2]),
        (["Kindergarten", "First", "Second"], [0, 1, 2]),
        (["Y1", "Y2", "Y12"], [1, 2, 12]),
        (["Primary One", "Primary Two"], [1, 2]),
        (["Class 1", "Class 2", "Class 3"], [1, 2, 3]),
        (["Primaria 1", "Primaria 2"], [1, 2]),
        (["Klasse 1", "Klasse 2"], [1, 2]),
    ],
)
def test_the_table_decides_which_grades_are_meant(tmp_path, shape, names, grades):
    found = office.grades_of(shape(tmp_path, names))
    assert found == dict(zip(map(str, ["K" if g == 0 else g for g in grades]), range(100, 120), strict=False))


@pytest.mark.parametrize("shape", [wide, long])
@pytest.mark.parametrize("names", [["S1", "S2", "S3"], ["Form 1", "Form 2"], ["Sec 1", "Sec 2"]])
def test_years_of_secondary_school_alone_are_refused_with_their_place(tmp_path, shape, names):
    with pytest.raises(InputError, match=rf"{names[0]}.*grade 7, 8 or 9, by country; write the grade"):
        office.read(shape(tmp_path, names))


def test_a_year_of_secondary_school_is_not_left_out_beside_grades_that_do_not_reach_it(tmp_path):
    with pytest.raises(InputError, match="heading Secondary 1: counts from the first year of secondary school"):
        office.read(wide(tmp_path, ["Primary 1", "Primary 2", "Secondary 1"]))


def test_semesters_beside_grades_are_no_grades(tmp_path):
    assert office.grades_of(wide(tmp_path, ["Grade 1", "Grade 2", "S1", "S2"])) == {"1": 100, "2": 101}


def test_years_after_the_twelfth_are_said_and_not_refused(tmp_path):
    found, said = office.read(long(tmp_path, ["Year 11", "Year 13"]))
    assert found == {"A": [100], "B": [100]} and "202 pupils of no grade (Year 13) are not counted" in said


def test_several_names_before_kindergarten_are_added(tmp_path):
    assert office.grades_of(long(tmp_path, ["小班", "中班", "一年级"])) == {"PK": 201, "1": 102}
