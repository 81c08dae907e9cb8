"""What to mend: every shortfall with its amount, its price and who sees to it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from simsim.assessment.judging import assess
from simsim.assessment.mending import mending, to_mend, total
from simsim.inputs import parameters
from simsim.inputs.standards import load_standard
from simsim.scenarios.plan import Plan
from tests.assessment.school_tables import school, table

SHORT = {"teaching_area_m2": 430, "equipment_yuan": 150_000, "overqualified_primary": 3}


def test_a_shortfall_costs_its_amount_at_the_price_of_the_parameters() -> None:
    found = assess(table(school("A", primary=100), school("B", primary=100, **SHORT)), "quality-2017", retention=0.9)
    rows = to_mend(found).set_index("item")
    p = parameters.load()
    assert rows.loc["teaching_area", "cost"] == pytest.approx(20 * p["building_cost"].value)
    assert rows.loc["teaching_area", "cost_low"] == pytest.approx(20 * (p["building_cost"].low or 0))
    assert rows.loc["equipment", "cost"] == pytest.approx(50_000) and rows.loc["equipment", "every"] == "once"
    yearly = p["teacher_cost"].value * p["new_teacher_cost_ratio"].value
    assert rows.loc["overqualified", "cost"] == pytest.approx(2 * yearly)
    assert rows.loc["retention", "amount"] == pytest.approx(0.05) and pd.isna(rows.loc["retention", "cost"])
    assert total(to_mend(found))[0] == pytest.approx(50_000 + 20 * p["building_cost"].value)


def test_the_list_stands_in_the_report_and_the_workbook_in_both_languages(tmp_path: Path) -> None:
    found = assess(table(school("A", primary=100), school("=B", primary=100, **SHORT)), "quality-2017")
    assert (
        "整改清单" in found.report("zh")
        and "6.4（4.4至9.0）" in found.report("zh")
        and "教育、财政" in found.report("zh")
    )
    assert "64,000 (44,000 to 90,000)" in found.report("en") and "education, finance" in found.report("en")
    found.to_excel(tmp_path / "b.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["整改清单"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=4)]
    assert {row[0] for row in cells[1:]} == {"'=B"} and [row[4] for row in cells[1:]] == [2, 20, 50_000]


def test_a_standard_without_minimums_has_nothing_to_mend_to() -> None:
    found = assess(table(school("A", primary=100), school("B", primary=100, **SHORT)))
    assert to_mend(found).empty and "整改清单" not in found.report("zh")


def test_every_indicator_and_item_of_the_standards_can_be_mended_by_departments_that_the_plan_lists() -> None:
    listed = "".join(m.department for m in Plan.load("erdao-2014-2016").measures.values())
    for name in ("basic-2012", "quality-2017"):
        rule = load_standard(name)
        assert {*rule.indicators, *rule.government} <= set(mending().items)
    for item in mending().items.values():
        assert set(item.departments) <= set(mending().departments)
        assert all(department in listed for department in item.departments)
        assert item.cost is None or item.price()[1] <= item.price()[0] <= item.price()[2]


def test_classes_above_the_line_are_the_amount_where_the_largest_class_is_not_known() -> None:
    rows = to_mend(assess(table(school("A", primary=100, classes_primary=2, classes_46_50_primary=2)), "quality-2017"))
    row = rows.set_index("item").loc["class_size"]
    assert (row["amount"], row["unit"].zh, row["stage"]) == (2, "个班", "primary")
