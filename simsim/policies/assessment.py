"""Balanced development is assessed every year and the result made public (督导评估通报; V1 of the plan)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from simsim.base.codes import STAGES
from simsim.inputs.standards import Standard, load_standard
from simsim.policy import Policy, PolicySettings, setting
from simsim.record import outcomes
from simsim.world.world import World

DISTRICT = 0
"""School key of a line about the whole district."""


class AssessmentSettings(PolicySettings):
    """What is published, and what it costs."""

    schools: bool = setting(
        True, unit="whether a notice names every school and indicator below its minimum (2017 method)"
    )
    balance: Literal["basic-2012", "quality-2017", "both", "none"] = setting(
        "both", unit="methods whose district lines are judged"
    )
    cost: float | None = setting(None, unit="yuan a year", parameter="assessment_cost", ge=0, le=1e8)


class Assessment(Policy):
    """A yearly table of what falls short: school, indicator, value, line and gap.

    Schools are judged by the minimums of the 2017 method, a proxy before its time, for the provincial standard was not
    found; the district by the 2012 method's composite and the 2017 method's single coefficients of variation.
    """

    name: ClassVar[str] = "assessment"
    title: ClassVar[dict[str, str]] = {"zh": "均衡发展督导评估通报", "en": "Assessment and public notice"}
    touches: ClassVar[str] = "school stages judged"
    zero: ClassVar[dict[str, object]] = {"schools": False, "balance": "none", "cost": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "schools",
            "balance",
            "cost",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"schools": True, "balance": "quality-2017"},
        {"balance": "basic-2012", "cost": 1e8},
    )
    Settings = AssessmentSettings
    settings: AssessmentSettings

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the yearly assessment costs."""
        return 0.0, self.value(district, "cost")

    def assess(self, district: World) -> None:
        """Write this year's notice."""
        if self.funded <= 0.0:
            return
        amounts = outcomes.inputs(district)
        stages = district.parts.stage
        for stage in district.system.stages:
            word, mine = STAGES[stage], np.flatnonzero(stages == stage)
            if self.settings.schools:
                self._schools(district, {name: values[mine] for name, values in amounts.items()}, mine, word)
            if self.settings.balance != "none":
                self._balance(district, outcomes.official(district, amounts, stage), word)

    def settle(self, district: World) -> None:
        """Pay for it."""
        district.spend(self.id, "running", self.funded * self.value(district, "cost"), self.measure)

    def _schools(self, district: World, amounts: dict[str, np.ndarray], rows: np.ndarray, word: str) -> None:
        """Write a line for every school stage and indicator below its minimum."""
        standard = load_standard("quality-2017")
        lines, per, pupils = standard.minimums(word), standard.per, np.maximum(amounts["pupils"], 1.0)
        for name, line, unit in zip(standard.indicators, lines.tolist(), per.tolist(), strict=True):
            values = amounts[name] / pupils * unit
            for i in np.flatnonzero((values < line) & (amounts["pupils"] > 0)).tolist():
                notice = (
                    district.year,
                    word,
                    district.parts[rows[i]].key,
                    name,
                    float(values[i]),
                    line,
                    line - float(values[i]),
                )
                district.recorder.notices.append(notice)
        self.touched += len(rows)

    def _balance(self, district: World, values: dict[str, float], word: str) -> None:
        """Write a line for every coefficient of variation above its line."""
        for name, line in _lines(self.settings.balance, word).items():
            if not values[name] <= line:
                district.recorder.notices.append(
                    (district.year, word, DISTRICT, name, values[name], line, values[name] - line)
                )


def _lines(methods: str, word: str) -> dict[str, float]:
    """Return the district's indicators with their lines, of one method or both."""
    found: dict[str, float] = {}
    for name in ("basic-2012", "quality-2017"):
        if methods in (name, "both"):
            found |= _lines_of(load_standard(name), word)
    return found


def _lines_of(standard: Standard, word: str) -> dict[str, float]:
    if standard.cv.judges == "composite":
        return {"cv_composite": standard.cv_line(word)}
    return {f"cv17_{name}": standard.cv_line(word) for name in standard.indicators}
