"""What is recorded of a stage by the standards."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simsim.base.balance import weighted_cv
from simsim.inputs.standards import load_standard
from simsim.record.outcomes import district_indicators

INPUTS = (
    "teaching_area",
    "sports_area",
    "equipment",
    "computers",
    "books",
    "multimedia",
    "teachers",
    "overqualified",
    "midtitle",
    "backbone",
    "pe_arts",
)


def test_the_simulation_gets_every_named_indicator_of_a_stage() -> None:
    basic, quality = load_standard("basic-2012"), load_standard("quality-2017")
    pupils = np.array([500.0, 800.0, 0.0])
    inputs = {"pupils": pupils} | dict.fromkeys(INPUTS, pupils * 10) | {"books": np.array([500.0, 8000.0, 7.0])}
    inputs["equipment"] = pupils * 3000
    result = district_indicators(inputs, "primary", basic, quality)
    assert set(result) == {
        *(f"cv_{name}" for name in ("composite", *basic.indicators)),
        *(f"cv17_{name}" for name in quality.indicators),
        "basic_met",
        "quality17_schools_passing",
    }
    assert result["cv_books"] == weighted_cv([500, 8000], [500, 800]) and result["cv_teachers"] == pytest.approx(0)
    assert result["cv_composite"] == pytest.approx(result["cv_books"] / 8)
    assert result["basic_met"] == 1 and result["quality17_schools_passing"] == 1


def test_a_stage_without_schools_is_not_met_and_warns_nobody() -> None:
    basic, quality = load_standard("basic-2012"), load_standard("quality-2017")
    result = district_indicators(dict.fromkeys(("pupils", *INPUTS), []), "junior", basic, quality)
    assert (
        result["basic_met"] == 0
        and math.isnan(result["cv_composite"])
        and math.isnan(result["quality17_schools_passing"])
    )
