"""The data beside a page: a CSV for every figure and table, one workbook of them all, and no formula in either."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from openpyxl import load_workbook

from simsim.report.data import BOOK, DataFolder, cells, sheet_name, write_workbook
from simsim.report.page import Page
from tests.conftest import EVIL

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def made(small_experiment, tmp_path_factory):
    """The data of a Chinese page of a figure and some tables, and what the page shows."""
    folder, shown = tmp_path_factory.mktemp("page") / "page.data", []
    page = Page(small_experiment, "zh", data=folder)
    page._show = shown.append
    for name in ("plan_table", "measures"):
        page.section(name)
        page.table(name)
    page.section("newschools")
    page.table("new_schools")
    page.figure("enrolment")
    return folder, "".join(shown), write_workbook(folder, "目录")


@pytest.mark.slow
def test_every_exhibit_links_to_its_numbers(made):
    folder, shown, _ = made
    links = re.findall(r'href="page\.data/([^"]+)"', shown)
    assert links == sorted(file.name for file in folder.glob("*.csv")) and len(links) >= 3


def test_the_workbook_has_a_sheet_for_each_and_says_what_is_in_it(made):
    folder, _, book = made
    read = load_workbook(book)
    assert book == folder / BOOK and len(read.sheetnames) == 1 + len(list(folder.glob("*.csv")))
    assert read["目录"]["A1"].value == "01 规划对照表" == read.sheetnames[1]


def test_a_chinese_workbook_has_chinese_headings(made):
    folder, _, _ = made
    for file in folder.glob("*.csv"):
        headings = pd.read_csv(file, encoding="utf-8-sig").columns
        assert all(CHINESE.search(str(name)) or str(name).isdigit() for name in headings), (file.name, headings)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(made, tmp_path, small_experiment, text):
    folder = DataFolder(tmp_path / "x.data")
    page = Page(small_experiment)
    folder.add(page.view, "evil", text, pd.DataFrame({"a": [text, 1.5], text: ["b", EVIL]}))
    sheets = load_workbook(write_workbook(folder.path, "contents"))
    assert not [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert f"'{text}" in (folder.path / "01-evil.csv").read_text("utf-8-sig").replace('""', '"')


def test_cells_are_read_off_a_table_numbers_as_numbers():
    (found,) = cells(
        "<table><tr><th>a</th><th></th></tr><tr><td>\u22121,234<br></td><td>5 %<small>x</small></td></tr></table>"
    )
    assert found.iloc[0].tolist() == [-1234.0, "5 % x"]


def test_a_new_page_leaves_nothing_of_the_old_one(made, tmp_path, small_experiment):
    folder = tmp_path / "y.data"
    folder.mkdir()
    (folder / "99-old.csv").write_text("old")
    (folder / "mine.csv").write_text("kept")
    Page(small_experiment, data=folder)
    assert [file.name for file in folder.iterdir()] == ["mine.csv"]


def test_sheets_have_names_that_a_workbook_can_have():
    assert sheet_name("07-x.csv", "Where: [a/b]? " + "y" * 40) == "07 Where   a b   yyyyyyyyyyyyyy"[:31].strip()
