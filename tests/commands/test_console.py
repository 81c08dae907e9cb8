import pandas as pd
import pytest

from simsim.commands.console import into, print_table, save_table, warn
from simsim.inputs.errors import InputError


def test_what_the_machine_refuses_to_write_is_an_input_error_with_its_place():
    said = "there: cannot be written: No space left on device; name another folder"
    with pytest.raises(InputError, match=said), into("there"):
        raise OSError(28, "No space left on device")


def test_a_mistake_inside_is_not_taken_for_the_machines():
    with pytest.raises(KeyError), into("there"):
        raise KeyError("name")


def test_a_table_into_a_pipe_is_lines_between_tabs(capsys):
    print_table(pd.DataFrame({"stage": ["primary"], "n": [3]}))
    assert capsys.readouterr() == ("stage\tn\nprimary\t3\n", "")


def test_a_table_is_saved_where_it_was_asked_for_and_nowhere_else(tmp_path):
    save_table(pd.DataFrame({"n": [3]}), tmp_path / "a.csv", None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_warnings_are_no_results(capsys):
    warn("one", 2)
    assert capsys.readouterr() == ("", "one\n2\n")
