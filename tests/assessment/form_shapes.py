"""Tables in the shapes in which offices keep them: form Ⅱ-2, the platform's export, by hand; numbers made up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

Rows = list[list[object]]
FORM_HEADINGS = [
    "序 号", "学校名称", "举办者 类型", "在校生数", "年级数", "班级数", "每百名学生拥有高于规定学历教师数",
    "每百名学生拥有县级及以上骨干教师数",
    "每百名学生拥有体育、艺术(美术、音乐)专任教师数", "生均教学及辅助用 房面积（ ㎡）", "生均体育运动场馆面积（㎡）",
    "生均教学仪器设备值(元)",
    "每百名学生拥有网络多媒体教室数", "该校综合评估是否达标", "备注",
]  # fmt: skip
FORM_ROWS: Rows = [
    [1, "东街小学", 7, 600, 6, 14, 5.5, 1.33, 1.17, 5.2, 8.11, 2400.25, 2.5, 1, None],
    [2, "育才学校小学部", 7, 300, 6, 8, 4.33, 1, 1, 4.5, 7.49, 2100, 2.33, 0, None],
    [3, "新星学校", 10, 200, 6, 6, 6, 1.5, 2, 6, 9, 3000, 3, 1, None],
    ["…"],
    [1, "西街中学", 7, 450, 3, 10, 6.67, 1.56, 1.33, 6.2, 11, 2800, 2.89, 1, None],
    [2, "育才学校初中部", 7, 240, 3, 6, 5.83, 1.25, 1.25, 5.8, 10.2, 2500, 2.5, 1, None],
]  # fmt: skip


def save(path: Path, sheets: dict[str, Rows], merged: Sequence[str] = ()) -> Path:
    """Write sheets into a workbook; `merged` are ranges of the last."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def quality_form(path: Path, rows: Rows = FORM_ROWS) -> Path:
    """Write form Ⅱ-2 of the 2017 declaration beside its cover, with title, L row, blocks and note."""
    head: Rows = [["表Ⅱ-2 小学、初中资源配置基本情况（分学校）"], list(FORM_HEADINGS), [f"L{n}" for n in range(1, 15)]]
    note: Rows = [["注： 1.小学学校总数3所（其中：一贯制学校的小学部有1所）。"]]
    last = len(head) + len(rows) + 1
    return save(path, {"封面": [["申报表"]], "表2-2": [*head, *rows, *note]}, ["A1:O1", f"A{last}:O{last}"])


PLATFORM: Rows = [
    ["学校名称", "办学类型", "统计三级", "是否计校数", "在校生数", None, "专任教师", None, None, None, None, None,
    None, None,
     None, None, "教基1102", "本学年校舍建筑面积", None, "占地面积及其他办学条件", "教室", "固定资产总值"],
    [None, None, None, None, "合计", "#女", "计", "#按学历分", None, None, None, "#按授课课程分", None, None, None,
    None, "县级以上骨干教师(小学)",
     "教学及辅助用房", None, "占地面积（平方米）", "网络多媒体教室", "教学仪器设备资产值(万元)"],
    [None, None, None, None, None, None, None, "博士研究生", "硕士研究生", "本科", "专科", "体育与健康", "艺术", None,
    None, "语文", None,
     "计", "室内体育用房", "其中", None, None],
    [None, None, None, None, None, None, None, None, None, None, None, None, "计", "音乐", "美术", None, None, None,
    None, "运动场地面积", None, None],
]  # fmt: skip
PLATFORM_MERGED = [
    "A1:A4", "B1:B4", "C1:C4", "D1:D4", "E1:F1", "E2:E4", "F2:F4", "G1:P1", "G2:G4", "H2:K2", "H3:H4", "I3:I4",
    "J3:J4", "K3:K4",
    "L2:P2", "L3:L4", "M3:O3", "P3:P4", "Q2:Q4", "R1:S1", "R2:S2", "R3:R4", "S3:S4", "T2:T2", "U2:U4", "V2:V4",
]  # fmt: skip
PRIMARY: Rows = [
    ["东街小学", "小学", "某区", 1, 600, 290, 40, 0, 2, 30, 6, 4, 5, 2, 3, 12, 8, 3600, 600, 4500, 16, 150],
    ["育才学校", "九年一贯制学校", "某区", 1, 300, 140, 20, 0, 1, 15, 3, 2, 2, 1, 1, 7, 4, 4200, 400, 6000, 20, 160],
]
JUNIOR: Rows = [
    ["西街中学", "初级中学", "某区", 1, 450, 220, 40, 1, 4, 33, 2, 4, 4, 2, 2, 9, 8, 3500, 500, 4800, 15, 140],
    ["育才学校", "九年一贯制学校", "某区", 1, 240, 118, 24, 0, 2, 20, 2, 2, 2, 1, 1, 6, 4, 4200, 400, 6000, 20, 160],
]


def platform_exports(folder: Path) -> Path:
    """Write the statistics platform's exports, one file a stage, into a folder."""
    folder.mkdir()
    junior = [
        [str(cell).replace("(小学)", "(初中)") if isinstance(cell, str) else cell for cell in row] for row in PLATFORM
    ]
    save(folder / "2024年某区小学办学条件.xlsx", {"Sheet1": [*PLATFORM, *PRIMARY]}, PLATFORM_MERGED)
    save(folder / "2024年某区初中办学条件.xlsx", {"Sheet1": [*junior, *JUNIOR]}, PLATFORM_MERGED)
    return folder


BY_HAND: Rows = [
    ["某区2024年义务教育学校办学条件统计表（单位：人、平方米、万元、册、台）"],
    ["序号", "学校", "类别", "在校生数", None, "专任教师", None, "校舍", None, "设备值", "图书", "备注"],
    [None, None, None, "小学", "初中", "总数", "本科及以上", "教辅用房", "运动场", "（万元）", "（万册）", None],
    ["１", "第一小学", "完小", "１２３５", None, 72, "85.3%", "5 860.5", 7200, 268.4, 3.1, None],  # noqa: RUF001
    [2, "西街中学", "初中", None, 450, 40, "95%", 3500, 4800, "140", 1.2, None],
    [3, "八一学校（小学部）", "九年一贯制", 842, None, 50, "80%", 6100, 8000, 310, 4.4, None],  # noqa: RUF001
    [4, "八一学校（初中部）", None, None, 506, 44, "100%", None, None, None, None, None],  # noqa: RUF001
    [None, "中心校小计", None, 2077, 956, 206, None, 15460, 20000, 718, 8.7, None],
    [None, "全区平均", None, 692, 318, 68, None, 5153, 6666, 239, 2.9, None],
    ["注：数据截至2024年9月1日；不含民办学校。"],
]


def by_hand(path: Path) -> Path:
    """Write a table as an office keeps it by hand."""
    merged = ["A1:L1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:I2", "L2:L3", "C6:C7", "A10:L10"]
    return save(path, {"学校": BY_HAND}, merged)
