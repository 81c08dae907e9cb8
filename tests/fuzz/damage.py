"""Damaged files and random arguments: every one ends with exit code 0 or 2, a mistake with a message, none with a
traceback.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import openpyxl

from simsim import cli
from simsim.inputs.paths import resource

PARAMETERS = resource("parameters")
EVIL = (
    b"", b"\0", b"\xff\xfe", b"&a *a", b"!!python/object:os.system x", b"<<: {a: 1}", b"---", b"1e999", b"-1", b".nan",
    b"045", b"0x2d", b"1:30", b"yes", b"null", b"[" * 60, b"{}", b"[]", b"'", b'"', b"\t", b"9" * 20, b"=1+1",
    "①".encode(), "，".encode(), b"2016-13-45", b"%YAML 9.9", b": : :", b"\r", b"\x85", b"#", b",,,,,", b"x" * 200_000,
)  # fmt: skip
WORDS = (
    "list", "show", "check", "compare", "verify", "assess", "district", "new", "run", "report", "import", "synthesise",
    "need", "large-classes", "sensitivity", "explore", "hindcast", "standstill", "worlds", "template", "calibrate",
    "scale", "notebook", "scenario",
    "policy", "scenarios", "policies", "baseline", "plan", "erdao", "rotation", "score", "--help", "--lang", "zh", "fr",
    "--out", "--seeds", "-1", "0", "x", "", "\0", "..", "/", "--csv", "--xlsx", "--standard", "quality-2017", "--also",
    "retention=2", "--jobs", "--baseline", "nobody", "\udcff", "①", "--all", "--kind", "outlook", "--schools",
    "--scenario", "--structures", "--brief", "--short", "--everywhere", "--in", "--today", "2026-13", "--from-plans",
    "--experiment", "--district", "--forms", ".", "x.csv", "--weighted", "--school", "--port", "99999",
)  # fmt: skip
COMMANDS = WORDS.index("scenario") + 1
NEVER_RUNS = {
    "run": ("--to", "1900"), "explore": ("--to", "1900"), "sensitivity": ("--to", "1900"),
    "standstill": ("--worlds", "0"), "worlds": ("--seeds", "0"),
}  # fmt: skip
"""No random command runs thirty replications for real, or opens a page: the last word of these is refused."""


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Return content after one to three accidents: cut, doubled, moved, or with something evil put in."""
    for _ in range(rng.randint(1, 3)):
        lines = content.splitlines(keepends=True) or [b"\n"]
        at, other, cell = rng.randrange(len(lines)), rng.randrange(len(lines)), rng.randrange(len(content) + 1)
        accident = rng.randrange(7)
        if accident == 0:
            content = content[:cell]
        elif accident == 1:
            content = b"".join([*lines[:at], lines[other], *lines[at:]])
        elif accident == 2:
            content = b"".join([*lines[:at], *lines[at + 1 :]])
        elif accident == 3:
            content = content[:cell] + rng.choice(EVIL) + content[cell:]
        elif accident == 4:
            content = content[:cell] + bytes([rng.randrange(256)]) + content[cell + 1 :]
        else:
            separator = b"," if lines[at].count(b",") > lines[at].count(b":") else b":"
            cells = lines[at].rstrip(b"\n").split(separator)
            cells[rng.randrange(len(cells))] = rng.choice(EVIL)
            content = b"".join([*lines[:at], separator.join(cells) + b"\n", *lines[at + 1 :]])
    return content


def command(words: list[str], folder: Path) -> str:
    """Run a command in this process, in a folder; return what became of it, AssertionError for anything but 0 or 2."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    before, argv = Path.cwd(), sys.argv
    try:
        os.chdir(folder)
        sys.argv = ["simsim", *words]
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 0
    finally:
        os.chdir(before)
        sys.argv = argv
    assert code in (0, 2), f"{words}: exit code {code}: {err.getvalue()}"
    assert "Traceback" not in err.getvalue() + out.getvalue(), words
    assert code == 0 or (out.getvalue() + err.getvalue()).strip(), f"{words}: exit code 2 without a word"
    return "accepted" if code == 0 else "refused"


def scenario_file(folder: Path, rng: random.Random) -> list[str]:
    source = rng.choice(sorted((PARAMETERS / "scenarios").glob("*.yaml")))
    (folder / "mine.yaml").write_bytes(damaged(source.read_bytes(), rng))
    return ["check", "mine.yaml"]


def plan_file(folder: Path, rng: random.Random) -> list[str]:
    source = rng.choice(sorted((PARAMETERS / "plans").glob("*.yaml")))
    (folder / "plan.yaml").write_bytes(damaged(source.read_bytes(), rng))
    return ["check", "plan.yaml"]


def district_files(folder: Path, rng: random.Random) -> list[str]:
    shutil.copytree(PARAMETERS / "districts" / "erdao", folder / "mine")
    victim = folder / "mine" / rng.choice(("district.yaml", "schools.csv", "neighbourhoods.csv", "births.csv"))
    victim.write_bytes(damaged(victim.read_bytes(), rng))
    return ["district", "check", "mine"]


def assessed_csv(folder: Path, rng: random.Random) -> list[str]:
    content = (PARAMETERS / "templates" / "schools-example.csv").read_bytes()
    (folder / "schools.csv").write_bytes(damaged(content, rng))
    return ["assess", "schools.csv", "--standard", rng.choice(("basic-2012", "quality-2017"))]


def assessed_workbook(folder: Path, rng: random.Random) -> list[str]:
    """Damage a part of a workbook, or the archive itself."""
    book, plain = openpyxl.Workbook(), io.BytesIO()
    for line in (PARAMETERS / "templates" / "schools-example.csv").read_text("utf-8-sig").splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(plain)
    path = folder / "schools.xlsx"
    if rng.random() < 0.3:
        path.write_bytes(damaged(plain.getvalue(), rng))
    else:
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
            victim = rng.choice(old.namelist())
            for name in old.namelist():
                new.writestr(name, damaged(old.read(name), rng) if name == victim else old.read(name))
    return ["assess", "schools.xlsx"]


def arguments(folder: Path, rng: random.Random) -> list[str]:
    words = [rng.choice(WORDS[:COMMANDS]), *(rng.choice(WORDS) for _ in range(rng.randint(0, 4)))]
    kept = [word for word in words if word != "synthesise"]
    return [*kept, *NEVER_RUNS.get("".join(kept[:1]), ())]


KINDS: dict[str, Callable[[Path, random.Random], list[str]]] = {
    "scenario YAML": scenario_file,
    "plan YAML": plan_file,
    "district files": district_files,
    "assess CSV": assessed_csv,
    "assess XLSX": assessed_workbook,
    "arguments": arguments,
}


def damage(kind: str, cases: int, start: int = 0) -> Counter[str]:
    """Try so many damaged inputs of a kind; return how many were accepted and refused. The first traceback is
    raised, with the number of its case.
    """
    seen: Counter[str] = Counter()
    for case in range(start, start + cases):
        with empty_folder() as folder:
            words = KINDS[kind](folder, random.Random(f"{kind} {case}"))
            try:
                seen[command(words, folder)] += 1
            except Exception as error:
                error.add_note(f"{kind}, case {case}: simsim {words}")
                raise
    return seen


@contextmanager
def empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
