"""Grades, school years, numbers and headings, as offices write them."""

from __future__ import annotations

import pytest

from simsim.tables.columns import columns
from simsim.tables.meanings import known_headings
from simsim.tables.words import Year, count_of, grade_of, listed, meaning, say, words, year_in, year_of

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


@pytest.mark.parametrize(
    ("text", "september", "bare"),
    [
        ("2012-13", 2012, False), ("2012-2013", 2012, False), ("20122013", 2012, False), (20122013, 2012, False),
        ("2012/13", 2012, False), ("2012—2013学年", 2012, False), ("2012学年", 2012, False), ("113學年度", 2024, False),
        ("民國113年", 2024, False), ("2012年9月", 2012, False), ("SY2012-13", 2012, False), ("2012", 2012, True),
        ("Fall 2012", 2012, False),
        (2012, 2012, True), (2012.0, 2012, True), ("２０１２", 2012, True), ("2012年", 2012, True),  # noqa: RUF001
    ],
)  # fmt: skip
def test_a_school_year_is_the_september_of_the_first_and_one_alone_is_bare(text, september, bare):
    year = year_of(text)
    assert year is not None and (year.september, year.bare) == (september, bare)


def test_a_year_without_a_century_needs_its_heading():
    assert year_of(113) is None and year_of(113, "學年度").september == 2024
    assert [year_of(text) for text in ("2012-14", "1180", "last year", "12-13")] == [None] * 4
    for text in ("12-13", "2012年秋季学期", "2012-2013学年度第一学期", "2012学年上学期"):
        assert year_of(text, "学年") == Year(2012)


def test_a_year_is_found_in_titles_and_names_of_sheets():
    assert year_in("某县2022-2023学年初在校生数").september == 2022
    assert year_in("rolls_2019").september == 2019 and year_in("第113學年度").september == 2024
    assert year_in("Sheet1") is None and year_in("电话 13800000000") is None


@pytest.mark.parametrize(
    ("cell", "value", "most", "blank", "wrong"),
    [
        ("1,180", 1180, None, False, False), ("１８０", 180, None, False, False), ("66人", 66, None, False, False),
        ("*", None, None, False, False), ("<10", None, 9, False, False), ("少于5", None, 4, False, False),
        ("≤5", None, 5, False, False), ("1-4", None, 4, False, False), ("n/a", None, None, False, False),
        ("", None, None, True, False), (None, None, None, True, False), ("-", None, None, True, False),
        ("约30", None, None, False, True), ("-5", -5, None, False, False),
    ],
)  # fmt: skip
def test_a_cell_tells_a_number_what_hides_it_or_that_nothing_stands_there(cell, value, most, blank, wrong):
    count = count_of(cell)
    assert (count.value, count.most, count.blank, count.wrong) == (value, most, blank, wrong)


@pytest.mark.parametrize(
    ("parts", "key", "grade", "sex"),
    [
        (["1年級男學生數"], "pupils", "1", "boys"), (["一年级", "女"], "pupils", "1", "girls"),
        (["在校生数", "初中", "一年级"], "pupils", "7", ""), (["grade1"], "pupils", "1", ""),
        (["Grade 3", "Female"], "pupils", "3", "girls"), (["pupils_gK"], "pupils", "K", ""),
        (["1年級班級數"], "classes", "1", ""), (["男專任教師"], "teachers", "", "boys"),
        (["在校生数", "小学"], "pupils_primary", "", ""), (["Pupils", "Primary"], "pupils_primary", "", ""),
        (["基本情况", "学校名称"], "school", "", ""), (["學校代碼"], "code", "", ""), (["鄉鎮市區"], "area", "", ""),
    ],
)  # fmt: skip
def test_a_heading_of_several_levels_means_what_they_say_together(parts, key, grade, sex):
    found = meaning(parts, known_headings())
    assert found is not None and (found.key, found.grade, found.sex) == (key, grade, sex)


@pytest.mark.parametrize("text", ["推估114年人數", "上學年男畢業生", "is_k", "asian_num", "学生人数差异", "高二级教师"])
def test_a_heading_that_only_looks_like_one_of_pupils_is_not_understood(text):
    assert meaning([text], known_headings()) is None


def test_no_heading_means_two_things():
    own = [(text, key) for key, texts in words()["headings"].items() for text in {*texts}]
    seen: dict[str, str] = {}
    for text, key in own:
        plain_text = "".join(text.split()).lower()
        assert seen.setdefault(plain_text, key) == key, text
        assert columns().by_heading.get(plain_text, key) == key, text


def test_what_is_said_of_a_table_is_said_in_both_languages():
    line = say("sheets", sheet="data", others="cover")
    assert str(line) == "read: sheet data; not read: cover" and "data" in line.text("zh")
    assert say("of_stage", headings="x", stage="primary").text("zh").endswith("小学数据")
    assert all(set(entry) == {"zh", "en"} for entry in words()["said"].values())
    traditional, simplified = words()["characters"]
    assert len(traditional) == len(simplified) and "合计" in listed("totals")
