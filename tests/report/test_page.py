"""Pages: whatever a title holds, it is text."""

from __future__ import annotations

from simsim.report.markup import Safe, details, heading, labelled, skeleton, table, tag
from tests.conftest import EVIL


def test_a_page_escapes_titles_and_figures_escape_their_findings(view):
    page = skeleton("<h1>x</h1>", EVIL, view.lang, dict.fromkeys(("contents", "csv", "sort", "annex.paper"), EVIL))
    assert page.count("<script") == 1 and EVIL not in page
    assert "&lt;script&gt;" in str(tag("b", EVIL)) and str(tag("b", Safe("<i>x</i>"))) == "<b><i>x</i></b>"
    assert "<script" not in table(["a"], [[EVIL], [(EVIL, "css")]], EVIL)


def test_a_table_without_a_caption_is_named_after_its_section_and_two_of_them_differ():
    body = labelled(str(heading("seats", "Seats & pupils")) + str(table(["a", ""], [[1, 2], ["", 4]])) * 2)
    assert 'aria-label="Seats &amp; pupils"' in body and 'aria-label="Seats &amp; pupils 2"' in body
    assert body.count('role="region"') == body.count("<caption") == body.count('tabindex="0"') == 2
    assert "<th></th>" not in body and '<th scope="col"></th>' not in body and '<th scope="row"></th>' not in body


def test_on_paper_folds_stand_open_but_annexes():
    assert "class" not in details("more", "x") and 'class="annex"' in details("more", "x", annex=True)
