"""What a government answers for: numbers that the table or the user gives, against the lines of a standard."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simsim.base import balance
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real, written
from simsim.inputs.standards import GovernmentItem, Standard
from simsim.tables.columns import columns
from simsim.tables.derived import COMPULSORY

CLASS_SIZE = "class_size"
"""The item that numbers of classes by size decide where the largest class is not given."""


def named_numbers(texts: Sequence[str]) -> dict[str, float]:
    """Return numbers that the command line gives as `rotation_share=0.12`, as other inputs; InputError for others."""
    found: dict[str, float] = {}
    problems = []
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        parsed = written(value)
        if not name or parsed is None or name in found:
            remedy = "is given twice; keep one" if name in found else "must be NAME=NUMBER, for example retention=0.97"
            problems.append(Problem("--also", "", text, remedy))
        else:
            found[name] = parsed
    if problems:
        raise InputError(problems)
    return found


def checked_inputs(standard: Standard, given: Mapping[str, object], problems: list[Problem]) -> dict[str, float]:
    """Return the numbers given for government items; note unknown names and impossible values."""
    known = {
        name: item for key, item in standard.government.items() if item.given == "input" for name in item.inputs(key)
    }
    good: dict[str, float] = {}
    for name, value in given.items():
        if name not in known:
            remedy = f"is not an item of {standard.name}{suggest(name, known)}; known: {', '.join(known) or 'none'}"
            problems.append(Problem("other inputs", name, value, remedy))
        elif (number := real(value)) is None or number < 0:
            problems.append(
                Problem("other inputs", name, value, f"must be a number of 0 or more ({known[name].unit.en})")
            )
        elif known[name].unit.en == "share" and number > 1:
            problems.append(Problem("other inputs", name, value, "is a share between 0 and 1; write 0.12 for 12 %"))
        else:
            good[name] = number
    return good


def government(schools: pd.DataFrame, standard: Standard, given: Mapping[str, float]) -> pd.DataFrame:
    """Return every government item with its line, and its value
    and verdict where the table or the user gives a number.
    """
    rows: list[dict[str, object]] = []
    for name, item in standard.government.items():
        if item.given == "table":
            rows += _school_sizes(schools, name, item)
            continue
        for key, line in item.inputs(name).items():
            value = given.get(key, _largest(schools, key))
            where = key.removeprefix(name).removeprefix("_") or "all"
            met, over = _judge(value, line, item.rule), math.nan
            if name == CLASS_SIZE and met is None:
                over = classes_above(schools, where, line)
                met = None if math.isnan(over) else over == 0
            rows.append({"item": name, "where": where, "value": value, "line": line, "met": met, "over": over})
    return pd.DataFrame(rows, columns=["item", "where", "value", "line", "met", "over"])


def classes_above(schools: pd.DataFrame, stage: str, line: float) -> float:
    """Return how many classes of a stage have more pupils than a line at which a size band ends; NaN where the bands
    above it are not given, or a school that has classes gives none.
    """
    above = [key for low, key in bands(stage) if low > line]
    known = [key for key in above if key in schools and schools[key].notna().any()]
    if not known or f"pupils_{stage}" not in schools:
        return math.nan
    taught = schools[schools[f"pupils_{stage}"] > 0]
    every = [key for _, key in bands(stage)]
    if taught[every].isna().all(axis=1).any():
        return math.nan
    return float(taught[known].sum().sum())


def bands(stage: str) -> list[tuple[int, str]]:
    """Return the columns of classes by size of a stage, each with the least pupils of a class in it."""
    found = []
    for key in columns().by_stage:
        low = re.fullmatch(r"classes_(?:(to)_|from_)?([0-9]+)(?:_[0-9]+)?", key)
        if low:
            found.append((0 if low[1] else int(low[2]), f"{key}_{stage}"))
    return found


def _largest(schools: pd.DataFrame, key: str) -> float:
    """Return the largest value of an optional column of the table (the largest class), NaN if it is not given."""
    return float(schools[key].max()) if key in schools and schools[key].notna().any() else math.nan


def _judge(value: float, line: float, rule: str) -> bool | None:
    """Return whether a value keeps its line, None where there is no value."""
    if math.isnan(value):
        return None
    return balance.at_most(value, line) if rule == "at_most" else bool(balance.reaches(np.array(value), np.array(line)))


def _school_sizes(schools: pd.DataFrame, name: str, item: GovernmentItem) -> list[dict[str, object]]:
    """Return every school's compulsory pupils against the line of its kind; the wider
    line for old buildings and migrant schools.
    """
    rows = []
    for school in schools[schools["kind"].isin(item.lines.keys())].to_dict("records"):
        pupils, line = sum(school[f"pupils_{stage}"] for stage in COMPULSORY), item.lines[school["kind"]]
        share = school["migrant_pupils"] / (pupils + school["pupils_senior"]) if pupils else math.nan
        if item.relaxed and (
            school["building_year"] <= item.relaxed.built_by or share > item.relaxed.migrant_share_above
        ):
            line = item.relaxed.lines.get(school["kind"], line)
        rows.append(
            {
                "item": name,
                "where": school["school"],
                "value": pupils,
                "line": line,
                "met": _judge(pupils, line, item.rule),
                "over": math.nan,
            }
        )
    return rows
