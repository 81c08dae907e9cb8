"""Folders that were edited, torn or lost something: readers say so in one message, and `verify` names the file."""

from __future__ import annotations

import json
import os
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from simsim.experiments import experiment, told_mode
from simsim.experiments import folder as folder_module
from simsim.experiments.comparison import compared
from simsim.experiments.contradictions import of_fields
from simsim.experiments.experiment import Experiment, RunError
from simsim.experiments.manifest import MANIFEST, digest, sealed, write_json
from simsim.experiments.results import Results
from simsim.experiments.store import from_bytes, parquet_bytes, to_arrow, write_table
from simsim.experiments.verification import verify
from simsim.inputs.errors import InputError
from tests.conftest import leave_as_drawn
from tests.experiments.test_experiment import OTHER, content, fake, one_code, run

PART = "baseline-000001.parquet"


def make_up(monkeypatch):
    monkeypatch.setattr(experiment, "simulate", fake)
    monkeypatch.setattr(experiment, "code_digest", one_code)
    monkeypatch.setattr(told_mode, "code_digest", one_code)
    leave_as_drawn(monkeypatch)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    make_up(monkeypatch)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished experiment that nobody touches."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    with pytest.MonkeyPatch.context() as patch:
        make_up(patch)
        run(folder, seeds=7)
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    """A finished experiment to damage."""
    return shutil.copytree(finished, tmp_path / "run")


def manifest_of(folder):
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def edit(folder, change, seal):
    """Change the manifest, and make its seal fit or not."""
    found = manifest_of(folder)
    change(found)
    write_json(sealed(found) if seal else found, folder / MANIFEST)


def wrong(folder):
    for sample in (0, -1, "5", True, 1.5):
        with pytest.raises(InputError, match="sample"):
            verify(folder, sample=sample, progress=False)
    found = verify(folder, sample=1, progress=False)
    return set(found.rows.loc[~found.rows["same"], "table"])


def changed_value(folder):
    path = folder / "district_year" / PART
    table = pq.read_table(path)
    values = table.column("packed").to_numpy().copy()
    values[0] += 1
    pq.write_table(table.set_column(table.column_names.index("packed"), "packed", [values]), path, compression="zstd")


@pytest.mark.slow
def test_verify_names_an_edited_a_foreign_and_an_extra_file(folder):
    assert wrong(folder) == set()
    changed_value(folder)
    shutil.copy(folder / MANIFEST, folder / "teacher_moves" / "notes.txt")
    shutil.copy(folder / "teacher_moves" / "other-000001.parquet", folder / "extra.parquet")
    assert wrong(folder) >= {f"district_year/{PART}", "teacher_moves/notes.txt", "extra.parquet"}


@pytest.mark.parametrize("seal", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["blocks"]["baseline"]["000001"].update(seeds=[1, 2]),
        lambda m: m["runs"].update(baseline=3),
        lambda m: m["tables"]["district_year"].update(rows=1),
        lambda m: m["tables"]["teacher_moves"]["parts"].pop("other-000001.parquet"),
        lambda m: m.update(seeds=[1]),
    ],
)
def test_verify_notices_an_edited_manifest_even_when_its_seal_is_made_to_fit(folder, change, seal):
    edit(folder, change, seal)
    assert wrong(folder)


def scenario_digest(m):
    m["scenarios"]["other"]["digest"] = m["inputs"]["scenarios"]["other"] = "0" * 32


def years(m):
    m["to"] = m["inputs"]["to"] = 2017


def title(m):
    m["scenarios"]["other"]["title"] = {"en": "Better", "zh": "Better"}


def resolved(m):
    m["scenarios"]["other"]["resolved"]["parameters"] = {"class_size.target.primary": [{"value": 30}]}


def district(m):
    m["inputs"]["districts"]["erdao"] = "0" * 64


def place(m):
    m["districts"].update(baseline="other", other="other")
    m["inputs"]["districts"] = {"other": m["inputs"]["districts"]["erdao"]}


