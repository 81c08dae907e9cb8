"""The page a report becomes: escaped cells, tables and figures
in HTML, and the skeleton around an executed notebook.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.metadata import files
from io import BytesIO
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

if TYPE_CHECKING:  # slow to load
    from nbformat import NotebookNode

LANGUAGE_TAGS = {"en": "en-GB", "zh": "zh-Hans"}
TOC = "<!--contents-->"
TEMPLATE = "basic"
HIDDEN = {"note", "parameters", "injected-parameters"}
COLOURS, NEARLY_WHITE = 200, 250
COMPRESSION = 6
"""Of PNG: more than this costs three times the time for a few per cent of the size."""


PAGE = """<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="simsim">
<title>$title</title>
<style>
$css</style>
</head>
<body>
<main>
$body
</main>
</body>
</html>
"""


class Safe(str):
    """Text that is HTML already."""


def text(value: object) -> Safe:
    """Return anything as HTML: escaped, unless it is Safe."""
    return value if isinstance(value, Safe) else Safe(escape(str(value)))


def tag(name: str, content: object, css: str = "", **attributes: object) -> Safe:
    """Return an element around content that is escaped unless it is Safe."""
    attributes = ({"class": css} if css else {}) | attributes
    inside = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return Safe(f"<{name}{inside}>{text(content)}</{name}>")


def joined(parts: Iterable[object]) -> Safe:
    """Return several pieces as one."""
    return Safe("".join(map(text, parts)))


def table(
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    caption: object = "",
    css: str = "",
    words: Sequence[int] = (0,),
) -> Safe:
    """Return a table; columns in `words` are text, the others numbers; a cell may be (content, css class)."""
    head = joined(tag("th", name, "" if i in words else "n", scope="col") for i, name in enumerate(headings))
    body = joined(tag("tr", joined(_cell(cell, i in words, i == 0) for i, cell in enumerate(row))) for row in rows)
    top = tag("caption", caption) if caption else ""
    inside = joined([top, tag("thead", tag("tr", head)), tag("tbody", body)])
    return tag("div", tag("table", inside, css), "scroll")


def _cell(cell: object, is_text: bool, first: bool) -> Safe:
    content, css = cell if isinstance(cell, tuple) else (cell, "")
    classes = " ".join(filter(None, ("" if is_text else "n", css)))
    return tag("th", content, classes, scope="row") if first else tag("td", content, classes)


def image(figure: Figure, note: object = "", dpi: int | None = None) -> Safe:
    """Return a figure as a picture inside the page, with its finding as the text for those who cannot see it.

    TypeError when it was drawn by something else than Matplotlib's agg.
    """
    data = base64.b64encode(_png(figure, dpi)).decode("ascii")
    alt = escape(_finding(figure))
    caption = tag("figcaption", note) if note else ""
    return tag("figure", Safe(f'<img alt="{alt}" src="data:image/png;base64,{data}">{caption}'))


def _png(figure: Figure, dpi: int | None) -> bytes:
    """Return a figure as a small PNG: few colours are enough for flat inks. It is
    drawn again only for another resolution.
    """
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        raise TypeError("a figure of a page is drawn by Matplotlib's agg")
    if dpi is not None and dpi != figure.dpi:
        figure.set_dpi(dpi)
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = Image.fromarray(pixels[..., :3])
    small = BytesIO()
    picture = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.putpalette([255 if value >= NEARLY_WHITE else value for value in picture.getpalette() or []])
    picture.save(small, format="png", compress_level=COMPRESSION)
    return small.getvalue()


def _finding(figure: Figure) -> str:
    title = figure.get_suptitle()
    return " ".join(title.split())


def details(summary: object, content: object) -> Safe:
    """Return something that a reader may unfold."""
    return tag("details", joined([tag("summary", summary), content]))


def heading(key: str, title: object) -> Safe:
    """Return a section's heading, which the contents will list."""
    return tag("h2", title, id=key)


def skeleton(body: str, title: str, lang: str, contents: str) -> str:
    """Return the whole page: title, language, style, contents and body; nothing is loaded from elsewhere."""
    links = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
    items = "".join(f'<li><a href="#{key}">{name}</a></li>' for key, name in links)
    nav = f"<nav><b>{escape(contents)}</b><ol>{items}</ol></nav>" if items else ""
    css = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    return Template(PAGE).substitute(
        lang=LANGUAGE_TAGS[lang], title=escape(title), css=css, body=body.replace(TOC, nav)
    )


def _templates() -> list[str]:
    """Return where nbconvert's templates lie: beside its own
    installation, even when this environment only borrows it.
    """
    found = [file for file in files("nbconvert") or () if file.parts[-2:] == (TEMPLATE, "conf.json")]
    return [str(Path(str(file.locate())).resolve().parents[1]) for file in found]


def body_of(notebook: NotebookNode) -> str:
    """Return an executed notebook as HTML without code, notes to developers and what went to stderr."""
    from nbconvert import HTMLExporter

    notebook.cells = [cell for cell in notebook.cells if not HIDDEN & set(cell.metadata.get("tags", ()))]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    plain = {"exclude_input": True, "exclude_input_prompt": True, "exclude_output_prompt": True}
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name=TEMPLATE, extra_template_basedirs=_templates(), extra_template_paths=_templates(), **plain
    )
    body, _ = exporter.from_notebook_node(notebook)
    return body
