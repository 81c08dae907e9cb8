"""What the README and the page on policies tell a newcomer to type works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TOLD = README + (ROOT / "docs" / "own-policy.md").read_text("utf-8")


def block(language: str, containing: str) -> str:
    """Return the one code block of a language, of both pages, that contains a text."""
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", TOLD, re.DOTALL) if containing in text]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that they show, the policy offered by a package of somebody else's."""
    (tmp_path / "small-classes.yaml").write_text(block("yaml", "class_size"), encoding="utf-8")
    (tmp_path / "bonus.yaml").write_text(block("yaml", "retention_bonus"), encoding="utf-8")
    (tmp_path / "their_policies.py").write_text(block("python", "class RetentionBonus"), encoding="utf-8")
    info = tmp_path / "their_policies-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-policies\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[simsim.policies]\nbonus = their_policies:RetentionBonus\n", encoding="utf-8"
    )
    return tmp_path


def run(folder: Path, *command: str) -> str:
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT))), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def simsim(folder: Path, *words: str) -> str:
    return run(folder, "-c", "from simsim.cli import main; main()", *words)


def test_the_quickstart_runs(folder):
    run(folder, "-c", block("python", "simsim.District("))


def test_the_scenarios_pass_the_check(folder):
    simsim(folder, "check", "small-classes.yaml", "bonus.yaml")


def test_the_scenario_that_needs_no_code_runs_and_is_compared(folder):
    lines = [line for line in README.splitlines() if line.startswith(".venv/bin/simsim") and "small-classes" in line]
    assert len(lines) == 3
    for line in lines:
        simsim(folder, *line.replace("--seeds 10", "--seeds 2 --to 2016 --jobs 1").split()[1:])


def test_the_readme_fits_a_screen_and_a_half():
    assert len(README.splitlines()) <= 90


def test_a_policy_of_somebody_elses_package_runs_and_is_compared(folder):
    assert "retention_bonus" in simsim(folder, "list", "policies")
    simsim(
        folder, "run", "baseline", "bonus.yaml", "--seeds", "2", "--to", "2016", "--jobs", "1", "--out", "outputs/bonus"
    )
    assert simsim(folder, "compare", "outputs/bonus")


def test_the_policy_keeps_the_contract_word_for_word(folder):
    run(folder, "-c", "import simsim, their_policies; simsim.check_policy(their_policies.RetentionBonus)")


def test_the_policy_passes_the_style_and_the_types_that_simsim_holds_itself_to(folder):
    config = str(ROOT / "pyproject.toml")
    run(folder, "-m", "ruff", "check", "--config", config, "their_policies.py")
    run(folder, "-m", "ruff", "format", "--check", "--config", config, "their_policies.py")
    cache = str(ROOT / ".mypy_cache")  # shared with `make lint`
    run(folder, "-m", "mypy", "--config-file", config, "--cache-dir", cache, "their_policies.py")


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = TOLD + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for target in set(re.findall(r"^make (\w+)|`make (\w+)`", told, re.MULTILINE)):
        assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE)
