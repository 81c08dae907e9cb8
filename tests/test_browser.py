"""In a browser: the explorer's page answers, a moved slider changes its sentence, nothing comes from elsewhere; the
quick start runs in JupyterLab.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.browser import CHROMIUM, Browser, waited

ROOT = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium: apt install chromium"),
]
PATIENCE = 240
SENTENCE = "document.querySelector('.simsim-explorer .answer')?.innerText"
ERRORS = "[...document.querySelectorAll('.jp-RenderedText[data-mime-type$=\"error\"]')].map(text => text.innerText)"
FIRST_CELL = "document.querySelector('.jp-Notebook .jp-Cell')"
LAST_HAS_RUN = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].slice(-2)"
    ".some(prompt => /\\[(\\*|\\d+)\\]/.test(prompt.textContent))"
)
"""Whether the last cell waits or has run; one more, empty, follows where it was the last of all."""
LISTENS = 20
"""Seconds after which keys that nothing came of were pressed before the page listened."""
FIRST_LEVER = "document.querySelectorAll('.simsim-explorer .noUi-handle')[1]"


@pytest.fixture
def browser(tmp_path):
    found = Browser(tmp_path / "profile")
    yield found
    found.close()


@pytest.fixture
def started():
    """Start a program and end it as Ctrl-C would."""
    programs = []

    def start(*words, cwd):
        program = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=cwd,
            env=ENVIRONMENT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        programs.append(program)
        return program

    yield start
    for program in programs:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(15)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
        program.stdout.close()


def the_sentence_follows_the_slider(browser):
    before = browser.until(f"({SENTENCE} || '').length > 40 && {SENTENCE}", PATIENCE)
    assert "world" in before
    browser.until(FIRST_LEVER + " != null", PATIENCE)
    browser.js(FIRST_LEVER + ".focus()")
    for _ in range(5):
        browser.key("ArrowRight", 39)
    assert browser.until(f"{SENTENCE} && {SENTENCE} != {before!r} && {SENTENCE}", PATIENCE) != before


def every_cell_is_run(browser, cells):
    """Press Shift-Enter in every cell; None where the page did not listen yet."""
    browser.js(FIRST_CELL + ".click()")
    for _ in range(cells):
        browser.key("Enter", 13, shift=True)
    try:
        return browser.until(LAST_HAS_RUN, LISTENS)
    except TimeoutError:
        return None


def test_the_page_answers_and_a_moved_slider_changes_its_sentence(browser, started, tmp_path):
    words = ("simsim", "explore", "xinwan-schools", "--no-browser", "--seeds", "2", "--to", "2026")
    program = started(*words, cwd=tmp_path)
    address = waited(lambda: re.search(r"http://\S+", program.stdout.readline() or "-"), PATIENCE)[0]
    browser.open(address)
    the_sentence_follows_the_slider(browser)
    elsewhere = [url for url in browser.asked if not re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:|about:", url)]
    assert browser.asked and elsewhere == []
    browser.open(address.split("?")[0].replace("127.0.0.1", "localhost"))
    browser.until("document.body && !document.querySelector('.simsim-explorer')", PATIENCE)


def test_the_quick_start_and_the_explorer_run_in_jupyterlab(browser, started, tmp_path):
    notebook = nbformat.read(ROOT / "notebooks" / "01-quickstart.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("simsim.explore('xinwan-schools', seeds=2, to=2026)"))
    nbformat.write(notebook, tmp_path / "quick.ipynb")
    options = "--no-browser --port=0 --ServerApp.port_retries=50 --allow-root --ServerApp.root_dir=."
    program = started("jupyterlab", *options.split(), cwd=tmp_path)
    address = waited(lambda: re.search(r"http://\S+/lab\?token=\w+", program.stdout.readline() or "-"), PATIENCE)[0]
    browser.open(address.replace("/lab?", "/lab/tree/quick.ipynb?"))
    browser.until("document.querySelectorAll('.jp-CodeCell').length > 2", PATIENCE)
    browser.until("document.querySelector('[title*=\"ernel\"]') != null", PATIENCE)
    waited(lambda: every_cell_is_run(browser, len(notebook.cells)), PATIENCE, "every cell is run")
    the_sentence_follows_the_slider(browser)
    assert browser.js(ERRORS) == []
