import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.conditioning.solve import SOLVED
from simsim.district import District
from simsim.experiments import experiment, runner, store, worker
from simsim.experiments.experiment import Experiment, RunError
from simsim.experiments.manifest import digest, sealed, write_json
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.errors import ConservationError, InputError
from simsim.inputs.indicators import TABLES, indicators
from simsim.policy import Policy, register, registered, registry

OTHER = {"name": "other", "extends": "baseline"}


def fake(scenario, seed, to, fixed_parameters, data):
    """A district of three numbers a year; `other` has a table that `baseline` lacks."""
    rng = np.random.default_rng([seed, len(scenario.name)])
    years = np.repeat(np.arange(2014, to + 1), 2)
    frame = pd.DataFrame(
        {"year": years, "stage": ["primary", "junior"] * (len(years) // 2), "group": "all", "indicator": "score"}
    )
    tables = {"district_year": frame.assign(value=rng.normal(size=len(frame)))}
    moves = pd.DataFrame({"year": [2015], "teacher": [2**40 + seed], "reason": ["rotation"]})
    return tables | ({"teacher_moves": moves} if scenario.name == "other" else {})


def failing(scenario, seed, to, fixed_parameters, data):
    if scenario.name == "other" and seed == 3:
        try:
            raise ConservationError(f"staff: a teacher of replication {seed} has two posts\nsecond line")
        except ConservationError as error:
            raise worker.Stopped(2016, "staff") from error
    return fake(scenario, seed, to, fixed_parameters, data)


def always_failing(*_):
    raise ZeroDivisionError("nothing works")


def dying(scenario, seed, to, fixed_parameters, data):
    if scenario.name == "other" and seed == 7:
        os._exit(3)
    return fake(scenario, seed, to, fixed_parameters, data)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(experiment, "simulate", fake)
    monkeypatch.setattr(experiment, "code_digest", one_code)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished experiment that nobody touches."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "simulate", fake)
        patch.setattr(experiment, "code_digest", one_code)
        run(folder)
    return folder


@pytest.fixture
def done(finished, tmp_path):
    """A finished experiment to change."""
    return shutil.copytree(finished, tmp_path / "done")


def one_code(scenarios, districts=()):
    """The code of these tests does not change while they run."""
    return "c" * 64


def run(folder, seeds=7, jobs=1, **options):
    experiment = Experiment(["baseline", OTHER], seeds=seeds, to=2016, **options)
    return experiment.run(jobs=jobs, out=folder, progress=False, fresh=True)


def content(folder: Path) -> dict[str, bytes]:
    """Every file of an experiment except the log, which has the clock in it."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "run.log"
    }


@pytest.mark.slow  # every day a worker dies on the way to the same bytes
def test_the_number_of_processes_changes_no_byte(finished, tmp_path):
    run(tmp_path / "two", jobs=2)
    assert content(finished) == content(tmp_path / "two")


@pytest.mark.parametrize(
    ("seeds", "blocks", "processes", "sizes"),
    [
        (5, 1, 1, [5]),
        (5, 1, 2, [2, 1, 1, 1]),
        (5, 2, 2, [3, 2]),
        (5, 4, 2, [5]),
        (2, 1, 8, [1, 1]),
        (5, 20, 16, [3, 2]),
    ],
)
def test_a_block_is_worked_on_in_parts_where_blocks_are_too_few_for_the_processes(seeds, blocks, processes, sizes):
    parts = experiment.in_parts(range(1, seeds + 1), blocks, processes)
    assert [len(part) for part in parts] == sizes
    assert [seed for part in parts for seed in part] == list(range(1, seeds + 1))


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(finished, tmp_path):
    code = (
        "import sys; from pathlib import Path; from simsim.experiments import experiment;"
        "from tests.experiments import test_experiment as t;"
        "experiment.simulate = t.fake; experiment.code_digest = t.one_code; t.run(Path(sys.argv[1]))"
    )
    paths = os.pathsep.join([str(Path(__file__).parents[2]), str(Path(experiment.__file__).parents[2])])
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=environment)
    assert content(finished) == content(tmp_path / "there")


def test_results_have_every_scenario_replication_and_table(done):
    results = run(done)
    assert results.scenarios == ["baseline", "other"]
    assert results.replications("baseline") == results.replications("other") == list(range(1, 8))
    assert len(results.frame("district_year")) == 2 * 7 * 3 * 2
    assert set(results.frame("teacher_moves")["scenario"]) == {"other"}
    assert results.frame("failures").empty
    assert list(results.frame("teacher_moves")["teacher"]) == [2**40 + seed for seed in range(1, 8)]


def test_numbers_come_back_bit_for_bit(tmp_path):
    frame = run(tmp_path, seeds=[4]).frame("district_year")
    scenario = Experiment("baseline").scenarios[0]
    expected = fake(scenario, 4, 2016, False, None)["district_year"]["value"]
    assert (frame.loc[frame["scenario"] == "baseline", "value"].to_numpy() == expected.to_numpy()).all()


def test_a_finished_experiment_runs_nothing_again(done, monkeypatch):
    before = content(done)
    monkeypatch.setattr(experiment, "simulate", always_failing)
    run(done)
    assert content(done) == before


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The files that are read, by their path in the experiment."""
    names, read = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: names.append(f"{path.parent.name}/{path.name}") or read(path))
    return names


def test_a_resume_with_nothing_to_do_reads_no_part_and_works_nothing_out_anew(done, opened, monkeypatch):
    monkeypatch.setattr(Experiment, "draws", always_failing)
    monkeypatch.setattr(Experiment, "agreement", always_failing)
    made = run(done)
    assert made.scenarios == ["baseline", "other"]
    assert [name for name in opened if name.endswith(".parquet")] == []


def test_failures_are_read_where_the_manifest_lists_some_and_else_one_part_for_its_columns(done, opened):
    results = Results.load(done)
    assert results.frame("failures").empty
    assert "message" in results.frame("failures")
    assert {name for name in opened if name.endswith(".parquet")} == {"failures/baseline-000001.parquet"}


@pytest.mark.parametrize("changed", ["doses", "versions", "seeds"])
def test_a_manifest_that_does_not_say_what_would_be_written_is_written_anew(done, changed):
    before = content(done)
    path = done / "manifest.json"
    told = json.loads(path.read_text())
    if changed == "doses":
        del told["worlds"][changed]
    else:
        told[changed] = {**told[changed], "mesa": "0"} if changed == "versions" else [1]
    write_json(sealed(told), path)
    run(done)
    assert content(done) == before


@pytest.mark.slow
def test_an_interrupted_experiment_resumes_and_ends_in_the_same_bytes(finished, tmp_path, monkeypatch):
    calls = []

    def interrupted(scenario, seed, *rest):
        calls.append(seed)
        if len(calls) == 9:
            raise KeyboardInterrupt
        return fake(scenario, seed, *rest)

    monkeypatch.setattr(experiment, "simulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "broken")
    assert len(list((tmp_path / "broken" / "failures").iterdir())) == 1
    with pytest.raises(InputError, match="no run is finished"):
        Results.load(tmp_path / "broken")
    run(tmp_path / "broken")
    assert len(calls) == 9 + 14 - 5
    assert content(tmp_path / "broken") == content(finished)


def test_damaged_and_deleted_parts_are_run_again(done):
    before = content(done)
    first, second, *_ = sorted((done / "district_year").iterdir())
    first.write_bytes(first.read_bytes()[:100])
    second.unlink()
    run(done)
    assert content(done) == before


def test_a_part_with_a_flipped_bit_is_run_again(done):
    before = content(done)
    flip(min((done / "district_year").iterdir()))
    run(done)
    assert content(done) == before


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def test_numpy_integers_are_whole_numbers():
    experiment = Experiment("baseline", seeds=np.arange(1, 4), to=np.int64(2015))
    assert experiment.seeds == [1, 2, 3] and experiment.to == 2015
    assert Experiment("baseline", seeds=np.int32(2)).seeds == [1, 2]


@pytest.mark.slow
def test_more_seeds_extend_an_experiment_to_the_bytes_of_a_larger_one(tmp_path):
    run(tmp_path / "grown", seeds=2)
    run(tmp_path / "grown", seeds=[4, 9])
    run(tmp_path / "grown", seeds=9)
    run(tmp_path / "whole", seeds=9)
    assert content(tmp_path / "grown") == content(tmp_path / "whole")


def test_fewer_seeds_return_only_those_and_lose_nothing(done):
    assert run(done, seeds=[2, 3]).replications("other") == [2, 3]
    assert Results.load(done).replications("other") == list(range(1, 8))


def test_other_code_is_refused_and_nothing_is_touched(tmp_path, monkeypatch):
    run(tmp_path, seeds=2)
    before = content(tmp_path)
    monkeypatch.setattr(experiment, "code_digest", lambda scenarios, districts=(): "f" * 64)
    with pytest.raises(InputError, match=r"other code.*--out, delete this one, or say --replace"):
        run(tmp_path, seeds=3)
    assert content(tmp_path) == before


def test_other_code_starts_anew_when_told_to_and_touches_only_its_own_files(tmp_path, monkeypatch):
    run(tmp_path, seeds=4)
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.setattr(experiment, "code_digest", lambda scenarios, districts=(): "f" * 64)
    results = Experiment(["baseline", OTHER], seeds=2, to=2016).run(out=tmp_path, progress=False, replace=True)
    assert results.manifest["code"] == "f" * 64 and results.manifest["seeds"] == [1, 2]
    assert (tmp_path / "notes.txt").read_text() == "mine"
    again = content(tmp_path)
    Experiment(["baseline", OTHER], seeds=2, to=2016).run(out=tmp_path, progress=False, replace=True)
    assert content(tmp_path) == again


@pytest.mark.parametrize("other", [{"fixed_parameters": True}, {"to": 2017}, {"scenarios": ["baseline"]}])
def test_other_inputs_are_refused(tmp_path, other):
    run(tmp_path, seeds=2)
    options = {"scenarios": ["baseline", OTHER], "seeds": 2, "to": 2016} | other
    with pytest.raises(InputError, match="other inputs"):
        Experiment(**options).run(out=tmp_path, progress=False)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("seedz", 3, AttributeError),
        ("to", 2020, AttributeError),
        ("seeds", [5], AttributeError),
        ("name", 3, InputError),
    ],
)
def test_an_experiments_inputs_are_not_replaced_and_nothing_is_misspelt(name, value, error):
    made = Experiment("baseline", seeds=1, to=2015)
    with pytest.raises(error, match=f"{name}"):
        setattr(made, name, value)
    assert (made.to, made.seeds, made.name) == (2015, [1], "baseline")


