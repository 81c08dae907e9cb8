"""A district calibrated on its own rolls: what is written, what the worlds then do, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from simsim.district import District
from simsim.districts.calibrated import FILE
from simsim.districts.files import DistrictData, load_district
from simsim.districts.importing import import_book
from simsim.districts.own_forecast import ahead
from simsim.experiments.fingerprint import district_digest
from simsim.inputs.errors import InputError
from simsim.inputs.yamlfile import read_yaml
from simsim.studies.calibration import calibrate, caution, describe, own_rolls
from tests.studies.own_district import LAST, book, imported, totals


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = imported(tmp_path_factory.mktemp("growing"), growth=1.05)
    calibrate(folder)
    return folder


@pytest.fixture(scope="module")
def melting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = imported(tmp_path_factory.mktemp("melting"), shrink=0.8)
    calibrate(folder)
    return folder


def without_drift(folder: Path) -> DistrictData:
    data = load_district(folder)
    assert data.calibrated is not None
    return replace(data, calibrated=replace(data.calibrated, world_drift=0.0))


def test_what_is_written_is_the_forecast_of_the_rolls(growing: Path) -> None:
    document = read_yaml(growing / FILE)
    _, _, rolls = own_rolls(growing)
    expected = ahead(rolls, 3)
    assert document["base"] == LAST and document["pupils"][LAST + 2] == pytest.approx(expected.district[1], abs=0.06)
    assert document["ratios"]["value"]["2"] == pytest.approx(expected.ratios[1], abs=1e-4)
    for key in ("entry", "ratios", "arrivals", "chances", "intervals"):
        assert document[key]["source"] and document[key]["unit"]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["growing", "melting"])
def test_worlds_keep_the_account_in_expectation(which: str, request: pytest.FixtureRequest) -> None:
    data = without_drift(request.getfixturevalue(which))
    assert data.calibrated is not None
    runs = [
        totals(District("baseline", seed=seed, data=data).run(to=LAST + 3).tables()["district_year"])
        for seed in range(1, 9)
    ]
    expected = np.array([data.calibrated.pupils[LAST + i].sum() for i in (1, 2, 3)])
    mean, error = np.mean(runs, axis=0)[1:], np.std(runs, axis=0, ddof=1)[1:] / np.sqrt(len(runs))
    assert (np.abs(mean - expected) <= 4 * error + 0.005 * expected).all()


@pytest.mark.slow
def test_an_uncalibrated_import_melts_and_a_calibrated_one_does_not(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    before = totals(District("baseline", seed=1, data=load_district(folder)).run(to=LAST + 4).tables()["district_year"])
    calibrate(folder)
    after = totals(District("baseline", seed=1, data=without_drift(folder)).run(to=LAST + 4).tables()["district_year"])
    assert before[-1] < 0.98 * before[0] and abs(after[-1] / after[0] - 1) < 0.03


def test_one_more_pupil_changes_nobody_elses_leaving(growing: Path) -> None:
    data = load_district(growing)
    one, other = (District("baseline", seed=3, data=data) for _ in range(2))
    other.take_in("arrivals", **{**_newcomer(other)})
    for district in (one, other):
        district.step()
        district.step()
    common = np.intersect1d(one.students.id, other.students.id)
    assert set(one.students.id) - set(common) == set()


def _newcomer(district: District) -> dict[str, np.ndarray]:
    """Return the columns of a child like the first, with an id of its own."""
    first = {name: getattr(district.students, name)[:1] for name in district.students.columns}
    return first | {"id": district.students.id[-1:] + 1}


@pytest.mark.slow
def test_worlds_differ_by_a_drift_of_the_width_that_was_found(growing: Path) -> None:
    data = load_district(growing)
    assert data.calibrated is not None and data.calibrated.world_drift > 0
    entrants = [District("baseline", seed=seed, data=data).account.entrants[LAST + 1].sum() for seed in range(1, 40)]
    expected = data.calibrated.pupils[LAST + 1][0]
    assert np.std(np.log(np.array(entrants) / expected)) == pytest.approx(data.calibrated.world_drift, rel=0.35)


def test_rolls_that_changed_since_are_refused_until_calibrated_again(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    calibrate(folder)
    rolls = pd.read_csv(folder / "rolls.csv")
    rolls.loc[0, "pupils"] += 1
    rolls.to_csv(folder / "rolls.csv", index=False)
    with pytest.raises(InputError, match="has changed since.*calibrate"):
        load_district(folder)


@pytest.mark.slow
def test_a_calibration_can_always_be_done_again(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    first = calibrate(folder).read_bytes()
    assert calibrate(folder).read_bytes() == first
    (folder / FILE).write_text("schema: other/1\n")
    with pytest.raises(InputError, match="must be simsim-calibrated/1"):
        load_district(folder)
    assert calibrate(folder).read_bytes() == first


def test_one_roll_is_said_to_calibrate_nothing(tmp_path: Path) -> None:
    table = pd.read_csv(book(tmp_path))
    table[table["year"] == LAST].to_csv(tmp_path / "one.csv", index=False)
    one, several = import_book(tmp_path / "one.csv", "one", tmp_path / "one").folder, imported(tmp_path / "more")
    assert f"rolls of {LAST} alone" in caution(calibrate(one)) and caution(calibrate(several)) == ""


def test_a_district_without_rolls_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match=r"rolls\.csv.*district import"):
        calibrate("xinwan")


@pytest.mark.slow
def test_plans_known_in_advance_move_pupils_of_schools_not_of_the_district(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    base = read_yaml(calibrate(folder))["pupils"]
    key = pd.read_csv(folder / "rolls.csv")["key"].max() + 1
    plan = {"key": key, "code": "N1", "name": "New", "year": LAST + 1, "what": "opens", "grades": "1", "places": ""}
    pd.DataFrame([plan]).to_csv(folder / "plans.csv", index=False)
    assert read_yaml(calibrate(folder))["pupils"] == base


def test_the_table_for_people_has_a_row_for_every_grade(growing: Path) -> None:
    table = describe(growing / FILE)
    assert table["grade"].tolist() == ["1", "2", "3", "4", "5", "6"] and table["ratio"].iloc[0] == ""


@pytest.mark.slow
def test_what_a_calibrated_district_takes_from_its_rolls_is_not_called_filled(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    before = load_district(folder).provenance
    calibrate(folder)
    after = load_district(folder).provenance
    changed = before[before["status"] != after["status"]]
    assert set(changed["table"]) == {"births", "neighbourhoods", "district"}
    assert {"births_share", "births"} <= set(changed["column"]) and "ses_mean" not in set(changed["column"])


@pytest.mark.slow
def test_rolls_without_anybody_or_of_other_schools_than_founded_are_refused(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    rolls = pd.read_csv(folder / "rolls.csv")
    for changed, words in (
        (rolls.assign(pupils=rolls["pupils"].where(rolls["year"] < LAST, 0)), "schools.csv and none in rolls.csv"),
        (rolls[rolls["key"] != 2], "key = 2: has pupils .* schools.csv and none in rolls.csv"),
        (rolls.assign(key=rolls["key"].replace(2, 77)), "key = 77: has pupils .* rolls.csv and none in schools.csv"),
    ):
        changed.to_csv(folder / "rolls.csv", index=False)
        with pytest.raises(InputError, match=words):
            calibrate(folder)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [{"world_drift": 9.0}, {"pupils": 1e12}])
def test_numbers_that_cannot_be_are_refused_and_a_new_calibration_heals_them(
    tmp_path: Path, wrong: dict[str, float]
) -> None:
    folder = imported(tmp_path)
    path = calibrate(folder)
    content = dict(read_yaml(path))
    if "pupils" in wrong:
        wrong = {"pupils": {year: [wrong["pupils"]] * 6 for year in content["pupils"]}}
    path.write_text(yaml.safe_dump(content | wrong), encoding="utf-8")
    with pytest.raises(InputError, match="must be .*calibrate"):
        load_district(folder)
    calibrate(folder)
    load_district(folder)


@pytest.mark.slow
@pytest.mark.parametrize("places", ["-5", "many", "2.5"])
def test_places_of_a_plan_that_are_no_number_are_refused(tmp_path: Path, places: str) -> None:
    folder = imported(tmp_path)
    plan = {"key": 1, "code": "A0", "name": "x", "year": LAST + 1, "what": "places", "grades": "", "places": places}
    pd.DataFrame([plan]).to_csv(folder / "plans.csv", index=False)
    with pytest.raises(InputError, match="places = .* must be a whole number"):
        calibrate(folder)
    pd.DataFrame([plan | {"places": 900}]).to_csv(folder / "plans.csv", index=False)
    calibrate(folder)


def test_a_school_that_a_scenario_opens_in_a_calibrated_district_keeps_its_children(growing: Path) -> None:
    settings = {"school": 900, "kind": "primary", "in_use": {"due": f"{LAST + 1}-08"}, "delay_probability_firm": 0.0}
    policy = {"policy": "new_schools", "from": f"{LAST}-10-01", "settings": settings}
    spec = {"name": "opens", "extends": "baseline", "district": str(growing), "policies": {"new": policy}}
    district = District(spec, seed=1, data=without_drift(growing)).run(to=LAST + 3)
    assert (district.students.school == 900).sum() > 10


def test_an_experiment_of_another_calibration_is_another_experiment(growing: Path) -> None:
    data = load_district(growing)
    assert data.calibrated is not None
    more = replace(data.calibrated, schools={year: n * 1.01 for year, n in data.calibrated.schools.items()})
    digests = {district_digest(one) for one in (data, replace(data, calibrated=None), replace(data, calibrated=more))}
    assert len(digests) == 3 and district_digest(replace(data)) in digests
