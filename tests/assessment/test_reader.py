"""Reading a table as people save it, or refusing it with a remedy."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from simsim.assessment.judging import assess, assess_file
from simsim.assessment.reader import read_table
from simsim.inputs.errors import InputError
from tests.assessment.form_shapes import by_hand, platform_exports, quality_form
from tests.assessment.school_tables import EXAMPLE


@pytest.mark.slow
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


def test_a_table_of_several_districts_is_said_to_be_and_one_of_them_can_be_chosen(tmp_path: Path) -> None:
    frame = read_table(EXAMPLE)
    both = frame.assign(区县=["东区", "西区"] * (len(frame) // 2) + ["东区"] * (len(frame) % 2))
    both.to_csv(tmp_path / "schools.csv", index=False, encoding="utf-8-sig")
    said = "区县 has 2 values (东区, 西区 ...)"
    everything, one = (assess_file(tmp_path / "schools.csv", lang="en", only=only) for only in ((), ("区县=西区",)))
    assert said in everything and said not in one
    assert len(read_table(tmp_path / "schools.csv", ["区县=西区"])) == len(frame) // 2
    with pytest.raises(InputError, match=r"--only.*北区.*东区"):
        read_table(tmp_path / "schools.csv", ["区县=北区"])


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
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no table"):
        read_table(tmp_path / "empty")
    (tmp_path / "g.csv").write_text("school,kind,books\nA,primary,1,234\n")
    with pytest.raises(InputError, match="row 2.*more cells"):
        read_table(tmp_path / "g.csv")


MERGED = [
    ["某县义务教育学校情况表", None, None, None, None, None],
    ["学校名称", "在校生数（人）", None, "专任教师数", None, "图书册数"],
    [None, "小学", "初中", "小学", "初中", None],
    ["东街小学", 300, None, 20, None, 6000],
    ["西街中学", None, 200, None, 18, 5000],
    ["合计", 300, 200, 20, 18, 11000],
    ["注：数据为虚构", None, None, None, None, None],
]


def merged_workbook(path: Path) -> Path:
    """Write the usual official form: a title, headings of two levels, a total and a note, behind a cover sheet."""
    book = openpyxl.Workbook()
    book.active.append(["封面"])
    sheet = book.create_sheet("学校")
    for row in MERGED:
        sheet.append(row)
    for cells in ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"):
        sheet.merge_cells(cells)
    book.save(path)
    return path


def test_a_partial_table_with_merged_headings_gets_what_can_be_computed_and_the_rest_is_named(tmp_path: Path) -> None:
    report = assess_file(merged_workbook(tmp_path / "x.xlsx"), "basic-2012", "en")
    assert "resource-balance part not judged: the table has 2 of 8 indicators" in report
    assert "Teachers per pupil" in report and "Not in the table, so not computed: Teaching" in report
    assert "How the table was read: read: sheet 学校; not read: Sheet" in report
    assert "1 rows of totals left out" in report and "1 rows of notes left out" in report
    zh = assess_file(tmp_path / "x.xlsx", "basic-2012", "zh", xlsx=tmp_path / "out.xlsx")
    assert "资源配置均衡部分：未评定（表中有8项指标中的2项）" in zh and "略去1行合计" in zh
    assert (tmp_path / "out.xlsx").exists()


def test_stacked_years_and_pupils_by_grade_are_recognised_and_said(tmp_path: Path) -> None:
    rows = ["school,schoolyear,grade1,grade2,grade7,teachers"]
    rows += [f"S{n},{year}-{year + 1},{30 + n},20,0,{4 + n}" for year in (2010, 2011) for n in range(3)]
    (tmp_path / "x.csv").write_text("\n".join(rows))
    table = read_table(tmp_path / "x.csv")
    assert table["pupils_primary"].tolist() == [50, 51, 52] and table["teachers_primary"].tolist() == [4, 5, 6]
    assert "schoolyear: 2 school years stacked, 2010 to 2011; the last is assessed" in map(str, table.attrs["said"])
    assert "the table has 1 of 8 indicators" in assess_file(tmp_path / "x.csv", "basic-2012", "en")


def test_a_table_of_which_nothing_can_be_computed_says_what_is_missing_in_few_lines(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("school,year,grade1\n" + "".join(f"S{n},2010,3\n" for n in range(3000)))
    with pytest.raises(InputError, match="is missing; add a column") as caught:
        assess_file(tmp_path / "x.csv")
    assert len(str(caught.value).splitlines()) <= 21
    (tmp_path / "y.csv").write_text("school,kind,books\n" + "A,primary,3\n" * 8485)
    with pytest.raises(InputError, match="more of this kind") as caught:
        assess_file(tmp_path / "y.csv")
    assert len(str(caught.value).splitlines()) <= 21


def test_form_2_2_of_the_declaration_is_read_with_its_blocks_codes_and_notes(tmp_path: Path) -> None:
    table = read_table(quality_form(tmp_path / "form.xlsx"))
    assert table["school"].tolist() == ["东街小学", "育才学校", "新星学校", "西街中学"]
    assert table["kind"].tolist() == ["primary", "nine_year", "primary", "junior"]
    result = assess(table, "quality-2017")
    assert result.stages["schools"].tolist() == [3, 2] and not result.exempt.size and not result.absent
    part = result.parts.set_index(["school", "stage"]).loc[("育才学校", "junior")]
    assert round(part["value_sports_area"], 9) == 10.2 and part["passes"]
    row = result.indicators.set_index(["stage", "indicator"]).loc[("primary", "backbone")]
    assert row["cv_low"] < row["cv"] < row["cv_high"] < row["line"]
    told = result.report("en")
    assert "not decided because of the rounding" in told and "0.140 (0.135 to 0.144)" in told
    assert "0.140（0.135至0.144）" in result.report("zh")


def test_exports_of_the_statistics_platform_are_joined_and_whole_areas_split(tmp_path: Path) -> None:
    folder = platform_exports(tmp_path / "exports")
    result = assess(read_table(folder), "quality-2017")
    parts = result.parts.set_index(["school", "stage"])
    assert not result.absent and parts.loc[("育才学校", "primary"), "equipment"] == pytest.approx(1_600_000 * 300 / 564)
    assert parts.loc[("东街小学", "primary"), ["teaching_area", "sports_area", "pe_arts"]].tolist() == [3000, 5100, 9]
    assert parts.loc[("西街中学", "junior"), ["overqualified", "backbone", "multimedia"]].tolist() == [38, 8, 15]
    files = sorted(folder.iterdir())
    assert (
        assess_file(files, "quality-2017", "en").splitlines()[2:]
        == assess_file(folder, "quality-2017", "en").splitlines()[2:]
    )


def test_a_table_kept_by_hand_gets_what_its_columns_tell(tmp_path: Path) -> None:
    result = assess(read_table(by_hand(tmp_path / "hand.xlsx")))
    assert set(result.indicators["indicator"]) == {"teaching_area", "equipment", "books", "teachers"}
    parts = result.parts.set_index(["school", "stage"])
    assert parts.loc[("第一小学", "primary"), ["pupils", "teaching_area", "equipment", "books"]].tolist() == [
        1235, 5860.5, 2_684_000, 31_000,
    ]  # fmt: skip
    assert parts.loc[("八一学校", "junior"), "teachers"] == 44 and len(parts) == 4
    assert "2 rows of totals left out" in result.report("en")
