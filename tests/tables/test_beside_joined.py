"""Tables side by side in the sheet of an assessment: each number goes to its own school."""

from __future__ import annotations

import pytest

from simsim.assessment.reader import read_table
from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

LEFT = [["学校", "小学生数", "初中生数"], ["甲校", 300, 200], ["乙校", 310, 210]]


def beside(other):
    return [[*left, None, *right] for left, right in zip(LEFT, other, strict=True)]


@pytest.mark.parametrize("below", [False, True])
def test_teachers_in_another_order_go_to_their_own_schools(tmp_path, below):
    right = [["学校", "小学专任教师数"], ["乙校", 20], ["甲校", 19]]
    rows = [*LEFT, [], *right] if below else beside(right)
    frame = read_table(office.workbook(tmp_path / "x.xlsx", {"S": rows}))
    assert dict(zip(frame["学校"], frame["小学专任教师数"], strict=True)) == {"甲校": 19, "乙校": 20}


def test_a_school_of_one_table_alone_is_refused_with_its_place(tmp_path):
    right = [["学校", "小学专任教师数"], ["丙校", 20], ["甲校", 19]]
    with pytest.raises(
        InputError, match=r"S \(E - F\).*row 2, 学校 = '丙校': stands in this table and not in the one beside"
    ):
        read_table(office.workbook(tmp_path / "x.xlsx", {"S": beside(right)}))
