"""`simsim new scenario`: the file passes the check and runs, on Erdao and on a district of the user's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from simsim.cli import app
from simsim.experiments.experiment import Experiment
from simsim.inputs.errors import InputError
from simsim.scenarios.catalogue import check_files, notes
from simsim.studies.template import write_scenario
from tests.small_district import FIRST, small_district


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "northford").symlink_to(small_district())
    return tmp_path


@pytest.mark.slow
def test_a_new_scenario_for_ones_own_district_passes_the_check_and_runs(home: Path) -> None:
    file = write_scenario("more-rotation", str(home / "northford"))
    assert file == home / "more-rotation.yaml" and check_files([file]) == [] and notes([file]) == []
    found = Experiment(["baseline", file], seeds=1, to=FIRST + 2).run(out=home / "out", progress=False)
    assert found.scenarios == ["baseline", "more-rotation"]
    moved = found.frame("touched")
    assert moved[moved["scenario"] == "more-rotation"]["value"].sum() > 0


def test_a_new_scenario_without_a_district_is_for_the_default_one(tmp_path: Path) -> None:
    file = write_scenario("mine", out=tmp_path)
    assert check_files([file]) == [] and "2015-09-01" in file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_in_its_head_work_where_it_was_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "my folder").mkdir()
    (home / "my folder" / "2024").symlink_to(small_district())
    monkeypatch.chdir(home)
    file = write_scenario("mine", "my folder/2024")
    check, run = [line[1:].split("simsim ")[1] for line in file.read_text("utf-8").splitlines() if "#   simsim" in line]
    assert CliRunner().invoke(app, shlex.split(check)).exit_code == 0
    words = [*shlex.split(run), "--seeds", "1", "--to", str(FIRST + 1), "--jobs", "1", "--out", "out"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert yaml.safe_load(file.read_text("utf-8"))["district"] == "2024"


def test_a_district_named_by_a_dot_is_called_by_its_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "northford")
    file = write_scenario("mine", ".", out=home)
    assert yaml.safe_load(file.read_text("utf-8"))["district"] == "northford"


def test_a_folder_whose_name_no_scenario_can_give_is_refused(home: Path) -> None:
    (home / "north: ford").symlink_to(small_district())
    with pytest.raises(InputError, match="rename the folder"):
        write_scenario("mine", str(home / "north: ford"))
    assert not (home / "mine.yaml").exists()


def test_its_words_say_what_it_does_in_both_languages(tmp_path: Path) -> None:
    text = yaml.safe_load(write_scenario("more-posts", out=tmp_path).read_text("utf-8"))
    for words in (text["title"], text["description"]):
        assert "交流" in words["zh"] and "rotate" in words["en"] and "10" in words["zh"] and "10 %" in words["en"]
        assert "posts" not in words["zh"] + words["en"] and not set("(),;:") & set(words["zh"])


@pytest.mark.parametrize(
    ("name", "message"),
    [("baseline", "is a scenario already"), ("../x", "must be letters"), ("x.yaml", "must be letters")],
)
def test_a_name_that_is_taken_or_none_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_scenario(name, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_the_scenario_would_not_find_its_district(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not beside"):
        write_scenario("mine", str(home / "northford"), out=tmp_path / "elsewhere")
    write_scenario("mine", str(home / "northford"))
    with pytest.raises(InputError, match="exists already"):
        write_scenario("mine", str(home / "northford"))
