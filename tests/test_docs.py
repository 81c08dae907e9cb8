"""Documents that come from code and parameters are never stale."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

from simsim.inputs.parameters import load
from simsim.world.schools import STATE, Cluster, Principal, School
from simsim.world.students import COLUMNS as STUDENT
from simsim.world.teachers import COLUMNS as TEACHER
from tests.one_district import lived

ROOT = Path(__file__).resolve().parent.parent


def beside_the_documents(name: str):  # noqa: ANN201
    """Return a module of docs/, which is no package."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "docs"))


GENERATE = beside_the_documents("generate")
TABLES = beside_the_documents("odd_tables")
ODD = ROOT / "docs" / "ODD.md"
CHANGES = {"static", "dynamic", "yearly"}
COLUMNS = {"students": STUDENT, "teachers": TEACHER, "parts": STATE}


@pytest.mark.parametrize("name", GENERATE.DOCUMENTS)
def test_a_generated_document_is_not_stale(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert text == GENERATE.DOCUMENTS[name](), f"{name} is stale: run make docs"


def test_every_measure_of_the_plan_is_in_the_table() -> None:
    text = GENERATE.policies_md()
    ids = (
        "L0 L1 L2 L3 L4 L5 E1 E2 E3 C1 C2 C3 T1 T2 T3 T4 T5 T6 P1 P2 P3 Q1 Q2 Q3 Q4 I1 I2 "
        "D1 D2 D3 D4 F1 F2 F3 K1 K2 K3 K4 V1 V2 R1 R2 R3"
    )
    assert all(f"\n| {measure} | " in text for measure in ids.split())


def block(name: str) -> list[list[str]]:
    """Return the cells of the table in a generated block of ODD.md, without its head."""
    text = re.search(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", ODD.read_text(encoding="utf-8"), re.DOTALL)[1]
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("what", COLUMNS)
def test_every_column_is_in_the_odd_with_type_unit_and_how_it_changes(what: str) -> None:
    rows = {row[0].strip("`"): row[1:] for row in block(f"state_{what}")}
    assert set(rows) - {"id"} == set(COLUMNS[what])
    assert all(kind and unit and changes in CHANGES and words for kind, unit, changes, words in rows.values())


@pytest.mark.parametrize("kind, what", [(School, "schools"), (Principal, "principals"), (Cluster, "clusters")])
def test_what_a_school_a_principal_and_a_cluster_hold_is_in_the_odd(kind: type, what: str) -> None:
    class_of_mesa = {"model", "pos", "unique_id", "rng", "random", "scenario"}
    world = lived()
    one = {School: world.open_schools, Principal: [s.principal for s in world.open_schools], Cluster: []}[kind]
    made = one[0] if one else Cluster(world, "one", "group", None, 2015)
    mine = {name.lstrip("_") for name in vars(made) if name != "_closed" and not name.startswith("_mesa")}
    assert mine - class_of_mesa == {row[0].strip("`") for row in block(f"state_{what}")}


def test_every_rule_file_is_named_by_a_submodel() -> None:
    rules = {path.name for path in (ROOT / "simsim" / "rules").glob("*.py")} - {"__init__.py"}
    named = set(re.findall(r"`simsim/rules/(\w+\.py)`", ODD.read_text(encoding="utf-8").split("## 7 Submodels")[1]))
    assert named == rules


def test_every_submodel_has_its_section_with_a_rationale() -> None:
    sections = ODD.read_text(encoding="utf-8").split("## 7 Submodels")[1].split("\n### ")[1:]
    told = {re.search(r"generated: submodel_(\w+)", s)[1]: s for s in sections if "generated: submodel_" in s}
    assert set(told) == set(TABLES.said()["submodels"])
    assert not [name for name, section in told.items() if "*Why so.*" not in section and name != "founding"]


def test_a_variable_of_the_code_that_nobody_described_stops_the_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    code = TABLES.in_code()
    monkeypatch.setattr(TABLES, "in_code", lambda: code | {"parts": code["parts"] | {"noise": "float64"}})
    with pytest.raises(ValueError, match="noise"):
        TABLES.state("parts")


def test_parameters_are_found_by_name_and_by_family() -> None:
    learning, admission = (TABLES.read_in(f"simsim/{file}.py") for file in ("rules/learning", "world/parts"))
    assert {"rho_K", "lam_persist", "class_size.steep"} <= learning
    assert {"class_size.target.primary", "class_size.target.junior"} <= admission
    assert "migrant_share" not in TABLES.read_in("simsim/world/neighbourhoods.py")


def test_every_claimed_effect_is_listed_with_its_reason_in_the_decision() -> None:
    claimed = [name for name, p in load().items() if p.claimed]
    said = (ROOT / "docs" / "decisions" / "12-claims.md").read_text(encoding="utf-8")
    rows = " ".join(line for line in said.splitlines() if line.startswith("| `"))
    short = [name if f"`{name}`" in rows else f"`{name[-4:]}`" for name in claimed]  # `_yr2` beside its `_yr1`
    assert claimed and all(name in rows for name in short)
    listed = GENERATE.assumptions_md().split("\n## ")[1]
    assert all(f"| `{name}` |" in listed for name in claimed)
