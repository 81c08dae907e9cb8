"""Every object says what it is: as a page without markup of others, in fewer than twenty lines, in both languages."""

from __future__ import annotations

import pytest
from IPython.lib.pretty import pretty

import simsim
from simsim.assessment.reader import read_table
from simsim.base import displays
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.report.objects import catalogue
from tests.conftest import EVIL
from tests.one_district import lived_under

MOST_LINES = 20


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    displays.show_in("en")


@pytest.fixture(scope="module")
def objects(small_experiment):
    district = lived_under("plan", to=2015, seed=1)
    schools = read_table(resource("parameters") / "templates" / "schools-example.csv")
    evil = {"name": "evil", "title": {"zh": EVIL, "en": EVIL}, "extends": "rotation-only"}
    return {
        "district": district,
        "students": district.students,
        "some": district.teachers.select(district.teachers.backbone),
        "student": district.students[district.students.id[0]],
        "teacher": district.teachers[district.teachers.id[0]],
        "school": district.schools[1],
        "principal": district.schools[1].principal,
        "cluster": district.clusters[0],
        "scenario": simsim.Scenario.load(evil),
        "policy": district.policies[0],
        "experiment": simsim.Experiment(["baseline", "plan"], seeds=3),
        "results": small_experiment,
        "assessment": simsim.assess(schools, standard="quality-2017"),
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_object_shows_itself_on_a_page_and_in_fewer_than_twenty_lines(objects, lang):
    simsim.show_in(lang)
    for name, thing in objects.items():
        page, lines = thing._repr_html_(), pretty(thing).splitlines()
        assert "<script>" not in page and "{" not in lines[0], name
        assert 3 < len(lines) < MOST_LINES and len(repr(thing)) < 400, name


def test_inside_of_a_list_objects_are_short(objects):
    assert pretty([objects["student"], objects["school"]]).startswith("[Student(")


def test_codes_are_words_and_nothing_is_tested_before_the_first_year():
    district = lived_under("baseline", to=2014, seed=1)
    text = pretty(district.teachers[district.teachers.id[0]])
    assert "title" in text and "at" not in text.splitlines()[0]
    young = simsim.District("baseline", fixed_parameters=True)
    assert "no test yet" in pretty(young.students[young.students.id[0]])
    assert "score" not in pretty(young.students).splitlines()[-3].partition("means")[2]


def test_columns_and_public_names_complete():
    district = lived_under("baseline", to=2014, seed=1)
    assert {"score", "school", "to_frame"} <= set(dir(district.students))
    assert {"score", "story"} <= set(dir(district.students[district.students.id[0]]))
    assert set(dir(simsim)) == set(simsim.__all__)
    assert "T2.quota" in simsim.Scenario.load("plan")._ipython_key_completions_()


def test_a_setting_is_read_by_its_name():
    scenario = simsim.Scenario.load("rotation-only")
    assert scenario["rotation.quota"] == 0.1 and scenario["rotation.from"] == "2015-09-01"
    with pytest.raises(KeyError, match=r"did you mean rotation.quota\?"):
        scenario["rotation.quoat"]


def test_a_mistake_is_its_message_alone_in_a_notebook():
    with pytest.raises(InputError) as caught:
        simsim.District("plam")
    (line,) = caught.value._render_traceback_()
    assert line.startswith("InputError: ") and "did you mean plan?" in line


def test_another_language_is_refused():
    with pytest.raises(InputError, match="must be one of en, zh"):
        simsim.show_in("fr")
    assert catalogue.text(object()).startswith("<object")
