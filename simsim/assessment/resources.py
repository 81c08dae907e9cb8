"""The resource part of a standard: what every school has, how evenly that is spread, and what is lacking."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.assessment import rounding
from simsim.base import balance
from simsim.inputs.errors import Problem
from simsim.inputs.standards import Standard, Text
from simsim.tables.columns import columns
from simsim.tables.derived import COMPULSORY


def check_columns(standard: Standard, problems: list[Problem]) -> None:
    """Note indicators of a user's own standard that no column of the table of schools feeds."""
    known = {(c.input, c.stage is None) for c in columns().columns.values() if c.input}
    for name, indicator in standard.indicators.items():
        if (name, indicator.split) not in known:
            fed = sorted(f"{n} (split: {str(whole).lower()})" for n, whole in known)
            problems.append(
                Problem(
                    standard.name,
                    f"indicators.{name}",
                    None,
                    f"has no column in the table of schools; known: {', '.join(fed)}",
                )
            )


def parts_of(schools: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Return one row a school and stage with pupils, facilities split by the official
    weights and teachers as reported by stage.
    """
    pupils = [schools[f"pupils_{stage}"].to_numpy(dtype=float) for stage in (*COMPULSORY, "senior")]
    whole = {c.input: key for key, c in columns().columns.items() if c.input and not c.stage}
    frames = []
    for code, stage in enumerate(COMPULSORY):
        part: dict[str, object] = {key: schools[key] for key in ("school", "kind", "owner")}
        part |= {"stage": stage, "pupils": pupils[code], "row": np.arange(len(schools))}
        for name, indicator in standard.indicators.items():
            column = f"{whole[name]}_{stage}" if indicator.split else f"{name}_{stage}"
            amounts = schools[column].to_numpy(dtype=float)
            if indicator.split:
                every = schools[whole[name]].to_numpy(dtype=float)
                shared = balance.split(every, pupils[0], pupils[1], pupils[2], standard.split_weights)[code]
                amounts = np.where(np.isnan(amounts), shared, amounts)
            part[name] = amounts
            with np.errstate(divide="ignore", invalid="ignore"):
                part[f"value_{name}"] = amounts / pupils[code] * indicator.per
        frames.append(pd.DataFrame(part)[pupils[code] > 0])
    return pd.concat(frames, ignore_index=True)


def without_exempt(parts: pd.DataFrame, standard: Standard) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parts that a standard judges, passes noted, and apart those it leaves out with the reason."""
    reasons: list[Text | None] = [None] * len(parts)
    for exemption in standard.exemptions:
        few = parts["pupils"] < (math.inf if exemption.below_pupils is None else exemption.below_pupils)
        out = [exemption.leaves_out(k, o) for k, o in zip(parts["kind"], parts["owner"], strict=True)]
        for row in np.flatnonzero(np.array(out, dtype=bool) & few.to_numpy()):
            reasons[row] = reasons[row] or exemption.reason
    left_out = np.array([r is not None for r in reasons], dtype=bool)
    exempt = parts.loc[left_out, ["school", "kind", "stage", "pupils"]].assign(
        reason_zh=[r.zh for r in reasons if r], reason_en=[r.en for r in reasons if r]
    )
    judged = parts[~left_out].reset_index(drop=True)
    return (_with_passes(judged, standard) if standard.school else judged), exempt.reset_index(drop=True)


def _with_passes(parts: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Add how many minimums each part of a school reaches, and whether it passes."""
    values = parts[[f"value_{name}" for name in standard.indicators]].to_numpy(dtype=float).T
    n_met, passes = np.zeros(len(parts), dtype=int), np.zeros(len(parts), dtype=bool)
    for stage in COMPULSORY:
        rows = (parts["stage"] == stage).to_numpy()
        minimums = standard.minimums(stage)
        n_met[rows] = balance.reaches(values[:, rows], minimums[:, None]).sum(axis=0)
        passes[rows] = balance.schools_pass(values[:, rows], minimums, needed=standard.needed, floor=standard.floor)
    return parts.assign(n_met=n_met, passes=passes)


def indicators_of(parts: pd.DataFrame, standard: Standard, half: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """Return mean and CV of every indicator in every stage; the line and whether it is met where the standard judges
    each CV. `cv_low` and `cv_high` bound the CV where values per pupil are rounded by up to `half`, else they are it.
    """
    rows = []
    for stage, group in parts.groupby("stage", sort=False):
        for name, indicator in standard.indicators.items():
            cv = balance.weighted_cv(group[name], group["pupils"], weighted=standard.weighted)
            mean = balance.weighted_mean(group[name], group["pupils"], weighted=standard.weighted) * indicator.per
            low, high = rounding.cv_range(cv, mean / indicator.per, half.get((name, str(stage)), 0.0))
            row = {"stage": stage, "indicator": name, "mean": mean, "cv": cv, "cv_low": low, "cv_high": high}
            if standard.cv.judges == "each":
                row |= {"line": standard.cv_line(str(stage)), "met": balance.at_most(cv, standard.cv_line(str(stage)))}
            rows.append(row)
    return pd.DataFrame(rows)


def stages_of(parts: pd.DataFrame, indicators: pd.DataFrame, standard: Standard, whole: bool) -> pd.DataFrame:
    """Return each stage's composite, whether its CVs keep the line, how many schools pass, and whether the resource
    part is met; no composite and no verdict unless the `whole` standard was computed.
    """
    rows = []
    for stage, group in parts.groupby("stage", sort=False):
        own, line = indicators[indicators["stage"] == stage], standard.cv_line(str(stage))
        overall = balance.composite(own["cv"])
        cv_met = balance.at_most(overall, line) if standard.cv.judges == "composite" else bool(own["met"].all())
        row = {
            "stage": stage,
            "schools": len(group),
            "pupils": float(group["pupils"].sum()),
            "composite": overall if whole else math.nan,
            "line": line,
            "cv_met": cv_met if whole else None,
        }
        if standard.school:
            row["schools_passing"] = int(group["passes"].sum())
        met = cv_met and (not standard.school or bool(group["passes"].all()))
        rows.append(row | {"met": met if whole else None})
    return pd.DataFrame(rows)


def lacking(parts: pd.DataFrame, indicators: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    """Return what schools lack, in natural units: to the minimums, or to the
    district's mean where a standard has no minimums.
    """
    means = indicators.set_index(["stage", "indicator"])["mean"]
    rows = []
    for part in parts.to_dict("records"):
        for name, indicator in standard.indicators.items():
            aim = getattr(indicator.minimum, part["stage"]) if indicator.minimum else means[part["stage"], name]
            needed = aim * part["pupils"] / indicator.per
            if not balance.reaches(np.array(part[name]), np.array(needed)):
                gap = needed - part[name]
                amount = math.ceil(gap - balance.TOLERANCE * needed) if indicator.whole else gap
                row = {
                    "school": part["school"],
                    "stage": part["stage"],
                    "indicator": name,
                    "value": part[f"value_{name}"],
                    "aim": aim,
                }
                rows.append(row | {"has": part[name], "needs": needed, "lacks": amount, "passes": part.get("passes")})
    return pd.DataFrame(
        rows, columns=["school", "stage", "indicator", "value", "aim", "has", "needs", "lacks", "passes"]
    )
