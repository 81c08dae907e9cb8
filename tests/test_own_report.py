"""The report of somebody's own district: real schools are called real, filled columns are named and no findings, and
nothing of Erdao is told.
"""

from __future__ import annotations

import html
import io
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.districts.provenance import resting_on
from simsim.experiments.experiment import Experiment
from simsim.experiments.results import Results
from simsim.inputs.paths import resource
from simsim.report.page import Page
from simsim.report.tables.catalogue import TABLES
from simsim.report.tables.decision import Decision
from simsim.report.view import View
from simsim.report.words import Words
from tests.small_district import FIRST, small_district

NEVER = (
    "No school, pupil or teacher in this report is real", "Erdao", "Changchun", "二道", "长春", "2014", "fitted",
    "拟合", "synthetic", "合成", "placeholder",
)  # fmt: skip
FIGURES_OF_ERDAO = ("T1", "T3", "T6", "the plan itself")


@cache
def results() -> Results:
    scenarios, place = ["baseline", "rotation-only"], str(small_district())
    return Experiment(scenarios, seeds=2, to=FIRST + 2, district=place).run(
        out=small_district().parent / "out", progress=False
    )


def told(kind: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the text of a report's page: what its cells show, pictures by what is told of them. The list of all
    parameters is left out: it cites the sources of numbers, whatever the district.
    """
    shown: list[str] = []
    monkeypatch.setattr(Page, "_show", staticmethod(lambda content: shown.append(str(content))))
    notebook = json.loads((resource("notebooks") / f"report-{kind}.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {"folder": results(), "lang": lang, "focus": "", "seeds": []}
    names |= {"short": False, "today": "", "data": ""}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "folder: str" not in source and "parameters" not in source:
            exec(source, names)
    page = " ".join(shown)
    pictures = " ".join(re.findall(r'alt="([^"]*)"', page))
    return html.unescape(re.sub(r"<[^>]+>", " ", page) + " " + pictures)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_of_an_imported_district_tells_nothing_of_erdao_and_of_no_fit(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = told("comparison", lang, monkeypatch)
    assert len(page) > 10_000 and str(FIRST) in page
    assert [word for word in (*NEVER, *FIGURES_OF_ERDAO) if word in page] == []
    assert {"en": "Real schools", "zh": "真实学校"}[lang] in page
    assert "births like the entry grade" in page


@pytest.mark.slow
def test_what_rests_on_filled_columns_is_no_finding_and_the_rest_is() -> None:
    view = View.of(results())
    assert view.filled["pupils"] and "seats" not in view.filled
    assert set(view.difference("rotation-only", "pupils", "primary")) >= {"rests on filled columns", ""}
    assert view.difference("rotation-only", "teachers", "primary")["words"] != "rests on filled columns"
    assert (
        view.illustrative.say("enrolment.finding")
        == "An illustration and no finding: it rests on columns filled in by rule"
    )


def test_an_import_says_of_every_column_where_it_comes_from() -> None:
    columns = load_district(small_district()).provenance
    by_table = columns.groupby("table")["status"].unique().map(list).to_dict()
    assert by_table == {
        "births": ["filled"], "district": ["filled"], "neighbourhoods": ["imported"], "schools": ["imported"],
    }  # fmt: skip
    assert set(columns.loc[columns["status"] == "filled", "rule"]) - {"none"} and (columns["rows"] > 0).all()


def test_erdao_says_that_all_of_it_is_synthetic() -> None:
    columns = load_district("erdao").provenance
    assert set(columns["status"]) == {"synthetic"} and set(columns["table"]) == {"schools", "neighbourhoods", "births"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("schools,colour,imported,none,3", "is no column of schools"),
        ("schools,books,filled,none,3", "name the rule"),
        ("schools,key,imported,none,3", "is there twice"),
        ("schools,books,guessed,none,3", "must be one of"),
    ],
)
def test_a_mistake_in_the_provenance_names_line_and_remedy(row: str, message: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in small_district().iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    file = folder / "columns.provenance.csv"
    columns = pd.read_csv(file, dtype=str)
    keep = columns["column"] != "books"
    columns[keep].to_csv(file, index=False)
    file.write_text(file.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_district(folder)


def test_states_choose_the_variant_of_a_text_and_a_plans_words_come_first() -> None:
    say = Words("en", states={"unfitted"}, own={"department.X": {"en": "Office X", "zh": "X"}})
    assert say("fitted.heading") != Words("en")("fitted.heading")
    assert say.either("department", "X") == "Office X"


@pytest.mark.slow
def test_a_school_page_calls_what_rests_on_filled_columns_no_finding() -> None:
    for lang in ("en", "zh"):
        place = View.of(results(), lang).only(school="578")
        rests = place.say("filled.words")
        assert rests in TABLES["place_lines"](place)
        assert place.say("filled.note", columns="").rstrip(".。")[:12] in TABLES["place_rolls"](place)


def test_an_outlook_asks_what_happens_after_the_last_year_only_where_the_run_goes_there() -> None:
    view = View.of(results())
    assert len(pd.read_html(io.StringIO(TABLES["outlook_assumptions"](view)))[0].columns) == 2


@cache
def resting() -> View:
    """Return a view of results whose district's rooms and teachers were filled in by rule."""
    view = View.of(results())
    columns = view.district.provenance
    rooms = (columns["table"] == "schools") & columns["column"].str.match("rooms_|t_")
    filled = columns.assign(status=columns["status"].mask(rooms, "filled"), rule="a rule")
    view.__dict__["filled"] = resting_on(filled)
    return view


@pytest.mark.slow
@pytest.mark.parametrize("name", ["outlook_signals", "outlook_short", "outlook_empty", "outlook_stages"])
def test_an_outlook_of_rooms_that_nobody_counted_says_so_at_every_table(name: str) -> None:
    assert "No finding" in TABLES[name](resting()) and "No finding" not in TABLES["outlook_leads"](resting())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["teachers_years", "teachers_subjects"])
def test_teachers_that_nobody_counted_are_no_finding(name: str) -> None:
    assert "No finding" in TABLES[name](resting())


@pytest.mark.slow
def test_the_decision_page_marks_numbers_that_rest_on_filled_columns() -> None:
    page = Decision.of(resting())
    seats = page.table[page.table["value"] == "seats_short"]
    assert {shown.grade for shown in page.rows[0].cells[0]} == {"F"} and len(seats)
    assert any("F: rests on columns" in text for text in page.key)
    assert "An illustration and no finding" in TABLES["cards"](resting())


@pytest.mark.slow
def test_a_page_tells_whose_laws_it_takes_where_no_country_is_named() -> None:
    view = View.of(results())
    assert "China" in view.say("synthetic.banner", district="x") and "中国" in View.of(results(), "zh").say(
        "synthetic.banner", district="x"
    )
    assert "no births" in view.say("outlook_seats.text") and "没有" in View.of(results(), "zh").say(
        "outlook_seats.text"
    )
