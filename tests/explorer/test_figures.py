"""The explorer's figures say in words where there is nothing to see; no map is drawn of schools that stand nowhere."""

from __future__ import annotations

import pytest

from simsim.explorer.figures import place
from simsim.explorer.lives import PLACES


def words(figure):
    return " ".join(text.get_text() for text in figure.axes[0].texts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_there_is_no_map_where_nobody_said_where_the_schools_stand(state, lang):
    state.lang = lang
    for key, tables in state.worlds.items():
        state.worlds[key] = {**tables, PLACES: tables[PLACES].assign(x_km=0.0, y_km=0.0)}
    view = state.view()
    figure = place(state, view)
    assert view.say("none.places") in words(figure) and not figure.axes[0].collections


def test_the_map_shows_every_school_of_the_stage(state):
    figure = place(state, state.view())
    dots = figure.axes[0].collections[0]
    assert len(dots.get_offsets()) == len(state.schools(state.current)) > 1
