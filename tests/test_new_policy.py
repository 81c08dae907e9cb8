"""`simsim new policy NAME` writes a policy and its test that pass as they are, and overwrites nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simsim.inputs.errors import InputError
from simsim.studies.template import write_policy

ROOT = Path(__file__).parent.parent


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.slow
def test_the_policy_and_its_test_pass_as_written(tmp_path):
    made = run(tmp_path, "-m", "simsim", "new", "policy", "reading_corner")
    assert (made.returncode, made.stdout.split()) == (0, ["reading_corner.py", "test_reading_corner.py"])
    tried = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_reading_corner.py")
    assert tried.returncode == 0 and "3 passed" in tried.stdout, tried.stdout


@pytest.mark.slow
def test_what_is_written_needs_no_formatting(tmp_path):
    write_policy("a_rather_long_name_of_a_policy", tmp_path)
    ruff = ("-m", "ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml"), ".")
    assert run(tmp_path, *ruff).returncode == 0


def test_a_folder_can_be_named_and_is_made(tmp_path):
    paths = write_policy("reading_corner", tmp_path / "mine")
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "mine/reading_corner.py",
        "mine/test_reading_corner.py",
    ]


def test_nothing_is_overwritten_and_nothing_is_half_written(tmp_path):
    (tmp_path / "test_reading_corner.py").write_text("mine")
    with pytest.raises(InputError, match="exists already and is not overwritten; take another name or --out DIR"):
        write_policy("reading_corner", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["test_reading_corner.py"]
    assert (tmp_path / "test_reading_corner.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["Reading", "reading-corner", "2024", "class", "_corner", "读书", "", "../corner"])
def test_a_name_that_no_module_can_have_is_refused_with_its_remedy(name, tmp_path):
    with pytest.raises(InputError, match=r"simsim new policy: NAME = .*: must (be|start)"):
        write_policy(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_name_of_a_policy_that_exists_is_refused(tmp_path):
    with pytest.raises(InputError, match="rotation.*is a policy already"):
        write_policy("rotation", tmp_path)


@pytest.mark.slow
def test_the_command_line_exits_with_2_for_a_bad_name(tmp_path):
    refused = run(tmp_path, "-m", "simsim", "new", "policy", "Bad-Name")
    assert refused.returncode == 2 and refused.stderr.startswith("simsim new policy: NAME = 'Bad-Name': must be")
