"""Files to start from: the policy and its test that `simsim new policy NAME` writes, the scenario of `simsim new
scenario NAME`, the notebook of `simsim new notebook NAME`.
"""

from __future__ import annotations

import os
from importlib.resources import files
from json import dumps
from keyword import iskeyword
from pathlib import Path
from shlex import quote

from simsim.districts.files import SPEC, district_folder, load_district, shipped_districts
from simsim.experiments.targets import not_among_parts
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.form import NAME
from simsim.inputs.paths import folder_name, path_of
from simsim.inputs.whole_files import write_all
from simsim.policy import registry
from simsim.scenarios.files import names
from simsim.studies.plans_scenario import planned, text_of

TEMPLATES = {"policy.txt": "{name}.py", "test_policy.txt": "test_{name}.py"}
"""The template of each file beside this module, and the name of the file that it becomes."""


def write_policy(name: str, out: Path) -> list[Path]:
    """Write `NAME.py`, a small policy that works, and `test_NAME.py` into a folder; return both paths.

    InputError for a name that is no Python module's or is a policy's already, and for
    a file that exists: nothing is overwritten.
    """
    out = path_of(out, "simsim new policy", "out")
    targets = {template: out / target.format(name=name) for template, target in TEMPLATES.items()}
    problems = _problems(name, list(targets.values()))
    if problems:
        raise InputError(problems)
    words = {"NAME": name, "CLASS": _class_name(name), "WORDS": name.replace("_", " ").strip().capitalize()}
    texts = {path: _filled(template, words) for template, path in targets.items()}
    _write(texts, out)
    return list(texts)


def write_scenario(name: str, district: str | None = None, out: Path | None = None, from_plans: bool = False) -> Path:
    """Write `NAME.yaml`, a scenario of a district (the default one if none is named) that passes the check and runs;
    return its path. `from_plans` makes it of what the district's plans.csv says of the years to come.

    It goes to `out`, by default beside the district's folder, or here for a district of simsim's own. InputError for a
    name that is none or is taken, a district that cannot be read, and a place where its scenario would not find it.
    """
    place = district or default_district()
    data, shipped = load_district(place), place in shipped_districts()
    folder = district_folder(place)
    folder = folder if folder.name not in ("", "..") else Path(os.path.abspath(folder))
    home = path_of(out, "simsim new scenario", "out") if out else (Path() if shipped else folder.parent)
    key, target = ("simsim new scenario", "NAME", name), home / f"{name}.yaml"
    if not NAME.fullmatch(name) or name.endswith((".yaml", ".yml")):
        raise InputError(Problem(*key, "must be letters, digits, - and _, as more-posts"))
    if name in names():
        raise InputError(Problem(*key, "is a scenario already; give yours another name, see `simsim list scenarios`"))
    if target.exists():
        raise InputError(Problem(str(target), "", None, "exists already and is not overwritten; take another name"))
    if not NAME.fullmatch(folder.name):
        remedy = "lies in a folder whose name a scenario cannot give; rename the folder: letters, digits, - and _"
        raise InputError(Problem("simsim new scenario", "--district", place, remedy))
    if not shipped and not any(Path(root, folder.name, SPEC).is_file() for root in (home, Path())):
        remedy = (
            f"is not beside {home}, where its scenario would look for it; leave --out away, or name {folder.parent}"
        )
        raise InputError(Problem("simsim new scenario", "--district", place, remedy))
    words = {"PLACE": place if shipped else folder.name, "YEAR": str(int(data.spec["first_year"]) + 1)}
    words |= {"DISTRICT": dumps(words["PLACE"], ensure_ascii=False)}
    words |= {"FILE": _typed(target), "GIVEN": _typed(place)}
    text = text_of(planned(data, folder), words["PLACE"]) if from_plans else _filled("scenario.txt", words)
    _write({target: text}, home)
    return target


def write_notebook(name: str, out: Path) -> Path:
    """Write `NAME.ipynb`, a notebook with parameters that compares a change of a shipped scenario with the baseline,
    and return its path; papermill and pytest --nbval-lax run it.

    InputError for a name that is none, and for a file that exists: nothing is overwritten.
    """
    out = path_of(out, "simsim new notebook", "out")
    target = out / f"{name}.ipynb"
    if not NAME.fullmatch(name) or name.endswith(".ipynb"):
        remedy = "must be letters, digits, - and _, as my-question"
        raise InputError(Problem("simsim new notebook", "NAME", name, remedy))
    if target.exists():
        raise InputError(Problem(str(target), "", None, "exists already and is not overwritten; take another name"))
    words = {"NAME": name, "WORDS": name.replace("_", " ").replace("-", " ").strip().capitalize()}
    _write({target: _filled("notebook.txt", words)}, out)
    return target


def _typed(path: str | Path) -> str:
    """Return a path as one types it in a shell, on one line."""
    return quote(" ".join(str(path).splitlines()))


def _write(texts: dict[Path, str], out: Path) -> None:
    """Write new files into a folder, each whole; InputError where that cannot be done or they may not lie there."""
    folder_name(not_among_parts(out))
    try:
        write_all(texts)
    except OSError as error:
        remedy = f"cannot be written: {error.strerror or error}; name another folder with --out"
        raise InputError(Problem(str(out), "", None, remedy)) from None


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
