"""Numbers as offices write them, and what is said of tables."""

from __future__ import annotations

import pytest

from simsim.tables.columns import columns
from simsim.tables.words import count_of, listed, say, words


@pytest.mark.parametrize(
    ("cell", "value", "most", "blank", "wrong"),
    [
        ("1,180", 1180, None, False, False), ("１８０", 180, None, False, False), ("66人", 66, None, False, False),
        ("*", None, None, False, False), ("<10", None, 9, False, False), ("少于5", None, 4, False, False),
        ("≤5", None, 5, False, False), ("1-4", None, 4, False, False), ("n/a", None, None, True, False),
        ("", None, None, True, False), (None, None, None, True, False), ("-", None, None, True, False),
        ("约30", None, None, False, True), ("-5", -5, None, False, False),
    ],
)  # fmt: skip
def test_a_cell_tells_a_number_what_hides_it_or_that_nothing_stands_there(cell, value, most, blank, wrong):
    count = count_of(cell)
    assert (count.value, count.most, count.blank, count.wrong) == (value, most, blank, wrong)


def test_no_heading_means_two_things():
    own = [(text, key) for key, texts in words()["headings"].items() for text in {*texts}]
    seen: dict[str, str] = {}
    for text, key in own:
        plain_text = "".join(text.split()).lower()
        assert seen.setdefault(plain_text, key) == key, text
        assert columns().by_heading.get(plain_text, key) == key, text


def test_what_is_said_of_a_table_is_said_in_both_languages():
    line = say("sheets", sheet="data", others="cover")
    assert str(line) == "read: sheet data; not read: cover" and "data" in line.text("zh")
    assert say("of_stage", headings="x", stage="primary").text("zh").endswith("小学数据")
    assert all(set(entry) == {"zh", "en"} for entry in words()["said"].values())
    traditional, simplified = words()["characters"]
    assert len(traditional) == len(simplified) and "合计" in listed("totals")
