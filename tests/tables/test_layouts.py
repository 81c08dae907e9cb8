"""Tables of bureaus that are no list of schools are refused by the name of their layout, with what to give instead."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.tables.layouts import layouts, lists_of_schools
from simsim.tables.sheets import Sheet

VALUES = ["生均教学仪器设备值（元）", "生均图书册数", "师生比"]
SCHOOLS = [["学校名称", "学段", "在校生数"], ["东街小学", "小学", 600]]
OTHERS = {
    "the county's own form": [["序号", "类别", "填报项目", "单位", "填报值"], [1, "轮岗", "实际交流教师数", "人", 90]],
    "a table of counties": [
        ["序号", "市", "县", "学校类别", "类型", *VALUES],
        [1, "甲市", "庐\n阳\n区", "小学", "全县平均值", 2439, 30, 0.07],
        [None, None, None, None, "差异系数", 0.3, 0.2, 0.4],
    ],
    "with a province's lines": [
        ["学校名称", VALUES[0], None, VALUES[1], None], [None, "指标值", "省级评估标准", "指标值", "省级评估标准"],
        ["…小学", None, "≥550", None, "≥20"], ["东街小学", 2439, "/", 30, "≥省标"],
    ],
    "table 1-1 with nested subtotals": [
        ["学校", "在校生数", "图书（册）"], ["合计", 900, 9000], ["县直学校小计", 600, 6000],
        ["东街小学", 600, 6000], ["英俊镇小计", 300, 3000],
    ],
    "derived columns": [
        ["学校名称", VALUES[0], None, None], [None, "基本值", "达标值", "实际值"], ["东街小学", 1.2, 2000, 2439],
        ["八一学校_初中", 1.2, 2500, 2439],
    ],
    "an analysis of shares": [["学校", "原始指标值", "学段占比", "调整后指标值"], ["八一学校", 6100, "53.20%", 3245]],
    "a published result": [
        ["序号", "项目", *VALUES, "综 合"], [1, "全县平均值", 2439, 30, 0.07], [3, "差异系数", 0.3, 0.2, 0.4],
    ],
    "table Ⅱ-1": [["学段", "项目", *VALUES], ["小学", "达标学校总数", 5, 4, 3]],
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_a_table_that_is_no_list_of_schools_is_refused_by_its_layout_with_the_remedy(name):
    with pytest.raises(InputError, match=f"{name}.*: .*(name|give|add) ") as caught:
        lists_of_schools([Sheet("x.xlsx", "表", OTHERS[name])])
    assert len(caught.value.problems) == 1


def test_beside_a_list_of_schools_they_are_passed_over():
    sheets = [Sheet("x.xlsx", name[:20], rows) for name, rows in OTHERS.items()]
    found = lists_of_schools([*sheets, Sheet("x.xlsx", "学校", SCHOOLS)])
    assert [table.sheet.name for table in found] == ["学校"]


def test_totals_under_a_list_of_schools_make_it_no_result():
    rows = [*SCHOOLS, ["全区平均值", None, 600], ["标准差", None, 5], ["差异系数", None, 0.2]]
    assert lists_of_schools([Sheet("x.xlsx", "学校", rows)])[0].numbers == [2]


def test_every_layout_names_its_source():
    assert all(layout.source and layout.remedy and layout.words for layout in layouts())
