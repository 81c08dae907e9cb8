"""Disabled children, aid from donations and places after school: up to the money, the poor first, pilots first."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.rules.development import NO_PROVISION
from simsim.rules.mobility import dropout
from tests.trials import live, public, series, spent

NOW = {"pilot_years": 0, "years": 1}


def test_disabled_children_reach_the_target_in_steps_and_each_more_costs_the_fund():
    district = live(2018, {"special_education": {"target": 1.0, "years": 2}})
    share, plain = (series(d, "disabled_served_share") for d in (district, live(2018, {})))
    assert share[2014] == plain[2014] and plain[2015] < share[2015] < 1.0
    assert share[2016] == share[2018] == 1.0
    more = {year: (share[year] - plain[year]) * series(district, "disabled_pupils")[year] for year in share}
    assert {year: round(n) * 6_000 for year, n in more.items() if n} == pytest.approx(
        spent(district, "special_education")
    )
    assert district.policies[0].touched == round(sum(more.values()))


def test_a_target_below_the_share_of_2014_takes_nothing_away():
    district = live(2016, {"special_education": {"target": 0.5, "years": 1}})
    assert series(district, "disabled_served_share") == series(live(2016, {}), "disabled_served_share")
    assert spent(district, "special_education") == {}


def test_special_provision_is_for_the_most_severe():
    students = live(2016, {"special_education": {"target": 1.0, "years": 1}}, {"disabled_special_share": 0.0}).students
    served = students.provision[students.disabled]
    assert served.min() > NO_PROVISION and set(served) == {1}


def test_aid_reaches_the_poorest_up_to_its_funds_off_the_budget():
    district = live(2016, {"aid": {"donations": 150_000, "amount": 1_000, "place_share": 0.5, "place_cost": 1_000}})
    assert series(district, "aided") == {2014: 0, 2015: 100, 2016: 100}
    students = live(
        2015, {"aid": {"donations": 150_000, "amount": 1_000, "place_share": 0.5, "place_cost": 1_000}}
    ).students
    assert students.poor[students.aided].all() and students.after_school.sum() <= 50
    graduated = 100 - students.aided.sum()
    poorest = np.sort(students.ses[students.poor])[:100]
    assert students.ses[students.aided].max() <= poorest[-1] + 0.5 and graduated < 30
    assert spent(district, "aid", "donated") == spent(district, "aid") == {2015: 150_000, 2016: 150_000}
    totals = [
        sum(series(d, name)[2016] for name in ("cost_capital", "cost_running")) for d in (district, live(2016, {}))
    ]
    assert totals[0] == totals[1]
    assert series(district, "cost_donated")[2016] == 150_000


def test_without_donations_nobody_is_aided_and_with_enough_every_poor_pupil_is():
    assert series(live(2016, {"aid": {"donations": 0}}), "aided_share")[2016] == 0.0
    assert series(live(2016, {"aid": {"donations": 1e9}}), "aided_share")[2016] == 1.0


def test_aid_lowers_the_drop_out_of_the_aided_and_of_nobody_else():
    district = live(2015, {"aid": {"donations": 1e9}}, {"dropout": 0.004, "aid_effect_dropout": 0.5})
    students = district.students
    chance, p = dropout(district), district.p
    poor = p["dropout"] * p["dropout_poor_ratio"]
    assert chance[students.aided] == pytest.approx(0.5 * poor)
    assert chance[students.poor & ~students.aided] == pytest.approx(poor) and chance[~students.poor] == pytest.approx(
        p["dropout"]
    )
    sure = {"dropout": 0.05, "aid_effect_dropout": 1.0, "dropout_poor_ratio": 2.0}
    helped, alone = (live(2017, {"aid": {"donations": d}}, sure) for d in (1e9, 0))
    assert series(helped, "dropouts")[2015] == series(alone, "dropouts")[2015]
    assert series(helped, "dropouts")[2016] < 0.95 * series(alone, "dropouts")[2016]


def test_aid_has_no_effect_after_its_last_year():
    instance = {"policy": "aid", "from": "2015-09-01", "to": "2016-09-01", "settings": {"donations": 1e9}}
    spec = {"name": "trial", "extends": "baseline", "policies": {"aid": instance}}
    district = District(spec, seed=5, fixed_parameters=True).run(to=2016)
    assert series(district, "aided")[2015] > 2_000 and series(district, "aided")[2016] == 0
    assert not district.students.aided.any() and not district.students.after_school.any()


def test_pilots_come_first_and_the_rest_follows_by_year():
    district = live(2014, {"after_school": {"pilots": [1, 11], "pilot_years": 2, "years": 2, "places": 0.5}})
    schools = []
    for _ in range(4):
        district.step()
        table = district.tables()["school_year"].query(
            f"indicator == 'after_school_share' and year == {district.year - 1}"
        )
        schools.append(set(table[table.value > 0].school))
    assert schools[0] == schools[1] == {1, 11} < schools[2] < schools[3]
    assert schools[3] == {school.key for school in district.open_schools if school.public}


def test_as_many_places_as_asked_for_are_bought_more_of_them_for_the_poor():
    district = live(2015, {"after_school": NOW | {"places": 0.3, "poor_ratio": 2.0, "cost": 1_000}})
    places = spent(district, "after_school")[2015] / 1_000
    in_school = sum(part.pupils for part in district.parts if part.school.public)
    assert places == district.policies[0].touched == pytest.approx(0.3 * in_school, rel=0.02)
    placed, students = district.students.after_school, district.students
    mine = public(district)
    ratio = placed[mine & students.poor].mean() / placed[mine & ~students.poor].mean()
    assert ratio == pytest.approx(2.0, rel=0.08)


def test_donated_places_come_on_top_and_are_not_paid_twice():
    both = live(
        2015, {"aid": {"donations": 1e9, "place_share": 1.0}, "after_school": NOW | {"places": 1.0, "cost": 1_000}}
    )
    students = both.students
    assert students.after_school[students.poor & students.aided].all()
    bought, given = both.policies[1], both.policies[0]
    if bought.name != "after_school":
        bought, given = given, bought
    in_school = sum(part.pupils for part in both.parts if part.school.public)
    private = sum(part.pupils for part in both.parts if not part.school.public)
    assert in_school <= bought.touched + given.touched <= in_school + private


def test_a_pilot_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="after_school.settings.pilots"):
        live(2014, {"after_school": {"pilots": [1, 77]}})
