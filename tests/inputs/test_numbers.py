"""What is a number is told in one place, for cells, arguments, YAML and Python."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.inputs.numbers import flag, half_up, oddly, plain, plainly, real, whole, written, written_whole

FOREIGN = [
    "1180①",
    "66¹",
    "12₃",
    "①",
    "½",
    "3½",
    "Ⅳ",
    "٣٤",
    "१२",
    "𝟜",
    "⑴",
    "㈠",
    "1_0",
    "0x10",
    "1,23",
    "12 m2",
    "12%",
]


@pytest.mark.parametrize("text", [*FOREIGN, "", "nan", "inf", "1e999", "TRUE", "一百"])
def test_what_is_no_plain_number_is_none(text):
    assert written(text) is None and written_whole(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("１１８０", 1180), ("１，２３４．５", 1234.5), ("－５", -5), (" 1,234 ", 1234), ("1e3", 1000), ("12.", 12)],  # noqa: RUF001
)
def test_full_width_digits_and_thousands_are_numbers(text, number):
    assert written(text) == number


@pytest.mark.parametrize(("value", "number"), [(np.int64(4), 4.0), (np.float32(0.5), 0.5), (3, 3.0), (0.1, 0.1)])
def test_numbers_of_python_and_numpy_are_numbers(value, number):
    assert real(value) == written(value) == number


@pytest.mark.parametrize("value", [True, np.bool_(True), "0.1", None, [1], float("nan"), 10**400, 1j, np.array([1])])
def test_true_text_and_what_is_not_finite_are_no_numbers(value):
    assert real(value) is None


def test_a_whole_number_is_no_float_and_no_flag():
    assert [whole(v) for v in (2, np.int64(2), 2.0, True, np.bool_(False), "2")] == [2, 2, None, None, None, None]
    assert [flag(v) for v in (True, np.bool_(False), 1, "no", None)] == [True, False, None, None, None]
    assert written_whole("２０１５") == 2015 and written_whole("2015.0") is None  # noqa: RUF001


def test_numpy_scalars_inside_mappings_and_lists_become_what_they_hold():
    data = plain({"a": [np.int64(1), (np.float64(0.5),)], np.str_("b"): np.bool_(True)})
    assert data == {"a": [1, (0.5,)], "b": True} and type(data["a"][0]) is int and data["b"] is True


@pytest.mark.parametrize("text", ["0", "37", "-5", "+5", "0.5", ".5", "5.", "1e-3", "1.5E+3"])
def test_decimal_numbers_of_yaml_are_plain(text):
    assert plainly(text) and not oddly(text)


@pytest.mark.parametrize("text", ["045", "08", "0x2d", "0b1", "0o7", "4_5", "1_000.5", "-045", "00", "045.5"])
def test_numbers_of_other_notations_are_odd(text):
    assert oddly(text) and not plainly(text)


@pytest.mark.parametrize("text", ["abc", "2015-09", "1.5.2", "4_a", "v1_0"])
def test_words_with_digits_are_not_odd(text):
    assert not oddly(text)


@pytest.mark.parametrize(
    "text", ["03", "02016", "1_0", "٣", "³", "①", "½", "0x3", "3.0", "1e1", "1:30", "3,000", "yes", ""]
)
def test_an_argument_is_a_whole_number_in_plain_digits_only(text):
    assert written_whole(text) is None


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("０", 0), ("２０１６", 2016), ("-3", -3), (" 12 ", 12)])
def test_a_plain_argument_is_its_number(text, value):
    assert written_whole(text) == value


def test_arrays_are_the_values_they_hold():
    given = {"one": np.array(40), "several": np.array([1, 2]), "words": np.array(["a"])}
    assert plain(given) == {"one": 40, "several": [1, 2], "words": ["a"]}


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (0.5, 0, 1.0),
        (1.5, 0, 2.0),
        (2.5, 0, 3.0),
        (44734.5, 0, 44735.0),
        (-0.5, 0, -1.0),
        (1.005, 2, 1.01),
        (-0.0, 0, 0),
    ],
)
def test_half_is_rounded_up_as_people_do_it_and_never_to_the_even_number(value, decimals, rounded):
    assert str(half_up(value, decimals)) == str(float(rounded))
