"""The workbook of findings: every sheet, and no formula."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from simsim.assessment.judging import assess
from simsim.assessment.workbook import safe
from tests.assessment.school_tables import school, table


@pytest.mark.parametrize("standard", ["basic-2012", "quality-2017"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_every_sheet_and_no_formula(tmp_path: Path, standard: str, lang: str) -> None:
    names = ["=HYPERLINK(1)", "+A", "-B", "@C", "D\x07"]
    frame = table(*(school(name, primary=100 + i) for i, name in enumerate(names)))
    assess(frame, standard).to_excel(tmp_path / "out.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert len(book.sheetnames) == 7
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    shown = {cell.value for cell in cells}
    assert {"'=HYPERLINK(1)", "'+A", "'-B", "'@C", "D"} <= shown


def test_text_that_looks_like_a_formula_is_neutralised_and_numbers_stay_numbers() -> None:
    assert [safe(v) for v in ("=1", "\t=1", "-x", "plain", -1.5, np.float64(2), float("nan"), None)] == [
        "'=1", "'\t=1", "'-x", "plain", -1.5, 2.0, None, None,
    ]  # fmt: skip
