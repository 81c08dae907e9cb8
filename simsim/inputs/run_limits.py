"""Limits of a run: seeds, years, processes."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterable
from typing import Protocol

from simsim.inputs import numbers
from simsim.inputs.defaults import furthest_year, last_year
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem

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
    number = numbers.whole(value)
    if number is None or number < 1:
        raise InputError(Problem("experiment", key, value, "must be a whole number of at least 1"))
    return number


def true_or_false(key: str, value: object, where: str = "experiment") -> bool:
    """Return true or false; InputError, naming `key`, for a number, a word or anything else."""
    answer = numbers.flag(value)
    if answer is None:
        raise InputError(Problem(where, key, value, "must be True or False"))
    return answer


def jobs_of(jobs: int) -> int:
    """Return the number of processes; InputError for anything but a whole number from 1 to MOST_JOBS."""
    number = at_least_one("jobs", jobs)
    if number > MOST_JOBS:
        raise InputError(
            Problem("experiment", "jobs", jobs, f"must be at most {MOST_JOBS:,}; as many as there are cores is fastest")
        )
    return number


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


class HasSpec(Protocol):
    """A district, as far as its first year is asked for."""

    @property
    def spec(self) -> Document:
        """Its district.yaml."""


def too_late(furthest: int) -> str:
    """Return what to do with what is dated after the last year that a district can be run to."""
    return f"runs end by {furthest}, so it has no effect; date it earlier, or remove it"


def last_year_of(to: int | None, districts: Iterable[HasSpec]) -> int:
    """Return the last year to simulate, the districts' own where none is given.

    InputError unless every district has begun by that year and can be run to it.
    """
    specs = [data.spec for data in districts]
    first = max(int(spec["first_year"]) for spec in specs)
    furthest = min(map(furthest_year, specs))
    if to is None and first <= furthest:
        return min(max(map(last_year, specs)), furthest)
    year = numbers.whole(to)
    if year is None or not first <= year <= furthest:
        raise InputError(Problem("experiment", "to", to, f"must be a year from {first} to {furthest}"))
    return year
