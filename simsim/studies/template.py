"""A policy to start from: the file and the test that `simsim new policy NAME` writes."""

from __future__ import annotations

from importlib.resources import files
from keyword import iskeyword
from pathlib import Path

from simsim.inputs.errors import InputError, Problem
from simsim.policy import registry

TEMPLATES = {"policy.txt": "{name}.py", "test_policy.txt": "test_{name}.py"}
"""The template of each file beside this module, and the name of the file that it becomes."""


def write_policy(name: str, out: Path) -> list[Path]:
    """Write `NAME.py`, a small policy that works, and `test_NAME.py` into a folder; return both paths.

    InputError for a name that is no Python module's or is a policy's already, and for
    a file that exists: nothing is overwritten.
    """
    targets = {template: out / target.format(name=name) for template, target in TEMPLATES.items()}
    problems = _problems(name, list(targets.values()))
    if problems:
        raise InputError(problems)
    words = {"NAME": name, "CLASS": _class_name(name), "WORDS": name.replace("_", " ").strip().capitalize()}
    texts = {path: _filled(template, words) for template, path in targets.items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder with --out"
        raise InputError(Problem(str(out), "", None, remedy)) from None
    return list(texts)


def _problems(name: str, targets: list[Path]) -> list[Problem]:
    """Return what is wrong with a name, or else with the places of its files."""
    key = ("simsim new policy", "NAME", name)
    if not (name.isidentifier() and name.isascii() and name.islower()) or iskeyword(name):
        return [Problem(*key, "must be lower-case letters, digits and _, as a Python module: retention_bonus")]
    if name.startswith("_") or not _class_name(name):
        return [Problem(*key, "must start with a letter; take it without the _ in front")]
    if name in registry():
        return [Problem(*key, "is a policy already; give yours another name, see `simsim list policies`")]
    taken = [path for path in targets if path.exists()]
    return [
        Problem(str(path), "", None, "exists already and is not overwritten; take another name or --out DIR")
        for path in taken
    ]


def _class_name(name: str) -> str:
    """Return the class's name: RetentionBonus for retention_bonus."""
    return "".join(word.capitalize() for word in name.split("_"))


def _filled(template: str, words: dict[str, str]) -> str:
    """Return a template with its words put in."""
    text = files("simsim.studies").joinpath("templates", template).read_text(encoding="utf-8")
    for key, word in words.items():
        text = text.replace(f"@{key}@", word)
    return text
