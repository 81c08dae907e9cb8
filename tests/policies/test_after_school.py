"""Places after school: pilots first, more for the poor, as many as are paid."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.trials import live, public, spent

NOW = {"pilot_years": 0, "years": 1}


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
