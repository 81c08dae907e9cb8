"""Notebooks are prose and calls: short cells, annotated parameters, small
outputs, nothing of the machine that ran them.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
ALL = sorted(FOLDER.glob("*.ipynb"))
EXPLORING = [path for path in ALL if not path.name.startswith("report-")]
REPORTS = [path for path in ALL if path.name.startswith("report-")]
SCREEN = 30
SHORT = 5
LARGEST = 300_000
CHECK = "# NBVAL_CHECK_OUTPUT"

named = {"ids": lambda path: path.stem}


def cells(path, kind="code"):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def tagged(path):
    return [cell for cell in cells(path) if "parameters" in cell.metadata.get("tags", ())]


@pytest.mark.parametrize("path", ALL, **named)
def test_no_cell_is_longer_than_a_screen(path):
    assert not [cell.source for cell in cells(path) + cells(path, "markdown") if len(cell.source.splitlines()) > SCREEN]


@pytest.mark.parametrize("path", ALL, **named)
def test_no_function_is_longer_than_five_lines(path):
    functions = [
        node for cell in cells(path) for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.FunctionDef)
    ]
    assert not [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= SHORT]


@pytest.mark.parametrize("path", ALL, **named)
def test_the_parameters_are_annotated_and_in_one_cell(path):
    (cell,) = tagged(path)
    assert all(isinstance(node, ast.AnnAssign) for node in ast.parse(cell.source).body)


@pytest.mark.parametrize("path", ALL, **named)
def test_papermill_finds_the_parameters_and_their_meaning(path):
    import papermill

    found = papermill.inspect_notebook(str(path))
    assert found and all(entry["help"] and entry["inferred_type_name"] for entry in found.values())


@pytest.mark.parametrize("path", EXPLORING, **named)
def test_outputs_are_small_and_one_to_three_cells_are_checked(path):
    checked = [cell for cell in cells(path) if cell.source.startswith(CHECK)]
    assert path.stat().st_size < LARGEST and 1 <= len(checked) <= 3
    assert all(cell.outputs for cell in checked)


@pytest.mark.parametrize("path", EXPLORING, **named)
def test_outputs_are_committed_and_without_errors_or_paths(path):
    outputs = [output for cell in cells(path) for output in cell.outputs]
    text = json.dumps(outputs)
    assert outputs and not [
        output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert not re.search(r"/(home|root|tmp|Users|work)/", text)


@pytest.mark.parametrize("path", EXPLORING, **named)
def test_prose_goes_with_the_code(path):
    assert len(cells(path, "markdown")) >= len(cells(path)) / 2


@pytest.mark.parametrize("path", REPORTS, **named)
def test_report_notebooks_are_kept_without_outputs(path):
    assert not [cell for cell in cells(path) if cell.outputs or cell.execution_count]
