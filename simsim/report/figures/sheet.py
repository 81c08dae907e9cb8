"""The sheet of every figure: fonts with Chinese characters, Matplotlib's settings, empty axes, and their layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, ParamSpec, TypedDict, Unpack, cast

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import AutoLocator
from matplotlib.transforms import Bbox

from simsim.base.arrays import AnyArray, Floats
from simsim.inputs.errors import InputError, Problem
from simsim.report.figures.pen import arrange
from simsim.report.figures.style import FAINT, INK, PAPER
from simsim.report.garbage import uncollected

FONT_PACKAGE, FONT_FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
INSTALLED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "SimHei",
)
WIDTH, DPI = 9.0, 160
MOST_TICKS = 9
"""However long an axis is, Matplotlib chooses no more steps than these."""
STYLE: Mapping[str, object] = MappingProxyType(
    {
        "axes.facecolor": PAPER,
        "axes.grid": False,
        "axes.spines.left": True,
        "axes.spines.bottom": True,
        "grid.linestyle": "-",
        "patch.edgecolor": PAPER,
        "patch.force_edgecolor": True,
        "xtick.direction": "out",
        "ytick.direction": "out",
        "xtick.bottom": True,
        "ytick.left": True,
        "xtick.top": False,
        "ytick.right": False,
        "font.size": 11.5,
        "axes.titlesize": 12.5,
        "axes.labelsize": 11.5,
        "xtick.labelsize": 11,
        "ytick.labelsize": 11,
        "legend.fontsize": 11,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "axes.titlelocation": "left",
        "axes.titley": 1.0,  # nothing of ours stands over an axis, so that no title need be moved out of its way
        "text.color": INK,
        "text.parse_math": False,
        "xtick.color": INK,
        "ytick.color": INK,
        "figure.facecolor": PAPER,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "lines.solid_capstyle": "round",
        "savefig.dpi": 150,
    }
)
P = ParamSpec("P")
_blank: ContextVar[Callable[..., Figure]] = ContextVar("blank", default=Figure)
"""What makes an empty figure: Matplotlib's Figure, or pyplot's where a notebook shows it."""


@contextmanager
def figures_by(make: Callable[..., Figure]) -> Iterator[None]:
    """Let `make` (pyplot.figure) make the figures meanwhile."""
    token = _blank.set(make)
    try:
        yield
    finally:
        _blank.reset(token)


@cache
def font() -> str:
    """Return a font with Chinese characters: simsim's own, else an installed one; InputError for neither."""
    spec = find_spec(FONT_PACKAGE)
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / FONT_FILE
        font_manager.fontManager.addfont(path)
        return font_manager.FontProperties(fname=path).get_name()
    there = {entry.name for entry in font_manager.fontManager.ttflist}
    for name in INSTALLED:
        if name in there:
            return name
    raise InputError(
        Problem("fonts", FONT_PACKAGE, None, "no font with Chinese characters; pip install pylopdf-fonts-zh-cn")
    )


def style() -> dict[Any, object]:  # Any: Matplotlib's type of a key is a list of 300 words
    """Return the settings of Matplotlib for simsim's figures, whatever the user's own; text is never taken for
    mathematics.
    """
    return {**STYLE, "font.family": [font(), "DejaVu Sans"]}


def drawn(function: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a figure in simsim's style, whatever the style outside."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context(style()), uncollected():
            figure = function(*args, **kwargs)
            if not isinstance(figure.canvas, FigureCanvasAgg):
                Canvas(figure)
            if _blank.get() is Figure:
                _unmeasured(figure)
            arrange(figure)  # in this style and not in the caller's
        return figure

    return inside


def _unmeasured(figure: Figure) -> None:
    """Let no place be looked for, among all the words of an axis, for a name that it does not have."""
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.label.get_text():
            axis.set_label_coords(0.0, 0.0)


class Canvas(FigureCanvasAgg):
    """Draws a figure in simsim's style, whatever the style outside, and only when somebody asks for its pixels."""

    def draw(self) -> None:
        """Draw the figure."""
        with mpl.rc_context(style()), uncollected():
            super().draw()  # type: ignore[no-untyped-call]


class Around(TypedDict, total=False):
    """What else Matplotlib says when it asks for the box around axes."""

    call_axes_locator: bool
    bbox_extra_artists: Sequence[Artist] | None


class Measured(Axes):
    """Axes whose labels are measured once for the layout: its second pass only moves them, unless their size changes
    which ticks they have, or their shape is fixed.
    """

    _around: tuple[tuple[int, ...], Floats, Floats] | None = None

    def get_tightbbox(
        self, *args: RendererBase | None, for_layout_only: bool = False, **options: Unpack[Around]
    ) -> Bbox | None:
        """Return the box around everything drawn; for the layout, around the axes with the room that labels took."""
        if not for_layout_only or self.get_aspect() != "auto":
            return super().get_tightbbox(*args, for_layout_only=for_layout_only, **options)
        place, ticks = self._place(), self._ticks()
        if self._around is not None and self._around[0] == ticks:
            return Bbox(np.array([place.min - self._around[1], place.max + self._around[2]]))
        box = super().get_tightbbox(*args, for_layout_only=True, **options)
        if box is not None:
            self._around = ticks, np.subtract(place.min, box.min), np.subtract(box.max, place.max)
        return box

    def _place(self) -> Bbox:
        figure = cast(Figure, self.get_figure(root=True))
        return Bbox(self.get_position(original=True).transformed(figure.transFigure).get_points())

    def _ticks(self) -> tuple[int, ...]:
        """Return how many ticks there is room for, on each axis on which Matplotlib chooses them."""
        chosen = [axis for axis in (self.xaxis, self.yaxis) if isinstance(axis.get_major_locator(), AutoLocator)]
        return tuple(min(axis.get_tick_space(), MOST_TICKS) for axis in chosen)


class Shared(TypedDict, total=False):
    """What the axes of a sheet share, and how they divide it."""

    sharex: bool
    sharey: bool | Literal["row"]
    height_ratios: Sequence[float]
    width_ratios: Sequence[float]


def sheet(rows: int, columns: int, height: float, **options: Unpack[Shared]) -> tuple[Figure, AnyArray]:
    """Return an empty figure as wide as the page, and its axes as an array (rows, columns)."""
    figure = _blank.get()(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    figure.set_layout_engine("constrained", h_pad=0.06, w_pad=0.06, hspace=0.04, wspace=0.03)
    return figure, figure.subplots(rows, columns, squeeze=False, subplot_kw={"axes_class": Measured}, **options)
