"""Copies of this process (fork) that make parts of pages on other cores: nothing is read again in them.

Only where a process can be copied safely (not on macOS or Windows), and has more than one core.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from simsim.report.garbage import seldom_collected

T = TypeVar("T")
GRACE = 5.0
"""Seconds that a process has to tidy up."""


class PageLost(RuntimeError):
    """A process ended before its part of the pages was made."""


def can_part() -> bool:
    """Tell whether copies of this process are safe, and have cores to run on."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


class Copy(Generic[T]):
    """A copy of this process at work; whoever goes through it gets what it makes, as it is made."""

    def __init__(self, what: str, make: Callable[[], Iterable[T]]) -> None:
        """Begin to make something, in words of several (`what`): small, so that the copy need not wait until it is
        fetched.
        """
        context = get_context("fork")
        self.what = what
        self.answers, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_serve, args=(make, theirs, self.answers), daemon=True)
        with warnings.catch_warnings():  # Python 3.12 warns of threads: Arrow's are idle, and begin anew in the copy
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()

    def __iter__(self) -> Iterator[T]:
        """Yield what the copy makes, and raise what it raises; PageLost where it died."""
        while True:
            try:
                found: T | Exception = self.answers.recv()
            except EOFError:
                self.process.join()
                if code := self.process.exitcode:
                    raise PageLost(f"{self.what} were not made: their process ended with {code}") from None
                return
            if isinstance(found, Exception):
                raise found
            yield found


@contextmanager
def copies(makes: Mapping[str, Callable[[], Iterable[T]]]) -> Iterator[list[Copy[T]]]:
    """Let a copy of this process make each of several things, by what it is called; whoever leaves, early or not,
    leaves no process behind.
    """
    begun: list[Copy[T]] = []
    try:
        with seldom_collected():  # in the copies too: what is looked through is no longer shared
            for what, make in makes.items():
                begun.append(Copy(what, make))
        yield begun
    finally:
        _end(begun)


def _serve(make: Callable[[], Iterable[object]], answers: Connection, fetched: Connection) -> None:
    """Send what is made, and what went wrong; Ctrl-C is the parent's, and so is the end where it is `fetched`."""
    fetched.close()  # else a copy whose parent has gone would not notice
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is half written is tidied away
    with suppress(BrokenPipeError):  # the parent has gone
        try:
            for found in make():
                answers.send(found)
        except BrokenPipeError:
            raise
        except Exception as error:
            answers.send(error)


def _end(begun: Iterable[Copy[T]]) -> None:
    """End processes that are still at work, and wait until they are gone."""
    for copy in begun:
        copy.process.terminate()
    for copy in begun:
        copy.process.join(GRACE)
        copy.process.kill()
        copy.process.join()
        copy.answers.close()
