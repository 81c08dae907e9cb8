"""Docstrings say what a function raises: whoever calls it reads one sentence and not the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simsim"
SAYS_SO = re.compile(r"rais|refus|error|WorkerDied|Stopped", re.IGNORECASE)
COMMANDS = ("cli.py", "commands/")
"""Docstrings there are the help texts of commands, which end with a message and an exit code."""
CHECKERS = ("inputs/run_limits.py", "inputs/size_limits.py", "world/columns.py")
"""Files whose functions refuse what users give; who calls one refuses it too."""


def of_functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of a module and the public methods of its public classes, by name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from of_functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not is_repeated(node):
            yield prefix + node.name, node


def is_repeated(node: ast.FunctionDef) -> bool:
    """Whether another definition of the same name has the docstring: a setter, or an overload."""
    return any(ast.unparse(one).endswith((".setter", "overload")) for one in node.decorator_list)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a function does itself, without the functions and classes in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from inside(child)


def raises(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Raise) for part in inside(node))


def calls(node: ast.AST) -> set[str]:
    return {part.func.id for part in inside(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}


def catches(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Try) for part in inside(node))


def checkers() -> set[str]:
    trees = [ast.parse((PACKAGE / file).read_text("utf-8")) for file in CHECKERS]
    return {name for tree in trees for name, node in of_functions(tree) if raises(node)}


def silent(source: str, refusing: set[str]) -> list[str]:
    """Return the public functions of a module that raise, or call what does, and do not say so."""
    tree = ast.parse(source)
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and raises(node)}
    refusing = refusing | {name for name in own if name.startswith("_")}
    return [
        name
        for name, node in of_functions(tree)
        if (raises(node) or (calls(node) & refusing and not catches(node)))
        and not SAYS_SO.search(ast.get_docstring(node) or "")
    ]


@pytest.mark.slow
def test_every_public_function_that_raises_says_so():
    refusing = checkers()
    files = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
    found = {
        name: names
        for name, path in files.items()
        if not name.startswith(COMMANDS) and (names := silent(path.read_text("utf-8"), refusing))
    }
    assert found == {}


def test_a_function_that_raises_and_does_not_say_so_is_found():
    body = "    if number < 0:\n        raise ValueError\n"
    helper = f"def _checked(number):\n{body}"
    assert silent(f'def half(number):\n    """Return half."""\n{body}', set()) == ["half"]
    assert silent(f'{helper}def half(number):\n    """Return half."""\n    _checked(number)\n', set()) == ["half"]
    assert silent('class Half:\n    def of(self):\n        """Return half."""\n        limit_of()\n', {"limit_of"}) == [
        "Half.of"
    ]
    assert silent(f'def half(number):\n    """Return half; ValueError below zero."""\n{body}', set()) == []
    assert {"limit_of", "last_year_of"} <= checkers()
