import inspect
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from simsim import cli
from simsim.commands import assessment, districts, experiments, new, report, scenarios, studies
from simsim.commands.experiments import _say_assumed
from simsim.commands.scenarios import Kind
from simsim.experiments import experiment
from simsim.experiments.results import Results
from simsim.experiments.runner import Log
from simsim.inputs.errors import InputError, Problem
from simsim.studies import structures
from tests.experiments.test_experiment import always_failing, failing, fake, one_code

PART = "baseline-000001.parquet"
ROOT = Path(experiment.__file__).parents[2]


@pytest.fixture
def simsim(monkeypatch, tmp_path, capfd, worlds_as_drawn):
    """Call the command line in an empty folder, on a stand-in for the simulation in worlds that are not solved;
    return (exit code, stdout, stderr).
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(experiment, "simulate", fake)
    monkeypatch.setattr(experiment, "code_digest", one_code)
    (tmp_path / "other.yaml").write_text("schema: simsim-scenario/1\nextends: baseline\n", encoding="utf-8")

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["simsim", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as error:
            code = error.code or 0
        out, err = capfd.readouterr()
        return code, out, err

    return call


RUN = ("run", "baseline", "other.yaml", "--to", "2016", "--jobs", "1")


def test_run_prints_the_folder_on_stdout_and_progress_on_stderr(simsim):
    code, out, err = simsim(*RUN, "--seeds", 2)
    assert code == 0 and "runs" in err
    assert Path(out.strip()).parent == Path("outputs") and (Path(out.strip()) / "district_year").is_dir()


def test_the_experiments_folder_is_the_one_named(simsim):
    assert simsim(*RUN, "--seeds", 1, "--out", "here")[:2] == (0, "here\n")
    assert (Path("here") / "manifest.json").exists()


@pytest.mark.slow
def test_seeds_continue_from_the_first_seed(simsim):
    simsim(*RUN, "--seeds", 2, "--first-seed", 11, "--out", "here")
    assert sorted(Results.load("here").frame("district_year")["replication"].unique()) == [11, 12]


def test_a_failure_while_running_exits_with_1_and_keeps_the_rest(simsim, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", failing)
    code, out, err = simsim(*RUN, "--seeds", 4, "--out", "here")
    assert code == 1 and out == "here\n" and "a teacher of replication 3 has two posts" in err
    assert len(Results.load("here").frame("district_year")["replication"].unique()) == 4
    monkeypatch.setattr(experiment, "simulate", fake)
    assert simsim(*RUN, "--seeds", 4, "--out", "here")[0] == 0


def test_when_nothing_succeeds_the_exit_code_is_1_with_one_message(simsim, monkeypatch):
    monkeypatch.setattr(experiment, "simulate", always_failing)
    code, out, err = simsim(*RUN, "--seeds", 1, "--out", "here")
    assert code == 1 and out == "" and "nothing works" in err and "Traceback" not in err


def test_an_interrupted_run_says_how_to_go_on(simsim, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(experiment, "simulate", interrupted)
    code, out, err = simsim(*RUN, "--seeds", 1, "--out", "here")
    assert code == 1 and out == "" and "the same command resumes" in err


def test_a_signal_while_the_command_line_is_still_being_built_is_one_message(simsim, monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", stopped)
    code, out, err = simsim("list", "scenarios")
    assert (code, out, err) == (1, "", f"{cli.STOPPED}\n")


@pytest.mark.parametrize("option", ["--csv", "--xlsx"])
def test_where_a_table_may_not_be_written_is_said_before_any_work(simsim, monkeypatch, option):
    monkeypatch.setattr(Results, "load", lambda *_: pytest.fail("read first"))
    code, _, err = simsim("compare", "nowhere", option, "no/such.csv")
    assert code == 2 and "no/such.csv: is in a folder that does not exist; name another file" in err


def test_a_mistake_that_only_a_run_can_find_is_still_the_users(simsim, monkeypatch):
    def mistaken(*_):
        raise InputError(Problem("other.yaml", "policies.X", 3, "two instances set the same thing"))

    monkeypatch.setattr(experiment, "simulate", mistaken)
    code, _, err = simsim(*RUN, "--seeds", 1, "--out", "here")
    assert code == 2 and "two instances set the same thing" in err and "Traceback" not in err


MISTAKES = [
    ("run",),
    ("run", "basline"),
    ("run", "baseline", "baseline"),
    ("run", "nowhere.yaml"),
    ("run", "."),
    ("run", "../baseline"),
    ("run", "baseline", "--seeds", "0"),
    ("run", "baseline", "--seeds", "-5"),
    ("run", "baseline", "--seeds", "many"),
    ("run", "baseline", "--seeds", "1000000000"),
    ("run", "baseline", "--first-seed", "0"),
    ("run", "baseline", "--first-seed", "99999999999"),
    ("run", "baseline", "--jobs", "0"),
    ("run", "baseline", "--jobs", "1000000"),
    ("run", "baseline", "--jobs", "2", "--dask", "somewhere:8786"),
    ("run", "baseline", "--to", "2013"),
    ("run", "baseline", "--to", "2036"),
    ("run", "baseline", "--to", "soon"),
    ("run", "baseline", "--district", "nowhere"),
    ("run", "baseline", "--out", "other.yaml"),
    ("run", "baseline", "--out", "other.yaml/below"),
    ("run", "baseline", "--out", "/proc/nothing"),
    ("run", "baseline", "--out", "y" * 300),
    ("run", "baseline", "--sedes", "3"),
    ("compare", "nowhere"),
    ("compare", "other.yaml"),
    ("compare", "."),
    ("compare", "y" * 300),
    ("report", "nowhere"),
    ("report", "finished", "--lang", "fr"),
    ("verify", "nowhere"),
    ("verify", "finished", "--jobs", "0"),
    ("compare", "finished", "--baseline", "plan"),
    ("compare", "finished", "--indicator", "scores"),
    ("compare", "finished", "--csv", "table.txt"),
    ("compare", "finished", "--csv", "nowhere/table.csv"),
    ("compare", "finished", "--xlsx", "finished"),
    ("assess", "nowhere.csv"),
    ("hindcast", "--enrolment", "nowhere.csv"),
    ("hindcast", "--enrolment", "nowhere.csv", "--births", "nowhere.csv"),
    ("hindcast", "--known-to", "2099"),
    ("hindcast", "--known-to", "2017", "--to", "2016"),
    ("hindcast", "--csv", "errors.txt"),
    ("assess", "other.yaml", "--standard", "2012"),
    ("check", "nowhere.yaml"),
    ("check", "."),
    ("list", "everything"),
    ("show", "class_size.tagret"),
    ("district", "check", "nowhere"),
    ("district", "synthesise", "nowhere"),
    ("district", "fit", "erdao", "--jobs", "0"),
    ("runn",),
]


@pytest.mark.slow
@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_message_exit_code_2_and_nothing_written(simsim, words):
    if "finished" in words:
        simsim(*RUN, "--seeds", 1, "--out", "finished")
    before = sorted(Path().rglob("*"))
    code, out, err = simsim(*words)
    assert code == 2, (out, err)
    assert err.strip() and out == "" and "Traceback" not in err
    assert sorted(Path().rglob("*")) == before


def spoil(path: Path, text: str | None) -> None:
    """Delete a file, or put other text into it."""
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("compare",), ("report",), ("verify", "--jobs", "1")], ids=" ".join)
@pytest.mark.parametrize(
    ("file", "text", "remedy"),
    [
        (f"district_year/{PART}", None, "is missing or damaged; repeat `simsim run`"),
        (f"district_year/{PART}", "not Parquet", "is missing or damaged; repeat `simsim run`"),
        ("teacher_moves/other-000001.parquet", None, "is missing or damaged; repeat `simsim run`"),
        ("manifest.json", None, "is missing"),
        ("manifest.json", "{", "cannot be read"),
        ("manifest.json", "[]", "is not simsim-experiment/1 or simsim-experiment/2"),
    ],
)
def test_a_folder_that_lost_a_file_says_which_and_what_to_do(simsim, words, file, text, remedy):
    simsim(*RUN, "--seeds", 1, "--out", "here")
    spoil(Path("here", file), text)
    before = sorted(Path().rglob("*"))
    code, out, err = simsim(words[0], "here", *words[1:])
    assert code == 2 and out == "" and "Traceback" not in err
    assert f"here/{file}" in err and remedy in err and sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    "words", [("verify", "here", "--jobs", "1"), (*RUN, "--seeds", "1", "--out", "here")], ids=" ".join
)
def test_a_manifest_without_its_fields_is_refused(simsim, words):
    simsim(*RUN, "--seeds", 1, "--out", "here")
    spoil(Path("here/manifest.json"), '{"schema": "simsim-experiment/2"}')
    code, out, err = simsim(*words)
    assert code == 2 and out == "" and "here/manifest.json: scenarios, order" in err and "is missing" in err


@pytest.mark.slow
def test_run_writes_missing_and_damaged_tables_again(simsim):
    simsim(*RUN, "--seeds", 1, "--out", "here")
    spoil(Path("here/district_year", PART), "not Parquet")
    spoil(Path("here/teacher_moves/other-000001.parquet"), None)
    assert simsim(*RUN, "--seeds", 1, "--out", "here")[0] == 0
    assert simsim("verify", "here", "--jobs", 1)[0] == 0


@pytest.mark.slow
def test_a_second_run_into_the_same_folder_is_refused_while_the_first_is_alive(simsim):
    simsim(*RUN, "--seeds", 1, "--out", "here")
    with Log(Path("here/run.log")):
        code, out, err = simsim(*RUN, "--seeds", 2, "--out", "here")
    assert code == 2 and out == "" and "another simsim is running into this folder" in err
    assert simsim(*RUN, "--seeds", 2, "--out", "here")[0] == 0


@pytest.mark.slow
def test_a_terminal_without_chinese_gets_question_marks_and_no_traceback():
    plain = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "simsim", "list", "measures"], capture_output=True, env=plain, cwd=ROOT
    )
    assert done.returncode == 0 and b"???" in done.stdout and done.stderr == b""


@pytest.mark.slow
def test_compare_prints_differences_and_writes_all_of_them(simsim):
    simsim(*RUN, "--seeds", 12, "--out", "here")
    code, out, _ = simsim("compare", "here", "--csv", "t.csv", "--xlsx", "t.xlsx")
    assert code == 0 and "Mean score" in out and "too few worlds to say" in out
    table = pd.read_csv("t.csv")
    assert len(table) == 2 * 3 and set(table["baseline"]) == {"baseline"} and set(table["scenario"]) == {"other"}
    pd.testing.assert_frame_equal(table, pd.read_excel("t.xlsx", engine="openpyxl"))
    assert "平均成绩" in simsim("compare", "here", "--indicator", "score", "--baseline", "other", "--lang", "zh")[1]


def test_a_policy_that_touches_nobody_is_reported(simsim, monkeypatch):
    def touching(scenario, *rest):
        rows = [("T2", "rotation", 0.0 if scenario.name == "other" else 5.0)]
        return fake(scenario, *rest) | {
            "touched": pd.DataFrame(rows, columns=["instance", "policy", "value"]).assign(measure="T2")
        }

    monkeypatch.setattr(experiment, "simulate", touching)
    code, _, err = simsim(*RUN, "--seeds", 2, "--out", "here")
    assert code == 0 and "other: T2 (rotation) never touched anybody" in err and "baseline: T2" not in err


def test_one_scenario_cannot_be_compared(simsim):
    simsim("run", "baseline", "--to", "2015", "--jobs", "1", "--seeds", "1", "--out", "alone")
    code, _, err = simsim("compare", "alone")
    assert code == 2 and "a comparison needs two" in err


@pytest.mark.slow
def test_verify_finds_every_number_again(simsim):
    simsim(*RUN, "--seeds", 3, "--out", "here")
    code, out, _ = simsim("verify", "here", "--all", "--jobs", 1)
    assert code == 0 and out.strip().endswith("verified")


@pytest.mark.slow
def test_verify_exits_with_1_when_a_number_or_a_file_has_changed(simsim, monkeypatch):
    simsim(*RUN, "--seeds", 3, "--out", "here")

    def shifted(*arguments):
        tables = fake(*arguments)
        return tables | {"district_year": tables["district_year"].assign(value=lambda frame: frame["value"] + 1e-6)}

    monkeypatch.setattr(experiment, "simulate", shifted)
    code, out, _ = simsim("verify", "here", "--jobs", 1)
    assert code == 1 and "NOT verified" in out and "rows differ" in out
    monkeypatch.setattr(experiment, "simulate", fake)
    part = Path("here/district_year", PART)
    pd.read_parquet(part).to_parquet(part)
    code, out, _ = simsim("verify", "here", "--jobs", 1)
    assert code == 1 and "not the one that was written" in out


def test_resuming_with_other_code_is_refused_in_one_message(simsim, monkeypatch):
    simsim(*RUN, "--seeds", 1, "--out", "here")
    monkeypatch.setattr(experiment, "code_digest", lambda scenarios, districts=(): "0" * 64)
    code, _, err = simsim(*RUN, "--seeds", 2, "--out", "here")
    assert code == 2 and "other code" in err and "--out" in err


@pytest.mark.parametrize("words", [("list", kind.value) for kind in Kind])
def test_everything_can_be_listed(simsim, words):
    code, out, _ = simsim(*words)
    assert code == 0 and len(out.splitlines()) >= 1


@pytest.mark.parametrize("name", ["baseline", "score", "rotation", "erdao"])
def test_everything_listed_can_be_shown(simsim, name):
    code, out, _ = simsim("show", name)
    assert code == 0 and name in out


def test_a_good_file_has_no_problems(simsim):
    assert simsim("check", "other.yaml")[0] == 0
    assert simsim("district", "check", "erdao")[0] == 0


def python(script: str) -> str:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_that_is_written_is_offered():
    files = (assessment, districts, experiments, new, report, scenarios, studies)
    written = {
        function
        for file in files
        for name, function in inspect.getmembers(file, inspect.isfunction)
        if function.__module__ == file.__name__ and not name.startswith("_")
    }
    assert written == {*cli.COMMANDS.values(), *cli.DISTRICT.values(), *cli.NEW.values()}


def test_help_loads_nothing_heavy():
    heavy = {"mesa", "pandas", "numpy", "pyarrow", "matplotlib", "joblib", "scipy", "pydantic"}
    call = "import sys, simsim.cli as c; sys.argv = ['simsim', '--help']\ntry: c.main()\nexcept SystemExit: pass\n"
    assert "compare" in python(f"{call}assert not {heavy} & set(sys.modules)")


def test_the_public_names_are_there_at_once_and_load_nothing():
    names = python("import sys, simsim; assert 'numpy' not in sys.modules; print(*dir(simsim))").split()
    assert {
        "District",
        "Experiment",
        "School",
        "Results",
        "assess",
        "weighted_cv",
        "render",
        "project_enrolment",
    } <= set(names)


def test_an_unknown_public_name_is_an_attribute_error():
    import simsim

    with pytest.raises(AttributeError, match="no attribute Distrikt"):
        _ = simsim.Distrikt


def test_run_and_compare_name_what_was_asked_for_and_had_no_effect(simsim):
    Path("late.yaml").write_text(
        "extends: baseline\nparameters: {class_size.target.primary: {value: 30, from: 2030}}\n", encoding="utf-8"
    )
    line = "late: class_size.target.primary = 30 from 2030 has no effect: dated after the last year of the run\n"
    code, _, err = simsim("run", "baseline", "late.yaml", "--to", 2016, "--seeds", 2, "--jobs", 1, "--out", "here")
    assert code == 0 and line in err
    code, out, err = simsim("compare", "here")
    assert code == 0 and line in err and "no effect" not in out


def test_check_names_parameters_that_only_an_absent_policy_reads(simsim):
    Path("vain.yaml").write_text("extends: baseline\nparameters: {rotation_allowance: 100}\n", encoding="utf-8")
    code, out, _ = simsim("check", "vain.yaml")
    assert code == 0 and "vain.yaml: rotation_allowance = 100 has no effect: only rotation reads it" in out


def test_hindcast_prints_errors_by_lead_and_writes_every_forecast(simsim):
    code, out, err = simsim("hindcast", "--known-to", "２０１７", "--to", 2017, "--csv", "errors.csv")  # noqa: RUF001
    assert (code, err) == (0, "")
    assert out.startswith("stage\ttargets\tlead\tn\tunchanged\tcohort\tours\tinside\tours is\n")
    assert "primary\tto 2017\t1\t5\t2.21\t1.49\t2.16\t2 of 3\tno better than cohort\n" in out
    assert "\nratios go on as: mean of 3 " in out and "ours is no better than unchanged at 7 and" in out
    written = pd.read_csv("errors.csv")
    columns = "level stage base lead method forecast low high actual error_% n kept_back"
    assert [name.replace(" ", "_") for name in written] == columns.split()
    assert len(written) == 180


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--seeds", "--first-seed", "--to", "--jobs"])
@pytest.mark.parametrize("number", ["1①", "1_0", "٣", "2015.0", "yes"])
def test_options_are_whole_numbers_in_plain_digits(simsim, option, number):
    code, out, err = simsim("run", "baseline", option, number)
    assert code == 2 and out == "" and "is not a whole number" in err and not Path("outputs").exists()


def test_a_command_that_is_stopped_at_any_time_says_so_and_ends_with_1(monkeypatch, capsys):
    def stopped() -> None:
        raise SystemExit(cli.INTERRUPTED)

    monkeypatch.setattr(cli, "app", stopped)
    with pytest.raises(SystemExit) as done:
        cli.main()
    assert done.value.code == cli.FAILED
    assert "stopped" in capsys.readouterr().err


@pytest.mark.parametrize("factor", ["1_0", "①", "045x", "many"])
def test_a_factor_that_is_no_plain_number_is_refused(factor, tmp_path, capsys):
    monkey = ["district", "scale", "shanhe", factor, str(tmp_path / "out")]
    with pytest.raises(SystemExit) as done:
        cli.app(monkey)
    assert done.value.code == cli.MISTAKE and "is not a plain decimal number" in capsys.readouterr().err


def point(design, scenario, number, to, fixed, data):
    """The plan's score moves with the first parameter of the design."""
    world = design.points()[number - 1]
    value = 2.0 * world.percentiles[0] * (scenario.name == "plan") + 0.01 * world.seed
    rows = [(to, "primary", "all", "score", value)]
    return {"district_year": pd.DataFrame(rows, columns=["year", "stage", "group", "indicator", "value"])}


