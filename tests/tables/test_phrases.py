"""What headings mean."""

from __future__ import annotations

import pytest

from simsim.tables.meanings import known_headings
from simsim.tables.phrases import meaning


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
