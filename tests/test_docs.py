"""Documents that come from code and parameters are never stale."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def generator():  # noqa: ANN201
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCUMENTS = generator().documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_generated_document_is_not_stale(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], f"{path.name} is stale: run make docs"


def test_every_measure_of_the_plan_is_in_the_table() -> None:
    text = DOCUMENTS[ROOT / "docs" / "policies.md"]
    ids = (
        "L0 L1 L2 L3 L4 L5 E1 E2 E3 C1 C2 C3 T1 T2 T3 T4 T5 T6 P1 P2 P3 Q1 Q2 Q3 Q4 I1 I2 "
        "D1 D2 D3 D4 F1 F2 F3 K1 K2 K3 K4 V1 V2 R1 R2 R3"
    )
    assert all(f"\n| {measure} | " in text for measure in ids.split())
