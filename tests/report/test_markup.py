"""The form of a finished page: HTML without errors, fit for every reader, and in one language."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import html5lib
import pytest

from simsim.inputs import parameters
from simsim.policy import registered
from simsim.report.words import catalogue, chinese_marks

REPORTS = [("comparison", "en"), ("scenario", "zh")]
AXE = "axe_playwright_python"
LOOK = """<script>document.querySelectorAll("details").forEach(fold => { fold.open = true; });
axe.run().then(found => { const told = document.createElement("pre"); told.id = "axe";
told.textContent = JSON.stringify({contrasts: found.passes.filter(one => one.id == "color-contrast").length,
violations: found.violations.map(one => [one.impact, one.id, one.nodes.slice(0, 3).map(node => node.html)])});
document.body.append(told); });</script>"""
MINUTE = 60_000


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "lang"), REPORTS)
def test_a_page_is_html5_without_an_error(pages, kind, lang):
    html5lib.HTMLParser(strict=True).parse(pages(kind, lang).read_text("utf-8"))


def browser():
    """Return the Chromium that is there, and where the script of axe lies; skip without them, saying why."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    spec = find_spec(AXE)
    if path is None or spec is None or spec.origin is None:
        pytest.skip("no Chromium to look at pages with" if path is None else f"{AXE} is not installed")
    return path, Path(spec.origin).parent / "axe.min.js"


@pytest.mark.slow
def test_axe_finds_nothing_serious_on_a_page_with_its_folds_open(pages, tmp_path):
    chromium, script = browser()
    page, end = pages("comparison", "zh", short=True).read_text("utf-8"), "</body>"
    looked = f"<script>{script.read_text('utf-8')}</script>{LOOK}{end}"
    (tmp_path / "page.html").write_text(page.replace(end, looked), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    flags += [f"--virtual-time-budget={MINUTE}", "--dump-dom", (tmp_path / "page.html").as_uri()]
    dom = subprocess.run([chromium, *flags], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    told = re.search(r'<pre id="axe">(.*?)</pre>', dom, re.DOTALL)
    assert told, "axe did not answer"
    found = json.loads(html.unescape(told[1]))
    assert found["contrasts"] and not [one for one in found["violations"] if one[0] in ("serious", "critical")]


OWN_LANGUAGE = re.compile(r"<(style|script|code|cite)\b.*?</\1>", re.DOTALL)
"""What is no prose: code by its name, and sources that say that they are English."""
SAID_IN_LATIN = {"simsim", "CSV", "xlsx", "McLoone", "new_schools", "law", "large-classes", "G-U-S"}
LATIN = re.compile(r"[A-Za-z][A-Za-z_-]{2,}")


def texts(page):
    """Return what a reader sees of a page, piece by piece."""
    return [html.unescape(piece) for piece in re.findall(r">([^<>]+)<", OWN_LANGUAGE.sub(" ", page))]


@pytest.mark.slow
def test_a_chinese_page_has_no_english_and_no_half_width_marks_in_tables_and_figures(pages):
    found = texts(pages("scenario", "zh").read_text("utf-8"))
    assert len(found) > 1000
    names = re.compile("|".join(map(re.escape, sorted(parameters.load(), key=len, reverse=True))))
    english = {word for text in found for word in LATIN.findall(names.sub("", text))} - SAID_IN_LATIN - set(registered)
    assert not english, "say it in parameters/words.yaml, or mark it as code or as a source"
    assert not [text for text in found if chinese_marks(text) != text]


def test_every_unit_of_a_parameter_has_chinese_words():
    known = {key.removeprefix("unit.") for key in catalogue() if key.startswith("unit.")}
    assert not {entry.unit for entry in parameters.load().values()} - known
