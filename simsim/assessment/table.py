"""A real table of schools: its headings understood, its cells checked, every mistake named at once with row and column.

What the columns are called is data (`parameters/templates/columns.yaml`) and documented in docs/data-dictionary.md.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simsim.assessment.totals import sums_of_others
from simsim.base.sums import added_up
from simsim.inputs.errors import InputError, Problem, capped, suggest
from simsim.inputs.numbers import written
from simsim.inputs.standards import Standard
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import Column, columns
from simsim.tables.derived import COMPULSORY, Derived
from simsim.tables.words import is_nothing, say

HEADING = re.compile(r"(?P<name>.*?)\s*(\((?P<unit>[^()]*)\))?")
ALL = re.compile(r"(?P<name>.*)(?P<unit>(?!))?")
LARGEST = 10**12
FEW = 6


def template(lang: str) -> str:
    """Return an empty table of schools: one line of headings, units in brackets, separated by commas."""
    return ",".join(heading(key, lang) for key, column in columns().columns.items() if column.template) + "\r\n"


def heading(key: str, lang: str) -> str:
    """Return the heading of a column with its unit, in the words of the template."""
    column = columns().columns[key]
    text = str(getattr(column, lang))
    if column.unit is None:
        return text
    return f"{text}（{column.unit.zh}）" if lang == "zh" else f"{text} ({column.unit.en})"


@dataclass(frozen=True)
class Source:
    """Where a key's numbers stand in the user's table: columns to add up, what to
    multiply by, and the heading to name in messages.
    """

    places: tuple[int, ...]
    factor: float
    heading: str


@dataclass
class Reading:
    """A table being checked: cells by column, the problems found so far, and the columns nobody uses."""

    file: str
    rows: list[object]
    cells: list[list[object]]
    sources: dict[str, Source] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    """Of the columns that nobody uses those that hold a number."""
    problems: list[Problem] = field(default_factory=list)
    shown: Mapping[str, str] = field(default_factory=dict)
    faulty: set[tuple[int, str]] = field(default_factory=set)

    def wrong(self, row: int | None, key: str, value: object, remedy: str) -> None:
        """Note a mistake, naming the row as the user sees it and the column by the user's own heading."""
        source = self.sources.get(key)
        shown = source.heading if source else heading(key, "zh") + " / " + heading(key, "en")
        if row is not None:
            self.faulty.add((row, key))
        self.problems.append(
            Problem(self.file, shown if row is None else f"row {self.rows[row]}, {shown}", value, remedy)
        )

    def at_fault(self, row: int, key: str) -> bool:
        """Tell whether something is wrong with a row's cell of a key, with what it would follow from, or its name."""
        column = columns().columns[key]
        value = f"value_{column.input}" + (f"_{column.stage}" if column.stage else "")
        return bool({(row, name) for name in (key, value, "school")} & self.faulty)

    def values(self, key: str) -> list[object]:
        """Return the cells of a key that stands in one column."""
        return self.cells[self.sources[key].places[0]]


@dataclass(frozen=True, eq=False)
class Checked:
    """A table under its keys, one row a school; headings nobody used; indicators whose columns are missing or have
    empty cells; what must be said; how much values per pupil are rounded, by indicator and stage; how the user's table
    names its rows.
    """

    schools: pd.DataFrame
    unused: list[str]
    absent: list[str]
    said: list[object]
    half: dict[tuple[str, str], float]
    rows: list[object]


