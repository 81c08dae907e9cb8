"""The architecture, checked: arrows between modules go one way, and nothing takes
a name or a draw that is Mesa's or NumPy's.
"""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import mesa
import pytest

from simsim.world.person import Person
from simsim.year import YEAR

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "simsim"
FILES = {
    ".".join(p.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): p
    for p in sorted(PACKAGE.rglob("*.py"))
}
RANK = (
    "base", "inputs", "tables", "districts", "world", "rules", "record", "policy", "actions", "policies", "scenarios",
    "year", "conditioning", "district",
    "experiments", "assessment", "studies", "report", "explorer", "commands", "cli",
)  # fmt: skip
"""The wings and the hall from the ground up (docs/decisions/09-wings.md): an import goes to a lower rank or stays in
its wing.
"""
OPENS_EVERY_WING = {"__init__", "__main__"}
"""What stands above them all."""
LONGEST_FUNCTION = 40
# What mesa.Model and mesa.Agent own in 3.3, 3.5 or 4.0; only one of the three is installed here.
MODEL_OWNS = set(
    "agent_id_counter agent_types agents agents_by_type batch clear_all_subscriptions computed_property "
    "data_registry deregister_agent "
    "notify observables observe observe_class random register_agent remove_all_agents reset_randomizer "
    "reset_rng rng run_for run_model "
    "run_until running scenario schedule_event schedule_recurring steps subscribers suppress time unobserve "
    "unobserve_class _advance_time "
    "_agents _agents_by_type _all_agents _batch_context _default_schedule _do_step _event_generators "
    "_event_list _rng _scenario _seed "
    "_simulator _suppress _time _user_step _wrapped_step".split()
)
AGENT_OWNS = set(
    "advance cancel_action create_agents current_action from_dataframe interrupt_for is_busy model pos random "
    "remove rng scenario "
    "start_action step unique_id _datasets _ids".split()
)
NOT_RANDOM = {"NDArray", "Generator", "Philox"}


@cache
def tree(module: str) -> ast.Module:
    """Return the syntax tree of a module of simsim."""
    return ast.parse(FILES[module].read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def trees_go():
    """Look for no garbage in a million nodes, and keep none for the tests of other files to look through."""
    gc.disable()
    yield
    tree.cache_clear()
    gc.enable()


@cache
def imports(module: str) -> list[tuple[str, str]]:
    """Return (imported module, when) for a module of simsim; when is `typing`, `lazy` or `start`."""
    return [found for node in tree(module).body for found in _of(node, "start")]


def _of(node: ast.AST, when: str) -> list[tuple[str, str]]:
    if isinstance(node, ast.Import):
        return [(alias.name, when) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(_submodule(node.module, alias.name), when) for alias in node.names]
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        when = "typing"
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        when = "lazy" if when == "start" else when
    return [found for child in ast.iter_child_nodes(node) for found in _of(child, when)]


def _submodule(module: str, name: str) -> str:
    """`from simsim.base import ids` imports simsim.base.ids; `from simsim.base.ids import make` does so too."""
    full = f"{module}.{name}"
    return full if full.removeprefix("simsim.") in FILES else module


def inside(module: str, *when: str) -> set[str]:
    """Return the modules of simsim that `module` imports, at the given times (any by default)."""
    names = {
        name.removeprefix("simsim.") for name, at in imports(module) if at in (when or ("start", "lazy", "typing"))
    }
    return {name for name in names if name in FILES and name != module}


def closure(module: str) -> set[str]:
    """Return everything of simsim that is loaded when `module` is."""
    seen, todo = set(), [module]
    while todo:
        for name in inside(todo.pop(), "start") - seen:
            seen.add(name)
            todo.append(name)
    return seen


def wing(module: str) -> str:
    """Return the wing of a module, or its own name in the hall."""
    return module.split(".")[0]


def found(offences: Callable[[str], Iterable[object]], modules: Iterable[str] = FILES) -> dict[str, list[object]]:
    """Return what is wrong by module, of the modules where something is."""
    return {module: wrong for module in modules if (wrong := list(offences(module)))}


def test_relative_imports_are_not_used():
    def relative(module):
        return [node.lineno for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom) and node.level]

    assert found(relative) == {}


def test_no_module_needs_itself_to_load():
    assert [module for module in FILES if module in closure(module)] == []


def test_every_file_stands_in_a_wing_or_in_the_hall():
    assert {wing(module) for module in FILES} == {*RANK, "__init__", "__main__"}


def test_imports_go_one_way_and_none_hides():
    def upwards(module):
        others = {other for other in inside(module, "start", "lazy") if wing(other) != wing(module)}
        return {other for other in others if RANK.index(wing(other)) >= RANK.index(wing(module))}

    assert found(upwards, [name for name in FILES if wing(name) not in OPENS_EVERY_WING]) == {}