@pytest.mark.parametrize("key", ["scenarios", "seeds"])
def test_a_table_is_no_list_of_scenarios_or_seeds(key):
    with pytest.raises(InputError, match=key):
        Experiment(**({"scenarios": "baseline", "seeds": 1} | {key: pd.DataFrame({"baseline": [1]})}))


def test_the_default_folder_depends_on_inputs_and_not_on_seeds():
    folder = Experiment(["baseline", OTHER], seeds=2).folder
    assert folder == Experiment(["baseline", OTHER], seeds=[5, 9]).folder
    assert folder.parent == Path("outputs") and folder.name.startswith("baseline-other-")
    changed = OTHER | {"parameters": {"class_size.target.primary": 42}}
    different = [Experiment(["baseline", changed]), Experiment(["baseline", OTHER], to=2020), Experiment("baseline")]
    assert len({folder, *(e.folder for e in different)}) == 4


def test_a_failing_run_is_a_row_with_year_and_phase_and_the_others_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", failing)
    results = run(tmp_path)
    (row,) = results.frame("failures").to_dict("records")
    assert (row["scenario"], row["replication"], row["year"], row["phase"]) == ("other", 3, 2016, "staff")
    assert (row["error"], row["message"]) == ("ConservationError", "staff: a teacher of replication 3 has two posts")
    assert results.replications("other") == [1, 2, 4, 5, 6, 7]
    assert "Traceback" in (tmp_path / "run.log").read_text()


