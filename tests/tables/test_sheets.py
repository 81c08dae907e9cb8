"""Files of every format give the same cells, and what is no table is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.districts.importing import import_book
from simsim.districts.rolls import FILE
from simsim.inputs import size_limits
from simsim.inputs.errors import InputError
from simsim.tables.headings import score
from simsim.tables.sheets import read_sheets
from tests.districts import office_tables as office

HERE = Path(__file__).parent


def rows(path: Path) -> list[list[str]]:
    (sheet,) = read_sheets(path, score)
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rolls.xls", "rolls.ods"])
def test_old_and_open_workbooks_hold_what_a_text_file_holds(tmp_path, name):
    assert rows(HERE / name) == rows(office.csv_file(tmp_path / "x.csv", office.wide()))
    assert (import_book(HERE / name, "d", tmp_path / "d").folder / FILE).exists()


def test_a_new_workbook_under_an_old_name_is_read(tmp_path):
    office.workbook(tmp_path / "x.xlsx", {"a": office.wide()}).rename(tmp_path / "x.xls")
    assert rows(tmp_path / "x.xls") == rows(HERE / "rolls.xls")


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_separated_by_what_separates_its_first_lines(tmp_path, separator):
    (tmp_path / "x.csv").write_text(office.text(office.wide(), separator), "utf-8")
    assert rows(tmp_path / "x.csv") == rows(HERE / "rolls.ods")


def test_text_without_a_known_heading_is_decoded_by_its_characters(tmp_path):
    words = "本校位於臺灣省新竹縣竹北市，學生人數逐年減少，教師員額維持不變，圖書館與運動場皆已整修完成。\n" * 20  # noqa: RUF001
    (tmp_path / "x.csv").write_bytes(words.encode("big5"))
    assert rows(tmp_path / "x.csv")[0][0].startswith("本校位於臺灣省新竹縣")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"x", "is not one of .csv, .xlsx, .xls, .ods"), ("a.xls", b"x", "damaged or locked"),
        ("a.ods", b"PK", "damaged or locked"), ("a.csv", b"", "is empty"), ("a.csv", b"a\0b", "is a binary file"),
        ("a.csv", b"\xff" * 9, "is neither UTF-8, GB18030 nor Big5 text"),
        ("a.csv", "a,b\n".encode("utf-32"), "is a binary file"), ("a.csv", b'a,b\n1,"2', "row 2: .*never closed"),
        ("a.csv", b'a,b\n1,2\n3,"4\n5,6\n', "row 3: .*never closed"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_sheets(tmp_path / name, score)


def test_an_empty_folder_and_too_many_rows_are_refused(tmp_path):
    with pytest.raises(InputError, match="holds no table"):
        read_sheets(tmp_path, score)
    office.csv_file(tmp_path / "x.csv", office.wide())
    with pytest.raises(InputError, match="has more than 5 rows"):
        read_sheets(tmp_path / "x.csv", score, 5)
    assert size_limits.MOST_ROLL_ROWS >= 1200 * 7 * 9  # a large city's rolls in long form


def test_accents_that_stand_alone_are_western_and_chinese_in_pairs_stays_chinese(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("School,Grade 1\nSt José,5\nPeña Blanca,6\n".encode("cp1252"))
    assert [row[0] for row in read_sheets(path, score)[0].rows] == ["School", "St José", "Peña Blanca"]
    path.write_bytes("学校,一年级\n东街小学,5\n".encode("gb18030"))
    assert read_sheets(path, score)[0].rows[1][0] == "东街小学"


@pytest.mark.parametrize(("suffix", "separator"), [(".xls", "\t"), (".xlsx", ","), (".csv", "|")])
def test_a_text_table_may_be_called_a_workbook_and_have_bars_between_its_cells(tmp_path, suffix, separator):
    path = tmp_path / f"x{suffix}"
    path.write_text(f"School{separator}Grade 1\nA{separator}5\n", encoding="utf-8")
    assert read_sheets(path, score)[0].rows == [["School", "Grade 1"], ["A", "5"]]


def test_a_web_page_that_is_called_a_workbook_is_refused_with_what_it_is(tmp_path):
    (tmp_path / "x.xls").write_text("<html><table><tr><td>School</td></tr></table></html>", encoding="utf-8")
    with pytest.raises(InputError, match="is a web page .* save it as .xlsx"):
        read_sheets(tmp_path / "x.xls", score)
