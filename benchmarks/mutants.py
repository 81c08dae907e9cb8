"""Whether the tests of a file would notice if it were wrong: `make mutants FILE=simsim/rules/hiring.py`.

Small faults (mutants) are put into a copy of the tree, one at a time: a comparison flipped, plus for minus, a constant
off by one, a statement left out. For each only the file's own tests are run, tests/<wing>/test_<file>.py; a mutant that
passes them survives and is printed. The same seed draws the same mutants. Each runs in a process forked from one that
has loaded the libraries and whatever stands below the file's wing (compiled loops, parameters, the district), the
quickest tests first and only as far as the first that fails, so that a mutant takes a second or two; this needs an
operating system that forks.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import gc
import importlib
import json
import os
import py_compile
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("simsim", "tests", "parameters", "notebooks", "benchmarks", "docs", "pyproject.toml", "README.md")
LIBRARIES = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "mesa", "networkx", "pydantic", "yaml", "openpyxl",
             "pyarrow.parquet", "hypothesis", "pytest")  # fmt: skip
BELOW = ("base", "inputs", "districts")
"""Wings that import no other (tests/test_imports.py): a fault elsewhere is none of theirs."""
OTHER = {
    ast.Lt: ("<=", ">"), ast.LtE: ("<", ">="), ast.Gt: (">=", "<"), ast.GtE: (">", "<="),
    ast.Eq: ("!=",), ast.NotEq: ("==",), ast.In: ("not in",), ast.NotIn: ("in",),
    ast.Is: ("is not",), ast.IsNot: ("is",),
    ast.Add: ("-",), ast.Sub: ("+",), ast.Mult: ("/",), ast.Div: ("*",), ast.FloorDiv: ("*",), ast.Mod: ("*",),
    ast.Pow: ("*",), ast.BitAnd: ("|",), ast.BitOr: ("&",), ast.And: ("or",), ast.Or: ("and",),
}  # fmt: skip
"""What an operator may be mistaken for."""
TWINS = {"min": "max", "minimum": "maximum", "argmin": "argmax", "any": "all", "floor": "ceil"}
TWINS |= {b: a for a, b in TWINS.items()}
SURVIVED = 0
PYTEST = ("-m", "", "-n0", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "--assert=plain")
"""Without what only words and notebooks need: loading them takes longer than most tests of a file."""
POLL_S = 0.02


@dataclass(frozen=True)
class Mutant:
    """A place in a text (from, to: offsets) and what stands there instead."""

    start: int
    stop: int
    instead: str

    def put_into(self, text: str) -> str:
        """Return the text with the fault."""
        return text[: self.start] + self.instead + text[self.stop :]


class Places:
    """All places of a source text where a mutant is possible."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.splitlines(keepends=True)
        self.begin = [0]
        for line in self.lines:
            self.begin.append(self.begin[-1] + len(line))

    def mutants(self) -> list[Mutant]:
        """Return every mutant that is not the text itself, in the order of the text."""
        found = {mutant for node in walked(ast.parse(self.text)) for mutant in self._of(node)}
        return sorted(found, key=lambda mutant: (mutant.start, mutant.stop, mutant.instead))

    def _offset(self, line: int, column: int) -> int:
        """Return the offset of a place that `ast` gives in lines and bytes."""
        return self.begin[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _between(self, left: ast.expr, right: ast.expr, instead: str) -> Mutant:
        """Return the mutant of an operator between two terms, whose brackets stay."""
        start, stop = self._span(left)[1], self._span(right)[0]
        between = self.text[start:stop]
        word = between.strip("() \t\n")
        at = start + between.index(word)
        return Mutant(at, at + len(word), instead)

    def _of(self, node: ast.AST) -> Iterator[Mutant]:
        yield from self._operators(node)
        if isinstance(node, (ast.Expr, ast.AugAssign)) or (
            isinstance(node, ast.Assign) and not isinstance(node.targets[0], (ast.Name, ast.Tuple))
        ):
            yield Mutant(*self._span(node), "pass")
        elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
            value = node.value
            yield Mutant(*self._span(node), str(not value if isinstance(value, bool) else value + 1))
        elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
            start, stop = self._span(node.test)
            yield Mutant(start, stop, f"not ({self.text[start:stop]})")
        elif isinstance(node, ast.Slice):
            for bound in (node.lower, node.upper):
                if bound is not None and not isinstance(bound, ast.Constant):
                    start, stop = self._span(bound)
                    yield Mutant(start, stop, f"{self.text[start:stop]} + 1")
        elif isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in TWINS:
                stop = self._span(node)[1]
                yield Mutant(stop - len(name), stop, TWINS[name])

    def _operators(self, node: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.Compare):
            terms = [node.left, *node.comparators]
            for left, right, operator in zip(terms, terms[1:], node.ops, strict=False):
                yield from (self._between(left, right, other) for other in OTHER[type(operator)])
        elif isinstance(node, ast.BinOp):
            yield from (self._between(node.left, node.right, other) for other in OTHER.get(type(node.op), ()))
        elif isinstance(node, ast.BoolOp):
            pairs = zip(node.values, node.values[1:], strict=False)
            yield from (self._between(left, right, OTHER[type(node.op)][0]) for left, right in pairs)
        elif isinstance(node, ast.AugAssign):
            yield from (self._between(node.target, node.value, f"{o}=") for o in OTHER.get(type(node.op), ()))
        elif isinstance(node, ast.UnaryOp):
            yield Mutant(self._span(node)[0], self._span(node.operand)[0], "")


def walked(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: no annotations, no docstrings, no text in braces, whose places Python knows late."""
    documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr) and not (text and documented):
                yield child
                yield from walked(child)


def tests_of(file: str) -> list[str]:
    """Return a file's own tests, by path; SystemExit when there are none."""
    inside = Path(file).relative_to("simsim")
    names = [Path("tests") / inside.parent / f"test_{inside.stem}{end}.py" for end in ("", "_stateful")]
    found = [name.as_posix() for name in names if (ROOT / name).exists()]
    if not found:
        raise SystemExit(f"{file} has no tests of its own: {names[0]} is not there")
    return found


def copied(folder: Path) -> Path:
    """Copy the tree, and compile it so that a changed file is noticed by its content."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.pyc", ".ipynb_checkpoints"))
        elif source.exists():
            shutil.copy(source, folder / name)
    for name in ("simsim", "tests"):
        compileall.compile_dir(folder / name, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    return folder


def warmed(folder: Path, file: str) -> None:
    """Load from the copy what a fault in `file` cannot change, once for all forks; SystemExit if it loads the file."""
    if Path(file).parts[1] in BELOW:
        return
    sys.path.insert(0, str(folder))
    names = ("base.streams", "base.rows", "base.matching", "inputs.parameters", "districts.files")
    streams, rows, matching, parameters, files = (importlib.import_module(f"simsim.{name}") for name in names)
    nought = importlib.import_module("numpy").zeros(1, "int64")
    streams.Streams(1).normal("any", 0, nought)
    rows.kept([nought], nought == 0)
    rows.shared_out(nought, nought.astype(float), nought + 1)
    matching.first_come(nought, nought + 1)
    parameters.load()
    files.load_district("erdao")
    if ".".join(Path(file).with_suffix("").parts) in sys.modules:
        raise SystemExit(f"{file} is loaded by what stands below it ({', '.join(names)}): no fault in it would be seen")


class QuickestFirst:
    """A pytest plugin: notes how long each test takes when nobody has yet, and then runs the quickest first."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        self.taken: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items.sort(key=lambda item: self.known.get(item.nodeid, 0.0))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.taken[report.nodeid] = self.taken.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        if not self.known:
            self.kept.write_text(json.dumps(self.taken), encoding="utf-8")


def passes(folder: Path, tests: list[str], seconds: float, quiet: bool = True) -> bool:
    """Whether the tests pass in the copy, within so many seconds; in a process of its own."""
    child = os.fork()
    if not child:
        try:
            os.setsid()
            os._exit(_run(folder, tests, quiet))
        finally:
            os._exit(1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == SURVIVED
        time.sleep(POLL_S)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run(folder: Path, tests: list[str], quiet: bool) -> int:
    import pytest

    if quiet:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    sys.path[:] = [str(folder), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = True
    order = QuickestFirst(folder / "seconds.json")
    return int(pytest.main([*PYTEST, *(["--tb=no"] if quiet else []), *tests], plugins=[order]))


def survivors(file: str, n: int, seed: int, factor: float = 10.0) -> tuple[list[Mutant], int]:
    """Try up to `n` mutants of a file; return those that its tests let pass, and how many were tried.

    A mutant may take `factor` times what the tests take; then it counts as noticed. SystemExit when the tests fail
    without any fault.
    """
    tests, text = tests_of(file), (ROOT / file).read_text(encoding="utf-8")
    for library in LIBRARIES:
        importlib.import_module(library)
    every = Places(text).mutants()
    chosen = random.Random(seed).sample(every, min(n, len(every)))
    alive = []
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name).resolve())
        warmed(folder, file)
        gc.freeze()
        began = time.monotonic()
        if not passes(folder, tests, seconds=600.0, quiet=False):
            raise SystemExit(f"{' '.join(tests)}: fails without any fault; mend it first")
        allowed = max(factor * (time.monotonic() - began), 10.0)
        for mutant in sorted(chosen, key=lambda mutant: mutant.start):
            (folder / file).write_text(mutant.put_into(text), encoding="utf-8")
            if passes(folder, tests, allowed):
                alive.append(mutant)
                print(shown(text, mutant, file), flush=True)
    return alive, len(chosen)


def shown(text: str, mutant: Mutant, file: str) -> str:
    """Return a mutant as a difference without context."""
    lines = difflib.unified_diff(text.splitlines(), mutant.put_into(text).splitlines(), file, file, "", "", 0, "")
    return "\n".join(list(lines)[2:])


def main() -> None:
    """Read the command line, and print who survived and the share that was noticed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description="Try a file's own tests.")
    parser.add_argument("file", help="for example simsim/rules/hiring.py")
    parser.add_argument("--n", type=int, default=40, help="mutants tried (40)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    asked = parser.parse_args()
    alive, tried = survivors(Path(asked.file).as_posix(), asked.n, asked.seed)
    killed = tried - len(alive)
    print(f"{asked.file}: {killed} of {tried} mutants killed by its own tests ({killed / max(tried, 1):.0%})")


if __name__ == "__main__":
    main()
