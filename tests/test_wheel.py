"""The wheel alone, in an empty environment and from another folder, is a whole simsim."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel as `pip` does, with the build backend that is installed and no network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        folder,
        ROOT,
        cwd=folder,
    )
    return next(folder.glob("simsim-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install it into an environment that borrows our dependencies but neither our simsim nor our folder."""
    folder = tmp_path_factory.mktemp("empty environment")
    run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=folder)
    # A plain path, appended last: our own site's .pth files, which name this folder, are not followed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def run(*command, cwd):
    clean = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def simsim(python, *words, cwd):
    return run(python, python.with_name("simsim"), *words, cwd=cwd)


def test_the_wheel_carries_every_parameter_and_notebook(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern in (("parameters", "*.yaml"), ("parameters", "*.csv"), ("notebooks", "*.ipynb")):
        found = [p.relative_to(ROOT) for p in (ROOT / folder).rglob(pattern) if ".ipynb_checkpoints" not in p.parts]
        assert {f"simsim/data/{p.as_posix()}" for p in found} <= packed


def test_the_wheel_carries_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"simsim"}
    names = set(zipfile.ZipFile(wheel).namelist())
    unwanted = (".pyc", ".ipynb_checkpoints", ".gitkeep")
    assert not [name for name in names if name.endswith(unwanted) or ".ipynb_checkpoints/" in name]
    # Of tables, the ones 03-validation reads and no run's.
    stored = {
        f"simsim/data/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "notebooks/validation").glob("*.parquet")
    }
    assert stored == {name for name in names if name.endswith(".parquet")}


def test_the_installed_simsim_is_not_the_folder_it_was_built_from(installed, tmp_path):
    where = Path(run(installed, "-c", "import simsim; print(simsim.__file__)", cwd=tmp_path).strip())
    assert installed.parent.parent in where.parents and ROOT not in where.parents
    data = run(
        installed,
        "-c",
        "from simsim.inputs.paths import resource; print(resource('parameters'), resource('notebooks'))",
        cwd=tmp_path,
    )
    assert str(ROOT) not in data


def test_the_installed_command_lists_the_scenarios_from_another_folder(installed, tmp_path):
    assert {"baseline", "frozen", "plan"} <= set(simsim(installed, "list", "scenarios", cwd=tmp_path).split())


def test_the_installed_command_runs_from_another_folder_and_writes_there_alone(installed, tmp_path):
    before = sorted((ROOT / "outputs").iterdir())
    simsim(installed, "run", "baseline", "--seeds", "1", "--to", "2015", "--jobs", "1", cwd=tmp_path)
    assert list((tmp_path / "outputs").rglob("manifest.json"))
    assert sorted((ROOT / "outputs").iterdir()) == before


def test_the_installed_command_writes_a_report_from_another_folder(installed, tmp_path):
    pytest.importorskip("simsim.report.render")
    few = ("--seeds", "2", "--to", "2016", "--jobs", "1")
    simsim(installed, "run", "baseline", "frozen", *few, "--out", "outputs/two", cwd=tmp_path)
    simsim(installed, "report", "outputs/two", "--lang", "en", "--short", cwd=tmp_path)
    assert list((tmp_path / "outputs" / "two").glob("*.html"))
