"""Worker processes: one pipe each, so that a death is seen at once and costs only the unit that was being run.

A worker is an ordinary Python started anew (nothing is forked, no main module is imported, no semaphore is needed). It
leaves when its pipe closes or its parent is gone, however the parent ended.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO

import cloudpickle

from simsim.experiments.parts import Found
from simsim.experiments.progress import Told
from simsim.experiments.worker import Simulate, Unit, lost, run_unit
from simsim.inputs.errors import InputError

MOST_DEATHS = 2
"""A unit whose worker died this often is marked as failed."""
GRACE = 5.0
PARENT_ASKED_EVERY = 1.0
LENGTH = struct.Struct("<Q")
SHARE, END, ERROR, RUN = "share", "end", "error", "run"
Message = tuple[str, Found | InputError | tuple[str, int] | None]
"""What a worker says: of a run that is over its scenario and seed, of a share what was found, and how it ends."""
START = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: not even a traceback of what is being imported
import sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL: leave with the parent, even while importing
sys.path[:] = {}
from simsim.experiments.crew import serve
serve()
"""
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMBA", "NUMEXPR")
}


class WorkerDied(RuntimeError):
    """A worker process ended before its unit was done."""


class Member:
    """One worker process, seen from its parent."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", START.format(ascii(sys.path))]
        environment = ONE_THREAD | os.environ
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)

    def messages(self, work: bytes) -> Iterator[Message]:
        """Hand a unit over and yield what comes back; WorkerDied when the pipe closes before the end."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            send(self.process.stdin, work)
            while True:
                kind, value = pickle.loads(receive(self.process.stdout))
                yield kind, value
                if kind in (END, ERROR):
                    return
        except (OSError, EOFError, ValueError):
            raise WorkerDied(f"its worker process died ({self._how()}), {MOST_DEATHS} times") from None

    def _how(self) -> str:
        try:
            code = self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "its pipe closed"
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def stop(self) -> None:
        """End the process."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Close the pipes, when no thread reads them any more."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


class Crew:
    """As many workers as jobs, each fed by a thread of its own; what they bring is read from `results`."""

    def __init__(self, units: Sequence[Unit], simulate: Simulate, jobs: int, told: Told) -> None:
        self.simulate, self.told = simulate, told
        self.todo = deque(units)
        self.results: queue.Queue[Found | BaseException | None] = queue.Queue()
        self.members: list[Member] = []
        self.lock = threading.Lock()
        self.stopped = False
        self.threads = [threading.Thread(target=self._feed, daemon=True) for _ in range(min(jobs, len(units)))]

    def run(self) -> Iterator[Found]:
        """Yield what is found, in any order; whoever leaves early leaves no process behind.

        What a worker raised is raised here.
        """
        for thread in self.threads:
            thread.start()
        working = len(self.threads)
        try:
            while working:
                found = self.results.get()
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    working -= 1
                else:
                    yield found
        finally:
            self._stop()

    def _stop(self) -> None:
        with self.lock:
            self.stopped = True
            for member in self.members:
                member.stop()
        for thread in self.threads:
            thread.join(GRACE)
        for member in self.members:
            member.close()

    def _start(self) -> Member | None:
        with self.lock:
            if self.stopped:
                return None
            self.members.append(Member())
            return self.members[-1]

    def _feed(self) -> None:
        """Give one worker after another what there is to do, until nothing is left."""
        try:
            member = None
            while not self.stopped and (unit := self._next()) is not None:
                member = self._carry(unit, member)
        except BaseException as error:
            self.results.put(error)
        self.results.put(None)

    def _next(self) -> Unit | None:
        with self.lock:
            return self.todo.popleft() if self.todo else None

    def _carry(self, unit: Unit, member: Member | None) -> Member | None:
        """Have a unit run; a share that kills its worker is tried again, and failed when it does so again."""
        deaths = 0
        while unit.shares and (member := member or self._start()) is not None:
            done = 0
            try:
                for _, value in member.messages(_dumped((unit, self.simulate))):
                    if isinstance(value, InputError):
                        raise value
                    if isinstance(value, tuple):
                        self.told(*value)
                    if isinstance(value, Found):
                        self.results.put(value)
                        done += 1
                return member
            except WorkerDied as error:
                if self.stopped:
                    return None
                member.stop()
                member, unit, deaths = None, unit.without(done), (0 if done else deaths) + 1
                if deaths == MOST_DEATHS and unit.shares:
                    self.results.put(next(lost(unit, error)))
                    unit, deaths = unit.without(1), 0
        return member


def send(pipe: IO[bytes], content: bytes) -> None:
    """Write one message."""
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Read one message; EOFError when the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _dumped(content: object) -> bytes:
    """Return bytes that another process can load, classes and functions of a notebook or script included."""
    found: bytes = cloudpickle.dumps(content)
    return found


def serve() -> None:
    """Be a worker: run units from stdin until it closes. What units print goes to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    units: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(units,), daemon=True).start()
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    gc.freeze()  # what is imported stays: it need not be looked through for garbage again and again
    while True:
        unit, simulate = pickle.loads(units.get())
        for message in _answers(unit, simulate, lambda *run: send(answers, _dumped((RUN, run)))):
            send(answers, _dumped(message))


def _answers(unit: Unit, simulate: Simulate, told: Told) -> Iterator[Message]:
    try:
        for found in run_unit(unit, simulate, told):
            yield SHARE, found
    except InputError as error:
        yield ERROR, error
    else:
        yield END, None


def _listen(units: queue.Queue[bytes]) -> None:
    """Pass on what the parent sends; leave at once when it is gone, even in the middle of a run."""
    try:
        while True:
            units.put(receive(sys.stdin.buffer))
    except (OSError, EOFError):
        os._exit(0)


def _watch(parent: int) -> None:
    """Leave when the parent is another one: a pipe may be held open by a third process."""
    while os.getppid() == parent:
        time.sleep(PARENT_ASKED_EVERY)
    os._exit(0)