def seeds(m):
    m["blocks"]["other"]["000001"]["seeds"] = m["blocks"]["baseline"]["000001"]["seeds"] = [1, 2]
    m.update(seeds=[1, 2, 6, 7], runs={"baseline": 4, "other": 4})


def more_seeds(m):
    m["blocks"]["other"]["000006"]["seeds"] = m["blocks"]["baseline"]["000006"]["seeds"] = [6, 7, 8]
    m.update(seeds=[*range(1, 9)], runs={"baseline": 8, "other": 8})


def failed(m):
    m["blocks"]["other"]["000001"].update(failed=[4])


def fixed(m):
    m["fixed_parameters"] = m["inputs"]["fixed_parameters"] = True
    m["worlds"].update(published_to={}, not_conditioned={})


def rows(m):
    m["tables"]["district_year"]["rows"] += 1


def swapped(m):
    """The parts of one scenario are listed as the other's."""
    for name in ("district_year", "failures"):
        parts = m["tables"][name]["parts"]
        for block in ("000001", "000006"):
            a, b = f"baseline-{block}.parquet", f"other-{block}.parquet"
            parts[a], parts[b] = parts[b], parts[a]


def code(m):
    m["code"] = "d" * 64


def as_of(m):
    m["worlds"].update(as_of=2016, published_to={})


def conditioned(m):
    m["worlds"]["not_conditioned"] = {"other": {"why": "own", "parameters": ["inflow_factor"]}}


EDITS = [
    scenario_digest, years, title, resolved, district, place, seeds, more_seeds, failed, fixed, rows, swapped, code,
    as_of, conditioned,
]  # fmt: skip


def read_all(folder):
    """Read what everybody reads: every table."""
    results = Results.load(folder)
    return [results.frame(name) for name in results.tables]


def test_readers_refuse_a_manifest_that_contradicts_its_parts_under_a_seal_made_anew(folder):
    read_all(folder)
    whole = (folder / MANIFEST).read_bytes()
    for change in EDITS:
        (folder / MANIFEST).write_bytes(whole)
        edit(folder, change, seal=True)
        with pytest.raises(InputError, match=r"manifest\.json|parquet") as caught:
            read_all(folder)
        assert "--replace" in str(caught.value) or "repeat `simsim run`" in str(caught.value), change


@pytest.mark.slow
@pytest.mark.parametrize("change", EDITS)
def test_verify_notices_such_a_manifest_and_a_run_with_replace_writes_the_true_one_again(folder, finished, change):
    edit(folder, change, seal=True)
    try:
        assert wrong(folder)
    except InputError as refused:
        assert "inputs" in str(refused)
    Experiment(["baseline", OTHER], seeds=7, to=2016).run(out=folder, progress=False, replace=True)
    assert content(folder) == content(finished)


def test_a_screening_is_not_taken_for_an_experiment_when_its_design_is_left_out():
    assert [name for name, _ in of_fields({"inputs": {"design": "0" * 64}})] == ["design"]


def test_a_run_that_extends_seeds_left_out_of_the_manifest_has_none_twice(folder, finished):
    edit(folder, seeds, seal=True)
    run(folder)
    assert content(folder) == content(finished)


def test_verify_notices_draws_of_any_seed_and_files_and_links_at_any_depth(folder):
    path = folder / "parameters" / "000006.parquet"
    table, meta = from_bytes(path.read_bytes())
    frame = table.to_pandas()
    frame.loc[frame["replication"] == 7, "value"] += 0.1
    path.write_bytes(parquet_bytes(to_arrow(frame), meta))
    entry = {"sha256": digest(path.read_bytes()), "bytes": path.stat().st_size}
    edit(folder, lambda m: m["tables"]["parameters"]["parts"]["000006.parquet"].update(entry), seal=True)
    (folder / "failures" / "deeper").mkdir()
    shutil.copy(path, folder / "failures" / "deeper" / "a.parquet")
    (folder / "district_year" / "link").symlink_to(folder / "nowhere")
    (folder / "district_year" / "folder").symlink_to(folder / "failures")
    found = verify(folder, sample=1, progress=False).rows.query("not same")
    assert {"parameters", "failures/deeper/a.parquet", "district_year/link", "district_year/folder"} == {
        *found["table"]
    }
    assert 7 in set(found["replication"])


