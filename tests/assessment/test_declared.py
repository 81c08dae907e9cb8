"""What form Ⅱ-2 itself says of who passes (L14) stands beside what its numbers say."""

from __future__ import annotations

from pathlib import Path

from simsim.assessment.judging import assess
from simsim.assessment.reader import read_table
from tests.assessment.form_shapes import FORM_ROWS, quality_form


def said(path: Path) -> str:
    return " | ".join(str(text) for text in assess(read_table(path), "quality-2017").said)


def test_verdicts_of_the_form_that_its_numbers_do_not_bear_out_are_named_with_the_school(tmp_path: Path) -> None:
    right = assess(read_table(quality_form(tmp_path / "a.xlsx")), "quality-2017").parts
    passes = {(part["school"], part["stage"]): part["passes"] for part in right.to_dict("records")}
    stages = iter(["primary"] * 3 + ["junior"] * 2)
    rows = [list(row) for row in FORM_ROWS]
    for row in (row for row in rows if len(row) > 1):
        name = str(row[1]).removesuffix("小学部").removesuffix("初中部")
        row[13] = "是" if passes[name, next(stages)] else "否"
    told = said(quality_form(tmp_path / "b.xlsx", rows))
    assert "what the table says of who passes is what its numbers say (5 schools)" in told
    rows[0][13], rows[1][13] = ("否" if rows[0][13] == "是" else "是"), "待定"
    told = said(quality_form(tmp_path / "c.xlsx", rows))
    assert "is not what its numbers say for 1 schools, and is for 3" in told and "东街小学 小学" in told
    assert "1 cells on who passes are not understood: 育才学校 小学 待定" in told
