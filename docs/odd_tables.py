"""What docs/ODD.md and docs/TRACE.md say of the code and the parameters: state variables, submodels, evidence.

What code cannot say is in odd.yaml.
"""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import yaml
from md_tables import numbers, table

from simsim.inputs.parameters import KINDS_ZH, Parameters, load
from simsim.world.budget import Budget
from simsim.world.classes import Classes
from simsim.world.neighbourhoods import Neighbourhoods
from simsim.world.schools import STATE
from simsim.world.students import COLUMNS as STUDENT
from simsim.world.teachers import COLUMNS as TEACHER

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
FITTED = "parameters/districts/erdao/district.yaml"


@cache
def said() -> dict[str, dict[str, object]]:
    """Return what odd.yaml says of state variables and submodels."""
    return yaml.safe_load((DOCS / "odd.yaml").read_text(encoding="utf-8"))


def in_code() -> dict[str, dict[str, str]]:
    """Return the state variables that the code has, with their types, by what they describe."""
    schools, classes = "simsim/world/schools.py", {"Ints": "int64", "Floats": "float64", "Mask": "bool"}
    fields = {
        "neighbourhoods": Neighbourhoods,
        "classes": Classes,
        "budget": Budget,
    }
    return {
        "students": {"id": "int64"} | {name: kind.__name__.rstrip("_") for name, kind in STUDENT.items()},
        "teachers": {"id": "int64"} | {name: kind.__name__.rstrip("_") for name, kind in TEACHER.items()},
        "parts": {name: kind.__name__.rstrip("_") for name, (kind, _) in STATE.items()},
        "schools": attributes(schools, "School"),
        "principals": attributes(schools, "Principal"),
        "general_principals": attributes(schools, "GeneralPrincipal"),
        "clusters": attributes(schools, "Cluster"),
        **{
            what: {n: classes.get(k, k) for n, k in kind.__annotations__.items() if not n.startswith("_")}
            for what, kind in fields.items()
        },
    }


def attributes(file: str, name: str) -> dict[str, str]:
    """Return the attributes that a class sets when an object is made; their types are for odd.yaml to say."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    made = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    init = next(node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    found = [n for n in ast.walk(init) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
    return {node.attr: "" for node in found if not node.attr.startswith("_")}


def state(what: str) -> str:
    """Return the table of the state variables of an entity; ValueError when odd.yaml and the code do not agree."""
    code, words = in_code()[what], said()["state_variables"][what]
    if set(code) != set(words):
        raise ValueError(f"docs/odd.yaml, {what}: describe what the code has: {sorted(set(code) ^ set(words))}")
    rows = [
        (f"`{name}`", kind or words[name]["type"], *(words[name][key] for key in ("unit", "changes", "meaning")))
        for name, kind in code.items()
    ]
    return table(("variable", "type", "unit", "changes", "meaning"), rows)


def _names_of_other_things(tree: ast.Module, known: Parameters) -> set[ast.AST]:
    """Return strings that are no parameters though they sound like one: keys of dictionaries, and lists of columns."""
    lists = [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple)]
    mixed = [e for e in lists if not all(isinstance(n, ast.Constant) and n.value in known for n in e)]
    keys = [node.keys for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return {node for nodes in (*mixed, *keys) for node in nodes if node is not None}


@cache
def read_in(file: str) -> frozenset[str]:
    """Return the parameters that a file names: whole, or as a family by the beginning of the name."""
    known = load()
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    text, others = (n for n in ast.walk(tree) if isinstance(n, ast.Constant)), _names_of_other_things(tree, known)
    whole = {n.value for n in text if isinstance(n.value, str) and n not in others}
    begun = {
        node.values[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    begun = {text for text in begun if "_" in text.removesuffix("_") or text.endswith(".")}
    begun |= {f"{text}." for text in whole if "_" in text}
    return frozenset(name for name in known if name in whole or name.startswith(tuple(begun)))


def submodel(what: str) -> str:
    """Return where a submodel is written, and a table of the parameters that no submodel before it reads."""
    submodels, known = said()["submodels"], load()
    before = [name for name in submodels if list(submodels).index(name) < list(submodels).index(what)]
    earlier = {name for other in before for file in submodels[other] for name in read_in(file)}
    mine = {name for file in submodels[what] for name in read_in(file)}
    text = f"Written in {', '.join(f'`{file}`' for file in submodels[what])}.\n\n"
    if mine - earlier:
        text += numbers(p for p in known.values() if p.name in mine - earlier)
    if mine & earlier:
        text += f"\nAlso read, and listed above: {', '.join(f'`{name}`' for name in sorted(mine & earlier))}.\n"
    return text


def kinds() -> str:
    """Return how many parameters are known in which way, and how many of them each replication draws anew."""
    known = [p for p in load().values() if p.role != "evidence"]
    every, drawn = (Counter(p.kind for p in these) for these in (known, [p for p in known if p.uncertain]))
    rows = [(kind, every[kind], drawn[kind]) for kind in KINDS_ZH]
    return table(("kind", "parameters", "drawn in every replication"), [*rows, ("all", len(known), drawn.total())])


def fitted() -> str:
    """Return the numbers of Erdao that were fitted, with what they were fitted to and what is left."""
    known, found = load(), yaml.safe_load((ROOT / FITTED).read_text(encoding="utf-8"))["fitted"]
    rows = [
        (f"`{name}`", f["value"], f"{known[name].low:g} to {known[name].high:g}", f["target"], f["residual"])
        for name, f in found.items()
    ]
    return table(("parameter", "fitted value", "its range", "target", "residual"), rows)


def patterns() -> str:
    """Return the patterns by which the model is judged, with their kinds and sources."""
    found = yaml.safe_load((ROOT / "parameters/patterns.yaml").read_text(encoding="utf-8"))["patterns"]
    rows = [(p["number"], p["title"]["en"], p["kind"].replace("_", " "), p["source"]) for p in found]
    return table(("pattern", "what", "kind", "source"), rows)
