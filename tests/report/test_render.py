"""Reports: executed with checked parameters, one page without code, escaped, and honest about what failed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import html5lib
import nbformat
import pandas as pd
import pytest

import simsim
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from simsim.report import render as report
from simsim.report.markup import Safe, body_of, details, in_full_width, labelled
from simsim.report.page import Page
from simsim.report.tables.catalogue import TABLES
from simsim.report.words import catalogue
from tests.conftest import EVIL
from tests.report.chinese import english, half_width, texts

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def written(view):
    """Each table of the small experiment that has something to show, written once."""
    return cache(lambda name: TABLES[name](view))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_is_written_in_both_languages(view, written, name):
    if TABLES[name].nothing(view):
        pytest.skip(TABLES[name].nothing(view))
    assert written(name).startswith("<") or name in ("idle", "decision_annex")
    said = texts(in_full_width(written(name), view.lang))
    assert view.lang == "en" or not (english(said) or half_width(said)), "say it in parameters/words.yaml"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_a_scenario_calls_itself_never_becomes_markup(view, written, name):
    if not TABLES[name].nothing(view):
        assert EVIL not in written(name)


def test_the_page_says_at_the_top_that_schools_are_synthetic(monkeypatch, small_experiment):
    pieces = []
    monkeypatch.setattr(Page, "_show", lambda self, piece: pieces.append(piece))
    Page(small_experiment).opening()
    assert "Synthetic schools and pupils" in pieces[0]


def test_a_section_on_delay_or_trade_offs_is_left_out_where_no_such_scenario_was_run(view):
    assert {TABLES[name].nothing(view) for name in ("delay", "traded")} == {"delay.none", "traded.none"}


def test_a_table_folded_without_a_name_is_called_what_its_section_is():
    inside = '<div class="scroll"><table><tr><td>1</td></tr></table></div>'
    body = f'<h2 id="a">Lines</h2>{details("Show the table", Safe(inside), names=False)}'
    assert 'aria-label="Lines"' in labelled(body) and "Show the table" in labelled(body)


def test_failed_runs_are_told_at_the_top(monkeypatch, small_experiment):
    pieces = []
    monkeypatch.setattr(Page, "_show", lambda self, piece: pieces.append(piece))
    failures = pd.DataFrame({"scenario": ["plan"], "replication": [9]})
    tables = {name: small_experiment.frame(name) for name in small_experiment.tables} | {"failures": failures}
    Page(Results(tables, small_experiment.manifest)).opening()
    assert "they failed: 1 run;" in pieces[0]


def test_what_policies_count_has_words_in_both_languages():
    from simsim.policy import registry

    own = {cls.touches for cls in registry().values() if cls.__module__.startswith("simsim.policies")}
    assert not {name for name in own if f"touches.{name}" not in catalogue()}, "add them to parameters/words.yaml"


@pytest.mark.parametrize("name", [f"report-{kind}.ipynb" for kind in report.KINDS])
def test_a_misspelt_parameter_is_refused_before_anything_runs(name):
    with pytest.raises(InputError, match="focsu: is not a parameter .did you mean focus"):
        report.check_parameters(NOTEBOOKS / name, {"focsu": "plan", "lang": "zh"})


def test_an_unknown_kind_language_or_scenario_is_the_users_mistake(small_experiment, tmp_path):
    with pytest.raises(InputError, match="did you mean comparison"):
        simsim.render("comparsion", small_experiment)
    with pytest.raises(InputError, match="must be one of en, zh"):
        simsim.render("comparison", small_experiment, lang="fr")
    with pytest.raises(InputError, match="did you mean plan"):
        simsim.render("scenario", small_experiment, scenario="plam")
    with pytest.raises(InputError, match="not the folder of an experiment"):
        simsim.render("comparison", tmp_path)


def test_results_without_a_folder_need_one(small_experiment):
    tables = {name: small_experiment.frame(name) for name in small_experiment.tables}
    with pytest.raises(InputError, match="name one for the report"):
        simsim.render("comparison", Results(tables, small_experiment.manifest))


def notebook(folder, *cells):
    cells = [
        nbformat.v4.new_code_cell('folder: str = ""', metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, cells),
    ]
    path = folder / "source.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(
            cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        ),
        path,
    )
    return path


@pytest.mark.slow
def test_a_cell_that_fails_is_an_error_that_names_it_and_the_notebook_is_kept(tmp_path):
    done = tmp_path / "done.ipynb"
    with pytest.raises(report.ReportError, match="cell 3 failed: ZeroDivisionError"):
        report.execute(notebook(tmp_path, "1 / 0"), done, {"folder": "x"})
    assert issubclass(report.ReportError, RuntimeError) and "ZeroDivisionError" in done.read_text("utf-8")


@pytest.mark.slow
def test_a_report_runs_this_python_and_shows_no_code_and_no_stderr(tmp_path):
    source = notebook(
        tmp_path, "import sys, simsim\nprint(folder, sys.executable)\nprint('to the developer', file=sys.stderr)"
    )
    done = report.execute(source, tmp_path / "done.ipynb", {"folder": "somewhere"})
    import sys

    body = body_of(done)
    assert f"somewhere {sys.executable}" in body and "to the developer" not in body and "import sys" not in body


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "lang"), [("comparison", "en"), ("scenario", "zh")])
def test_a_report_is_one_page_that_needs_nothing_else(pages, kind, lang):
    path = pages(kind, lang)
    page = path.read_text("utf-8")
    assert path.with_suffix(".ipynb").is_file() and path.suffix == ".html"
    assert f'<html lang="{report_lang(lang)}">' in page and "<title>" in page and "<title><" not in page
    assert not re.findall(r'<script [^>]*src|<link|<iframe|src="(?!data:)|url\((?!#)|@import|fetch\(|XMLHttp', page)
    assert "page.section" not in page and "Traceback" not in page
    assert page.count("<figure>") >= 8 and page.count("<h2") >= 12 and len(page) < 4e6
    titles = re.findall(r"<svg [^>]*><title[^>]*>([^<]*)</title><desc[^>]*>([^<]+)</desc>", page)
    assert len(titles) == page.count("<svg") and all(title for title, _ in titles)


def report_lang(lang):
    return {"en": "en-GB", "zh": "zh-Hans"}[lang]


@pytest.mark.slow
def test_an_experiment_with_one_scenario_gets_the_scenario_report(tmp_path):
    results = simsim.Experiment(["frozen"], seeds=1, to=2015).run(out=tmp_path / "one", progress=False)
    assert [page.name for page in report.render_experiment(results.folder, out=tmp_path / "page")] == [
        "report-scenario-frozen.html"
    ]


@pytest.mark.slow
def test_the_seat_warning_is_one_page_too(small_experiment, tmp_path):
    page = simsim.render("outlook", small_experiment, lang="zh", out=tmp_path).read_text("utf-8")
    assert (
        page.count("<figure>") == 4
        and "学位预警" in page
        and not re.findall(r'<script [^>]*src|<link|src="(?!data:)', page)
    )


def test_an_experiment_past_2024_gets_the_seat_warning_as_well(monkeypatch, small_experiment):
    made = []
    monkeypatch.setattr(report, "render", lambda kind, *rest, **options: made.append(kind))
    report.render_experiment(small_experiment)
    assert made == ["comparison"]
    frames = {name: small_experiment.frame(name) for name in small_experiment.tables}
    frames["district_year"] = frames["district_year"].assign(year=frames["district_year"]["year"] + 10)
    report.render_experiment(Results(frames, small_experiment.manifest))
    assert made == ["comparison", "comparison", "outlook"]


# ---- the form of a finished page: HTML without errors, fit for every reader, and in one language ----

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


@pytest.mark.slow
def test_a_chinese_page_has_no_english_and_no_half_width_marks_in_tables_and_figures(pages):
    found = texts(pages("scenario", "zh").read_text("utf-8"))
    assert len(found) > 1000
    assert not english(found), "say it in parameters/words.yaml, or mark it as code or as a source"
    assert not half_width(found)
