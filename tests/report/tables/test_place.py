"""The page of one school or area is complete in both languages and names how its numbers are known."""

from __future__ import annotations

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
