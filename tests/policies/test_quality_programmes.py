"""Better monitoring, university partners and shared lessons: what they change in schools, for how long, and what they
cost.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from tests.trials import live, same_scores, series, spent

PARTNERS = {"schools": [1, 7], "effect": 0.06, "ramp_years": 3, "fade_years": 2, "cost": 100_000}


def programs(district: District) -> dict[int, float]:
    return {part.key: part.program for part in district.parts}


def test_better_monitoring_is_nearer_the_truth_by_its_gain_in_reliability():
    seen, errors = [], []
    for gain in (0.0, 0.1, 0.2):
        district = live(2015, {"monitoring": {"gain": gain}}, {"monitoring_reliability": 0.6})
        seen.append(np.array([part.monitored for part in district.parts]))
        errors.append(np.sqrt(1 / (0.6 + gain) - 1))
    shrunk = (errors[0] - errors[2]) / (errors[0] - errors[1])
    assert seen[0] - seen[2] == pytest.approx(shrunk * (seen[0] - seen[1])) and shrunk > 1.5


def test_the_centre_is_paid_once_and_monitoring_every_year():
    district = live(2017, {"monitoring": {"centre_cost": 1_000_000, "cost": 1_000}})
    assert spent(district, "monitoring", "capital") == {2015: 1_000_000}
    assert spent(district, "monitoring", "running") == {
        year: 1_000 * len(district.open_schools) for year in (2015, 2016, 2017)
    }
    assert same_scores(district, live(2017, {}))


def test_support_goes_to_the_public_stages_that_monitoring_saw_as_weakest():
    before = live(2014, {})
    district = live(2015, {"monitoring": {"support_share": 0.2}})
    for stage in (0, 1):
        ranked = sorted((p for p in before.parts if p.stage == stage and p.school.public), key=lambda p: p.monitored)
        marked = {p.key for p in district.parts if p.stage == stage and p.supported}
        assert marked == {p.key for p in ranked[: round(0.2 * len(ranked))]}


def test_feedback_teaches_nobody_unless_a_scenario_says_so():
    district = live(2015, {"monitoring": {"feedback_effect": 0.01}})
    assert {part.program for part in district.parts if part.supported} == {0.01}
    assert not any(part.program for part in district.parts if not part.supported)


def test_a_partnership_grows_lasts_and_fades_and_is_paid_while_it_lasts():
    district = live(2014, {"partnership": PARTNERS | {"years": 4}})
    effect = []
    for _ in range(8):
        district.step()
        effect.append(programs(district)[1])
        assert programs(district)[7] == effect[-1] and sum(programs(district).values()) == pytest.approx(2 * effect[-1])
    assert effect == pytest.approx([0.02, 0.04, 0.06, 0.06, 0.04, 0.02, 0.0, 0.0])
    assert spent(district, "partnership") == dict.fromkeys(range(2015, 2019), 200_000)
    assert district.policies[0].touched == 8


def test_the_effect_of_a_partnership_outlasts_the_end_of_its_instance():
    instance = {
        "policy": "partnership",
        "from": "2015-09-01",
        "to": "2016-09-01",
        "settings": PARTNERS | {"ramp_years": 1},
    }
    district = District({"name": "trial", "extends": "baseline", "policies": {"G": instance}}, seed=5).run(to=2016)
    assert programs(district)[1] == pytest.approx(0.04)
    assert spent(district, "G") == {2015: 200_000}


def test_a_partnership_may_take_the_schools_that_monitoring_marked():
    district = live(2016, {"monitoring": {}, "partnership": {"supported": 2, "effect": 0.03, "ramp_years": 1}})
    helped = {key for key, value in programs(district).items() if value}
    assert len(helped) == 2 and spent(district, "partnership") == dict.fromkeys((2015, 2016), 200_000)
    alone = live(2016, {"partnership": {"supported": 2}})
    assert not any(programs(alone).values()) and alone.policies[0].touched == 0


def test_a_partner_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="888: is not a school"):
        live(2014, {"partnership": {"schools": [888]}})


def test_structured_use_adds_the_subject_effect_over_three_subjects_where_lessons_are_missing():
    district = live(2015, {"shared_lessons": {"schools_per_year": 5, "use": 1.0, "effect": 0.06}})
    connected = {school.key for school in district.open_schools if school.shared_lessons}
    assert len(connected) == 5
    values = programs(district)
    assert all(values[key] == pytest.approx(0.02 if key in connected else 0.0) for key in values)
    assert spent(district, "shared_lessons", "capital") == {2015: 5 * 150_000}
    assert spent(district, "shared_lessons", "running") == {2015: 5 * 8_000}
    teachers = district.teachers
    share = {k: (teachers.backbone | teachers.star)[teachers.post == k].mean() for k in values}
    assert max(share[key] for key in connected) < min(
        share[s.key] for s in district.open_schools if s.public and s.key not in connected
    )


def test_hardware_and_access_alone_teach_nobody():
    district = live(2016, {"shared_lessons": {"schools_per_year": 999, "use": 0.0}})
    assert series(district, "shared_lessons_share")[2016] > 0.3
    assert same_scores(district, live(2016, {}))


def test_a_small_dose_of_structured_use_is_what_the_default_claims():
    district = live(2015, {"shared_lessons": {}})
    p, connected = district.p, [s.key for s in district.open_schools if s.shared_lessons]
    assert {programs(district)[key] for key in connected} == {
        p["shared_lessons_use"] * p["ict_structured_cal"] / p["core_subjects"]
    }
    assert programs(district)[connected[0]] < p["mcid_score"] / 5
