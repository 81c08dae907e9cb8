"""Short names of schools are linked where only one school can be meant, and refused where two can."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.tables.names import link_names, short_for
from simsim.tables.sheets import Sheet
from simsim.tables.table import read_table

FULL = "长春市二道区实验学校"


def table(*names, kind="九年一贯制学校", file="x.csv"):
    rows = [["学校名称", "办学类型", "在校生数"], *([name, kind, 100] for name in names)]
    found = read_table(Sheet(file, "", rows))
    assert found is not None
    return found


def test_a_short_name_of_another_table_becomes_the_full_one_and_is_said():
    one, other = table(FULL, "长春市二道区第一小学"), table("实验学校", "一小", file="y.csv")
    assert "实验学校 = 长春市二道区实验学校" in str(link_names([one, other])[0])
    assert other.column("school") == [FULL, "长春市二道区第一小学"]


def test_a_name_that_may_mean_two_schools_is_refused_with_both():
    with pytest.raises(InputError, match="实验学校'.*may be short for any of 长春市二道区实验学校, 英俊镇实验学校"):
        link_names([table(FULL, "英俊镇实验学校"), table("实验学校", file="y.csv")])


def test_names_in_one_table_are_two_schools_unless_marked_as_its_parts():
    assert link_names([table(FULL, "实验学校")]) == []
    parts = table(FULL + "（小学部）", "实验学校（初中部）")  # noqa: RUF001
    link_names([parts])
    assert parts.column("school") == [FULL + "（小学部）", FULL + "（初中部）"]  # noqa: RUF001


def test_schools_of_kinds_without_a_stage_in_common_stay_apart():
    assert link_names([table(FULL, kind="小学"), table("实验学校", kind="初级中学", file="y.csv")]) == []


@pytest.mark.parametrize(
    ("short", "full", "may"),
    [
        ("实验小学", "二道区实验小学", True), ("一小", "二道区第一小学", True), ("实验小学", "师大附属实验小学", False),
        ("小学", "小学", False),
    ],
)  # fmt: skip
def test_only_a_place_may_stand_before_a_short_name(short, full, may):
    assert short_for(short, full) is may
