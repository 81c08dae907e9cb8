"""A figure as a picture inside a page: SVG whose text is text, small enough to stand there a score of times."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from zlib import crc32

import matplotlib as mpl
from matplotlib.figure import Figure

from simsim.report.figures.pen import POINTS, Pen
from simsim.report.figures.sheet import style
from simsim.report.garbage import uncollected
from simsim.report.markup import Safe, joined, plain, tag
from simsim.report.words import unwrapped

DECIMALS = 1
GAP = 4
"""Points left between the headline that a page writes itself and what stays of the picture."""
MARK = re.compile(r"<[^>]*>")
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
SPARE = re.compile(
    r'<\?xml.*?<svg |<metadata>.*?</metadata>|<style .*?</style>| id="[a-z]+[._]?[a-z0-9]*_\d+"'
    r"| transform=\"rotate\(-0 [^\"]*\"|font-family: [^;\"]*;? ?",
    re.DOTALL,
)
"""What a page has itself or nobody reads: head, metadata, global style, names of groups, fonts."""
KEY = re.compile(r'(?<= id=")[mpC][0-9a-f_]{8,}(?=")')


def picture(figure: Figure, note: object = "") -> Safe:
    """Return a figure for a page, its finding over it as text and a note under it."""
    finding = unwrapped(figure.get_suptitle())
    head = tag("p", finding, "finding") if finding else ""
    caption = tag("figcaption", note) if note else ""
    named = {"role": "group", "tabindex": 0, "aria-label": finding}
    drawing = tag("div", Safe(svg(figure, finding, plain(note))), "scroll drawing", **named)
    return tag("figure", joined([head, drawing, caption]))


def svg(figure: Figure, title: str, description: str = "") -> str:
    """Return a laid-out figure without its headline as an SVG element, with its title and description for those who
    cannot see it.
    """
    width, height = (float(size) for size in figure.get_size_inches() * POINTS)
    text, dpi = StringIO(), figure.dpi
    with mpl.rc_context({**style(), "svg.fonttype": "none", "svg.hashsalt": "simsim"}), uncollected():
        figure.dpi = POINTS
        pen = Pen(width, height, text)
        over = _headline_height(figure, pen)
        headline = figure.texts and figure._suptitle  # type: ignore[attr-defined]
        if headline:
            headline.set_visible(False)
        figure.draw(pen)
        pen.finalize()  # type: ignore[no-untyped-call]
        if headline:
            headline.set_visible(True)
        figure.dpi = dpi
    inside = _shortened(text.getvalue())
    key = f"f{crc32(inside.encode()):08x}"
    names = {name: f"{key}-{number}" for number, name in enumerate(dict.fromkeys(KEY.findall(inside)))}
    inside = re.sub("|".join(map(re.escape, names)) or "(?!)", lambda found: names[found[0]], inside)
    inside = inside[inside.index(">") + 1 :]
    told = f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>'
    box = f"0 {over:.0f} {width:.0f} {height - over:.0f}"
    told_by = f'aria-labelledby="{key}-t" aria-describedby="{key}-d"'
    size = f'viewBox="{box}" style="--tall:{height - over:.0f}pt"'
    return f'<svg role="img" {told_by} {size}>{told}{inside}'


def _headline_height(figure: Figure, pen: Pen) -> float:
    """Return how many points from the top a figure's headline takes, 0 without one."""
    headline = figure._suptitle  # type: ignore[attr-defined]
    if headline is None or not headline.get_text():
        return 0.0
    return max(0.0, float(figure.bbox.height - headline.get_window_extent(pen).y0) - GAP)


def _shortened(text: str) -> str:
    """Return SVG without what a page does not need, its places no finer than a tenth of a point; the numbers that a
    reader sees stay as they were written.
    """
    text = SPARE.sub(lambda found: "<svg " if found[0].startswith("<?xml") else "", text)
    text = MARK.sub(lambda found: LONG_NUMBER.sub(_tenths, found[0]), text)
    text = text.replace("xlink:href", "href").replace(' style=""', "")
    return re.sub(r"\s*\n\s*", " ", text).replace("> <", "><").strip()


def _tenths(found: re.Match[str]) -> str:
    return f"{float(found[0]):.{DECIMALS}f}".replace(".0", "")
