"""Grades, as offices write them."""

from __future__ import annotations

import pytest

from simsim.tables.grades import grade_of

GRADES = {
    "1": [
        "1",
        1,
        1.0,
        "1.0",
        "一年级",
        "1年級",
        "小学一年级",
        "小一",
        "一",
        "Grade 1",
        "grade1",
        "G1",
        "Gr. 1",
        "1st grade",
        "１",
    ],
    "7": ["7", "七年级", "初一", "初中一年级", "初1", "國一", "Grade 07", "7th", "Seventh Grade", "Year 7", "GR_7"],
    "10": ["高一", "高中一年级", "十年级", "grade10"],
    "12": ["十二年级", "高三", "12"],
    "K": ["K", "kindergarten", "KG", "0", "KDGN", "Reception"],
    "PK": ["PK", "pre-K", "PREK", "学前班", "幼儿园大班"],
    "": ["13", "foo", "", "初中", "Grades 1-5", "1-2年级", "K-5"],
}


@pytest.mark.parametrize(("grade", "text"), [(grade, text) for grade, texts in GRADES.items() for text in texts])
def test_a_grade_is_known_by_any_of_its_names(grade, text):
    assert grade_of(text) == grade
