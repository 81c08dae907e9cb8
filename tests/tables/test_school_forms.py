"""One workbook a school of statistical forms; the layouts are composed, none is a real school's."""

from __future__ import annotations

import pytest

from simsim.assessment.judging import assess
from simsim.assessment.reader import read_table
from simsim.tables.school_forms import school_forms
from simsim.tables.sheets import Sheet
from tests.assessment.form_shapes import save


def form(number, unit, heads, rows):
    """Return a form: title, number and unit, headings, the row of column numbers, and rows."""
    width = len(heads[0])
    marks = ["甲", "乙", *range(1, width - 1)]
    return [["某表"], [f"{number}{' ' * 30}单位：{unit}"], *heads, marks, *rows]


def degrees(number, total, block=None):
    head = ["指标", "编号", "合计", "其中女", "体育与健康", "艺术", "音乐", "美术"]
    values = {"总     计": total, "#女": 30, "研究生毕业": 3, "本科毕业": 30, "专科毕业": 5, "高中阶段": 2}
    rows = [[name, f"{i:02}", value, 1, 3, 2, 1, 1] for i, (name, value) in enumerate(values.items(), 8)]
    return form(number, "人", [head], rows)


def book_2020(path):
    """Write the forms of a primary school as exported until 2020, with letters above and row numbers at the left."""
    pupils = form("基础基312", "人", [["指标", "编号", "毕业生数", "在校生数", "在校生数"], [None, None, None, "合计",
    "其中女"]],
                  [["总     计", "01", 90, 600, 290], ["#女", "02", 40, 290, 290]])  # fmt: skip
    rooms = form("基础基512", "平方米", [["指标", "编号", "校舍建筑面积", "其中危房"]],
                 [["一、教学及辅助用房", "04", 3600, 0], ["体育馆", "10", 600, 0], ["二、行政办公用房", "11", 300,
                 0]])  # fmt: skip
    ground = form(
        "基础基522", "见表", [["指标", "编号", "占地面积", "占地面积", "图书（册）", "计算机数",  # noqa: RUF001
        "教室", "固定资产总值（万元）"],  # noqa: RUF001
                        [None, None, "计", "运动场地面积", None, "教学用计算机", "网络多媒体教室",
                        "其中：教学仪器设备资产值"]],
        [["总计", "01", 9000, 4500, 20000, 100, 16, 150]],
    )  # fmt: skip
    about = [["基础基112"], ["编号", "内容", "单位", "数量"], [26, "县级及以上骨干教师（小学）", "人", 8]]  # noqa: RUF001
    sheets = {
        "基础基312": pupils,
        "基础基423": degrees("基础基423", 40),
        "基础基512": rooms,
        "基础基522": ground,
        "基础基112": about,
    }
    letters = [None, *"ABCDEFGH"]
    lettered = {name: [letters, *([i, *row] for i, row in enumerate(rows, 1))] for name, rows in sheets.items()}
    return save(path, {name: [["A", *letters[2:]], *rows[1:]] for name, rows in lettered.items()})


def book_2021(path):
    """Write the forms of a nine-year school since 2021, with blocks by stage."""
    head = ["学段", "代码", "合计", "#女", "体育与健康", "艺术", "音乐", "美术"]
    rows = []
    for stage, n in (("小学", 20), ("初中", 24)):
        rows += [
            [stage, "1", n, 10, 2, 2, 1, 1],
            ["#硕士研究生", "2", 2, 1],
            ["博士研究生", "3", 0, 0],
            ["本科", "4", 15, 7],
            ["专科", "5", 3, 1],
        ]
    titles = [
        [name, "1", n, 0]
        for stage in ("小学", "初中")
        for name, n in ((stage, 20), ("副高级", 3), ("正高级", 0), ("中级", 8))
    ]
    sheets = {
        "教基1001": [["指标名称", "代码", "内容"], ["学校（机构）名称", 1, "育才学校"],  # noqa: RUF001
        ["学校（机构）办学类型", 2, "九年一贯制学校"]],  # noqa: RUF001
        "教基3112_小学": form("教基3112", "人", [["指标", "代码", "毕业生数", "在校生数"]], [["总计", "01", 40, 300]]),
        "教基3115_初中": form("教基3115", "人", [["指标", "代码", "毕业生数", "在校生数"]], [["总计", "01", 70, 240]]),
        "教基4155": form("教基4155", "人", [head], rows),
        "教基4153": form("教基4153", "人", [["学段", "代码", "合计", "#女"]], titles),
        "教基5176": [["指标名称", "计量单位", "代码", "数量"], ["运动场地面积", "平方米", 2, 6000], ["图书", "册", 3,
        16000],
                   ["#学生终端数", "台", 4, 80], ["#网络多媒体教室", "间", 5, 20], ["#教学仪器设备资产值", "万元", 6,
                   160]],
        "教基5170": form("教基5170", "平方米", [["指标", "代码", "合计"]], [["一、教学及辅助用房", "1", 4200],
        ["室内体育用房", "2", 400]]),
        "教基1102续": [["编号", "内容", "数量"], [1, "县级以上骨干教师(小学)", 4], [2, "县级以上骨干教师(初中)", 4]],
        "教基2106": form("教基2106", "个", [["班额", "代码", "合计"]], [["总计", "1", 8], ["41-45人", "2", 7],
        ["46-50人", "3", 1]]),
    }  # fmt: skip
    return save(path, sheets)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    book_2020(folder / "东街小学(小学).xlsx")
    book_2021(folder / "育才(九年一贯制学校).xlsx")
    return read_table(folder)


def test_each_workbook_is_a_school_found_by_names_and_paths(found):
    row = found.set_index("school").loc["东街小学"]
    expected = {
        "pupils_primary": 600,
        "teachers_primary": 40,
        "teaching_gross_m2": 3600,
        "indoor_sports_m2": 600,
        "sports_ground_m2": 4500,
    }
    expected |= {
        "equipment_yuan": 1_500_000,
        "books": 20000,
        "computers": 100,
        "multimedia_rooms": 16,
        "backbone_primary": 8,
        "kind": "小学",
    }
    assert row[list(expected)].to_dict() == expected


def test_blocks_of_stages_are_told_apart_and_equipment_is_in_ten_thousands(found):
    row = found.set_index("school").loc["育才学校"]
    assert (row["teachers_primary"], row["teachers_junior"], row["equipment_yuan"]) == (20, 24, 1_600_000)
    assert (row["degree_master_junior"], row["title_deputy_junior"], row["pe_junior"]) == (2, 3, 2)


def test_the_forms_are_assessed_and_said_to_be_untested(found):
    result = assess(found, "quality-2017")
    parts = result.parts.set_index(["school", "stage"])
    assert parts.loc[
        ("东街小学", "primary"), ["overqualified", "pe_arts", "teaching_area", "sports_area"]
    ].tolist() == [38, 5, 3000, 5100]
    assert parts.loc[("育才学校", "junior"), ["overqualified", "backbone"]].tolist() == [17, 4] and not result.absent
    assert "untested on real files" in result.report("en") and "未用真实报表检验" in result.report("zh")


def test_equipment_is_in_the_unit_that_its_form_names():
    own = [["指标名称", "计量单位", "代码", "数量"], ["#教学仪器设备资产值", "元", 6, 1_600_000]]
    pupils = form("教基3112", "人", [["指标", "代码", "在校生数"]], [["总计", "01", 300]])
    _, table = school_forms([Sheet("a.xlsx", "教基5176", own), Sheet("a.xlsx", "教基3112", pupils)])
    assert table is not None and table.column("equipment_yuan") == [1_600_000]
