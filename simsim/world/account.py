"""Who comes and goes in a district that is calibrated on its own rolls (rules/own_account.py works it out)."""

from __future__ import annotations

from dataclasses import dataclass

from simsim.base.arrays import Floats


@dataclass(frozen=True)
class Account:
    """By year: children who enter, arrivals by year of schooling (grades), and the chance to leave beyond the usual one
    of pupils about to begin a year of schooling (grades + 1, by grade).
    """

    entrants: dict[int, float]
    arrivals: dict[int, Floats]
    more_leave: dict[int, Floats]
    leave: dict[int, Floats]
    """The mean chance to leave or drop out, all in all (grades + 1)."""