def check_table(frame: pd.DataFrame, standard: Standard, file: str = "table") -> Checked:
    """Return the table under its keys; InputError names every mistake at once, and what is missing or empty only beside
    another mistake, or where nothing can be computed.

    Blank rows are skipped, and cells of schools that the standard leaves out may be empty. The
    index of `frame` names the rows in messages. Numbers of stages that a school does not teach
    become 0, optional numbers that are not given NaN.
    """
    kept = [i for i, row in enumerate(frame.itertuples(index=False)) if not all(map(is_blank, row))]
    cells = [frame.iloc[kept, i].tolist() for i in range(frame.shape[1])]
    reading = Reading(file, [frame.index[i] for i in kept], cells, shown=frame.attrs.get("shown", {}))
    _find_columns(reading, [str(h) for h in frame.columns])
    if not kept:
        reading.problems.append(Problem(file, "", None, "lists no schools; write one row a school under the headings"))
    result = pd.DataFrame({"school": _names(reading), "kind": _kinds(reading)}, dtype=object)
    result["owner"] = owners = _owners(reading, standard)
    judged = [
        "" if _outside(kind, owner, standard) else kind for kind, owner in zip(result["kind"], owners, strict=True)
    ]
    held = {key: column for key, column in columns().columns.items() if column.holds in ("count", "amount")}
    numbers = {key: np.array(_numbers(reading, key, column, judged), dtype=float) for key, column in held.items()}
    derived = Derived(numbers, set(reading.sources))
    derived.run({stage: np.array([_teaches(kind, stage) for kind in judged], dtype=bool) for stage in COMPULSORY})
    missing, empty = _missing(reading, standard, derived, judged)
    result = pd.concat([result, pd.DataFrame(derived.numbers, index=result.index)], axis=1)
    _check_pupils(reading, result, judged)
    _check_subsets(reading, result)
    _check_shares(reading, result)
    _check_sums(reading, result, held)
    result = result.fillna({key: 0.0 for key, column in held.items() if not column.optional})
    absent = list(dict.fromkeys(name for key in [*missing, *empty] if (name := columns().columns[key].input)))
    needed = [key for key in [*missing, *empty] if not columns().columns[key].input]
    if reading.problems or needed or set(absent) >= set(standard.indicators):
        raise InputError(_listed(reading, missing, empty))
    said = [*derived.said, *_empty_cells(reading, empty, standard)]
    if any(e.owners for e in standard.exemptions) and "ownership" not in reading.sources:
        said.append(say("no_owner"))
    return Checked(result, reading.unused, absent, said, derived.half, reading.rows)


def _outside(kind: str, owner: str, standard: Standard) -> bool:
    """Tell whether a standard leaves out all schools of a kind and owner, however many pupils they have."""
    return any(e.below_pupils is None and e.leaves_out(kind, owner) for e in standard.exemptions)


def _teaches(kind: str, stage: str) -> bool:
    return bool(kind) and stage in columns().kinds[kind].stages


def _missing(
    reading: Reading, standard: Standard, derived: Derived, judged: list[str]
) -> tuple[list[str], dict[str, list[int]]]:
    """Return the keys that a standard needs and the table has no column for, and by key the rows with an empty cell."""
    stages = {stage for kind in judged if kind for stage in columns().kinds[kind].stages}
    missing: list[str] = []
    empty: dict[str, list[int]] = {}
    for key in columns().needed(standard, stages):
        column = columns().columns[key]
        if key not in derived.present:
            missing.append(key)
        elif column.holds in ("count", "amount"):
            teaches = [bool(kind) and (column.stage is None or _teaches(kind, column.stage)) for kind in judged]
            blank = np.flatnonzero(np.isnan(derived.numbers[key]) & np.array(teaches, dtype=bool))
            rows = [int(row) for row in blank if not reading.at_fault(int(row), key)]
            if rows:
                empty[key] = rows
    return missing, empty


def _listed(reading: Reading, missing: list[str], empty: dict[str, list[int]]) -> list[Problem]:
    """Return every mistake, what is missing before the others."""
    found, reading.problems = reading.problems, []
    for key in missing:
        remedy = f"is missing; add a column with one of these headings{_nearest(key, reading.numbers)}"
        remedy += ", or the table of that stage" if key.startswith("pupils_") else ""
        reading.wrong(None, key, None, remedy)
    for key, rows in empty.items():
        for row in rows:
            reading.wrong(row, key, None, "is empty; write the number, 0 if the school has none")
    return capped([*reading.problems, *found])


def _empty_cells(reading: Reading, empty: dict[str, list[int]], standard: Standard) -> Iterator[object]:
    """Yield which indicators are not computed since cells are empty."""
    for key, rows in empty.items():
        source, name = reading.sources.get(key), columns().columns[key].input
        shown = source.heading if source else heading(key, "zh")
        numbers = ", ".join(str(reading.rows[row]) for row in rows[:FEW]) + (" …" if len(rows) > FEW else "")
        label = standard.indicators[str(name)].label
        about = {"heading": shown, "n": len(rows), "rows": numbers}
        yield say("empty_cells", **about, indicator=label)


def _owners(reading: Reading, standard: Standard) -> list[str]:
    """Return the schools' owners, nothing where none is told; note texts that are no owner where it matters."""
    if "ownership" not in reading.sources:
        return [""] * len(reading.rows)
    known = columns().by_owner
    matters = any(e.owners for e in standard.exemptions)
    found = []
    for row, value in enumerate(reading.values("ownership")):
        text = "" if is_blank(value) else plain(value).removesuffix(".0")
        owner = known.get(text, "") or next((known[word] for word in known if len(word) > 1 and word in text), "")
        if matters and text and not owner:
            shown = ", ".join(f"{o.code} {o.zh}" if o.code else o.zh for o in columns().owners.values())
            reading.wrong(row, "ownership", clean(value), f"is not a type of owner; use one of: {shown}")
        found.append(owner)
    return found


