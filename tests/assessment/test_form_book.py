"""Filled forms: the official layout, the numbers of the findings, and the same assessment when they are read again."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from simsim.assessment.delivery import Source, Wanted, deliver
from simsim.assessment.form_book import shipped, write_forms
from simsim.assessment.judging import Assessment, assess
from simsim.assessment.layouts import load_form, parse_form
from simsim.assessment.reader import read_table
from simsim.inputs.errors import InputError
from simsim.inputs.standards import Text
from tests.assessment.school_tables import EXAMPLE, school, table

BOOKS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]


def written(found: Assessment, folder: Path, *more: str) -> dict[str, Any]:
    chosen = [*shipped(), *map(load_form, more)]
    return {
        path.stem: openpyxl.load_workbook(path).worksheets[0] for path, _ in write_forms(found, chosen, folder, "zh")
    }


def rows(sheet: Any) -> list[dict[str, Any]]:
    """Read a form by its L row: a mapping from label (or heading, where there is none) to cell for every row below."""
    lines = list(sheet.iter_rows())
    at = next(i for i, line in enumerate(lines) if any(cell.value == "L1" for cell in line))
    names = [cell.value or lines[1][place].value for place, cell in enumerate(lines[at])]
    merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges if area.size["columns"] > 2}
    return [
        dict(zip(names, line, strict=True)) for line in lines[at + 1 :] if line[0].coordinate not in merged
    ]  # notes run over the whole width


def shown(cell: Any) -> str:
    """Return a number as its format shows it."""
    decimals = len(cell.number_format.partition(".")[2])
    return f"{cell.value:.{decimals}f}"


def test_the_published_example_of_five_schools_stands_in_form_three_of_2012(tmp_path: Path) -> None:
    frame = table(*(school(f"S{i}", primary=p, books=b) for i, (p, b) in enumerate(zip(PUPILS, BOOKS, strict=True))))
    mean, cv, *junior = rows(written(assess(frame), tmp_path)["basic-2012-III"])
    assert (shown(mean["L5"]), shown(cv["L5"])) == ("6.33", "0.515")
    assert cv["L5"].value == pytest.approx(0.5153, abs=5e-5)
    assert mean["L9"].value == "——" and all(row["L5"].value is None for row in junior)


def test_the_published_split_of_a_nine_year_school_stands_in_form_two_of_2017(tmp_path: Path) -> None:
    frame = table(school("N", "nine_year", 166, 210, teaching_area_m2=23_226))
    primary, junior = rows(written(assess(frame, "quality-2017"), tmp_path)["quality-2017-II-2"])
    assert [r["L2"].value for r in (primary, junior)] == ["N（小学部）", "N（初中部）"]
    assert [round(r["L10"].value * r["L4"].value, 1) for r in (primary, junior)] == [9711.6, 13514.4]
    assert shown(primary["L10"]) == "58.50"


def test_a_form_has_the_title_headings_labels_and_notes_of_the_official_one(tmp_path: Path) -> None:
    sheet = written(assess(read_table(EXAMPLE), "quality-2017"), tmp_path)["quality-2017-II-2"]
    assert sheet.title == "表Ⅱ-2" and "A1:O1" in {str(area) for area in sheet.merged_cells.ranges}
    assert [cell.value for cell in sheet[3]] == [*(f"L{i}" for i in range(1, 15)), None]
    assert sheet["A2"].value == "序号" and sheet["O2"].value.startswith("备注")
    numbers = [row["L1"].value for row in rows(sheet)]
    assert numbers == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4]
    assert sheet.cell(sheet.max_row - 1, 1).value.startswith(
        "注：1.小学学校总数6所（其中：一贯制学校的小学部有1所，50人"
    )
    assert "10 民办" in sheet.cell(sheet.max_row, 1).value


def test_how_many_schools_pass_stands_in_form_two_one(tmp_path: Path) -> None:
    found = assess(read_table(EXAMPLE), "quality-2017")
    primary, share, *_ = rows(written(found, tmp_path)["quality-2017-II-1"])
    assert (primary["L8"].value, shown(share["L8"])) == (4, "66.67")
    assert primary["L7"].value == 5 and found.stages["schools_passing"].tolist() == [4, 1]


def test_owner_grades_and_classes_are_filled_where_the_table_has_them_and_listed_where_not(tmp_path: Path) -> None:
    own = {"ownership": "民办", "n_grades_primary": 6, "classes_primary": 3}
    frame = table(school("A", primary=100, **own), school("B", primary=90))
    first, second = rows(written(assess(frame, "quality-2017"), tmp_path)["quality-2017-II-2"])
    assert [first[f"L{i}"].value for i in (3, 5, 6)] == [10, 6, 3] and second["L3"].value is None
    listed = openpyxl.load_workbook(tmp_path / "quality-2017-II-2.xlsx").worksheets[1]
    assert ["L3", "举办者类型", "B"] in [[c.value for c in row[:3]] for row in listed.iter_rows()]


def test_failing_cells_of_a_provinces_form_are_shaded_and_nothing_undecided_is_called_passed(tmp_path: Path) -> None:
    frame = table(
        school("A", primary=100, equipment_yuan=54_900), school("B", primary=100), school("C", "junior", 0, 100)
    )
    sheet = written(assess(frame), tmp_path, "basic-2012-guangdong")["basic-2012-II-2"]
    by_name = {row["学校名称"].value: row for row in rows(sheet)}
    shaded = {
        (name, label) for name, row in by_name.items() for label, cell in row.items() if cell.fill.fill_type == "solid"
    }
    assert shaded == {("A", "L11")} and by_name["…小学"]["L12"].value == "≥550"
    assert by_name["B"]["该校综合评估是否达标"].value is None and by_name["C"]["L12"].value is None


def test_what_the_table_lacks_is_left_empty_and_named_on_the_screen(tmp_path: Path) -> None:
    read_table(EXAMPLE).drop(columns="图书册数").to_csv(tmp_path / "t.csv", index=False)
    text = deliver(Source((tmp_path / "t.csv",)), "basic-2012", "en", Wanted(forms=tmp_path / "out"), {})
    assert "empty L5 生均图书册数: the table of schools has no such column; add Books" in text
    mean, cv, *_ = rows(openpyxl.load_workbook(tmp_path / "out" / "basic-2012-III.xlsx").worksheets[0])
    assert mean["L5"].value is None and cv["L9"].value is None and cv["L1"].value > 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"basic-2012-III.xlsx", *(f"quality-2017-{t}.xlsx" for t in ("II-1", "II-2", "III"))}


def test_forms_are_not_written_where_the_tables_are_read_from(tmp_path: Path) -> None:
    read_table(EXAMPLE).to_excel(tmp_path / "basic-2012-II-2.xlsx", index=False)
    before = (tmp_path / "basic-2012-II-2.xlsx").read_bytes()
    for tables in ((tmp_path,), (tmp_path / "basic-2012-II-2.xlsx",)):
        with pytest.raises(InputError, match="is read from; name another one for the forms"):
            deliver(Source(tables), "basic-2012", "en", Wanted(forms=tmp_path), {})
    with pytest.raises(InputError, match="is in the folder that this command reads"):
        deliver(Source((tmp_path,)), "basic-2012", "en", Wanted(xlsx=tmp_path / "found.xlsx"), {})
    assert [path.name for path in tmp_path.iterdir()] == ["basic-2012-II-2.xlsx"]
    assert (tmp_path / "basic-2012-II-2.xlsx").read_bytes() == before


def test_every_sheet_of_a_simulated_district_is_stamped(tmp_path: Path) -> None:
    frame = table(school("A", primary=100), school("B", "junior", 0, 90))
    frame.attrs["simulated"] = Text(zh="模拟数据：某区", en="simulated")
    for standard in ("quality-2017", "basic-2012"):
        write_forms(assess(frame, standard), shipped(), tmp_path, "zh")
    assess(frame).to_excel(tmp_path / "book.xlsx")
    for path in tmp_path.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            assert any("模拟数据：某区" in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title
    assert "（模拟）" in openpyxl.load_workbook(tmp_path / "quality-2017-III.xlsx").sheetnames[0]


def test_the_example_read_again_from_form_two_gives_the_same_assessment(tmp_path: Path) -> None:
    found = assess(read_table(EXAMPLE), "quality-2017")
    written(found, tmp_path)
    _same(found, assess(read_table(tmp_path / "quality-2017-II-2.xlsx"), "quality-2017"))


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["primary", "junior", "nine_year", "complete"]), *[st.integers(1, 900)] * 3,
                          st.integers(0, 9), st.integers(0, 30_000)), min_size=1, max_size=6))  # fmt: skip
def test_a_form_that_is_read_again_gives_the_same_assessment(tmp_path: Path, drawn: list[Any]) -> None:
    frame = pd.DataFrame([_row(i, *given) for i, given in enumerate(drawn)])
    found = assess(frame, "quality-2017")
    written(found, tmp_path)
    _same(found, assess(read_table(tmp_path / "quality-2017-II-2.xlsx"), "quality-2017"))


def _same(found: Assessment, again: Assessment) -> None:
    keys = ["stage", "indicator", "mean", "cv", "met"]
    pd.testing.assert_frame_equal(again.indicators[keys], found.indicators[keys], rtol=1e-9)
    assert _sorted(again) == _sorted(found) and again.stages["met"].tolist() == found.stages["met"].tolist()


def _sorted(found: Assessment) -> list[list[Any]]:
    """Return school, stage, pupils and pass, full-width brackets as the reader has them."""
    rows = found.parts[["school", "stage", "pupils", "passes"]].to_numpy().tolist()
    return sorted([unicodedata.normalize("NFKC", str(cell)) for cell in row] for row in rows)


def _row(number: int, kind: str, primary: int, junior: int, senior: int, people: int, area: int) -> dict[str, Any]:
    taught = {"primary": (primary, 0, 0), "junior": (0, junior, 0), "nine_year": (primary, junior, 0)}
    row = school(f"S{number}", kind, *taught.get(kind, (0, junior, senior)))
    return row | {"teaching_area_m2": area, "backbone_primary": 0 if kind == "junior" else row["backbone_primary"],
                  "pe_arts_junior": min(people, row["teachers_junior"])}  # fmt: skip


def test_a_form_of_ones_own_is_checked_and_its_mistakes_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean basic-2012-guangdong"):
        load_form("basic-2012-guangdon")
    with pytest.raises(InputError, match="add --forms DIR"):
        deliver(Source((EXAMPLE,)), "basic-2012", "en", Wanted(more_forms=("basic-2012-guangdong",)), {})
    with pytest.raises(InputError) as caught:
        parse_form({"schema": "simsim-form/1", "standard": "basic-2012", "tables": [{"name": "../x"}]}, "mine.yaml")
    assert "tables.0.name" in str(caught.value) and "mine.yaml: evidence" in str(caught.value)


def test_only_one_thing_is_assessed_at_a_time() -> None:
    with pytest.raises(InputError, match="name a table of schools, or --experiment"):
        deliver(Source(), "basic-2012", "en", Wanted(), {})
    with pytest.raises(InputError, match="--year"):
        deliver(Source((EXAMPLE,), year=2016), "basic-2012", "en", Wanted(), {})
