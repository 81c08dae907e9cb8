"""A path is taken as it was meant: `~` is the home folder, and what no path can be is refused before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

import simsim
from simsim.assessment.form_book import check_folder
from simsim.assessment.workbook import check_target
from simsim.districts.files import write_template
from simsim.experiments.manifest import writable
from simsim.inputs.errors import InputError
from simsim.inputs.paths import path_of
from simsim.studies.template import write_notebook, write_policy, write_scenario
from tests.experiments.small_results import only, table


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder, and another working folder beside it."""
    here = tmp_path / "here"
    for folder in (tmp_path / "home", here):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(here)
    return tmp_path / "home"


@pytest.mark.parametrize("value", [None, 5, ["a"], b"a", "", True])
def test_what_is_no_path_is_refused(value):
    with pytest.raises(InputError, match="must be the path of a folder or file"):
        path_of(value, "results", "folder")


def test_what_no_system_takes_is_refused():
    with pytest.raises(InputError, match="holds a NUL character"):
        path_of("a\0b", "results", "folder")
    with pytest.raises(InputError, match="home folder of somebody unknown here"):
        path_of("~nobody-at-all/x", "results", "folder")
    assert path_of("./~/x", "results", "folder") == Path("~/x") and path_of(Path("a"), "r", "f") == Path("a")


WRITERS = {
    "results": lambda place: only(table({"plan": [0.5]})).save(place),
    "a run": lambda place: simsim.Experiment("baseline", seeds=1, to=2014).run(out=place, progress=False).folder,
    "a district": lambda place: write_template("mine", place),
    "forms": lambda place: check_folder(place),
    "any folder": lambda place: writable(Path(place)),
    "a policy": lambda place: write_policy("mine_too", Path(place))[0],
    "a scenario": lambda place: write_scenario("mine-too", out=Path(place)),
    "a notebook": lambda place: write_notebook("mine-too", Path(place)),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_is_written_into_the_home_folder_lands_there_and_in_no_folder_called_by_its_sign(home, write):
    found = Path(write("~/made")).resolve()
    assert found == home / "made" or home / "made" in found.parents
    assert not Path("~").exists() and list(home.iterdir()) == [home / "made"]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_no_folder_is_made_that_is_called_as_a_file_would_be(tmp_path, monkeypatch, write):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"made\.html: is a file's name, and a folder is asked for"):
        write("made.html")
    assert not list(tmp_path.iterdir())


def test_a_workbook_goes_into_the_home_folder(home):
    check_target("~/a.xlsx")
    with pytest.raises(InputError, match="folder that does not exist"):
        check_target("~/nowhere/a.xlsx")
