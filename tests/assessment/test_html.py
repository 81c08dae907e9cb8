"""The assessment as a page and as a document: the same words, escaped, and nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest

from simsim.assessment.delivery import Source, Wanted, deliver
from simsim.assessment.docx import write_document
from simsim.assessment.html import page
from simsim.assessment.judging import assess
from simsim.inputs.errors import InputError
from simsim.inputs.standards import Text, load_standard, standards
from tests.assessment.school_tables import EXAMPLE, school, table
from tests.report.chinese import english, half_width, texts

EVIL = "<script>alert(1)</script>&\"'"


class Reader(HTMLParser):
    """Collects text, and the tags that were opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_escaped_and_fetches_nothing(lang: str) -> None:
    frame = table(school(EVIL, primary=100, books=3), school("B", "junior", 0, 100, equipment_yuan=10))
    frame.attrs["simulated"] = Text(zh="模拟数据" + EVIL, en="simulated" + EVIL)
    text = page(assess(frame, "quality-2017", file=EVIL), lang)
    reader = Reader()
    reader.feed(text)
    assert reader.open == [] and "script" not in {tag for tag, _ in reader.tags}
    assert not re.search(r"(src|href)=|url\(|@import", text)
    assert EVIL in "".join(reader.words) and any(tag == "caption" for tag, _ in reader.tags)
    assert all(a.get("scope") for tag, a in reader.tags if tag == "th")


def test_the_page_and_the_document_say_what_the_report_says(tmp_path: Path) -> None:
    found = assess(table(school("甲", primary=100), school("乙", "junior", 0, 100, books=9)), "quality-2017")
    reader = Reader()
    reader.feed(page(found, "zh"))
    write_document(found, tmp_path / "a.docx", "zh")
    document = docx.Document(str(tmp_path / "a.docx"))
    words = "".join(p.text for p in document.paragraphs)
    words += "".join(cell.text for t in document.tables for row in t.rows for cell in row.cells)
    prose = [said for said in texts(page(found, "zh")) if not re.match(r"- .*\[", said)]  # but what the basis cites
    assert not (english(prose) - {"quality-", "table"} or half_width(prose))
    for text in ("".join(reader.words), words):
        squeezed = re.sub(r"\s", "", text)
        missing = [w for w in found.report("zh").replace("== ", "").split() if w not in squeezed]
        assert missing == []


def test_files_are_written_by_their_options_and_wrong_names_refused_before_any_work(tmp_path: Path) -> None:
    wanted = Wanted(html=tmp_path / "a.html", docx=tmp_path / "a.docx")
    deliver(Source((EXAMPLE,)), "basic-2012", "zh", wanted, {})
    assert (tmp_path / "a.html").read_text("utf-8").startswith('<!doctype html>\n<html lang="zh-Hans">')
    assert (tmp_path / "a.docx").stat().st_size > 0
    with pytest.raises(InputError, match=r"a web page; end it in \.html"):
        deliver(Source((EXAMPLE,)), "basic-2012", "zh", Wanted(html=tmp_path / "a.pdf"), {})


def test_the_basis_is_in_chinese_and_nothing_recalled_lacks_what_was_checked() -> None:
    for name in standards():
        for key, evidence in load_standard(name).evidence.items():
            words = re.sub(r"https?://[^\s；（）]+|book118 \d+|doc/\S+", "", evidence.told("zh"))
            assert not re.search(r"[A-Za-z]{3,}", words), (name, key)
            if evidence.confidence.startswith("memory"):
                assert "已核对：" in evidence.told("zh") and "checked:" in evidence.told("en")