def test_verify_notices_an_order_that_was_changed(folder):
    edit(folder, lambda m: m["order"].reverse(), seal=False)
    assert wrong(folder) == {MANIFEST}


def test_verify_notices_a_part_whose_hash_was_made_to_fit(folder):
    changed_value(folder)
    path = folder / "district_year" / PART
    entry = {"sha256": digest(path.read_bytes()), "bytes": path.stat().st_size}
    edit(folder, lambda m: m["tables"]["district_year"]["parts"][PART].update(entry), seal=True)
    assert f"failures/{PART}" in wrong(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(inputs="text"),
        lambda m: m.update(seeds=[1, "2"]),
        lambda m: m.update(order=["nope"]),
        lambda m: m.update(order=7),
        lambda m: m.update(tables=[]),
        lambda m: m["tables"].update(district_year=5),
        lambda m: m["tables"]["district_year"]["parts"][PART].pop("sha256"),
        lambda m: m["tables"]["district_year"]["parts"][PART].update(sha256=3),
        lambda m: m["tables"].update({"../up": {"rows": 0, "parts": {}}}),
        lambda m: m.update(scenarios={"baseline": 1, "other": 2}),
        lambda m: m.update(to="2016"),
        lambda m: m["blocks"].update(baseline=[1]),
    ],
)
@pytest.mark.parametrize("reader", [lambda f: compared(Results.load(f)), lambda f: verify(f, progress=False)])
def test_a_manifest_edited_by_hand_is_one_message(folder, change, reader):
    edit(folder, change, seal=True)
    with pytest.raises(InputError, match=MANIFEST) as caught:
        reader(folder)
    assert len(caught.value.problems) <= 2


@pytest.mark.parametrize("reader", [lambda f: compared(Results.load(f)), lambda f: verify(f, progress=False)])
def test_a_part_with_text_where_numbers_stand_is_one_message(folder, reader):
    path = folder / "district_year" / PART
    pd.read_parquet(path).assign(value="high").to_parquet(path)
    edit(folder, lambda m: m["tables"]["district_year"]["parts"][PART].update(bytes=path.stat().st_size), seal=True)
    with pytest.raises(InputError, match=f"{PART}.*repeat `simsim run`"):
        reader(folder)


def test_a_torn_folder_is_refused_by_readers_and_healed_by_a_run(folder, tmp_path, monkeypatch):
    full = OSError(28, "No space left")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(folder_module, "write_json", lambda *_: (_ for _ in ()).throw(full))
        run(folder, seeds=9)
    with pytest.raises(InputError, match="repeat `simsim run`"):
        Results.load(folder)
    run(folder, seeds=9)
    run(tmp_path / "whole", seeds=9)
    assert content(folder) == content(tmp_path / "whole")


def test_results_read_before_a_larger_run_are_not_mixed_with_it(folder):
    before = Results.load(folder)
    run(folder, seeds=9)
    with pytest.raises(InputError, match="repeat `simsim run`"):
        before.frame("district_year")


@pytest.mark.slow
def test_missing_runs_are_said(folder, monkeypatch):
    calls = []

    def deleting(*arguments):
        calls.append(arguments)
        if len(calls) == 12:
            shutil.rmtree(folder)
        return fake(*arguments)

    monkeypatch.setattr(experiment, "simulate", deleting)
    with pytest.raises(RunError, match="runs are missing.*the same command runs them again"):
        run(folder, seeds=20)
    assert len(run(folder, seeds=20).replications("baseline")) == 20


