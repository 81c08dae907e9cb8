"""A count of children who could be known by it is written nowhere, and no sum gives it away."""

from __future__ import annotations

import pytest

from simsim.districts.hidden import (
    counted,
    is_percent,
    is_sensitive,
    of_persons,
    shielded,
    tells_of_persons,
    total,
    without_differences,
)


@pytest.mark.parametrize(
    "heading",
    [
        "随迁子女数",
        "残疾学生数",
        "建档立卡学生数",
        "free_lunch",
        "sped_num",
        "ELL",
        "migrant",
        "Free school meals",
        "EHC plan",
        "Pupil premium",
        "Looked after children",
        "English Learners",
        "Foster care",
        "FRPL",
        "CWSN",
        "資源班",
        "外國籍",
        "特別支援学級",
        "就学援助",
        "农民工子女",
        "送教上门",
    ],
)
def test_columns_of_the_poor_disabled_and_migrants_are_known(heading):
    assert is_sensitive(heading)


@pytest.mark.parametrize("heading", ["在校生数", "图书册数", "spell", "asian_num", "school", "Title I", "Elm Street"])
def test_other_columns_are_not(heading):
    assert not is_sensitive(heading)


@pytest.mark.parametrize(
    ("heading", "person"),
    [
        ("校长", True),
        ("联系电话", True),
        ("Principal name", True),
        ("法定代表人", True),
        ("校长数", False),
        ("地址", False),
    ],
)
def test_columns_about_persons_are_known(heading, person):
    assert of_persons(heading) is person


@pytest.mark.parametrize(
    "cell", ["王五13812345678", "220101198001011234", "0431-88888888", "(212) 555-1234", "a.b@c.cn"]
)
def test_what_finds_somebody_is_known_in_the_cells_of_any_column(cell):
    assert tells_of_persons(["", cell]) and not tells_of_persons(["2022000123", "310100010015", "1,180", "12-13"])


def test_counts_below_five_and_shares_that_stand_for_them_are_hidden():
    assert list(shielded("随迁子女数", ["0", "4", "5", "", "<3"], [100.0] * 5)) == ["<5", "<5", "5", "", "<5"]
    assert is_percent("随迁子女比例") and not is_percent("随迁子女数")
    assert list(shielded("poor_percent", ["3", "30", "30"], [100.0, 100.0, None])) == ["<5", "30", "<5"]
    assert list(shielded("free_lunch", ["89.4", "2.5"], [281.0, 100.0])) == [
        "89.4",
        "<5",
    ]


def test_taking_the_known_counts_from_a_total_gives_the_same_for_every_hidden_one():
    known = [20, 31, 8]
    assert {total([*known, hidden]) - sum(known) for hidden in range(5)} == {1}
    assert {counted(n) for n in range(5)} == {2} and counted(5) == 5 and total([]) == 0


def test_no_difference_within_a_row_gives_a_hidden_count():
    rows = {"随迁子女数": ["10", "30"], "随迁子女男生": ["<5", "14"], "随迁子女女生": ["7", "16"]}
    assert without_differences(rows) == {
        "随迁子女数": ["10", "30"], "随迁子女男生": ["<5", "14"], "随迁子女女生": ["5", "16"],
    }  # fmt: skip
    assert list(shielded("本地户籍学生数", ["97", "80", "100"], [100.0] * 3)) == ["*", "80", "*"]
