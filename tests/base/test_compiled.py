"""What Numba compiled is kept where it can be, and nothing but time is lost where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simsim.base import philox
from simsim.base.compiled import compiled

PACKAGE = Path(__file__).parent.parent.parent / "simsim"
KEY, WHO = np.array([3, 5], np.uint64), np.arange(0, 40_000, 7)
SCRIPT = """
import sys
if sys.argv[1] == "without numba":
    sys.modules["numba"] = None
import numpy as np
from simsim.base import philox
drawn = philox.uniforms(np.array([3, 5], np.uint64), np.arange(0, 40_000, 7))
print(philox._kernel() is not None, drawn.tobytes().hex())
"""


class Installation:
    """A copy of the package's ground floor, whose own cache folder can be written or not, and a user's home."""

    def __init__(self, place: Path, writable: bool, home: bool) -> None:
        self.base, self.home = place / "installed" / "simsim" / "base", place / "home"
        shutil.copytree(PACKAGE / "base", self.base, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PACKAGE / "__init__.py", self.base.parent)
        if not writable:
            (self.base / "__pycache__").write_text("a file where a folder would be: nothing can be kept, even by root")
        self.home.mkdir() if home else self.home.write_text("no folder")

    def start(self, *how: str) -> subprocess.Popen:
        own = {"PYTHONPATH": str(self.base.parent.parent), "PYTHONDONTWRITEBYTECODE": "1"}
        own |= {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / "cache")}
        others = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA")}
        command = [sys.executable, "-c", SCRIPT, *(how or ("as it is",))]
        return subprocess.Popen(command, env=others | own, cwd=self.base.parent.parent, stdout=subprocess.PIPE)

    def kept(self) -> list[Path]:
        """Return the files in which compiled code was kept."""
        return sorted(path for place in (self.base, self.home) for path in place.rglob("*.nb?"))


def drawn(process: subprocess.Popen) -> tuple[bool, np.ndarray]:
    """Return whether a process drew with a kernel, and what."""
    out, _ = process.communicate()
    assert process.returncode == 0
    kernel, draws = out.decode().split()
    return kernel == "True", np.frombuffer(bytes.fromhex(draws))


EXPECTED = philox.stretches(KEY, WHO)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writable", "home", "where"),
    [(True, False, "__pycache__"), (False, True, "cache"), (False, False, None)],
    ids=["beside the source", "read-only installation", "no folder at all"],
)
def test_code_is_kept_where_it_can_be_and_draws_are_the_same(tmp_path, writable, home, where):
    here = Installation(tmp_path, writable, home)
    compiled_here, draws = drawn(here.start())
    assert compiled_here and np.array_equal(draws, EXPECTED)
    assert {path.suffix for path in here.kept()} == ({".nbi", ".nbc"} if where else set())
    assert all(where in path.parts for path in here.kept())


@pytest.mark.slow
def test_two_processes_may_compile_at_once(tmp_path):
    here = Installation(tmp_path, writable=True, home=False)
    for process in [here.start(), here.start()]:
        compiled_here, draws = drawn(process)
        assert compiled_here and np.array_equal(draws, EXPECTED)
    assert not [path for path in here.base.rglob("*") if "tmp" in path.name]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_damaged_code_is_not_used(tmp_path, suffix):
    here = Installation(tmp_path, writable=True, home=False)
    drawn(here.start())
    for path in here.kept():
        if path.suffix == suffix:
            path.write_bytes(path.read_bytes()[:50])
    compiled_here, draws = drawn(here.start())
    assert compiled_here and np.array_equal(draws, EXPECTED)


def test_without_numba_the_draws_are_the_same(tmp_path):
    compiled_here, draws = drawn(Installation(tmp_path, True, True).start("without numba"))
    assert not compiled_here and np.array_equal(draws, EXPECTED)


def test_a_loop_that_numba_cannot_compile_is_left_to_numpy():
    assert compiled(lambda: no_such_thing(), "int64()") is None  # noqa: F821


def test_help_does_not_wait_for_numba():
    script = "import sys, simsim.cli, simsim.base.streams; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=PACKAGE.parent).returncode == 0