@pytest.mark.slow
def test_a_scenario_added_runs_only_itself(folder, monkeypatch):
    names = []

    def noting(scenario, *rest):
        names.append(scenario.name)
        return fake(scenario, *rest)

    monkeypatch.setattr(experiment, "simulate", noting)
    three = ["baseline", OTHER, {"name": "third", "extends": "baseline"}]
    results = Experiment(three, seeds=7, to=2016).run(out=folder, progress=False, replace=True)
    assert set(names) == {"third"} and results.scenarios == ["baseline", "other", "third"]
    names.clear()
    changed = [*three[:2], {**three[2], "parameters": {"class_size.target.primary": 42}}]
    Experiment(changed, seeds=7, to=2016).run(out=folder, progress=False, replace=True)
    assert set(names) == {"third"} and verify(folder, sample=None, progress=False).ok


@pytest.mark.slow
def test_narrowed_results_save_a_true_manifest_that_is_verified(folder, tmp_path):
    saved = Results.load(folder).for_replications([2, 6]).save(tmp_path / "narrow")
    assert manifest_of(saved)["seeds"] == [2, 6] and verify(saved, sample=None, progress=False).ok
    assert Results.load(saved).for_replications([6]).replications("other") == [6]


def test_reports_of_other_tables_are_marked(folder, caplog):
    names = ["report-brief.docx", "report-brief.zh.docx", "report-comparison.html"]
    for seeds in (8, 9):
        for name in names:
            (folder / name).write_text("old")
        (folder / "report-comparison.data").mkdir()
        (folder / "report-comparison.data" / "01-first.csv").write_text("old")
        run(folder, seeds=seeds - 1)
        assert all((folder / name).exists() for name in names)
        run(folder, seeds=seeds)
        assert not any((folder / name).exists() for name in [*names, "report-comparison.data"])
        assert all((folder / f"{name}.old").exists() for name in names)
        assert f"renamed to report-comparison.data.old{'1' if seeds == 9 else ''}" in caplog.text
    assert (folder / "report-comparison.data.old" / "01-first.csv").read_text() == "old"


def test_a_resume_with_nothing_to_do_reads_no_part(folder, monkeypatch):
    old = (folder / MANIFEST).stat().st_mtime_ns
    for path in folder.glob("*/*.parquet"):
        os.utime(path, ns=(old - 10**9, old - 10**9))
    monkeypatch.setattr(folder_module, "is_entry", lambda *_: pytest.fail("a part was read"))
    monkeypatch.setattr(folder_module, "group_on_disk", lambda *_: pytest.fail("a part was read"))
    run(folder, seeds=7)


@pytest.fixture
def older(folder, tmp_path):
    """The same experiment as an older simsim left it: one file a table."""
    results, old = Results.load(folder), tmp_path / "old"
    tables = {}
    for name in results.tables:
        written = write_table(results.frame(name), old / f"{name}.parquet")
        tables[name] = {"rows": len(results.frame(name)), "sha256": digest(written)}
    left_out = ("blocks", "seal", "tables", "schema")
    kept = {name: value for name, value in manifest_of(folder).items() if name not in left_out}
    write_json(kept | {"schema": "simsim-experiment/1", "tables": tables}, old / MANIFEST)
    return old


@pytest.mark.slow
def test_a_folder_of_the_older_form_is_compared_and_verified_and_not_resumed(older, folder):
    pd.testing.assert_frame_equal(compared(Results.load(older)), compared(Results.load(folder)))
    assert verify(older, sample=2, progress=False).ok
    with pytest.raises(InputError, match="older simsim.*--out, delete this one, or say --replace"):
        run(older, seeds=7)
    cut = shutil.copytree(older, older.parent / "cut")
    write_table(Results.load(cut).frame("district_year").iloc[1:], cut / "district_year.parquet")
    with pytest.raises(InputError, match="district_year.parquet.*repeat `simsim run`"):
        compared(Results.load(cut))
    (older / "extra.parquet").write_bytes((older / "failures.parquet").read_bytes())
    assert not verify(older, sample=1, progress=False).ok


def test_a_folder_of_the_older_form_is_replaced_when_told_to(older, folder):
    Experiment(["baseline", OTHER], seeds=7, to=2016).run(out=older, progress=False, replace=True)
    assert content(older) == content(folder)