SCREEN = ("sensitivity", "plan", "baseline", "--indicators", "score", "--parameters", "peer_linear", "--to", "2016")


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "heading"), [("en", "Moves the difference by"), ("zh", "差别的变化")])
def test_sensitivity_prints_folder_table_and_figure_and_goes_on_where_it_was(simsim, monkeypatch, lang, heading):
    monkeypatch.setattr("simsim.experiments.sensitivity.simulate_point", point)
    words = (*SCREEN, "--trajectories", "2", "--jobs", "1", "--out", "screened", "--lang", lang)
    code, out, _ = simsim(*words)
    lines = out.splitlines()
    assert code == 0 and lines[0] == "screened" and lines[-1] == f"screened/sensitivity-{lang}.png"
    assert heading in lines[1].split("\t") and "peer_linear" in lines[2] and Path(lines[-1]).is_file()
    assert simsim(*words)[:2] == (0, out)


def test_a_parameter_that_is_not_drawn_is_the_users_mistake(simsim):
    code, _, err = simsim("sensitivity", "plan", "baseline", "--parameters", "peer_lineer")
    assert code == 2 and "did you mean peer_linear" in err


def test_structures_print_each_headline_under_each_switch(simsim, monkeypatch):
    switch = structures.Switch("no-peers", {"en": "no peers", "zh": "无同伴"}, {"peer_linear": 0.0}, {})
    monkeypatch.setattr(structures, "switches", lambda: [switch])
    words = ("--structures", "--seeds", "2", "--to", "2016", "--jobs", "1", "--indicators", "score")
    code, out, _ = simsim("sensitivity", "plan", "baseline", *words)
    assert code == 0 and out.splitlines()[0].split("\t") == ["headline", "stage", "as built", "no peers"]


@pytest.mark.slow
def test_compare_weighted_says_how_many_worlds_are_left(simsim, monkeypatch):
    simsim(*RUN, "--seeds", 12, "--out", "here")
    monkeypatch.setattr("simsim.studies.patterns.measure", lambda seed, numbers, data: {(3, "one_year"): 0.8})
    code, out, _ = simsim("compare", "here", "--weighted", "--jobs", "1", "--csv", "w.csv")
    assert code == 0 and "12 worlds count as 12.0" in out
    assert {"weighted_mean", "effective", "survives"} <= set(pd.read_csv("w.csv").columns)


def test_the_effects_that_a_scenario_assumes_are_named(capsys):
    _say_assumed({"plan": ["group_lead", "partnership_ugs"]})
    said = "plan assumes group_lead, partnership_ugs: judged, and 0 where a scenario does not assume it\n"
    assert capsys.readouterr().err == said
