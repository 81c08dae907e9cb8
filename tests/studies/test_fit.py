"""A district is fitted to what its own file names; one that names nothing is refused in one message."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from simsim.districts.files import load_district
from simsim.inputs.errors import InputError
from simsim.inputs.parameters import load
from simsim.inputs.paths import resource
from simsim.studies import fit
from simsim.studies.validation import fits

ERDAO = resource("parameters") / "districts" / "erdao"
BLOCK = re.compile(r"^fit: .*\n", re.MULTILINE)


@pytest.fixture
def told(tmp_path: Path):
    """Return a function that copies Erdao with another line for `fit`, or none, and with other entries replaced."""

    def copied(line: str, **replaced: str) -> Path:
        folder = copytree(ERDAO, tmp_path / "copy")
        text = BLOCK.sub(f"{line}\n" if line else "", (folder / "district.yaml").read_text("utf-8"), count=1)
        for old, new in replaced.items():
            text = re.sub(rf"^( *){old}: .*\n", rf"\g<1>{old}: {new}\n" if new else "", text, flags=re.MULTILINE)
        (folder / "district.yaml").write_text(text, "utf-8")
        return folder

    return copied


def test_erdao_is_fitted_to_the_plan_s_pupils_and_staff_of_2024() -> None:
    aim = fit.aim_of(load_district("erdao"))
    assert (aim.scenario, aim.year) == ("plan", 2024)
    assert aim.targets == {"inflow_scale": 44725, "posts_growth": 3710}
    assert fits().set_index("parameter")["aim"]["inflow_scale"] == "pupils, 2024, scenario plan"


def test_a_total_may_be_a_number_and_staff_may_be_left_out(told) -> None:
    aim = fit.aim_of(load_district(told("fit: {year: 2016, pupils: 36000}")))
    assert aim == fit.Aim("baseline", 2016, {"inflow_scale": 36000.0})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "key", "remedy"),
    [
        ("", "fit", "is missing, so nothing can be fitted"),
        ("fit: {year: 2016}", "fit", "names no total"),
        ("fit: {year: 2014, pupils: 36000}", "fit.year", "must be a year from 2015 to"),
        ("fit: {year: 2016, pupils: aggregates.check_2025.pupils}", "fit.pupils", "must be a number above 0"),
        ("fit: {year: 2016, pupil: 36000, staff: 3000}", "fit.pupil", "did you mean pupils?"),
        ("fit: {scenario: plam, year: 2016, pupils: 36000}", "", "did you mean plan"),
    ],
)
def test_what_cannot_be_fitted_is_refused_before_anything_runs(
    told, monkeypatch: pytest.MonkeyPatch, line: str, key: str, remedy: str
) -> None:
    monkeypatch.setattr(fit, "simulate", lambda *_: pytest.fail("ran"))
    with pytest.raises(InputError) as caught:
        fit.fit_district(told(line), jobs=1)
    assert [(p.key, remedy in p.remedy) for p in caught.value.problems if not key or p.key == key][-1][1]
    assert len(caught.value.problems) == 1


def test_without_arrivals_there_is_nothing_to_fit_pupils_with(told) -> None:
    none = "{value: [0, 0, 0, 0, 0, 0, 0, 0, 0], unit: pupils, kind: judgement, source: none}"
    with pytest.raises(InputError, match="arrivals_by_grade.*are all 0"):
        fit.aim_of(load_district(told("fit: {year: 2016, pupils: 36000}", arrivals_by_grade=none)))


@pytest.mark.slow
def test_another_district_is_fitted_to_its_own_totals(told) -> None:
    intake = {name: "" for name, *_ in fit.INTAKE}
    folder = told("fit: {scenario: baseline, year: 2015, pupils: 34900}", **intake)
    assert "target 34900" in fit.fit_district(folder, jobs=1, seeds=1)
    entry = load_district(folder).spec["fitted"]["inflow_scale"]
    assert abs(entry["residual"]) < 20 and entry["value"] != 1.0


def linear(monkeypatch: pytest.MonkeyPatch, slopes: dict[str, tuple[float, float]]) -> None:
    """Let the moments of the intake be linear in parameters: seen from the district, held or not, at their values."""

    def moments(run: fit.Runner, intake) -> np.ndarray:
        p = {name: known.value for name, known in load().items()} | run.data.own_parameters() | run.data.fitted()
        return np.sum([p[name] * np.array(slope) for name, slope in slopes.items()], axis=0)

    monkeypatch.setattr(fit, "moments", moments)


WELL = {
    "unobs_between_school_share": (1.0, 0.3),
    "b0_ses_entry": (0.3, 1.0),
    "unobs_ses_corr": (0.1, 0.1),
    "ses_between_school_share": (0.4, 0.2),
}


def runner() -> fit.Runner:
    return fit.Runner(load_district("erdao"), "erdao", 1, 1)


def test_along_the_ridge_a_drawn_parameter_leaves_the_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    linear(monkeypatch, WELL)
    ridge = fit.ridge_of(runner(), fit.INTAKE, np.array([0.12, 0.25]))
    along = ridge.along
    assert 1.0 < ridge.condition < fit.ILL_CONDITIONED
    for by in fit.RIDGE:
        change = np.array(WELL.get(by, (0.0, 0.0)))
        for name, *_ in fit.INTAKE:
            change = change + along[name]["along"][by] * np.array(WELL[name])
        assert change == pytest.approx([0.0, 0.0], abs=1e-3)
    assert along["b0_ses_entry"]["at"] == {name: load()[name].value for name in fit.RIDGE}


def test_what_the_moments_cannot_tell_apart_is_not_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    linear(monkeypatch, {"unobs_between_school_share": (1.0, 1.0), "b0_ses_entry": (1.0, 1.01)})
    with pytest.raises(InputError, match="cannot be told apart by their moments .condition number"):
        fit.ridge_of(runner(), fit.INTAKE, np.array([0.12, 0.25]))


def test_the_intake_fit_meets_its_moments_and_leaves_the_district_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    linear(monkeypatch, WELL | {"ses_between_school_share": (0.0, 0.0), "unobs_ses_corr": (0.0, 0.0)})
    run = runner()
    own = dict(run.data.own_parameters())
    found = fit.fit_intake(run)
    p = {name: entry["value"] for name, entry in found.items()}
    assert p["unobs_between_school_share"] + 0.3 * p["b0_ses_entry"] == pytest.approx(0.12, abs=2e-3)
    assert run.data.own_parameters() == own and set(found) == {name for name, *_ in fit.INTAKE}
    assert all(found[name]["condition"] < fit.ILL_CONDITIONED and found[name]["along"] for name in found)
