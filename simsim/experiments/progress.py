"""Progress of an experiment: runs done, rate and time left from the first second on; in a terminal, a notebook, a log.

Nothing of it stays in a notebook: where nobody watches (papermill, nbconvert, nbval) nothing is shown, and in
JupyterLab the line is emptied at the end.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol, TypeAlias

from simsim.experiments.parts import Found
from simsim.experiments.worker import Unit

Told: TypeAlias = Callable[[str, int], None]
"""What is told of each run that is over: its scenario and its seed."""
Each: TypeAlias = Callable[[Sequence[Unit], Told], Iterator[Found]]
"""What turns units into what they found, in any order, and tells of each run meanwhile."""
YEAR_SECONDS = 0.06
"""What a year of a run takes on one core, as long as no run of this experiment is over to tell."""
FIRST_GUESS = 1.0
"""How many runs the guess counts for: with every run that is over it is forgotten."""
TERMINAL_EVERY, NOTEBOOK_EVERY, LOG_EVERY = 0.2, 1.0, 10.0
MINUTE, HOUR = 60, 3600
CELL = "text/plain"


class Line(Protocol):
    """What a notebook shows under a cell, as far as it is written anew."""

    def update(self, content: Mapping[str, str], /, *, raw: bool) -> None:
        """Show other content in its place."""


class Kernel(Protocol):
    """A Jupyter kernel, as far as it is asked who watches."""

    def get_parent(self, channel: str, /) -> Mapping[str, Mapping[str, object]]:
        """Return the request that it answers."""


class Pace:
    """How many runs of how many are over, how fast they come, and how long the others will take."""

    def __init__(self, units: Sequence[Unit], processes: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = sum(unit.runs for unit in units)
        years = [unit.to + 1 - int(share.data.spec["first_year"]) for unit in units for share in unit.shares]
        self.guess = max(years, default=1) * YEAR_SECONDS / max(processes, 1)
        self.clock, self.start = clock, clock()
        self._over: set[tuple[str, int]] = set()

    @property
    def done(self) -> int:
        """How many runs are over, failed ones too."""
        return min(len(self._over), self.total)

    def tell(self, scenario: str, seed: int) -> None:
        """Count a run; one that is told twice (its worker died afterwards) counts once."""
        self._over.add((scenario, seed))

    def found(self, found: Found) -> None:
        """Count runs that were brought together, as a cluster brings them."""
        self._over |= {(found.key[0], seed) for seed in found.seeds}

    @property
    def rate(self) -> float:
        """Runs a second: at first what such runs usually take, as long as that is not over; then what these took."""
        spent = max(self.clock() - self.start, 0.0)
        if not self.done:
            return 1.0 / max(self.guess, spent)
        return (FIRST_GUESS + self.done) / (FIRST_GUESS * self.guess + spent)

    def __str__(self) -> str:
        left = (self.total - self.done) / self.rate
        guess = "" if self.done else " (a guess until a run is over)"
        return f"{self.done} of {self.total} runs, {self.rate:.2g} a second, about {duration(left)} left{guess}"


def duration(seconds: float) -> str:
    """Return a time as people say it: 40 s, 6 min, 1 h 20 min."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR / MINUTE:.0f} min"


def progress_of(
    each: Each, units: Sequence[Unit], shown: bool, processes: int = 1, note: Callable[[str], None] | None = None
) -> Iterator[Found]:
    """Do the units and pass on what is found, showing progress meanwhile and noting it in a log now and then."""
    pace = Pace(units, processes)
    with _repeated(lambda: note(str(pace)) if note else None, LOG_EVERY, last=False), _display(pace, shown):
        for found in each(units, pace.tell):
            pace.found(found)
            yield found


def _display(pace: Pace, shown: bool) -> AbstractContextManager[None]:
    """Return how progress is shown here, if at all."""
    kernel = _kernel()
    if not shown or (kernel is not None and not _somebody_watches(kernel)):
        return nullcontext()
    if kernel is not None:
        return _in_notebook(pace)
    return _in_terminal(pace) if sys.stderr.isatty() else _in_lines(pace)


@contextmanager
def _repeated(show: Callable[[], object], every: float, last: bool = True) -> Iterator[None]:
    """Do something again and again while other things are done, and a last time at the end unless they failed."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(every):
            show()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    if last:
        show()


@contextmanager
def _in_lines(pace: Pace) -> Iterator[None]:
    """Write a line at once, then one every few seconds, and one at the end."""

    def line() -> None:
        print(pace, file=sys.stderr, flush=True)

    line()
    with _repeated(line, LOG_EVERY):
        yield


@contextmanager
def _in_terminal(pace: Pace) -> Iterator[None]:
    """Draw a bar with the line beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True)) as bar:
        task = bar.add_task(str(pace), total=pace.total)

        def move() -> None:
            bar.update(task, completed=pace.done, description=str(pace))

        with _repeated(move, TERMINAL_EVERY):
            yield


@contextmanager
def _in_notebook(pace: Pace) -> Iterator[None]:
    """Show a line under the cell, and leave an output without content."""
    from IPython.display import display

    show: Callable[..., Line] = display
    line = show({CELL: str(pace)}, raw=True, display_id=True)
    try:
        with _repeated(lambda: line.update({CELL: str(pace)}, raw=True), NOTEBOOK_EVERY):
            yield
    finally:
        line.update({}, raw=True)


def _kernel() -> Kernel | None:
    """Return the Jupyter kernel that this process is, if it is one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None)


def _somebody_watches(kernel: Kernel) -> bool:
    """Tell whether a person may have started the cell: whoever executes notebooks says that nobody can be asked."""
    try:
        request = kernel.get_parent("shell")
        return bool(request["content"]["allow_stdin"])
    except (AttributeError, KeyError, TypeError):
        return False
