"""One form of a school with an item a row becomes a row of the table of schools."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.tables.sheets import Sheet
from simsim.tables.vertical import vertical_forms

HEAD = ["序号", "类别", "填报项目", "单位", "填报值", "是否必填", "备注说明"]
ITEMS = [
    ("基本信息", "办学类型", "", "九年一贯制学校"), (None, "是否寄宿制", "是/否", "否"),
    ("学生", "小学在校生数", "人", 842), (None, "初中在校生数", "人", 506), ("班额", "小学41-45人", "个", 20),
    ("小学教师", "专任教师数", "人", 50), (None, "专任教师博士研究生学历人数", "人", 1),
    (None, "县级及以上骨干教师数", "人", 9), ("办学条件", "教学仪器设备资产值", "万元", 310),
    (None, "运动场地面积", "㎡", 8000),
]  # fmt: skip


def sheet(items, file="八一学校(九年一贯制学校).xlsx"):
    rows = [[n, group, item, unit, value, "是", None] for n, (group, item, unit, value) in enumerate(items, 1)]
    return Sheet(file, "学校填报表格", [["学校填报表格"], HEAD, *rows])


def test_items_are_read_by_name_group_and_unit_and_what_is_not_understood_is_said():
    rest, table = vertical_forms([sheet(ITEMS)])
    assert rest == [] and table is not None
    row = dict(zip((h.means.key for h in table.headings), table.rows[0], strict=True))
    assert row == {
        "kind": "九年一贯制学校", "pupils_primary": 842, "pupils_junior": 506, "classes_41_45_primary": 20,
        "teachers_primary": 50, "degree_doctor_primary": 1, "backbone_primary": 9, "equipment_yuan": 3_100_000,
        "sports_ground_m2": 8000, "school": "八一学校",
    }  # fmt: skip
    told = " | ".join(map(str, table.said))
    assert "untested on real files" in told and "1 items of the schools' forms are not used: 是否寄宿制" in told


def test_an_item_in_a_unit_of_something_else_is_refused_and_another_sheet_is_left():
    with pytest.raises(InputError, match="row 3, 运动场地面积 = '亩'.*use one of: 平方米"):
        vertical_forms([sheet([("学生", "运动场地面积", "亩", 12), (None, "小学在校生数", "人", 9)])])
    other = Sheet("x.csv", "", [["学校名称", "在校生数"], ["A", 9]])
    assert vertical_forms([other]) == ([other], None)
