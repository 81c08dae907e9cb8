"""Cells become numbers of their keys; shares of teachers are told from numbers, other units are refused."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.tables.conversion import Conversion
from simsim.tables.sheets import Sheet
from simsim.tables.table import read_table

HEAD = ["学校", "在校生数", "专任教师数"]


def converted(heading, *cells, head=HEAD):
    rows = [[*head, heading], *(["A", 100, 40, cell][: len(head)] + [cell] for cell in cells)]
    table = read_table(Sheet("x.csv", "", rows))
    assert table is not None
    conversion = Conversion(table)
    return [conversion.cell(row, table.headings[len(head)]) for row in table.rows], conversion.said


@pytest.mark.parametrize(
    ("heading", "cells", "numbers"),
    [
        ("高于规定学历教师数", ("95%", "97.5％"), [38, 39]), ("高于规定学历教师数", (0.95, 0.975), [38, 39]),
        ("高于规定学历教师数（%）", (95, 97.5), [38, 39]), ("高于规定学历教师数", (38, 39), [38, 39]),
        ("教学仪器设备值（万元）", (2, "1 234.5"), [20_000, 12_345_000]), ("师生比", ("1:20", 0.05), [0.05, 0.05]),
    ],
)  # fmt: skip
def test_shares_units_and_ratios_become_numbers(heading, cells, numbers):
    found, said = converted(heading, *cells)
    assert found == pytest.approx(numbers) and bool(said) == (numbers == [38, 39] and cells != (38, 39))


@pytest.mark.parametrize(
    ("heading", "cells", "head", "told"),
    [
        ("教学仪器设备值（亿元）", (1, 2), HEAD, "亿元.*is not a unit of this; use one of: 元"),
        (
            "高于规定学历教师数",
            (0.9, 0.8),
            HEAD[:2],
            "holds shares of the teachers; add a column with the number of teachers",
        ),
    ],
)
def test_what_cannot_be_a_number_of_the_key_is_refused(heading, cells, head, told):
    with pytest.raises(InputError, match=told):
        converted(heading, *cells, head=head)
