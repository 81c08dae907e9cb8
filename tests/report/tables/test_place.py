"""The page of one school or area is complete in both languages and names how its numbers are known."""

from __future__ import annotations

import re

import pytest

from simsim.inputs.errors import InputError
from simsim.report.figures.catalogue import FIGURES
from simsim.report.render import render
from simsim.report.tables.catalogue import TABLES

NAMES = [name for name in TABLES if name.startswith("place_")]


@pytest.mark.slow
def test_every_table_of_a_school_and_of_an_area_is_made(view):
    place = view.only(school="1") if view.lang == "en" else view.only(area="Yingjun")
    for name in NAMES:
        assert TABLES[name].nothing(view) == "none.place"
        if name == "place_children" and view.lang == "en":
            assert TABLES[name].nothing(place) == "none.children"
        else:
            assert "<td" in TABLES[name](place) and ">nan<" not in TABLES[name](place)
    assert place.place.name[view.lang] in FIGURES["place_seats"](place).get_suptitle()


def test_what_is_synthetic_is_called_so(view):
    html = TABLES["place_known"](view.only(school="1"))
    assert view.say("place.status.synthetic") in html and view.say("place.of.pupils") in html


@pytest.mark.parametrize("asked", [{}, {"school": "0"}, {"area": "nowhere"}])
def test_a_page_of_a_place_that_is_not_there_is_refused_before_it_is_made(small_experiment, tmp_path, asked):
    with pytest.raises(InputError, match="report: (school|area)"):
        render("school", small_experiment, out=tmp_path, parameters=asked)
    assert not list(tmp_path.iterdir())


def test_whatever_is_copied_off_the_page_says_that_the_schools_are_synthetic(view):
    place = view.only(school="1")
    for name in ("place_rolls", "place_staff", "place_moves", "place_lines"):
        captions = re.findall("<caption>(.*?)</caption>", TABLES[name](place))
        assert captions and all(view.say("synthetic.stamp") in caption for caption in captions), name


def test_kinds_of_numbers_that_are_known_alike_are_one_row_and_a_rule_is_asked_only_where_there_is_one(view):
    html = TABLES["place_known"](view.only(school="1"))
    assert html.count("<tr>") == 2 and view.say("place.rule") not in html


def test_lines_have_their_units_and_no_decimals_that_nobody_wrote(view):
    html = TABLES["place_lines"](view.only(school="1"))
    assert {"en": "≥\u00a02,000<", "zh": "≥2,000<"}[view.lang] in html and "45.0<" not in html
    assert {"en": "(m²", "zh": "（平方米"}[view.lang] in html and "名教师" not in html


def test_the_headline_of_a_place_has_the_range_and_the_worlds_that_are_short(view):
    title = FIGURES["place_seats"](view.only(school="1")).get_suptitle()
    assert re.search(
        {"en": r"to [\u2212\d,]+; short in \d+ of 2", "zh": r"至[\u2212\d,]+；2次中\d次不足"}[view.lang], title
    )
