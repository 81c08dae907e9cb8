"""Write the workbook of docs/own-district.md: schools and rolls of the invented Shanhe County as an office keeps them.

    python docs/own_district_book.py

The rolls of five Septembers are what one simulated world counts; nobody in them exists.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import simsim

BOOK = Path(__file__).resolve().parent.parent / "notebooks" / "shanhe-office.xlsx"
TO = 2026
KINDS = {"primary": "小学", "junior": "初中", "nine_year": "九年一贯制学校"}


def main() -> None:
    """Live one world of Shanhe County and write what an office would have kept of it."""
    district = simsim.District("baseline", seed=4, data="shanhe")
    rolls: list[dict[str, object]] = []
    district.watchers.append(lambda lived: rolls.extend(counted(lived)))
    district.run(to=TO)
    schools = district.data.schools
    table = pd.DataFrame(
        {
            "学校代码": [f"22{key:04d}" for key in schools["key"]],
            "学校名称": schools["name_zh"],
            "办学类型": [KINDS[kind] for kind in schools["kind"]],
            "教室数": schools["rooms_primary"] + schools["rooms_junior"],
            "专任教师数": schools.filter(regex="^t_").sum(axis=1),
        }
    )
    wide = pd.DataFrame(rolls).pivot(index=["学校代码", "学年"], columns="年级", values="在校生数")
    with pd.ExcelWriter(BOOK, engine="openpyxl") as book:
        table.to_excel(book, sheet_name="学校", index=False)
        wide.reset_index().to_excel(book, sheet_name="在校生", index=False)


def counted(district: simsim.District) -> list[dict[str, object]]:
    """Return pupils by school and grade as rows."""
    students = district.students
    pairs, numbers = np.unique(np.column_stack([students.school, students.grade]), axis=0, return_counts=True)
    return [
        {
            "学校代码": f"22{key:04d}",
            "学年": f"{district.year}-{(district.year + 1) % 100:02d}",
            "年级": f"{grade}年级",
            "在校生数": n,
        }
        for (key, grade), n in zip(pairs.tolist(), numbers.tolist(), strict=True)
        if key
    ]


if __name__ == "__main__":
    main()
