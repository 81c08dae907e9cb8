"""Figures look the same everywhere: fonts, settings, layout."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from simsim.report.figures import sheet as figures_sheet
from simsim.report.figures.catalogue import FIGURES
from simsim.report.words import catalogue


@pytest.mark.slow
def test_a_figure_looks_the_same_whatever_the_style_outside(view):
    import matplotlib as mpl

    def pixels():
        figure = FIGURES["seven"](view)
        figure.canvas.draw()
        return np.asarray(figure.canvas.buffer_rgba())

    ours = pixels()
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "font.family": "serif"}):
        assert np.array_equal(ours, pixels())


def test_the_font_that_comes_with_simsim_has_every_character_of_the_catalogue():
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=figures_sheet.font()), fallback_to_default=False)
    there = TTFont(path, fontNumber=0).getBestCmap()
    wanted = {
        c for texts in catalogue().values() for text in texts.values() for c in re.sub(r"<[^>]*>|&\w+;", "", text)
    }
    assert not {c for c in wanted if ord(c) not in there and c not in "\n"}


@pytest.mark.slow
@pytest.mark.parametrize("size", [(2, 2), (5, 3)])
def test_labels_measured_once_leave_axes_where_measuring_them_twice_does(size, monkeypatch):
    def placed():
        figure, axes = figures_sheet.sheet(*size, height=2.0 * size[0])
        for number, ax in enumerate(axes.flat):
            ax.plot([2014, 2024], [0.0, 10.0 ** (number - 3)])
            ax.set_ylabel("what is measured")
            ax.set_title(f"number {number}")
        figure.suptitle("what was found")
        FigureCanvasAgg(figure).draw()
        return [ax.get_position().bounds for ax in axes.flat], [
            ax._around for ax in axes.flat if hasattr(ax, "_around")
        ]

    once, around = placed()
    assert all(room is not None for room in around)
    monkeypatch.setattr(figures_sheet, "Measured", Axes)
    twice, none = placed()
    assert none == [] and np.allclose(once, twice, atol=0.004)
