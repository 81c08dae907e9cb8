"""The process of the command line: its exit codes, its standard streams, and the signals that stop it."""

from __future__ import annotations

import codecs
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import typer

from simsim.inputs.failures import explained

DONE, FAILED, MISTAKE = 0, 1, 2
INTERRUPTED = 130
"""What typer ends with after Ctrl-C, SIGTERM or SIGHUP."""
STOPPING = ("SIGTERM", "SIGHUP")
STOPPED = "stopped; finished runs are kept, and the same command resumes or begins again"


def open_streams() -> None:
    """Give the process the three standard streams that its caller closed: what is written there is thrown away."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - it stays open as long as the process
            with suppress(OSError):
                os.fstat(number)
                setattr(sys, name, stream)
                continue
            os.dup2(stream.fileno(), number)
            setattr(sys, name, stream)


def able_to_write() -> None:
    """Let a terminal without Chinese show question marks, not a traceback; ASCII (LC_ALL=C) is a locale that nobody
    set, where UTF-8 is written as typer does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            plain = codecs.lookup(stream.encoding).name == "ascii"
            errors = "replace" if stream is sys.stdout else stream.errors
            stream.reconfigure(encoding="utf-8" if plain else None, errors=errors)


def reader_is_gone() -> bool:
    """Tell whether stdout is a pipe that nobody reads any more, or was put aside for that reason (as rich does)."""
    if not hasattr(select, "poll"):
        return True
    if os.fstat(1).st_rdev == os.stat(os.devnull).st_rdev:
        return True
    pipe = select.poll()
    pipe.register(1, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipe.poll(0))


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM (timeout, Slurm, docker stop) and SIGHUP (a closed terminal) do what Ctrl-C does; a signal that is
    ignored (nohup) stays so, and a second one ends the process at once.
    """

    def stop(number: int, _: object) -> NoReturn:
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    alone = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in numbers if alone}
    changed = {number: old for number, old in before.items() if old == signal.SIG_DFL}
    for number in changed:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, old in changed.items():
            signal.signal(number, old)


def flushed() -> int:
    """Write out what is left for stdout and stderr; 1 when it cannot be, unless nobody reads it any more."""
    code = DONE
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            continue
        except OSError as error:
            code = FAILED
            with suppress(OSError, ValueError):
                typer.echo(f"{type(error).__name__}: what was printed: {explained(error)}", err=True)
        except (ValueError, AttributeError):
            continue
    return code
