"""What somebody wrote into a living district that there is not: named before the next year is lived."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.policy import Policy, PolicySettings
from simsim.world.bounds import misfits


@pytest.fixture(scope="module")
def lived():
    district = District("baseline", seed=1)
    district.step()
    return district


def test_what_simsim_founds_and_lives_fits(lived):
    assert list(misfits(lived)) == []
    assert list(misfits(District("plan", seed=2).run(to=2017))) == []


@pytest.mark.parametrize(
    ("who", "column", "value", "allowed"),
    [
        ("students", "grade", 12, "a grade from 1 to 9"),
        ("students", "grade", 0, "a grade from 1 to 9"),
        ("students", "school", 999, "the key of an open school, or 0"),
        ("students", "school", -1, "a key"),
        ("students", "neighbourhood", 0, "the key of a neighbourhood"),
        ("students", "neighbourhood", 30_000, "a key"),
        ("students", "provision", 3, "2 .special."),
        ("students", "route", 15, "the code of a route"),
        ("students", "ses", np.nan, "finite"),
        ("students", "knowledge", np.inf, "finite"),
        ("students", "severity", 1.5, "from 0 to 1"),
        ("students", "class_draw", np.nan, "from 0 to 1"),
        ("students", "sport", -1.0, "at least 0"),
        ("teachers", "stage", 2, "0 .primary., 1 .junior."),
        ("teachers", "subject", -1, "0 .core."),
        ("teachers", "title", 9, "3 .senior."),
        ("teachers", "degree", 7, "what a stage requires"),
        ("teachers", "post", 0, "the key of an open school that teaches the stage"),
        ("teachers", "home", 999, "the key of an open school that teaches the stage"),
        ("teachers", "moved_year", 3000, "a year up to 2015"),
        ("teachers", "mu", np.nan, "finite"),
    ],
)
def test_a_value_that_a_column_cannot_hold_is_named_with_what_it_can(lived, who, column, value, allowed):
    district = deepcopy(lived)
    getattr(district, who).columns[column][5:8] = value
    shown = "nan" if value != value else "inf" if value == np.inf else str(value)
    with pytest.raises(InputError, match=rf"district: {who}\.{column} = {shown}: .*\(and 2 more\).*{allowed}"):
        district.step()
    assert district.year == lived.year and district.steps == lived.steps


def test_every_write_is_seen_and_the_district_goes_on_when_it_is_mended(lived):
    district, row = deepcopy(lived), int(lived.students.id[3])
    district.students[row].grade = 12
    district.students.select(district.students.id == row).set("neighbourhood", 99)
    with pytest.raises(InputError) as refused:
        district.step()
    assert {problem.key for problem in refused.value.problems} == {"students.grade"}
    district.students[row].grade = 3
    with pytest.raises(InputError, match=r"students\.neighbourhood = 99"):
        district.step()
    district.students[row].neighbourhood = int(district.neighbourhoods.key[0])
    district.step()
    assert district.year == lived.year + 1


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda d: d.parts.columns["rooms"].__setitem__(1, -5), r"parts\.rooms = -5.*at least 0"),
        (lambda d: d.parts.columns["status"].__setitem__(1, np.nan), r"parts\.status = nan"),
        (lambda d: d.schools[1].facilities.update(books=-5), r"schools\[1\]\.facilities\['books'\] = -5"),
        (lambda d: setattr(d.schools[1], "senior_pupils", -1), r"schools\[1\]\.senior_pupils = -1"),
        (lambda d: setattr(d.schools[1], "x_km", float("nan")), r"schools\[1\]\.x_km = nan"),
        (lambda d: setattr(d.schools[1], "x_km", 3.5), r"schools\[1\]\.x_km = 3\.5.*call district\.redraw\(\)"),
        (lambda d: setattr(d.schools[1], "urban", not d.schools[1].urban), r"\.urban = .*district\.index_parts\(\)"),
        (lambda d: setattr(d.schools[1], "kind", "junior"), r"\.kind = 'junior': is not what the school teaches"),
        (lambda d: setattr(d.schools[1], "closed", 2010), r"\.closed = 2010: but the school teaches"),
        (lambda d: setattr(d.schools[1], "opened", 2099), r"\.opened = 2099: but the school teaches"),
        (
            lambda d: setattr(d.schools[1].principal, "since", 9999),
            r"principal\.since = 9999: must be a year up to 2015",
        ),
        (lambda d: setattr(d.schools[1].principal, "effectiveness", float("nan")), "effectiveness = nan"),
        (lambda d: d.neighbourhoods.catchment.__setitem__((0, 0), 999), r"catchment\[0\] = 999.*teaches the stage"),
        (lambda d: d.neighbourhoods.births_share.__setitem__(0, np.nan), r"births_share = nan"),
    ],
)
def test_parts_schools_and_neighbourhoods_are_looked_at_too(lived, write, message):
    district = deepcopy(lived)
    write(district)
    with pytest.raises(InputError, match=message):
        district.step()


def test_a_school_that_was_moved_and_told_so_is_right(lived):
    district = deepcopy(lived)
    district.schools[1].x_km += 0.25
    district.redraw()
    district.step()
    assert list(misfits(district)) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.students.keep(d.students.grade > 3), r"students: are .* are accounted for: .*district\.let_go"),
        (lambda d: d.students.add(id=[5], grade=[1]), r"students: are .* accounted for: .*district\.take_in"),
        (lambda d: d.teachers.keep(d.teachers.stage == 0), r"teachers: are .* accounted for: .*district\.dismiss"),
    ],
)
def test_who_comes_or_goes_uncounted_is_the_users_mistake_and_no_defect(lived, change, message):
    district = deepcopy(lived)
    change(district)
    with pytest.raises(InputError, match=message):
        district.step()


class WritesWrongly(Policy):
    """A third party's policy that writes a grade that there is not."""

    name = "writes-wrongly"

    def admit(self, district):
        """Write it."""
        district.students.grade[:2] = 40


def test_what_a_policy_of_somebody_elses_writes_is_named_with_the_policy(lived):
    district = deepcopy(lived)
    district.policies = [WritesWrongly("mine", PolicySettings(), date(2015, 9, 1), None)]
    with pytest.raises(InputError, match=r"^mine: students\.grade = 40: .*a grade from 1 to 9"):
        district.step()


class Meddling(District):
    """A district whose own step writes into it."""

    def step(self) -> None:
        if self.year == 2015:
            self.students.columns["grade"][5] = 12
        super().step()


def test_what_is_lived_in_one_go_is_looked_at_once_unless_its_step_is_somebody_elses(monkeypatch):
    looked = []
    monkeypatch.setattr("simsim.district.check_writes", lambda world: looked.append(world.year))
    District("baseline", seed=1).run(to=2016).run(to=2017)
    assert looked == [2014, 2017]
    monkeypatch.undo()
    with pytest.raises(InputError, match=r"students\.grade = 12"):
        Meddling("baseline", seed=1).run(to=2016)
