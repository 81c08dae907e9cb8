"""Pupils in parts: boys and girls, or other groups, in rows."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

HEAD = ["学年", "学校", "性别", "一年级", "二年级"]


def test_rows_of_all_stand_for_themselves_and_boys_and_girls_are_added(tmp_path):
    of_all = [["2023-24", "东街小学", "计", 40, 41], ["2023-24", None, "女", 20, 21]]
    assert office.read(office.csv_file(tmp_path / "x.csv", [HEAD, *of_all]))[0] == {"东街小学": [40, 41]}
    apart = [["2023-24", "东街小学", "男", 20, 20], ["2023-24", "东街小学", "女", 20, 21]]
    found, said = office.read(office.csv_file(tmp_path / "x.csv", [HEAD, *apart]))
    assert found == {"东街小学": [40, 41]} and "added up over 性别" in said


def test_groups_of_two_kinds_without_a_row_of_all_are_refused(tmp_path):
    rows = [
        ["Year", "School", "Subgroup", "Grade 1"],
        *(["2023-24", "A", group, 20] for group in ("Male", "Female", "White")),
    ]
    with pytest.raises(InputError, match="Subgroup = 'White': stand beside girls or boys"):
        office.read(office.csv_file(tmp_path / "x.csv", rows))


def test_a_school_without_a_row_of_all_beside_others_that_have_one_is_said(tmp_path):
    rows = [HEAD, ["2023-24", "东街小学", "计", 40, 41], ["2023-24", "西街小学", "女", 20, 21]]
    found, said = office.read(office.csv_file(tmp_path / "x.csv", rows))
    assert found == {"东街小学": [40, 41]} and "1 schools have no row of all pupils, and are not read: 西街小学" in said
