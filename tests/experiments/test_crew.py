"""Runs that are stopped, killed or lose a worker: nothing is left behind, and a resume ends in the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simsim.experiments import crew, experiment
from simsim.experiments.crew import Crew
from simsim.experiments.experiment import Experiment
from simsim.inputs import run_limits
from tests.experiments.test_experiment import OTHER, content, fake, one_code

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and /proc are those of POSIX")
ROOT = Path(experiment.__file__).parents[2]
PATIENCE = 120
STOPPED = "stopped; finished runs are kept, and the same command resumes"
COMMAND = """
import sys
from simsim import cli
from simsim.experiments import crew, experiment
from tests.experiments import test_experiment, test_crew
experiment.simulate, experiment.code_digest = test_crew.slow, test_experiment.one_code
options = ["--to", "2016", "--seeds", "15", "--jobs", "2", "--fixed-parameters"]  # so that no world is solved first
sys.argv = ["simsim", "run", "baseline", *options, "--out", sys.argv[1]]
cli.command()
"""


def slow(*arguments):
    """A run that takes a moment."""
    time.sleep(0.3)
    return fake(*arguments)


def dies_once(scenario, seed, *rest):
    """A run whose first worker dies."""
    mark = Path(os.environ["SIMSIM_TEST_MARK"])
    if seed == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return fake(scenario, seed, *rest)


def dies_always(scenario, seed, *rest):
    if (scenario.name, seed) == ("baseline", 3):
        os._exit(3)
    return fake(scenario, seed, *rest)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(experiment, "simulate", fake)
    monkeypatch.setattr(experiment, "code_digest", one_code)


def run(folder, simulate=fake, jobs=2, seeds=7):
    experiment.simulate = simulate
    return Experiment(["baseline", OTHER], seeds=seeds, to=2016, fixed_parameters=True).run(
        jobs=jobs, out=folder, progress=False
    )


def hear() -> None:
    """Let the signals be heard that nohup and a shell's `&` have their children ignore."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def started(folder: Path) -> subprocess.Popen[str]:
    """Start a run, and wait until its first parts are there."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
        preexec_fn=hear,
    )
    wait_for(lambda: (folder / "failures").is_dir() and any((folder / "failures").glob("*.parquet")))
    return process


def wait_for(condition) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.05)


def children(process: subprocess.Popen[str]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(word) for path in tasks for word in path.read_text().split()]


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_stopped_run_leaves_no_worker_and_resumes_to_the_same_bytes(tmp_path, number):
    process = started(tmp_path / "broken")
    workers = children(process)
    assert workers
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    wait_for(lambda: not any(map(alive, workers)))
    if number == signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert process.returncode == 1 and STOPPED in err and "Traceback" not in err
    kept = {path.name: path.read_bytes() for path in (tmp_path / "broken" / "failures").glob("[!.]*")}
    assert kept
    for folder in ("broken", "whole"):
        Experiment("baseline", seeds=15, to=2016, fixed_parameters=True).run(out=tmp_path / folder, progress=False)
    assert content(tmp_path / "broken") == content(tmp_path / "whole")


@pytest.mark.slow
def test_a_unit_whose_worker_died_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMSIM_TEST_MARK", str(tmp_path / "mark"))
    assert run(tmp_path / "two", dies_once).frame("failures").empty
    assert (tmp_path / "mark").exists()
    run(tmp_path / "one", jobs=1)
    assert content(tmp_path / "two") == content(tmp_path / "one")


@pytest.mark.slow
def test_a_unit_that_kills_two_workers_has_failed_and_all_others_are_done(tmp_path):
    results = run(tmp_path, dies_always)
    failures = results.frame("failures")
    assert set(failures["scenario"]) == {"baseline"} and sorted(failures["replication"]) == [1, 2, 3]
    assert set(failures["error"]) == {"WorkerDied"} and "exit code 3" in failures["message"].iloc[0]
    assert results.replications("baseline") == [4, 5, 6, 7] and results.replications("other") == list(range(1, 8))


@pytest.mark.slow
def test_without_semaphores_one_process_goes_on_and_says_so(tmp_path, monkeypatch, caplog):
    def refused():
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(run_limits.multiprocessing, "Lock", refused)
    monkeypatch.setattr(Crew, "run", lambda self: pytest.fail("processes were started"))
    results = run(tmp_path)
    assert results.replications("other") == list(range(1, 8))
    assert "no semaphores can be made here" in caplog.text and "one process" in caplog.text


def test_a_worker_hears_no_ctrl_c_while_it_is_still_importing():
    begins = crew.START.split("from simsim")[0].format([])
    code = f"{begins}signal.raise_signal(signal.SIGINT)\nprint('goes on')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("goes on\n", "")
