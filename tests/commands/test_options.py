import os

import pytest
import typer

from simsim.commands.options import decimal, processes, whole


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("１２", 12), ("-3", -3)])  # noqa: RUF001
def test_a_whole_number_is_read_as_it_is_written(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["1_0", "1①", "2.0", "many", ""])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(typer.BadParameter, match="is not a whole number"):
        whole(text)


@pytest.mark.parametrize("text", ["1_0", "①", "045x", "many", ""])
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(typer.BadParameter, match="is not a plain decimal number"):
        decimal(text)


def test_processes_are_those_asked_for_or_one_a_core():
    assert processes(3) == 3
    assert processes(0) == 0, "refused where it is used, with its remedy"
    assert 1 <= processes(None) <= (os.cpu_count() or 1)
