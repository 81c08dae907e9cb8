"""A folder of very many runs: what a resume with nothing to do and a comparison take.

`python -m benchmarks.load` fabricates an experiment through simsim's own writer, the tables of one real run under every
seed, and measures the commands in processes of their own; parameters are fixed, so that no world is solved first.
`--full` keeps whole tables (to 2024), else a few rows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from simsim.experiments.experiment import Experiment, simulate
from simsim.experiments.parts import FAILURES, Found, written
from simsim.experiments.store import from_bytes
from simsim.experiments.worker import Share, Unit, run_unit

SCENARIOS = ("baseline", "plan")
ROWS_OF_A_TINY_TABLE = 20
TINY, FULL = 10_000, 1_000
MEGABYTE = 1024
RESUME = """
import sys, time
from simsim.experiments.experiment import Experiment
experiment = Experiment({scenarios!r}, seeds={seeds}, to={to}, fixed_parameters=True)
start, cpu = time.perf_counter(), time.process_time()
experiment.run(out=sys.argv[1], progress=False)
print(f"resume alone: {{time.perf_counter() - start:.2f}} s, {{time.process_time() - cpu:.2f}} s of CPU")
"""


def main() -> None:
    """Build the folder and print what the commands take."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--full", action="store_true", help="whole tables to 2024")
    parser.add_argument("--runs", type=int, help=f"runs over both scenarios ({TINY}, or {FULL} with --full)")
    parser.add_argument("--out", type=Path, help="keep the folder here")
    given = parser.parse_args()
    seeds, to = (given.runs or (FULL if given.full else TINY)) // len(SCENARIOS), 2024 if given.full else 2014
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.out or Path(temporary) / "load"
        start = time.perf_counter()
        fabricate(folder, seeds, to, None if given.full else ROWS_OF_A_TINY_TABLE)
        took = time.perf_counter() - start
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / MEGABYTE**2
        runs = seeds * len(SCENARIOS)
        print(f"{runs:,} runs, {len(files):,} files, {size:,.0f} MB ({took:.0f} s)", flush=True)
        inner = RESUME.format(scenarios=list(SCENARIOS), seeds=seeds, to=to)
        measured("resume, with start", [sys.executable, "-c", inner, str(folder)], show=True)
        measured("compare", [sys.executable, "-m", "simsim", "compare", str(folder)])


def fabricate(folder: Path, seeds: int, to: int, rows: int | None = None) -> None:
    """Fill a folder with runs: one of each scenario is real, and its tables (or their first `rows`) stand for all. A
    first resume leaves it as the command that ran them would have.
    """
    experiment = Experiment(list(SCENARIOS), seeds=seeds, to=to, fixed_parameters=True)
    manifest = experiment.manifest()
    store = experiment._opened(folder, manifest, replace=False)
    templates: dict[str, dict[str, pa.Table]] = {}
    for unit in experiment._units(store, 1):
        for share in unit.shares:
            name = share.scenario.name
            if name not in templates:
                templates[name] = _template(experiment, share, to, rows)
            store.add(_found(share, templates[name], unit.block))
    store.finish(manifest, experiment.draws)
    Experiment(list(SCENARIOS), seeds=seeds, to=to, fixed_parameters=True).run(out=folder, progress=False)


def _template(experiment: Experiment, share: Share, to: int, rows: int | None) -> dict[str, pa.Table]:
    """Return the tables of one real run."""
    one = experiment.share(share.scenario, share.seeds[:1])
    (found,) = run_unit(Unit(1, (one,), to, experiment.fixed_parameters), simulate)
    tables = {table: from_bytes(content)[0] for table, content in found.parts.items()}
    return {table: content.slice(0, rows) for table, content in tables.items()}


def _found(share: Share, tables: Mapping[str, pa.Table], block: int) -> Found:
    """Return what running the seeds of a share would have left, had they all been the template."""
    seeds, key = share.seeds, (share.scenario.name, block)
    repeated = {table: pa.concat_tables(_under(content, seeds)) for table, content in tables.items()}
    assert not len(repeated[FAILURES])
    return Found(key, seeds, written(key, repeated, seeds, share.source))


def _under(table: pa.Table, seeds: Sequence[int]) -> Iterator[pa.Table]:
    """Yield a table under each seed."""
    place = table.column_names.index("replication")
    for seed in seeds:
        column = pa.array([seed] * len(table), table.schema.field(place).type)
        yield table.set_column(place, "replication", column)


def measured(what: str, command: Sequence[str], show: bool = False) -> None:
    """Run a command and print its time and the peak of its memory."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=None if show else subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall, cpu, peak = time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEGABYTE
    print(f"{what}: {wall:.2f} s, {cpu:.2f} s of CPU, peak {peak:,.0f} MB, status {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
