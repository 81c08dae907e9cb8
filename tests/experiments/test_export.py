"""Tables that are written for a spreadsheet."""

import numpy as np
import openpyxl
import pandas as pd
import pytest

from simsim.experiments.export import export
from simsim.inputs.errors import InputError
from tests.experiments.small_results import only, table


def test_exported_tables_open_in_a_spreadsheet_with_chinese(tmp_path):
    frame = only(table({"plan": [0.1] * 20, "baseline": [0.0] * 20})).paired("plan", "baseline")
    assert "很可能更高" in export(frame, tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx")).active
    assert [cell.value for cell in sheet[1]] == list(frame.columns)
    assert sheet.cell(2, list(frame.columns).index("words_zh") + 1).value == "很可能更高"


def test_no_text_of_an_export_is_a_formula(tmp_path):
    frame = pd.DataFrame({"area": ["=1+1", "@SUM(1)", "-2", "North"], "n": [-1.0, 2.0, np.nan, 4.0]})
    assert export(frame, tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[1] == "'=1+1,-1.0"
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx")).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["'=1+1", -1], ["'@SUM(1)", 2], ["'-2", None], ["North", 4]]


@pytest.mark.parametrize("name", ["t.ods", "t", "nowhere/t.csv", "nowhere/t.xlsx"])
def test_an_export_that_cannot_be_written_is_the_users_mistake(tmp_path, name):
    with pytest.raises(InputError):
        export(pd.DataFrame({"a": [1]}), tmp_path / name)


def test_exported_tables_have_no_row_numbers_and_their_headings_stay_in_sight(tmp_path):
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert export(frame, tmp_path / "T.CSV").read_text(encoding="utf-8-sig").splitlines() == ["a,b", "1,x", "2,y"]
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx"))["simsim"]
    assert list(sheet.values) == [("a", "b"), (1, "x"), (2, "y")] and sheet.freeze_panes == "A2"
