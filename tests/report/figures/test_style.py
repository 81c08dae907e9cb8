"""Figures look the same everywhere: fonts, colours, markers."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.colors import to_rgb

from simsim.report.figures import style as figures_style
from simsim.report.figures.catalogue import FIGURES
from simsim.report.words import catalogue


def test_a_figure_looks_the_same_whatever_the_style_outside(view):
    import matplotlib as mpl

    ours = np.asarray(FIGURES["seven"](view).canvas.buffer_rgba())
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "font.family": "serif"}):
        assert np.array_equal(ours, np.asarray(FIGURES["seven"](view).canvas.buffer_rgba()))


def test_the_font_that_comes_with_simsim_has_every_character_of_the_catalogue():
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=figures_style.font()), fallback_to_default=False)
    there = TTFont(path, fontNumber=0).getBestCmap()
    wanted = {
        c for texts in catalogue().values() for text in texts.values() for c in re.sub(r"<[^>]*>|&\w+;", "", text)
    }
    assert not {c for c in wanted if ord(c) not in there and c not in "\n"}


def test_shipped_scenarios_have_different_colours_and_markers():
    colours, markers = figures_style.COLOURS, figures_style.MARKERS
    assert len({to_rgb(value) for value in colours.values()}) == len(colours)
    assert len(set(markers.values())) == len(markers) and set(markers) == set(colours)


def test_a_scenario_of_ones_own_keeps_its_colour():
    assert figures_style.colour("mine") == figures_style.colour("mine") in figures_style.SPARE_COLOURS
