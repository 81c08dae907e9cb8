"""Figures as pictures inside a page."""

from __future__ import annotations

import re

from simsim.report.figures.picture import svg
from simsim.report.figures.sheet import sheet


def test_a_number_written_in_a_figure_is_not_rounded_with_the_places_of_its_strokes():
    figure, axes = sheet(1, 1, 3.0)
    axes[0, 0].plot([0.012, 0.987], [0.05, 0.85])
    axes[0, 0].set_yticks([0.05, 0.85], ["0.05", "0.85"])
    axes[0, 0].text(0.2, 0.5, "line 0.65")
    drawing = svg(figure, "title")
    written = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
    assert {"0.05", "0.85", "line 0.65"} <= set(written)
    assert not re.search(r"\d\.\d\d", re.sub(r">[^<]*<", "><", drawing.split("</desc>")[1]))
