"""How a synthetic district compares with what is published: residuals, soft
facts, targets missed, constraints that bind.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.balance import composite, split, weighted_cv, weighted_mean
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, SUBJECT_GROUPS
from simsim.districts.amounts import gap
from simsim.districts.checks import FACILITY_COLUMNS
from simsim.districts.system import SchoolSystem, shipped, system_of
from simsim.inputs.documents import Document

FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books")
STAFF = ("teachers", "overqualified", "midtitle")
NEARLY = 0.02
"""How close to a bound, relative, counts as at it."""
NEAR_FACT = 0.05
"""How far, relative, a soft fact may be missed before it is reported."""


def stage_inputs(
    schools: pd.DataFrame, stage: int, weights: Mapping[str, float], system: SchoolSystem | None = None
) -> dict[str, Floats]:
    """Return the totals of one stage for the official indicators, by school:
    pupils, split facilities, teachers by kind.
    """
    name = STAGES[stage]
    system = system or shipped()
    heads = [schools[system.columns_of(s)].sum(axis=1) for s in (PRIMARY, JUNIOR)]
    inputs = {
        item: split(schools[item], heads[PRIMARY], heads[JUNIOR], schools["senior_pupils"], weights)[stage]
        for item in FACILITY_COLUMNS
    }
    inputs["pupils"] = heads[stage].to_numpy(dtype=float)
    inputs["teachers"] = schools[[f"t_{name}_{group}" for group in SUBJECT_GROUPS]].sum(axis=1).to_numpy(dtype=float)
    inputs["overqualified"] = schools[f"overqualified_{name}"].to_numpy(dtype=float)
    inputs["midtitle"] = (schools[f"title_first_{name}"] + schools[f"title_senior_{name}"]).to_numpy(dtype=float)
    return inputs


def residuals(schools: pd.DataFrame, spec: Document) -> pd.DataFrame:
    """Return each published mean and CV beside what the tables give, and the relative difference."""
    rows = []
    for stage, name in enumerate(STAGES):
        inputs = stage_inputs(schools, stage, spec["rules"]["split_weights"]["value"], system_of(spec.get("system")))
        cvs = []
        for item in (*FACILITIES, *STAFF):
            found = {
                "mean": weighted_mean(inputs[item], inputs["pupils"]),
                "cv": weighted_cv(inputs[item], inputs["pupils"]),
            }
            cvs.append(found["cv"])
            rows += [(name, item, what, spec["resources"][name][item][what], found[what]) for what in ("mean", "cv")]
        rows.append((name, "composite", "cv", spec["resources"]["composite_cv"][name], composite(cvs)))
    table = pd.DataFrame(rows, columns=["stage", "indicator", "measure", "target", "found"])
    table["residual"] = [gap(found, target) for found, target in zip(table["found"], table["target"], strict=True)]
    return table


def facts(schools: pd.DataFrame, spec: Document) -> pd.DataFrame:
    """Return the soft targets of named schools beside what they got; published facts and judged sizes alike."""
    rows = []
    for _, school in schools[schools["status"] == "named"].iterrows():
        teachers = sum(school[f"t_{name}_{group}"] for name in STAGES for group in SUBJECT_GROUPS)
        has = {
            "pupils": school["pupils_primary"] + school["pupils_junior"],
            "classes": school["rooms_primary"] + school["rooms_junior"],
            "staff": teachers / (1 - spec["rules"]["non_teaching_share"]["value"]),
        }
        told = school["facts"] if isinstance(school["facts"], dict) else {}
        wanted = [(fact, told[fact], has[fact], told["kind"], told["source"]) for fact in has if fact in told]
        for stage in STAGES:
            if pd.notna(school[stage]):
                wanted.append(
                    (f"{stage} pupils", school[stage], school[f"pupils_{stage}"], "judgement", school["source"])
                )
        rows += [(school["key"], school["en"], *fact) for fact in wanted]
    return pd.DataFrame(rows, columns=["school", "name", "fact", "target", "found", "kind", "source"])


def missed(gaps: pd.DataFrame, wanted: pd.DataFrame, spec: Document) -> list[str]:
    """Say which targets are not met within the tolerance (facts: within 5 %)."""
    off = gaps[gaps["residual"].abs() > spec["resources"]["tolerance"]]
    lines = [f"{r.stage} {r.indicator} {r.measure}: {r.found:.4g} instead of {r.target:.4g}" for r in off.itertuples()]
    far = wanted[(wanted["found"] / wanted["target"] - 1).abs() > NEAR_FACT]
    for r in far.itertuples(index=False):
        lines.append(f"{r.name}, {r.fact}: {r.found:.0f} instead of {r.target:.0f} ({r.kind}; {r.source})")
    return lines


def binding(schools: pd.DataFrame, spec: Document) -> list[str]:
    """Say which constraints hold back which school stage."""
    lowest, highest = spec["rules"]["pupils_per_teacher"]["value"]
    lines = []
    for stage, name in enumerate(STAGES):
        inputs = stage_inputs(schools, stage, spec["rules"]["split_weights"]["value"], system_of(spec.get("system")))
        for row in np.flatnonzero(inputs["pupils"] > 0):
            label, ratio = f"{schools['name_en'].iloc[row]}, {name}", inputs["pupils"][row] / inputs["teachers"][row]
            if ratio < lowest * (1 + NEARLY) or ratio > highest * (1 - NEARLY):
                lines.append(f"{label}: {ratio:.1f} pupils per teacher is at the bound")
            for item in ("overqualified", "midtitle"):
                if inputs[item][row] == inputs["teachers"][row]:
                    lines.append(f"{label}: all teachers are {item}")
    return lines
