"""Reading a table as people save it, or refusing it with a remedy."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from simsim.assessment.judging import assess_file
from simsim.assessment.reader import read_table
from simsim.inputs.errors import InputError
from tests.assessment.school_tables import EXAMPLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_as_people_save_them(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / EXAMPLE.name
    text = EXAMPLE.read_text("utf-8-sig")
    file.write_text(text.replace(",", "\t") if encoding == "utf-16" else text, encoding=encoding)
    assert assess_file(file, "basic-2012", "zh") == assess_file(EXAMPLE, "basic-2012", "zh")


def test_a_workbook_with_a_title_above_the_headings_is_read(tmp_path: Path) -> None:
    frame, book = read_table(EXAMPLE), openpyxl.Workbook()
    book.active.append(["2024 年学校情况"])
    for row in [list(frame.columns), *frame.to_numpy().tolist(), [None] * 3]:
        book.active.append(row)
    book.save(tmp_path / "schools-example.xlsx")
    report = assess_file(tmp_path / "schools-example.xlsx", "quality-2017", "en")
    assert report.replace(".xlsx", ".csv") == assess_file(EXAMPLE, "quality-2017", "en")
    assert read_table(tmp_path / "schools-example.xlsx").index[0] == 3


def test_files_that_are_no_tables_are_refused_with_a_remedy(tmp_path: Path) -> None:
    cases = {
        "a.xls": b"x",
        "b.csv": b"",
        "c.csv": b"x,y\n1,2\n",
        "d.xlsx": b"not a workbook",
        "e.csv": b"\xff" * 9,
        "f.csv": b"school,kind\n\0\n",
    }
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_table(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        read_table(tmp_path)
    (tmp_path / "g.csv").write_text("school,kind,books\nA,primary,1,234\n")
    with pytest.raises(InputError, match="row 2.*more cells"):
        read_table(tmp_path / "g.csv")
