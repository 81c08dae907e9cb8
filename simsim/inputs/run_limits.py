"""Limits of a run: seeds, years, processes."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterable
from numbers import Integral
from typing import Any

from simsim.inputs.errors import InputError, Problem

LAST_YEAR = 2035
MOST_JOBS = 1_000
LARGEST_SEED = 2**31 - 1


def seed_of(seed: object, key: str = "seed") -> int:
    """Return the seed of one replication; InputError for anything but a whole number from 1 to LARGEST_SEED."""
    number = at_least_one(key, seed)
    if number > LARGEST_SEED:
        raise InputError(Problem("experiment", key, seed, f"is too large; the largest seed is {LARGEST_SEED}"))
    return number


def at_least_one(key: str, value: object) -> int:
    """Return a whole number of at least 1; InputError, naming `key`, for anything else."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise InputError(Problem("experiment", key, value, "must be a whole number of at least 1"))
    return int(value)


def jobs_of(jobs: int) -> int:
    """Return the number of processes; InputError for anything but a whole number from 1 to MOST_JOBS."""
    if at_least_one("jobs", jobs) > MOST_JOBS:
        raise InputError(
            Problem("experiment", "jobs", jobs, f"must be at most {MOST_JOBS:,}; as many as there are cores is fastest")
        )
    return int(jobs)


def processes_of(jobs: int) -> int:
    """Return the number of processes that this machine allows: one, and a line that says so, where semaphores cannot
    be made (as with a read-only /dev/shm).
    """
    if jobs == 1:
        return 1
    try:
        multiprocessing.Lock()
    except (ImportError, OSError) as error:
        logging.getLogger("simsim").warning(
            "no semaphores can be made here (%s), so work goes on with one process; results are the same", error
        )
        return 1
    return jobs


def last_year_of(to: int, districts: Iterable[Any]) -> int:
    """Return the last year to simulate; InputError unless it lies between the districts' first year and LAST_YEAR."""
    first = max(int(data.spec["first_year"]) for data in districts)
    if isinstance(to, bool) or not isinstance(to, Integral) or not first <= to <= LAST_YEAR:
        raise InputError(Problem("experiment", "to", to, f"must be a year from {first} to {LAST_YEAR}"))
    return int(to)
