"""Lists of classes: pupils and classes by grade, or a refusal with the place."""

from __future__ import annotations

import pytest

from simsim.assessment.reader import read_table
from simsim.districts.book import read_book
from simsim.inputs.errors import InputError
from simsim.tables.classes import class_grade
from tests.districts import office_tables as office

NAMES = {
    "1": ["一(1)班", "一（2）班", "一年级1班", "一年級忠班", "101", "1A", "1-2", "小一(1)班", "P1A", "1年1班"],
    "7": ["七(12)班", "初一(3)班", "七年级二班", "701", 701, "0701", "7A", "7/1", "7(1)班", "國一甲", "7年1班"],
    "12": ["1203", "高三(1)班", "12C"],
    "": ["1班", "12", "71", "2023级1班", "Oak", "", "250人", "99"],
}  # fmt: skip
NAMED = [(grade, text) for grade, texts in NAMES.items() for text in texts]


@pytest.mark.parametrize(("grade", "text"), NAMED)
def test_the_name_of_a_class_tells_its_grade_or_nothing(grade, text):
    assert class_grade(text) == grade


def listed(tmp_path, names, heading="班级"):
    rows = [
        ["学校", "学年", heading, "学生数"],
        *(["甲小学", "2023学年", name, 30 + at] for at, name in enumerate(names)),
    ]
    return office.csv_file(tmp_path / "x.csv", rows)


@pytest.mark.parametrize("heading", ["班级", "年级"])
@pytest.mark.parametrize("names", [["一(1)班", "一(2)班", "二(1)班"], [101, 102, 201], ["1A", "1B", "2A"]])
def test_a_list_of_classes_gives_pupils_and_classes_by_grade(tmp_path, heading, names):
    given = read_book(listed(tmp_path, names, heading))
    assert [cell.value for cell in given.rolls.values()] == [61, 32]
    assert [cell.value for cell in given.classes.values()] == [2, 1]
    assert any("a list of classes" in str(text) for text in given.said)


def test_classes_without_a_grade_are_refused_with_row_column_value_and_remedy(tmp_path):
    with pytest.raises(InputError, match=r"row 2, 班级 = '1班': names a class, and not its grade; write 一\(1\)班"):
        read_book(listed(tmp_path, ["1班", "2班"]))


def test_numbers_under_class_are_grades_in_english_and_classes_in_chinese(tmp_path):
    rows = [["School", "School year", "Class", "Pupils"], ["A", "2023-24", 5, 30], ["A", "2023-24", 6, 31]]
    assert office.grades_of(office.csv_file(tmp_path / "y.csv", rows)) == {"5": 30, "6": 31}
    with pytest.raises(InputError, match="names a class, and not its grade"):
        read_book(listed(tmp_path, [1, 2]))


def test_an_assessment_adds_classes_and_grades_up_to_schools(tmp_path):
    frame = read_table(listed(tmp_path, ["一(1)班", "一(2)班", "二(1)班"]))
    assert frame["pupils_primary"].tolist() == [93] and frame["kind"].tolist() == ["primary"]