class Stumbles(Policy):
    """Fails when schools are built in 2015."""

    name = "stumbles"
    title = {"en": "Stumbles", "zh": "跌倒"}
    touches = "nobody"
    effect = "none"

    def act(self, phase, district):
        if (district.year, phase) == (2015, "build"):
            raise ZeroDivisionError("no ground to build on")


@pytest.fixture
def stumbles():
    register(Stumbles)
    yield
    del registered["stumbles"]
    registry.cache_clear()


@pytest.mark.usefixtures("stumbles")
def test_a_run_says_in_which_year_and_phase_it_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", worker.simulate)
    stumbling = {"name": "stumbling", "policies": {"X": {"policy": "stumbles", "from": "2015-09-01"}}}
    with pytest.raises(RunError, match="ZeroDivisionError: no ground to build on"):
        Experiment([stumbling], seeds=1, to=2015).run(out=tmp_path, progress=False)
    (row,) = pd.read_parquet(tmp_path / "failures" / "stumbling-000001.parquet").to_dict("records")
    assert (row["year"], row["phase"], row["error"]) == (2015, "build", "ZeroDivisionError")
    log = (tmp_path / "run.log").read_text()
    assert "no ground to build on" in log and "in act" in log


def test_a_failed_run_is_tried_again_and_then_leaves_no_trace(finished, tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", failing)
    run(tmp_path / "mended")
    run(tmp_path / "mended")
    assert len(Results.load(tmp_path / "mended").frame("failures")) == 1
    monkeypatch.setattr(experiment, "simulate", fake)
    run(tmp_path / "mended")
    assert content(tmp_path / "mended") == content(finished)


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_runs_and_not_the_experiment(finished, tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", dying)
    results = run(tmp_path / "mended", jobs=2)
    assert 7 in set(results.frame("failures")["replication"])
    monkeypatch.setattr(experiment, "simulate", fake)
    run(tmp_path / "mended", jobs=1)
    assert content(tmp_path / "mended") == content(finished)


def test_when_nothing_succeeds_the_error_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", always_failing)
    with pytest.raises(RunError, match="ZeroDivisionError: nothing works"):
        run(tmp_path)


def test_the_manifest_has_no_clock_and_the_log_has(tmp_path):
    run(tmp_path, seeds=2)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert {"code", "inputs", "order", "runs", "scenarios", "seeds", "tables", "to", "versions"} <= set(manifest)
    assert manifest["seeds"] == [1, 2] and manifest["runs"] == {"baseline": 2, "other": 2}
    for table, entry in manifest["tables"].items():
        parts = {part.name: part.read_bytes() for part in (tmp_path / table).iterdir()}
        listed = {name: (part["sha256"], part["bytes"]) for name, part in entry["parts"].items()}
        assert listed == {name: (digest(found), len(found)) for name, found in parts.items()}
    assert (tmp_path / "run.log").read_text()[:2] == "20"


def test_the_parameters_every_replication_drew_are_kept(tmp_path):
    draws = run(tmp_path / "drawn", seeds=3).frame("parameters")
    assert set(draws["replication"]) == {1, 2, 3}
    assert (draws.groupby("parameter", observed=True)["value"].nunique() > 1).mean() > 0.9
    fixed = run(tmp_path / "fixed", seeds=3, fixed_parameters=True).frame("parameters")
    assert (fixed.groupby("parameter", observed=True)["value"].nunique() == 1).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seeds": 0}, "seeds = 0"),
        ({"seeds": -3}, "seeds = -3"),
        ({"seeds": []}, "at least one seed"),
        ({"seeds": [1, 0]}, "seeds = 0"),
        ({"seeds": None}, "seeds: must be a number of replications"),
        ({"first_seed": 0}, "first_seed = 0"),
        ({"to": 2013}, "from 2014 to 2035"),
        ({"to": 2036}, "from 2014 to 2035"),
        ({"to": "2024"}, "from 2014 to 2035"),
        ({"to": 2015.0}, "from 2014 to 2035"),
        ({"to": True}, "from 2014 to 2035"),
        ({"seeds": True}, "seeds: must be a number|seeds = True"),
        ({"seeds": [1, "2"]}, "seeds = '2': must be a whole number"),
        ({"seeds": [1, 2.0]}, "seeds = 2.0: must be a whole number"),
        ({"fixed_parameters": "no"}, "fixed_parameters = 'no': must be True or False"),
        ({"fixed_parameters": 1}, "fixed_parameters = 1: must be True or False"),
        ({"scenarios": []}, "name a scenario"),
        ({"scenarios": ["baseline", "baseline"]}, "named twice"),
        ({"scenarios": ["basline", "plam"]}, r"(?s)basline.*plam"),
        ({"district": "nowhere"}, "nowhere"),
    ],
)
def test_a_mistake_is_one_message_and_writes_nothing(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        Experiment(**({"scenarios": ["baseline"]} | options)).run(progress=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True, "2"])
def test_a_wrong_number_of_jobs_is_the_users_mistake(tmp_path, jobs):
    with pytest.raises(InputError, match="jobs"):
        run(tmp_path / "new", jobs=jobs)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_other_things_in_it_and_a_file_are_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="not a simsim experiment"):
        run(tmp_path)
    with pytest.raises(InputError, match="mine.txt"):
        run(tmp_path / "mine.txt")
    with pytest.raises(InputError, match="cannot be made"):
        run(tmp_path / "mine.txt" / "below")
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_words_of_any_kind_survive_the_trip_to_disk(tmp_path):
    frame = pd.DataFrame(
        {"scenario": "b", "replication": [1, 2], "name_zh": ["远达", None], "value": [1, np.nan], "year": [2014, None]}
    )
    store.write_table(frame, tmp_path / "t.parquet")
    back = pd.read_parquet(tmp_path / "t.parquet")
    assert list(back["name_zh"]) == ["远达", ""] and np.isnan(back["value"][1]) and back["year"][0] == 2014


