"""An assessment as one HTML page: everything in it, nothing fetched, every text escaped, readable on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from string import Template

from simsim.assessment.findings import Findings
from simsim.assessment.words import HEADING, Grid, Piece, pieces, word

LANGUAGE_TAGS = {"en": "en-GB", "zh": "zh-Hans"}
PAGE = Template("""<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { margin: 0; color: #1f2328; background: #fff; line-height: 1.6;
  font-family: "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Segoe UI", Arial, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.3; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
.stamp { background: #fff4e0; border-left: 4px solid #b35900; padding: .6rem 1rem; font-weight: 650; }
.verdict { font-size: 1.1rem; font-weight: 650; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .3rem .5rem; border-bottom: 1px solid #d0d7de; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #1f2328; } tbody th { font-weight: 400; }
.scroll th:first-child, .scroll td:first-child { position: sticky; left: 0; background: #fff; }
@media (max-width: 40rem) { main { padding: 1rem .8rem 2rem; } th, td { min-width: 4.6rem; } }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { @page { size: A4; margin: 15mm; @top-left { content: "$running"; font-size: 8pt; }
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; } }
  main { max-width: none; padding: 0; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } .scroll { overflow: visible; } thead { display: table-header-group; } }
</style>
</head>
<body>
<main>
$body
</main>
</body>
</html>
""")


def page(found: Findings, lang: str) -> str:
    """Return the page. InputError for another language than zh and en."""
    title = getattr(found.standard.title, lang, "")
    first, *rest = pieces(found, lang)
    body = [f"<h1>{escape(title)}</h1>", *_opening(found, first, lang)]
    for block in rest:
        body += _block(block, title)
    running = re.sub(r'[\\"<>\n]', " ", title)  # stands in the style sheet, between quotes
    return PAGE.substitute(lang=LANGUAGE_TAGS[lang], title=escape(title), running=running, body="\n".join(body))


def _opening(found: Findings, block: list[Piece], lang: str) -> Iterator[str]:
    """Yield the lines above all tables, the stamp of a simulated district and the verdict set apart."""
    stamp = getattr(found.simulated, lang) if found.simulated else None
    for piece in block:
        line = str(piece)
        css = "stamp" if line == stamp else "verdict" if line.startswith(word("verdict", lang)) else ""
        yield f'<p class="{css}">{escape(line)}</p>' if css else f"<p>{escape(line)}</p>"


def _block(block: list[Piece], title: str) -> Iterator[str]:
    """Yield a section: its heading, its lines and its tables, each named by the heading above it."""
    named = title
    for piece in block:
        if isinstance(piece, Grid):
            yield _table(piece, named)
        elif piece.startswith(HEADING):
            named = piece.removeprefix(HEADING)
            yield f"<h2>{escape(named)}</h2>"
        else:
            yield f"<p>{escape(piece)}</p>"


def _table(grid: Grid, caption: str) -> str:
    """Return a table in a box that scrolls sideways, by keyboard too."""
    head, *rows = grid.rows
    numeric = [
        all(is_number(row[i]) for row in rows if row[i]) and any(row[i] for row in rows) for i in range(len(head))
    ]
    top = "".join(f'<th scope="col"{_css(n)}>{escape(cell)}</th>' for cell, n in zip(head, numeric, strict=True))
    lines = []
    for row in rows:
        first = f'<th scope="row">{escape(row[0])}</th>'
        rest = (f"<td{_css(n)}>{escape(cell)}</td>" for cell, n in zip(row[1:], numeric[1:], strict=True))
        lines.append(f"<tr>{first}{''.join(rest)}</tr>")
    label = escape(caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table><caption>{label}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _css(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def is_number(text: str) -> bool:
    """Tell whether a cell begins with a number: 0.123, 1,234 or 12.3 (10.0-15.0), with a unit behind it or not."""
    return text[:1].isdigit()
