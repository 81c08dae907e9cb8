"""Types mean something: `Any` stands at a few borders, each with its reason; everywhere else a type is checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simsim"
BORDERS = {
    "__init__.py: __getattr__",
    "base/arrays.py: AnyArray",
    "base/arrays.py: Cell",
    "base/displays.py: Display",
    "base/philox.py: Machine",
    "inputs/documents.py: Document",
    "inputs/documents.py: Draft",
    "inputs/documents.py: Record",
    "policy.py: Own",
    "policy.py: setting",
    "report/figures/sheet.py: style",
    "report/objects/catalogue.py: CARDS",
    "world/closed.py: __getattr__",
    "world/instructions.py: Where",
    "world/mesa_idioms.py: _MesasSet",
}
"""Where a type is really any: columns and documents, what hangs on a name, and packages that carry no types."""
WORD = re.compile(r"\bAny\b")
REMEDY = "name its type: simsim/base/arrays.py, simsim/inputs/documents.py, a Protocol, a TypeVar, or object"


def places(text: str) -> list[tuple[str, int]]:
    """Return (what is declared, line) of each `Any` of a module; an import declares nothing."""
    return sorted(set(_of(ast.parse(text), "the module"))) if WORD.search(text) else []


def _of(node: ast.AST, owner: str) -> list[tuple[str, int]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        owner = node.name
    elif isinstance(node, ast.AnnAssign):
        owner = ast.unparse(node.target)
    elif isinstance(node, ast.ImportFrom | ast.Import):
        renamed = any(alias.name == "Any" and alias.asname for alias in node.names)
        return [("an import under another name", node.lineno)] if renamed else []
    names = {getattr(node, key, None) for key in ("id", "attr")}
    here = [(owner, node.lineno)] if "Any" in names or _quoted(node) else []
    return here + [found for child in ast.iter_child_nodes(node) for found in _of(child, owner)]


def _quoted(node: ast.AST) -> bool:
    """Whether it is a type in quotes, and no sentence."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and bool(WORD.search(text)) and bool(re.fullmatch(r"[\w.,|\[\] ]+", text))


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.slow
def test_mypy_finds_nothing_wrong() -> None:
    found = subprocess.run([sys.executable, "-m", "mypy"], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_any_stands_only_where_a_type_is_really_any():
    found = {f"{path.relative_to(PACKAGE).as_posix()}: {name}" for path in files() for name, _ in places(_text(path))}
    assert found - BORDERS == set(), REMEDY
    assert BORDERS - found == set(), "is typed by now: strike it from BORDERS"


def test_every_any_says_why():
    for path in files():
        lines = _text(path).splitlines()
        for name, number in places(_text(path)):
            above, here, below = (lines[n] if 0 <= n < len(lines) else "" for n in (number - 2, number - 1, number))
            said = "#" in here or above.strip().startswith("#") or below.startswith('"""')
            assert said, f"{path}:{number}: {name} is any without a reason"


def test_what_is_written_for_users_to_begin_with_has_types():
    written = [path for path in PACKAGE.rglob("templates/*") if path.is_file()]
    assert written
    assert not [path.name for path in written if WORD.search(_text(path))]


@pytest.mark.parametrize(
    "text",
    [
        "def f(rows: Any) -> int: ...",
        "def f(rows: 'list[Any]') -> int: ...",
        "rows: dict[str, Any] = {}",
        "rows = cast(Any, 3)",
        "def f() -> typing.Any: ...",
        "from typing import Any as Thing",
    ],
)
def test_an_any_is_noticed_however_it_is_written(text):
    assert len(places(text)) == 1


def test_a_sentence_and_an_import_are_no_type():
    assert places('from typing import Any\n"""Any row; it may be empty."""') == []


def _text(path: Path) -> str:
    return path.read_text("utf-8")
