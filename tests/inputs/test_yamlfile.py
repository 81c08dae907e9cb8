"""YAML files are read once, and traps are refused with one message each."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simsim.inputs.errors import InputError
from simsim.inputs.yamlfile import DEEPEST, parse_yaml, read_yaml, shared_yaml, yaml_text

BOMB = "a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "f.yaml: is empty"),
        (b"  \n", "f.yaml: is empty"),
        (b"\x89PNG\x00\x01", "f.yaml: is a binary file"),
        (b"\x80\x81\x82", "f.yaml: byte 0: is not UTF-8 text"),
        ("a: 1".encode("utf-16"), "f.yaml: is UTF-16; save it as UTF-8"),
        (BOMB.encode(), "f.yaml: line 1 = 'a': anchors and aliases"),
        (
            b"a: 1\nb: !!python/object/apply:os.system [ls]",
            "f.yaml: line 2 = 'tag:yaml.org,2002:python/object/apply:os.system': tags that build objects",
        ),
        (b"a: 1\nb: 2\na: 3", "f.yaml: line 3 = 'a': is given twice (first on line 1)"),
        (b"a:\n  b: 1\n  b: 2", "f.yaml: line 3 = 'b': is given twice"),
        (b"a: .nan", "f.yaml: a = nan: not a number; write a finite number"),
        (b"a: {b: [1, -.inf]}", "f.yaml: a.b.1 = -inf: not a number"),
        (b"- 1\n- 2", "f.yaml: must be a mapping"),
        (b"just words", "must be a mapping"),
        (b"a: [1, 2", "f.yaml: line 2, column 1: is not YAML"),
        (b"a: 1\n---\nb: 2", "f.yaml: holds 2 documents"),
        (b"a: 2014-13-45", "f.yaml: a = 2014-13-45: is a day that the calendar does not have"),
        (b"? [1, 2]\n: 3", "a key must be a word or a number"),
        (b"a: " + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "f.yaml: line 1: is nested more than"),
    ],
)
def test_a_broken_file_is_one_message_with_its_place(content, message):
    with pytest.raises(InputError) as caught:
        parse_yaml(content, "f.yaml")
    assert message in str(caught.value) and str(caught.value).count("f.yaml") == 1


def test_a_folder_and_a_missing_file_say_so(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_yaml(tmp_path)
    with pytest.raises(InputError, match="there is no such file"):
        read_yaml(tmp_path / "gone.yaml")
    with pytest.raises(InputError, match="bad.yaml: cannot be opened"):
        read_yaml("a\0b", "bad.yaml")


def test_a_file_that_changed_is_read_again_and_a_copy_is_handed_out(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("a: [1]")
    read_yaml(path)["a"].append(2)
    assert read_yaml(path) == {"a": [1]}
    path.write_text("a: [1, 2, 3]")
    assert read_yaml(path) == {"a": [1, 2, 3]}


def test_chinese_text_and_a_byte_order_mark_are_fine():
    assert parse_yaml("\ufeffa: 力争".encode(), "f.yaml") == {"a": "力争"}


@pytest.mark.parametrize("number", ["045", "08", "0x2d", "0b1", "0o7", "4_5", "1:30", "1_000.5", "-045", "190:20:30"])
def test_a_number_that_yaml_would_read_as_another_is_refused_with_its_place(number):
    for text in (f"a: {{b: [1, {number}]}}", f"a:\n  b:\n  - 1\n  - {number}"):
        with pytest.raises(InputError) as caught:
            parse_yaml(text.encode(), "f.yaml")
        assert f"f.yaml: a.b.1 = {number}: is not a plain decimal number" in str(caught.value)


def test_an_odd_number_is_refused_as_a_key_too():
    with pytest.raises(InputError, match="flats = 0x7de: is not a plain decimal number"):
        parse_yaml(b"flats: {0x7de: 5}", "f.yaml")


def test_plain_numbers_and_quoted_text_are_what_they_say():
    read = parse_yaml(b"a: [37, 1e-3, -0.5, .5, '045', \"1_0\", 2015-09, 0]", "f.yaml")
    assert read == {"a": [37, 0.001, -0.5, 0.5, "045", "1_0", "2015-09", 0]}


def test_merges_are_refused_like_anchors():
    with pytest.raises(InputError, match="line 2 = '<<': merges"):
        parse_yaml(b"a:\n  <<: {b: 1}\n  c: 2", "f.yaml")


@given(st.text("0123456789abcdefox_:.-+ ", min_size=1, max_size=12))
@example("0b2263809c1560be")
@example("12e34")
@example("0o17")
@example("1:30")
@example("no")
def test_text_that_looks_like_a_number_is_written_so_that_it_is_read_as_text(text):
    assert parse_yaml(yaml_text({"sha256": text, "list": [text]}, flow=None).encode(), "f.yaml") == {
        "sha256": text,
        "list": [text],
    }


def test_what_is_shared_is_read_again_when_the_file_changes_and_a_copy_leaves_it_as_it_was(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text("a: [1]")
    shared = shared_yaml(file)
    read_yaml(file)["a"].append(2)
    assert shared_yaml(file) is shared and shared == {"a": [1]}
    file.write_text("a: [1, 2]")
    assert shared_yaml(file) == {"a": [1, 2]}


@pytest.mark.parametrize("day", ["2016-02-30", "2016-13-01", "2015-09-31"])
def test_a_day_that_the_calendar_does_not_have_is_named_with_its_place(day):
    with pytest.raises(InputError, match=rf"f.yaml: x.from = {day}: is a day that the calendar does not have"):
        parse_yaml(f"x: {{from: {day}}}\n".encode(), "f.yaml")
