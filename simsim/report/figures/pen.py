"""What draws a figure into a page, and measures its texts for the layout just as it will draw them."""

from __future__ import annotations

from functools import lru_cache
from io import StringIO
from typing import Literal

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

POINTS = 72
"""To an inch: the unit of SVG."""
REMEMBERED = 20_000
"""Texts whose size is kept."""
Maths = bool | Literal["TeX"]
Size = tuple[float, float, float]
"""Width, height and depth under the line of writing, in points."""


class Letters(TextToPath):
    """Measures texts, each once for all figures: the same years stand under most axes, twice a figure."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Maths) -> Size:
        """Return the size of a text."""
        return _size(s, prop.copy(), ismath)


@lru_cache(maxsize=REMEMBERED)
def _size(text: str, font: FontProperties, ismath: Maths) -> Size:
    return TextToPath.get_text_width_height_descent(LETTERS, text, font, ismath)


LETTERS = Letters()


class Pen(RendererSVG):
    """Writes SVG, in points."""

    def __init__(self, width: float, height: float, paper: StringIO) -> None:
        super().__init__(width, height, paper, image_dpi=POINTS)  # type: ignore[no-untyped-call]
        self._text2path = LETTERS


class Paper(FigureCanvasBase):
    """Under a figure while its parts find their places: texts take the room that they will take on a page."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        width, height = figure.get_size_inches() * POINTS
        self._pen = Pen(width, height, StringIO())

    def get_renderer(self) -> Pen:
        """Return what measures texts."""
        return self._pen


def arrange(figure: Figure) -> None:
    """Let the parts of a figure find their places, once: whoever draws it later moves nothing."""
    engine, dpi = figure.get_layout_engine(), figure.dpi
    if engine is not None:
        canvas, figure.dpi = figure.canvas, POINTS
        Paper(figure)
        engine.execute(figure)
        figure.dpi = dpi
        figure.set_canvas(canvas)
    figure.set_layout_engine("none")