@pytest.fixture
def core(monkeypatch):
    monkeypatch.setattr(experiment, "simulate", worker.simulate)


@pytest.mark.slow
def test_the_real_district_gives_the_same_bytes_in_one_process_and_in_two(core, tmp_path):
    for jobs in (1, 2):
        Experiment(["baseline", "frozen"], seeds=[1, 6], to=2015).run(
            jobs=jobs, out=tmp_path / str(jobs), progress=False
        )
    assert content(tmp_path / "1") == content(tmp_path / "2")
    assert Results.load(tmp_path / "1").frame("failures").empty


def test_every_indicator_that_the_district_records_is_in_the_dictionary(core, tmp_path):
    results = Experiment("plan", seeds=1, to=2015).run(out=tmp_path, progress=False)
    for kind in TABLES:
        recorded = set(results.frame(f"{kind}_year")["indicator"].unique())
        assert recorded <= {name for name, entry in indicators().items() if kind in entry.tables}


@pytest.mark.slow
def test_a_dask_cluster_writes_the_same_bytes(tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        wanted = Experiment(["baseline", OTHER], seeds=7, to=2016)
        wanted.run(out=tmp_path / "dask", progress=False, dask=cluster.scheduler_address)
    run(tmp_path / "here")
    assert content(tmp_path / "dask") == content(tmp_path / "here")


@pytest.fixture
def scheduler():
    """A scheduler with two workers, each a process of its own: (its process, its address)."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    head = subprocess.Popen([*command, "--port", port, "--no-dashboard"], **quiet)
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
    hands = [subprocess.Popen([*command, "--no-dashboard"], **quiet) for _ in range(2)]
    try:
        from distributed import Client

        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield head, address
    finally:
        for process in (head, *hands):
            process.kill()
            process.wait()


@pytest.mark.slow  # real processes of Dask
def test_a_lost_dask_scheduler_is_one_message_and_what_is_done_is_kept(scheduler, tmp_path, monkeypatch, capfd):
    head, address = scheduler
    kept = []

    def lose(log, found):
        head.kill()
        kept.append(found.key)

    monkeypatch.setattr(runner.Log, "found", lose)
    wanted = Experiment("baseline", seeds=40, to=2014, fixed_parameters=True)
    with pytest.raises(RunError, match="the Dask scheduler was lost .*the same command resumes"):
        wanted.run(out=tmp_path / "lost", progress=False, dask=address)
    assert capfd.readouterr() == ("", "")
    done = {path.name for path in (tmp_path / "lost" / "failures").glob("*.parquet")}
    assert kept and len(done) == len(kept) < 8
    monkeypatch.undo()
    wanted.run(out=tmp_path / "lost", progress=False)
    assert wanted.run(out=tmp_path / "here", progress=False).replications("baseline") == list(range(1, 41))
    assert content(tmp_path / "lost") == content(tmp_path / "here")


def test_without_dask_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install \"simsim\[dask\]\""):
        Experiment("baseline", seeds=1).run(out=tmp_path / "new", dask="somewhere:8786")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("option", [{"progress": "no"}, {"progress": 0}, {"replace": "yes"}, {"replace": 1}])
def test_a_word_or_a_number_is_no_true_or_false(tmp_path, option):
    with pytest.raises(InputError, match="must be True or False"):
        Experiment("baseline", seeds=1, to=2016).run(out=tmp_path / "new", **({"progress": False} | option))
    assert not (tmp_path / "new").exists()


def test_numpy_scalars_are_seeds_years_and_flags(tmp_path):
    made = Experiment("baseline", seeds=np.array([2, 1]), to=np.int64(2016), fixed_parameters=np.bool_(True))
    assert (made.seeds, made.to, made.fixed_parameters) == ([1, 2], 2016, True)
    assert [type(seed) for seed in made.seeds] == [int, int] and type(made.to) is int


def test_without_being_told_an_experiment_is_thirty_seeds_to_2024_with_drawn_parameters():
    made = Experiment("baseline")
    assert (made.seeds, made.to, made.fixed_parameters, made.name) == (list(range(1, 31)), 2024, False, "baseline")
    assert Experiment("baseline", seeds=2, first_seed=5, name="mine").manifest()["name"] == "mine"
    assert Experiment("baseline", seeds=2, first_seed=5).seeds == [5, 6]


def test_a_run_shows_on_stderr_how_far_it_is_unless_told_not_to(tmp_path, capfd):
    made = Experiment("baseline", seeds=2, to=2015)
    made.run(out=tmp_path / "seen")
    assert "2 of 2 runs" in capfd.readouterr().err and "jobs=1," in (tmp_path / "seen" / "run.log").read_text()
    made.run(out=tmp_path / "unseen", progress=False)
    assert capfd.readouterr().err == ""


def test_the_log_says_how_much_was_to_be_run_what_was_found_and_that_it_ended(tmp_path):
    run(tmp_path, seeds=7)
    run(tmp_path, seeds=7)
    lines = [line.split(" ", 2)[2] for line in (tmp_path / "run.log").read_text().splitlines()]
    lines = [line for line in lines if not line.endswith(" worlds to solve")]  # unless another test solved them
    host = lines[0].split(":")[0]
    assert lines == [
        f"{host}: 14 runs in 2 units, jobs=1, dask=None",
        "baseline 000001 seeds 1-5", "other 000001 seeds 1-5", "baseline 000006 seeds 6-7", "other 000006 seeds 6-7",
        "finished", f"{host}: 0 runs in 0 units, jobs=1, dask=None", "finished",
    ]  # fmt: skip


@pytest.mark.slow
def test_when_a_scenario_is_added_its_own_runs_are_new_and_only_the_seeds_asked_for_are_kept(tmp_path, monkeypatch):
    Experiment(["baseline"], seeds=4, to=2016).run(out=tmp_path, progress=False)
    run_again = []
    monkeypatch.setattr(experiment, "simulate", lambda s, seed, *rest: run_again.append(s.name) or fake(s, seed, *rest))
    made = Experiment(["baseline", OTHER], seeds=2, to=2016).run(out=tmp_path, progress=False, replace=True)
    assert run_again == ["other", "other"]
    assert made.manifest["runs"] == {"baseline": 2, "other": 2} and made.replications("baseline") == [1, 2]


def test_runs_that_are_neither_done_nor_failed_are_named(tmp_path):
    made = Experiment(["baseline", OTHER], seeds=range(1, 12), to=2016, fixed_parameters=True)
    blocks = {
        "baseline": {"000001": {"seeds": [2, 3], "failed": [1]}},
        "other": {"000001": {"seeds": [*range(1, 12)], "failed": []}},
    }
    with pytest.raises(
        RunError, match=r"missing \(baseline 4, 5, 6, 7, 8, 9, 10, 11\): files were lost while others ran"
    ):
        made._results(tmp_path, {"blocks": blocks, "tables": {}})


def test_many_seeds_are_shown_as_the_first_eight_and_how_many_more():
    assert experiment.seeds_text(range(1, 9)) == "1, 2, 3, 4, 5, 6, 7, 8"
    assert experiment.seeds_text(range(1, 12)) == "1, 2, 3, 4, 5, 6, 7, 8 and 3 more"


@pytest.mark.usefixtures("stumbles")
def test_a_worker_gets_the_policies_that_only_this_process_knows():
    policies = {"X": {"policy": "stumbles", "from": "2015-09-01"}, "A": {"policy": "aid", "from": "2015-09-01"}}
    made = Experiment([{"name": "stumbling", "policies": policies}, "baseline"], seeds=1, to=2015)
    share = made.share(made.scenarios[0], [1, 2])
    assert (share.scenario, share.seeds, share.policies) == (made.scenarios[0], (1, 2), (Stumbles,))
    assert share.data is made.data["stumbling"] and made.share(made.scenarios[1], [1]).policies == ()
    other = made.share(made.scenarios[1], [1]).source
    assert share.source != other == made.share(made.scenarios[0], [1], other).source


def test_exactly_the_uncertain_parameters_that_the_district_does_not_fit_are_drawn():
    made = Experiment("baseline", seeds=2)
    known, fitted = parameters.load(), made.data["baseline"].fitted()
    draws = made.draws([3, 5])
    assert fitted and draws["replication"].unique().tolist() == [3, 5]
    assert set(draws["parameter"]) == {name for name, p in known.items() if p.uncertain} - set(fitted) | set(SOLVED)
    expected = parameters.draw(known, 5, fixed=False)
    mine = draws[draws["replication"] == 5].set_index("parameter")
    assert mine["drawn"].to_dict() == {name: expected[name] for name in mine.index}
    assert set(mine.index[mine["drawn"] != mine["value"]]) <= set(SOLVED)


def test_an_effect_that_one_scenario_assumes_is_among_the_draws_and_acts_in_that_scenario_alone():
    assuming = {"name": "assuming", "extends": "baseline", "assume": ["afterschool_mean"]}
    made = Experiment(["baseline", assuming], seeds=1)
    draws = made.draws([3]).set_index("parameter")["value"]
    plain, other = (District(scenario, seed=3) for scenario in made.scenarios)
    assert draws["afterschool_mean"] == other.p["afterschool_mean"] != plain.p["afterschool_mean"] == 0.0
    assert dict(plain.p) | {"afterschool_mean": 0.0} == dict(other.p) | {"afterschool_mean": 0.0}


@pytest.mark.usefixtures("stumbles")
def test_a_run_tells_which_policies_nobody_has_proven_inert_at_zero(tmp_path, caplog):
    stumbling = {"name": "stumbling", "policies": {"X": {"policy": "stumbles", "from": "2015-09-01"}}}
    Experiment([stumbling], seeds=1, to=2015).run(out=tmp_path, progress=False)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["policy stumbles declares no zero"]
