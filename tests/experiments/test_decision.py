"""The decision page and document say what the table says; options that differ are told apart."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
import yaml

import simsim
from simsim.experiments.decision import alike, options_of
from simsim.experiments.missing_rooms import missing_rooms
from simsim.report.brief import SIZES, brief, type_size
from simsim.report.tables.decision import Decision
from simsim.report.view import View

ROOT = Path(__file__).parent.parent.parent
OPTIONS = re.search(r"^SCENARIOS \?= (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split()


@pytest.fixture(scope="module")
def table(small_experiment):
    return simsim.decision(small_experiment)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_and_the_document_say_every_number_of_the_table(small_experiment, table, lang, tmp_path, monkeypatch):
    monkeypatch.setattr(View, "numbers", table)
    page = Decision.of(View.of(small_experiment, lang))
    shown = [one for row in page.rows for cell in row.cells for one in cell]
    assert len(page.rows) == 3 and len(page.headings) == 11 and len(page.cannot) == 3 and len(shown) == 45
    path = brief(small_experiment, lang, tmp_path)
    text = "".join(re.findall(r"<w:t[^>]*>([^<]*)<", zipfile.ZipFile(path).read("word/document.xml").decode()))
    for one in shown:
        assert all(words in text for words in (one.median, one.interval, one.tally)) and bool(one.tally) == bool(
            one.counted
        )
    xml = zipfile.ZipFile(path).read("word/document.xml").decode()
    assert "w:shd" not in xml or not re.search(r"<w:spacing[^>]*/>(?:(?!</w:pPr>).)*<w:shd", xml)
    *_, last = docx.Document(str(path)).element.body.iterchildren("{*}tbl", "{*}p")
    assert last.tag.endswith("}p") and 'w:tblLayout w:type="fixed"' in xml, "or the table's sheet does not lie across"
    facts = [("heading", ["words " * (40 if lang == "en" else 20)])]
    assert type_size("title", facts, lang) == SIZES[lang][0] and type_size("title", facts * 30, lang) == SIZES[lang][-1]
    assert "&lt;script&gt;" in text and ("仿宋_GB2312" in zipfile.ZipFile(path).read("word/fontTable.xml").decode())


def test_options_that_differ_in_nothing_are_told(table):
    assert alike(table) == []
    twin = table[table["option"] == "plan"].assign(option="twin")
    assert alike(pd.concat([table, twin])) == [("plan", "twin")]


def test_a_scenario_outside_the_law_is_no_option(small_experiment):
    resolved = {name: {"resolved": {"district": "erdao"}} for name in small_experiment.scenarios}
    resolved["plan"]["resolved"]["law"] = "none"
    apart = simsim.Results(small_experiment.tables, {**small_experiment.manifest, "scenarios": resolved})
    assert "plan" not in options_of(apart) and len(options_of(apart)) == 2


def test_the_missing_rooms_are_the_median_above_the_seats_in_the_worst_year_rounded_up():
    rows = [
        ("plan", seed, year, "junior", school, name, value)
        for seed, more in ((1, 0), (2, 51), (3, 200))
        for year, full in ((2016, 900), (2017, 0), (2018, more))
        for school in (1, 2)
        for name, value in (("pupils", 500.0 + full * (school == 1)), ("seats", 500.0), ("rooms", 10.0))
    ]
    columns = ["scenario", "replication", "year", "stage", "school", "indicator", "value"]
    owners = [("plan", 1, "public"), ("plan", 2, "public")]
    tables = {
        "school_year": pd.DataFrame(rows, columns=columns),
        "district_year": pd.DataFrame([("plan", 1, 2016)], columns=columns[:3]),
        "schools": pd.DataFrame(owners, columns=["scenario", "school", "ownership"]),
    }
    assert missing_rooms(simsim.Results(tables), "plan", "junior", 2017).to_dict() == {1: 2}


def test_the_default_options_are_eight_and_the_rooms_of_plan_rooms_are_those_of_its_rule():
    assert len(OPTIONS) == len(set(OPTIONS)) == 8 and "frozen" not in OPTIONS
    scenario = yaml.safe_load((ROOT / "parameters/scenarios/plan-rooms.yaml").read_text("utf-8"))
    added = [entry["settings"].get("rooms_junior", 0) for name, entry in scenario["policies"].items() if name != "L2"]
    assert sum(added) + 1 == 15 and "共15间" in scenario["description"]["zh"]


@pytest.mark.slow
def test_no_two_of_the_default_options_have_the_same_row(tmp_path):
    """To 2018: the rooms come in 2017, and what is striven for slips by then."""
    results = simsim.Experiment(OPTIONS, seeds=1, to=2018, fixed_parameters=True).run(out=tmp_path, progress=False)
    assert alike(simsim.decision(results)) == []
