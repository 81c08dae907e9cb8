"""The page a report becomes: escaped cells, tables and figures
in HTML, and the skeleton around an executed notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from simsim.report.words import chinese_marks

if TYPE_CHECKING:  # slow to load
    from nbformat import NotebookNode

LANGUAGE_TAGS = {"en": "en-GB", "zh": "zh-Hans"}
TOC = "<!--contents-->"
HIDDEN = {"note", "parameters", "injected-parameters"}
TABLE = re.compile(
    r'<h2 id="(?P<key>[^"]+)">(?P<section>.*?)</h2>|<summary>(?P<fold>.*?)</summary>'
    r'|<div class="scroll">(?P<table><table[^>]*>)(?:<caption>(?P<caption>.*?)</caption>)?',
    re.DOTALL,
)
MARKUP = re.compile(r"<[^>]*>")
TEXTS = re.compile(r"(?<=>)[^<>&]+(?=[<&])")


PAGE = """<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="simsim">
<title>$title</title>
<style>
$css
@page { @top-left { content: "$running"; } }
:root { --annex: "$annex"; }
</style>
</head>
<body data-csv="$csv" data-sort="$sort">
<main>
$body
</main>
<script>
$script</script>
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
    head = joined(
        tag("th", name, "" if i in words else "n", scope="col") if name else tag("td", "")
        for i, name in enumerate(headings)
    )
    body = joined(tag("tr", joined(_cell(cell, i in words, i == 0) for i, cell in enumerate(row))) for row in rows)
    top = tag("caption", caption) if caption else ""
    inside = joined([top, tag("thead", tag("tr", head)), tag("tbody", body)])
    return tag("div", tag("table", inside, css), "scroll")


def _cell(cell: object, is_text: bool, first: bool) -> Safe:
    content, css = cell if isinstance(cell, tuple) else (cell, "")
    classes = " ".join(filter(None, ("" if is_text else "n", css)))
    return tag("th", content, classes, scope="row") if first and content else tag("td", content, classes)


def details(summary: object, content: object, annex: bool = False, names: bool = True) -> Safe:
    """Return something that a reader may unfold; on paper it stands open, unless it is an annex. A summary that `names`
    what is folded is what a table without a caption of its own is called.
    """
    shown = tag("summary", summary, "" if names else "any")
    return tag("details", joined([shown, content]), "annex" if annex else "")


def heading(key: str, title: object) -> Safe:
    """Return a section's heading, which the contents will list."""
    return tag("h2", title, id=key)


def skeleton(body: str, title: str, lang: str, words: Mapping[str, str]) -> str:
    """Return the whole page: title, language, style, contents, body and script; nothing is loaded from elsewhere.

    `words` are what the page says of itself: contents, csv, sort, annex.paper.
    """
    links = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
    items = "".join(f'<li><a href="#{key}">{name}</a></li>' for key, name in links)
    nav = f'<nav aria-label="{escape(words["contents"])}"><b>{escape(words["contents"])}</b><ol>{items}</ol></nav>'
    here = Path(__file__).parent
    css, script = ((here / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return Template(PAGE).substitute(
        lang=LANGUAGE_TAGS[lang],
        title=escape(title),
        running=_quoted(title),
        css=css,
        script=script,
        annex=_quoted(words["annex.paper"]),
        csv=escape(words["csv"]),
        sort=escape(words["sort"]),
        body=in_full_width(labelled(body), lang).replace(TOC, nav if items else ""),
    )


def _quoted(words: str) -> str:
    """Return words that may stand between quotes in a style sheet."""
    return re.sub(r'[\\"<>\n]', " ", words)


def in_full_width(body: str, lang: str) -> str:
    """Return HTML whose text has the marks of its language: full-width ones beside Chinese characters."""
    return TEXTS.sub(lambda found: chinese_marks(found[0]), body) if lang == "zh" else body


def labelled(body: str) -> str:
    """Name every table that scrolls, and let the keyboard reach it; one without a caption of its own is called what its
    section or fold is, unseen.
    """
    section, fold, seen = "", "", dict[str, int]()

    def named(found: re.Match[str]) -> str:
        nonlocal section, fold
        if not found["table"]:
            section, fold = (found["section"], "") if found["key"] else (section, found["fold"])
            return found[0]
        name = plain(found["caption"] or fold or section)
        seen[name] = seen.get(name, 0) + 1
        label = name if seen[name] == 1 else f"{name} {seen[name]}"
        own = found["caption"]
        caption = tag("caption", Safe(own or label), "" if own else "unseen")
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{found["table"]}{caption}'

    return TABLE.sub(named, body)


def plain(html: object) -> str:
    """Return HTML as text on one line, escaped as it was."""
    return " ".join(MARKUP.sub(" ", str(html)).split())


def body_of(notebook: NotebookNode) -> str:
    """Return an executed notebook as HTML without code, notes to developers and what went to stderr."""
    shown = [cell for cell in notebook.cells if not HIDDEN & set(cell.metadata.get("tags", ()))]
    return "\n".join(piece for cell in shown for piece in _pieces(cell))


def _pieces(cell: NotebookNode) -> Iterator[str]:
    """Yield what a cell shows: its prose, or what it displayed and printed."""
    if cell.cell_type == "markdown":
        from nbconvert.filters import markdown2html

        yield markdown2html(cell.source)
    for output in cell.get("outputs", ()):
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "text/html" in data:
            yield data["text/html"]
        elif output.get("name") != "stderr":
            yield str(tag("pre", data.get("text/plain", "")))
