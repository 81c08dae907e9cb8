"""Characters that no page or document can show are refused where they are read."""

from __future__ import annotations

import pytest

from simsim.inputs.characters import not_text
from simsim.inputs.csvfile import Words, read_table
from simsim.inputs.errors import InputError
from simsim.inputs.yamlfile import parse_yaml
from simsim.scenarios.scenario import Scenario


def test_words_tabs_and_line_ends_are_text_and_controls_are_not():
    assert not_text("二道区 é\t\r\n€") == ""
    assert all(not_text(f"a{bad}b") for bad in ("\x00", "\x07", "\x1b", "\x7f", "\ud800", "\uffff"))


def test_a_control_character_is_refused_with_its_place(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("name\nNorth\nbell\x07\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 3: holds the control character U\+0007"):
        read_table(table, {"name": Words()})
    with pytest.raises(InputError, match=r"line 2: holds the control character U\+001B"):
        parse_yaml(b'a: 1\nb: "x\\e[0m"\n', "f.yaml")
    with pytest.raises(InputError, match=r"title\.en.*U\+0000"):
        Scenario.load({"name": "mine", "extends": "baseline", "title": {"en": "a\x00"}})