def _nearest(key: str, unused: list[str]) -> str:
    """Return which unused heading the user may have meant for a missing column."""
    column = columns().columns[key]
    found = [s for s in (suggest(name, unused) for name in (column.zh, column.en, key)) if s]
    return found[0].replace("did you mean", "is it") if found else ""


def _find_columns(reading: Reading, headings: list[str]) -> None:
    """Match the user's headings with keys; note headings given twice and units that are not understood."""
    places = {plain(h): i for i, h in enumerate(headings)}
    for place, text in enumerate(headings):
        whole = columns().by_heading.get(plain(text))
        match = (ALL if whole else HEADING).fullmatch(unicodedata.normalize("NFKC", text).strip())
        key = whole or (columns().by_heading.get(plain(match["name"])) if match else None)
        if key is None or match is None:
            reading.unused.append(clean(text))
            reading.numbers += [clean(text)] if any(written(cell) is not None for cell in reading.cells[place]) else []
        elif key in reading.sources:
            reading.wrong(None, key, clean(text), "is a second column for the same thing; keep one")
        else:
            called = reading.shown.get(text, clean(text))
            reading.sources[key] = Source((place,), _factor(reading, key, text, match["unit"]), called)
    for key, column in columns().columns.items():
        parts = [places.get(plain(part)) for part in column.sum_of]
        if key not in reading.sources and parts and None not in parts:
            reading.sources[key] = Source(tuple(p for p in parts if p is not None), 1.0, " + ".join(column.sum_of))


def _factor(reading: Reading, key: str, text: str, unit: str | None) -> float:
    """Return what turns the unit in a heading's brackets into the unit of the key."""
    units = {plain(u): factor for u, factor in columns().columns[key].units.items()}
    if unit is None or plain(unit) in units:
        return units.get(plain(unit), 1.0)
    known = f"use one of: {', '.join(columns().columns[key].units)}" if units else "leave the brackets out"
    reading.problems.append(Problem(reading.file, clean(text), unit, f"is a unit that is not understood; {known}"))
    return 1.0


def _names(reading: Reading) -> list[str]:
    """Return the schools' names; note blank names, totals rows and schools given
    twice (by code if there is one, else by name).
    """
    if "school" not in reading.sources:
        return [""] * len(reading.rows)
    names = ["" if is_blank(v) else clean(v) for v in reading.values("school")]
    totals = {plain(t) for t in columns().totals}
    for row, name in enumerate(names):
        if not name:
            reading.wrong(row, "school", None, "is empty; write the school's name")
        elif plain(name) in totals:
            reading.wrong(row, "school", name, "adds up other rows and is not a school; remove the row")
    key = "code" if "code" in reading.sources else "school"
    seen: dict[str, int] = {}
    for row, value in enumerate(reading.values(key)):
        if not is_blank(value) and seen.setdefault(plain(value), row) != row:
            first = reading.rows[seen[plain(value)]]
            reading.wrong(
                row, key, clean(value), f"is in the table twice (first in row {first}); keep one row a school"
            )
    return names


def _kinds(reading: Reading) -> list[str]:
    """Return the schools' kinds, an empty text where the kind is not known, which is noted."""
    if "kind" not in reading.sources:
        return [""] * len(reading.rows)
    known = columns().by_kind
    found = []
    for row, value in enumerate(reading.values("kind")):
        kind = "" if is_blank(value) else known.get(plain(value), "")
        if not kind:
            shown = ", ".join(f"{k.zh} ({k.en})" for k in columns().kinds.values())
            hint = (
                ""
                if is_blank(value)
                else suggest(str(value), [n for k in columns().kinds.values() for n in (k.zh, k.en, *k.also)])
            )
            reading.wrong(
                row,
                "kind",
                None if is_blank(value) else clean(value),
                f"is not a kind of school{hint}; use one of: {shown}",
            )
        found.append(kind)
    return found


def _numbers(reading: Reading, key: str, column: Column, kinds: list[str]) -> list[float]:
    """Return a column's numbers; note text, blanks where a number is needed, negatives,
    fractions of people, and numbers out of place.
    """
    if key not in reading.sources:
        return [math.nan] * len(kinds)
    source = reading.sources[key]
    return [_number(reading, key, column, row, kind, source) for row, kind in enumerate(kinds)]


