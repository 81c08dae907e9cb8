"""How work is done: in this process, in several, or on a Dask cluster; with progress, a log, and finished files
only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from simsim.experiments import store, worker
from simsim.experiments.worker import Done, Simulate, Unit
from simsim.inputs.errors import InputError, Problem


@dataclass(frozen=True)
class Task:
    """A unit of work and the file it belongs in."""

    unit: Unit
    path: Path


Mapper = Callable[[Sequence[Task]], Iterator[tuple[Task, Done]]]


def mapper(jobs: int, dask: str | None, simulate: Simulate) -> Mapper:
    """Return what turns tasks into finished units, in any order: this process, several, or a Dask cluster."""
    if dask is not None:
        client = _dask_client(dask)
        return lambda tasks: _parallel(tasks, simulate, jobs=None, backend="dask", closing=client)
    if jobs == 1:
        return lambda tasks: ((task, worker.run_unit(task.unit, simulate)) for task in tasks)
    return lambda tasks: _parallel(tasks, simulate, jobs=jobs, backend="loky")


def _parallel(
    tasks: Sequence[Task], simulate: Simulate, jobs: int | None, backend: str, closing: Any = None
) -> Iterator[tuple[Task, Done]]:
    """Yield finished units as joblib brings them; when a worker dies, yield the rest as lost."""
    from concurrent.futures import BrokenExecutor

    from joblib import Parallel, delayed, parallel_config

    waiting = dict(enumerate(tasks))
    options = {"inner_max_num_threads": 1} if backend == "loky" else {}
    try:
        with closing or nullcontext(), parallel_config(backend=backend, **options):
            calls = (delayed(_numbered)(number, task.unit, simulate) for number, task in waiting.copy().items())
            for number, done in Parallel(n_jobs=jobs, batch_size=1, return_as="generator_unordered")(calls):
                yield waiting.pop(number), done
    except BrokenExecutor as error:
        for task in waiting.values():
            yield task, worker.lost(task.unit, error)


def _numbered(number: int, unit: Unit, simulate: Simulate) -> tuple[int, Done]:
    return number, worker.run_unit(unit, simulate)


def _dask_client(address: str) -> Any:
    """Connect to a scheduler; InputError when Dask is not installed or nobody answers."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            Problem("experiment", "dask", address, 'needs Dask; install it with: pip install "simsim[dask]"')
        ) from None
    connect: Callable[..., Any] = Client
    try:
        return connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(Problem("experiment", "dask", address, f"no scheduler answers there ({error})")) from None


def keep(task: Task, done: Done, log: Log) -> None:
    """Write a finished unit, joined with what its file already held."""
    content = worker.extended(task.path.read_bytes(), done.content) if task.path.exists() else done.content
    store.write_bytes(content, task.path)
    log.line(f"{task.path.stem} seeds {task.unit.seeds[0]}-{task.unit.seeds[-1]}")
    for text in done.log:
        log.line(text)


def progress_of(
    finished: Iterable[tuple[Task, Done]], tasks: Sequence[Task], shown: bool
) -> Iterator[tuple[Task, Done]]:
    """Pass finished units on, showing runs done and time left on stderr."""
    if not shown:
        yield from finished
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    count = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    clock = TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()
    with Progress(*count, *clock, console=Console(stderr=True)) as bar:
        line = bar.add_task("runs", total=sum(len(task.unit.seeds) for task in tasks))
        for task, done in finished:
            yield task, done
            bar.advance(line, len(task.unit.seeds))


class Log:
    """Clock times, the host and the text of failures: everything that digests must not see.

    Whoever holds the log is the only one that writes to the folder: a second run is refused while the first is alive.
    """

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")
        if not _alone(self.file):
            self.file.close()
            remedy = "another simsim is running into this folder; wait until it has ended, or name another folder"
            raise InputError(Problem(str(path.parent), "", None, remedy))

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def line(self, text: str) -> None:
        """Write one line with the time and the process."""
        print(time.strftime("%Y-%m-%dT%H:%M:%S"), os.getpid(), text, file=self.file, flush=True)


def _alone(file: TextIO) -> bool:
    """Lock a file until it is closed or the process ends, however it ends; whether nobody else has. Without locks,
    assume so.
    """
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return True
    return True
