"""Numbers that enter a table are added from the left, the same under every Python; built-in sum adds whole things."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import numpy as np

from simsim.base.sums import added_up

PACKAGE = Path(__file__).parents[2] / "simsim"
MAKE_TABLES = ("base", "world", "rules", "record", "policies", "conditioning", "scenarios")
WHOLE = {
    "policies/equipment.py: sum(part.pupils for part in s.parts.values())": "pupils",
    "policies/inspection.py: sum(school.public for school in district.open_schools)": "true and false",
    "policies/new_schools.py: sum(size.rooms(district, self.settings))": "class rooms",
    "policies/new_schools.py: sum(part.rooms for part in school.parts.values())": "class rooms",
    "policies/recognition.py: sum(label in school.recognition for school in schools)": "true and false",
    "policies/recognition.py: sum(part.pupils for part in school.parts.values())": "pupils",
    "policies/recognition.py: sum(school.public for school in district.open_schools)": "true and false",
    "policies/shared/mandates.py: sum(part.pupils for school in schools for part in school.parts.values())": "pupils",
    "policies/shared/promises.py: sum("
    "self.written.write(district, self.policy.measure or self.policy.id, promise, done)"
    " for promise in self.promises)": "new lines",
    "policies/shared/merger.py: sum(other.rooms for other in school.parts.values())": "class rooms",
    "policies/training.py: sum(self.counts.values())": "people",
    "record/equity.py: sum(met)": "true and false",
    "rules/building.py: sum(part.rooms for part in school.parts.values())": "class rooms",
    "rules/building.py: sum(part.pupils for part in school.parts.values())": "pupils",
    "rules/development.py: sum(flag.view(np.uint8) << np.uint8(bit) for bit, flag in enumerate(flags))": "bits",
    "rules/development.py: sum(p[f'evaluation_weight.{name}'] * standardise(values[mine]) for name, values in"
    " seen.items())": "whole columns, which built-in sum adds from the left in every version",
    "rules/founding.py: sum(part.pupils for part in school.parts.values())": "pupils",
    "rules/principals.py: sum(h.since == world.year and h.predecessor for h in heads)": "true and false",
    "rules/principals.py: sum(s.principal.served(world.year, start) >= most for s in campuses(world) if s.principal)":
    "true and false",
    "record/record.py: sum(by_stage)": "pupils",
    "rules/classes.py: sum(wanted)": "classes",
    "rules/staffing.py: sum(row[column] for row in public for column in mine)": "teachers",
    "rules/staffing.py: sum(row[f'backbone_{stage}'] for row in public)": "teachers",
    "rules/titles.py: sum(row[column] for column in STAFF[stage])": "teachers",
    "world/schools.py: sum(self.met)": "true and false",
}  # fmt: skip
"""Every use of built-in sum where tables come from, with what it adds: nothing but whole numbers, or whole columns."""


def sums(text: str) -> list[str]:
    """Return the calls of sum and fsum in a source, as Python would write them."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    summing = [
        call for call in calls if ast.unparse(call.func).split(".")[-1] == "fsum" or ast.unparse(call.func) == "sum"
    ]
    return [f"{ast.unparse(call.func)}({', '.join(map(argument, call.args))})" for call in summing]


def argument(node: ast.expr) -> str:
    return ast.unparse(node)[1:-1] if isinstance(node, ast.GeneratorExp) else ast.unparse(node)


def found() -> Counter[str]:
    return Counter(
        f"{path.relative_to(PACKAGE).as_posix()}: {call}"
        for wing in MAKE_TABLES
        for path in sorted((PACKAGE / wing).rglob("*.py"))
        for call in sums(path.read_text(encoding="utf-8"))
    )


def test_where_tables_come_from_builtin_sum_adds_whole_things_only():
    unknown = set(found()) - set(WHOLE)
    assert not unknown, (
        f"add floats by simsim.base.sums.added_up or NumPy, or say what whole things these add: {unknown}"
    )


def test_no_allowed_sum_is_out_of_date():
    assert set(WHOLE) - set(found()) == set()


def test_a_sum_of_floats_would_be_found():
    assert sums("import math\nx = sum(v for v in y)\nz = math.fsum(y)") == ["sum(v for v in y)", "math.fsum(y)"]


def test_numbers_are_added_from_the_left_without_compensation():
    values = np.random.default_rng(1).normal(0.0, 1e6, 1000)
    assert added_up(values) == np.cumsum(values)[-1]
    assert added_up([1.0, 1e100, 1.0, -1e100]) == 0.0
    assert added_up([]) == 0.0