def _number(reading: Reading, key: str, column: Column, row: int, kind: str, source: Source) -> float:
    """Return one number of one school, NaN if there is none, noting what is wrong with it."""
    teaches = not kind or column.stage is None or column.stage in columns().kinds[kind].stages
    cells = [reading.cells[place][row] for place in source.places]
    if any(map(is_nothing, cells)):
        return math.nan if column.optional or (teaches and kind) else 0.0
    parsed = [written(cell) for cell in cells]
    if None in parsed:
        reading.wrong(
            row, key, cells[parsed.index(None)], "is not a number; write digits only, the unit belongs in the heading"
        )
        return math.nan
    value = added_up(p for p in parsed if p is not None) * source.factor
    for wrong, remedy in _faults(value, column, kind, teaches):
        if wrong:
            reading.wrong(row, key, cells[0] if len(cells) == 1 else value, remedy)
            break
    return value


def _faults(value: float, column: Column, kind: str, teaches: bool) -> Iterator[tuple[bool, str]]:
    """Yield what can be wrong with a number, each with its remedy."""
    yield value < 0, "is negative; write 0 or more"
    yield value > LARGEST, f"is more than {LARGEST:,}, in the unit of the heading; correct the number or the unit"
    yield column.holds == "count" and value != int(value), "is not a whole number; count persons"
    name = columns().kinds[kind].zh + " / " + kind if kind else ""
    yield (
        not teaches and value > 0,
        f"is given although this kind of school ({name}) has no such stage; write 0 or correct the kind",
    )


def _check_pupils(reading: Reading, table: pd.DataFrame, kinds: list[str]) -> None:
    """Note schools without a single pupil in the stages they are assessed for; they cannot be compared per pupil."""
    flagged = {problem.key for problem in reading.problems}
    amounts = {f"pupils_{s}": table[f"pupils_{s}"].to_numpy() for s in COMPULSORY if f"pupils_{s}" in table}
    for row, kind in enumerate(kinds):
        keys = [f"pupils_{s}" for s in columns().kinds[kind].stages if s in COMPULSORY] if kind else []
        keys = [k for k in keys if k in reading.sources]
        named = any(f"row {reading.rows[row]}, {reading.sources[k].heading}" in flagged for k in keys)
        if keys and not named and not any(amounts[k][row] > 0 for k in keys):
            reading.wrong(
                row, keys[0], 0, "means a school without pupils; write its pupils, or remove the row if it is closed"
            )


def _check_subsets(reading: Reading, table: pd.DataFrame) -> None:
    """Note schools where a part of the teachers (those with a title, say) is more than
    all, or migrant pupils are more than the pupils.
    """
    pairs: Mapping[str, str] = {
        f"{part}_{stage}": f"teachers_{stage}"
        for part in ("overqualified", "midtitle", "backbone", "pe_arts")
        for stage in COMPULSORY
    }
    for part, whole in pairs.items():
        if part in reading.sources and whole in reading.sources:
            some, every = table[part].to_numpy(), table[whole].to_numpy()
            for row in np.flatnonzero(some > every):
                remedy = f"is more than all teachers of the stage ({every[row]:g}); correct one of the two"
                reading.wrong(int(row), part, float(some[row]), remedy)
    pupils = table[[f"pupils_{s}" for s in (*COMPULSORY, "senior")]].to_numpy().sum(axis=1)
    migrants = table["migrant_pupils"].to_numpy()
    for row in np.flatnonzero(migrants > pupils):
        reading.wrong(
            int(row),
            "migrant_pupils",
            float(migrants[row]),
            f"is more than all pupils ({pupils[row]:g})",
        )


def _check_shares(reading: Reading, table: pd.DataFrame) -> None:
    """Note columns of teachers that hold shares of them: none above 1, and some no whole number."""
    for stage in COMPULSORY:
        teachers = table[f"teachers_{stage}"].max() if f"teachers_{stage}" in reading.sources else math.inf
        for key in (f"{part}_{stage}" for part in ("overqualified", "midtitle", "backbone", "pe_arts")):
            numbers = table[key].to_numpy() if key in reading.sources else np.zeros(0)
            if ((numbers > 0) & (numbers < 1)).sum() > 1 and (numbers <= 1).all() and teachers > 1:
                reading.wrong(None, key, None, "holds shares of the teachers; write the number of teachers")


def _check_sums(reading: Reading, table: pd.DataFrame, held: Iterable[str]) -> None:
    """Note rows that add others up without saying so."""
    if reading.problems:
        return
    numbers = table[[key for key in held if key in reading.sources]].to_numpy(dtype=float)
    for row, first, last in sums_of_others(numbers):
        rows = f"{reading.rows[first]} to {reading.rows[last]}"
        reading.wrong(row, "school", table["school"][row], f"adds up rows {rows} and is no school; remove the row")
