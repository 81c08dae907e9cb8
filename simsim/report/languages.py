"""Pages of one experiment in several languages, made side by side: the numbers that all of them show are worked out
once, then every language has a process of its own, a copy of this one (fork), so that nothing is read again.

Where a process cannot be copied safely (macOS, Windows) or has one core, one language is made after the other.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from simsim.experiments.openings import openings
from simsim.experiments.plan_account import comparison_table
from simsim.experiments.tasks import ledger
from simsim.inputs.errors import InputError
from simsim.report.figures.schools import rotating
from simsim.report.garbage import seldom_collected
from simsim.report.view import View

Make = Callable[[str], Sequence[Path]]
"""Makes the pages of a language."""
OF_VIEW = ("levels", "pairs", "numbers", "measures", "board", "schools", "turned_away")
OF_FOCUS = (comparison_table, ledger, openings)
"""What takes longest of what pages of a comparison share: asked of the view, and of the results for the focus."""
GRACE = 5.0
"""Seconds that a process has to tidy up."""


class PageLost(RuntimeError):
    """A process ended before its pages were made."""


def side_by_side(languages: Sequence[str], make: Make) -> Iterator[Path]:
    """Yield the pages of every language, in their order; the first language that fails ends all.

    What a language raises is raised here; PageLost where its process died. Whoever leaves early leaves no process
    behind.
    """
    if len(languages) == 1 or not can_part():
        for lang in languages:
            yield from make(lang)
        return
    with seldom_collected():  # in the copies too: what is looked through is no longer shared
        makers = [_begun(lang, make) for lang in languages]
    try:
        for lang, (process, answers) in zip(languages, makers, strict=True):
            yield from _answered(lang, process, answers)
    finally:
        _end([process for process, _ in makers])


def can_part() -> bool:
    """Tell whether copies of this process are safe, and have cores to run on."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def work_out(view: View) -> None:
    """Work out what a comparison shows in every language: it is kept beside the tables (`once`), where pages find it.

    What cannot be worked out (without a plan, say) is told by the page.
    """
    wanted: list[Callable[[], object]] = [
        *(partial(getattr, view, name) for name in OF_VIEW),
        *(partial(answer, view.results, view.focus) for answer in OF_FOCUS),
        *(partial(view.by_school, scenario, "pupils", view.stages[0]) for scenario in view.pair),
        partial(rotating, view),
    ]
    for answer in wanted:
        with suppress(InputError):
            answer()


def _begun(lang: str, make: Make) -> tuple[BaseProcess, Connection]:
    """Copy this process into one that makes the pages of a language; return it, and the end of a pipe for them."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(lang, make, theirs), daemon=True)
    with warnings.catch_warnings():  # Python 3.12 warns of threads: Arrow's are idle, and begin anew in the copy
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return process, ours


def _serve(lang: str, make: Make, answers: Connection) -> None:
    """Make the pages of a language and send them, or what went wrong; Ctrl-C is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is half written is tidied away
    found: Sequence[Path] | Exception
    try:
        found = list(make(lang))
    except Exception as error:
        found = error
    with suppress(BrokenPipeError):  # the parent has gone
        answers.send(found)


def _answered(lang: str, process: BaseProcess, answers: Connection) -> Sequence[Path]:
    """Return the pages that a process made, or raise what it raised."""
    try:
        found: Sequence[Path] | Exception = answers.recv()
    except EOFError:
        process.join()
        raise PageLost(f"the pages in {lang} were not made: their process ended with {process.exitcode}") from None
    if isinstance(found, Exception):
        raise found
    return found


def _end(processes: Sequence[BaseProcess]) -> None:
    """End processes that are still at work, and wait until they are gone."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(GRACE)
        process.kill()
        process.join()
