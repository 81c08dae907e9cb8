"""`simsim new notebook` writes a notebook that papermill and nbval run as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from simsim.explorer.kernel import own_kernel
from simsim.inputs.errors import InputError
from simsim.studies.template import write_notebook


def test_the_notebook_declares_its_parameters(tmp_path):
    nb = nbformat.read(write_notebook("my-question", tmp_path), 4)
    nbformat.validate(nb)
    (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", ())]
    assert "seeds: int" in cell.source and "# My question" in nb.cells[0].source


def test_nothing_is_overwritten_and_a_bad_name_is_refused(tmp_path):
    write_notebook("mine", tmp_path)
    with pytest.raises(InputError, match="exists already"):
        write_notebook("mine", tmp_path)
    with pytest.raises(InputError, match="letters, digits"):
        write_notebook("a/b", tmp_path)


@pytest.mark.slow
def test_papermill_and_nbval_run_it(tmp_path, monkeypatch):
    path = write_notebook("mine", tmp_path)
    monkeypatch.chdir(tmp_path)
    with own_kernel() as kernel:
        given = {"seeds": 1, "to": 2015}
        done = papermill.execute_notebook(path, tmp_path / "out.ipynb", given, kernel_name=kernel, progress_bar=False)
    assert "seeds = 1" in "".join(cell.source for cell in done.cells)
    nb = nbformat.read(tmp_path / "out.ipynb", 4)
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(nb, tmp_path / "out.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "-n0",
        "--nbval-lax",
        "--nbval-current-env",
        "out.ipynb",
    ]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    found = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-2000:]
