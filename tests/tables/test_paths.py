"""A heading is understood by its path, whatever stands between, and never by its last level where that says little."""

from __future__ import annotations

import pytest

from simsim.tables.meanings import known_headings, understood


def meant(*parts):
    found = understood(parts, known_headings())
    return (found.key, found.unit) if found else None


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (["专任教师", "#按学历分", "博士研究生"], "degree_doctor"), (["专任教师", "计"], "teachers"),
        (["专任教师", "#按授课课程分", "艺术", "计"], "arts"), (["专任教师", "#按授课课程分", "艺术", "音乐"], "music"),
        (["教基1102", "县级以上骨干教师(小学)"], "backbone_primary"), (["专任教师", "小学", "本科"],
        "degree_bachelor_primary"),
        (["本学年校舍建筑面积", "教学及辅助用房", "计"], "teaching_gross_m2"), (["校舍", "教辅用房"],
        "teaching_area_m2"),
        (["占地面积及其他办学条件", "占地面积（平方米）", "其中", "运动场地面积"], "sports_ground_m2"),  # noqa: RUF001
        (["教室", "网络多媒体教室"], "multimedia_rooms"), (["在校生数", "合计"], "pupils"), (["班额", "46-50人"],
        "classes_46_50"),
        (["生均教学及辅助用 房面积（ ㎡）"], "value_teaching_area"), (["生均高于规定学历教师数"],  # noqa: RUF001
        "value_overqualified"),
        (["在校生数", "小学"], "pupils_primary"), (["学校（机构）标识码"], "code"),
    ],
)  # fmt: skip
def test_paths_of_official_forms_are_understood(parts, key):
    assert (meant(*parts) or ("", None))[0] == key


@pytest.mark.parametrize(
    "parts",
    [
        ["专用教室", "音乐"], ["专任教师", "#女", "本科"], ["校长", "中级"], ["在校生数", "#少数民族"],
        ["校舍建筑面积", "当年新增", "教学及辅助用房"],
    ],
)  # fmt: skip
def test_the_same_words_under_another_group_mean_something_else(parts):
    assert meant(*parts) is None


def test_units_stand_in_any_level_or_are_those_of_the_forms():
    assert meant("固定资产总值", "教学仪器设备资产值(万元)") == ("equipment_yuan", "万元")
    assert meant("固定资产总值", "教学仪器设备资产值") == ("equipment_yuan", "万元")
    assert meant("生均高于规定学历教师数") == ("value_overqualified", "生均")
