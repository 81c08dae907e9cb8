"""What a run's code digest covers, and what becomes of folders that older code wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simsim.districts.files import load_district
from simsim.experiments import fingerprint
from simsim.experiments.comparison import compared
from simsim.experiments.experiment import Experiment
from simsim.experiments.manifest import digest
from simsim.experiments.results import RENAMED, Results
from simsim.experiments.store import write_table
from simsim.experiments.tasks import ledger
from simsim.inputs.errors import InputError
from simsim.inputs.paths import PACKAGE
from simsim.policy import find
from simsim.report.render import render
from simsim.scenarios.scenario import Scenario

LOADS = """
import sys
from simsim.experiments import worker
from simsim.districts.files import load_district
from simsim.scenarios.scenario import Scenario
worker.simulate(Scenario.load("plan"), 1, 2015, False, load_district("erdao"))
print(*(module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "simsim"), sep="\\n")
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of simsim's code, to be edited."""
    folder = tmp_path_factory.mktemp("copy") / "simsim"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def edited(package: Path, name: str) -> dict[str, str]:
    """Return the digests of the package with a word more in one file."""
    path = package / name
    before = path.read_bytes()
    path.write_bytes(before + b"# a word\n")
    found = fingerprint.code_of(package)
    path.write_bytes(before)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("wing", ["report", "assessment", "studies", "commands"])
def test_a_word_in_what_reads_results_leaves_old_experiments_resumable(package, wing):
    files = [path.relative_to(package).as_posix() for path in (package / wing).rglob("*.py")]
    assert files and all(edited(package, name) == fingerprint.code_of(package) for name in files)


@pytest.mark.parametrize("name", ["cli.py", "experiments/results.py", "experiments/scoreboard.py"])
def test_a_word_in_the_command_line_or_a_reading_leaves_them_resumable(package, name):
    assert edited(package, name) == fingerprint.code_of(package)


@pytest.mark.parametrize("name", ["rules/admission.py", "policies/rotation.py", "experiments/worker.py", "year.py"])
def test_a_word_in_what_a_run_does_changes_the_digest(package, name):
    assert edited(package, name) != fingerprint.code_of(package)


@pytest.fixture(scope="module")
def loaded():
    """The files of simsim that a process loads to run."""
    done = subprocess.run([sys.executable, "-c", LOADS], cwd=PACKAGE.parent, check=True, capture_output=True, text=True)
    return {Path(line).relative_to(PACKAGE).as_posix() for line in done.stdout.split("\n") if line}


@pytest.mark.slow
def test_every_module_that_a_run_loads_is_covered(loaded):
    assert "rules/admission.py" in loaded and loaded <= set(fingerprint.code_of(PACKAGE))


@pytest.mark.slow
def test_every_wing_of_the_list_is_one_that_a_run_loads(loaded):
    assert [name for name in fingerprint.RUN if not any(path.startswith(name) for path in loaded)] == []


@pytest.fixture
def old_folder(small_experiment, tmp_path):
    """An experiment as older code left it: with its digest, and with the old names of tables."""
    folder, tables = tmp_path / "old", {}
    older = {new: old for old, new in RENAMED.items()}
    for name in small_experiment.tables:
        frame, old = small_experiment.frame(name), older.get(name, name)
        tables[old] = {"rows": len(frame), "sha256": digest(write_table(frame, folder / f"{old}.parquet"))}
    manifest = json.loads((small_experiment.folder / "manifest.json").read_text("utf-8"))
    kept = {name: value for name, value in manifest.items() if name not in ("blocks", "seal")}
    kept |= {"schema": "simsim-experiment/1", "code": "0" * 64, "tables": tables}
    (folder / "manifest.json").write_text(json.dumps(kept), "utf-8")
    return folder


def test_the_table_of_an_older_folder_goes_by_its_name_of_today(old_folder, small_experiment):
    old = Results.load(old_folder)
    assert set(old.tables) == set(small_experiment.tables) and "instance_year" in old.tables
    assert old.frame("instance_year").equals(small_experiment.frame("instance_year"))


def test_a_damaged_table_of_an_older_folder_is_named_as_it_lies_there(old_folder):
    (old_folder / "ledger_year.parquet").unlink()
    with pytest.raises(InputError, match="ledger_year.parquet: is missing or damaged; repeat `simsim run`"):
        Results.load(old_folder)


@pytest.mark.slow
def test_an_older_folder_is_still_compared_and_its_tasks_listed(old_folder, small_experiment):
    old = Results.load(old_folder)
    assert compared(old).equals(compared(small_experiment))
    assert ledger(old, "plan").equals(ledger(small_experiment, "plan"))


@pytest.mark.slow
def test_an_older_folder_is_still_reported(old_folder, tmp_path):
    page = render("comparison", Results.load(old_folder), lang="en", out=tmp_path / "report", short=True)
    assert page.exists()


def test_an_older_folder_is_not_resumed_and_the_remedy_is_said(old_folder):
    manifest = json.loads((old_folder / "manifest.json").read_text("utf-8"))
    again = Experiment([s["resolved"] for s in manifest["scenarios"].values()], seeds=2, to=manifest["to"])
    with pytest.raises(InputError, match="was made from an older simsim.*delete this one, or say --replace"):
        again.run(out=old_folder, progress=False)


def test_a_foreign_policy_of_the_factual_scenario_is_in_the_digest(monkeypatch):
    """Worlds of every scenario are solved with it, so that its code reaches all of them."""
    data, scenario = load_district("erdao"), Scenario.load("baseline")
    assert fingerprint.code_digest([scenario], [data]) == fingerprint.code_digest([scenario])

    class Elsewhere(find("rotation")):
        """A policy of another package."""

    monkeypatch.setattr(fingerprint, "find", lambda name: Elsewhere if name == "rotation" else find(name))
    found = {fingerprint.code_digest([scenario], [data]), fingerprint.code_digest([scenario])}
    monkeypatch.setattr(fingerprint, "_source", lambda cls: "# a word")
    assert len(found | {fingerprint.code_digest([scenario], [data])}) == 3
