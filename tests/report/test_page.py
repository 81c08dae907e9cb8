"""Pages: whatever a title holds, it is text."""

from __future__ import annotations

from simsim.report.markup import Safe, skeleton, table, tag
from tests.conftest import EVIL


def test_a_page_escapes_titles_and_figures_escape_their_findings(view):
    page = skeleton("<h1>x</h1>", EVIL, view.lang, "c")
    assert "<script" not in page
    assert "&lt;script&gt;" in str(tag("b", EVIL)) and str(tag("b", Safe("<i>x</i>"))) == "<b><i>x</i></b>"
    assert "<script" not in table(["a"], [[EVIL], [(EVIL, "css")]], EVIL)