def test_a_command_loads_the_wing_that_answers_when_it_is_called():
    quick = {"commands", "inputs"}
    modules = [name for name in FILES if wing(name) == "commands"]
    assert found(lambda module: {name for name in closure(module) if wing(name) not in quick}, modules) == {}


def test_policies_never_run_a_rule_of_the_year():
    steps = {(rule.__module__, rule.__name__) for phase in YEAR for rule in (*phase.first, *phase.rules)}

    def run(module):
        brought = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree(module))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        called = {
            (".".join(brought[node.value.id]), node.attr)
            for node in ast.walk(tree(module))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in brought
        }
        return steps & (called | set(brought.values()))

    assert found(run, [name for name in FILES if name.startswith("policies.")]) == {}


LIGHT = [
    "cli",
    "base.balance",
    "base.inequality",
    "assessment.judging",
    "inputs.standards",
    "inputs.parameters",
    "inputs.errors",
]


def test_what_needs_no_simulation_loads_without_mesa():
    """All in one process: where none of them loads Mesa, each alone does not either."""
    script = f"import sys, {', '.join(f'simsim.{module}' for module in LIGHT)}; sys.exit('mesa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


def test_chance_comes_from_streams_alone():
    def drawn(module):
        used = {ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
        of_numpy = {name for name in used if re.match(r"(np|numpy)\.random\.", name)}
        brought = {name for name, _ in imports(module)}
        return {name for name in of_numpy if name.split(".")[-1] not in NOT_RANDOM} | {
            name for name in brought if name.split(".")[0] in ("random", "secrets") or name == "numpy.random"
        }

    assert found(drawn, [name for name in FILES if name != "base.streams"]) == {}


PARTS_BY_HAND = re.compile(r"np\.(array|fromiter)\(\s*[\[(][^\])]*\bfor \w+ in (world|district)\.parts\b")


def test_no_array_is_built_part_by_part_outside_the_parts():
    modules = [name for name in FILES if name != "world.parts"]
    by_hand = [module for module in modules if PARTS_BY_HAND.search(FILES[module].read_text("utf-8"))]
    assert by_hand == [], "use a column of world.parts, or of_schools"


def test_an_array_built_part_by_part_is_noticed():
    assert PARTS_BY_HAND.search("np.array([part.rooms for part in district.parts])")


def test_no_function_is_longer_than_a_screen():
    def long(module):
        functions = [node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef)]
        return [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]

    assert found(long) == {}


def names_of(module: str, name: str) -> set[str]:
    """Return every name that a class defines or sets on itself."""
    body = next(node for node in ast.walk(tree(module)) if isinstance(node, ast.ClassDef) and node.name == name)
    methods = {node.name for node in body.body if isinstance(node, ast.FunctionDef)}
    fields = {
        node.target.id for node in body.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    stored = [node for node in ast.walk(body) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return (
        methods
        | fields
        | {node.attr for node in stored if isinstance(node.value, ast.Name) and node.value.id == "self"}
    )


def test_the_district_takes_no_name_that_mesas_model_owns():
    assert not names_of("district", "District") & (
        (MODEL_OWNS | set(dir(mesa.Model()))) - set(dir(object)) - {"step", "__dict__"}
    )


@pytest.mark.parametrize(
    ("module", "name"), [("world.schools", name) for name in ("School", "Cluster", "Principal", "GeneralPrincipal")]
)
def test_agents_take_no_name_that_mesas_agent_owns(module, name):
    assert not names_of(module, name) & ((AGENT_OWNS | set(dir(mesa.Agent))) - set(dir(object)))


@pytest.mark.parametrize("module", ["students", "teachers"])
def test_no_column_hides_behind_a_name_of_the_view(module):
    columns = __import__(f"simsim.world.{module}", fromlist=["COLUMNS"]).COLUMNS
    assert not set(columns) & (AGENT_OWNS | set(dir(Person)) | {"population", "id"})


def test_everything_imported_is_declared_as_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = project["dependencies"] + [name for extra in project["optional-dependencies"].values() for name in extra]
    known = {re.split(r"[<>=~! \[;]", name)[0].lower().replace("-", "_") for name in declared} | {
        "yaml",
        "dask",
        "PIL",
        "IPython",
        "SALib",
        "docx",
    }
    imported = {name.split(".")[0] for module in FILES for name, _ in imports(module)}
    assert imported - set(sys.stdlib_module_names) - {"simsim"} <= known


def test_every_constraint_names_a_version_and_nothing_else():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    line = re.compile(r'[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; python_version (<|>=) "3\.\d+")?')
    assert [text for text in lines if not text.startswith("#") and not line.fullmatch(text)] == []
