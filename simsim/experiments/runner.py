"""How work is done: in this process, in several, or on a Dask cluster; with a log."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from simsim.experiments import worker
from simsim.experiments.crew import Crew
from simsim.experiments.parts import Found
from simsim.experiments.progress import Each
from simsim.experiments.worker import Simulate, Unit
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import processes_of

LOST = (
    "the Dask scheduler was lost{}; finished runs are kept, and the same command resumes when a scheduler answers "
    "(or without --dask)"
)
DASK_LOGGERS = (
    "distributed",
    "distributed.client",
    "distributed.core",
    "distributed.utils",
    "distributed.batched",
    "distributed.comm",
    "tornado.application",
    "asyncio",
)


class RunError(RuntimeError):
    """An experiment could not be run as it was asked for; what is finished is kept."""


def mapper(jobs: int, dask: str | None, simulate: Simulate) -> Each:
    """Return what turns units into what they found, in any order: this process, several, or a Dask cluster.

    A cluster tells of runs only with the unit that they belong to.

    InputError when Dask is not installed, or no scheduler answers.
    """
    if dask is not None:
        client = _dask_client(dask)
        return lambda units, told: _on_dask(units, simulate, client)
    jobs = processes_of(jobs)
    if jobs == 1:
        return lambda units, told: (found for unit in units for found in worker.run_unit(unit, simulate, told))
    return lambda units, told: Crew(units, simulate, jobs, told).run()


def _on_dask(units: Sequence[Unit], simulate: Simulate, client: AbstractContextManager[object]) -> Iterator[Found]:
    """Yield what is found as joblib brings it; RunError when the cluster goes away meanwhile."""
    from joblib import Parallel, delayed, parallel_config

    try:
        with _quiet(), client, parallel_config(backend="dask"):
            calls = (delayed(_whole)(unit, simulate) for unit in units)
            for found in Parallel(batch_size=1, return_as="generator_unordered")(calls):
                yield from found
    except (InputError, GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        if not _is_of_the_cluster(error):
            raise
        raise RunError(LOST.format(f" ({type(error).__name__})")) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from printing tracebacks of its own beside the one message; for good once the cluster is lost."""
    loggers = [logging.getLogger(name) for name in DASK_LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _is_of_the_cluster(error: BaseException) -> bool:
    """Tell a lost connection, in any of the ways that Dask has for it, from an error of simsim's own."""
    kinds = type(error).__mro__
    return isinstance(error, OSError) or any(
        kind.__module__.split(".")[0] in ("distributed", "dask", "tornado") or kind.__name__ == "CancelledError"
        for kind in kinds
    )


def _whole(unit: Unit, simulate: Simulate) -> list[Found]:
    return list(worker.run_unit(unit, simulate))


def _dask_client(address: str) -> AbstractContextManager[object]:
    """Connect to a scheduler; InputError when Dask is not installed or nobody answers."""
    if not isinstance(address, str):
        raise InputError(Problem("experiment", "dask", address, "must be the address of a scheduler, a text"))
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            Problem("experiment", "dask", address, 'needs Dask; install it with: pip install "simsim[dask]"')
        ) from None
    connect: Callable[..., AbstractContextManager[object]] = Client
    try:
        return connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(Problem("experiment", "dask", address, f"no scheduler answers there ({error})")) from None


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

    def found(self, found: Found) -> None:
        """Note what was found, with the whole text of every failure."""
        scenario, block = found.key
        self.line(f"{scenario} {block:06d} seeds {found.seeds[0]}-{found.seeds[-1]}")
        for text in found.log:
            self.line(text)

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
