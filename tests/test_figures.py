"""Figures and words: no empty box for a character, titles that say what the data say, one catalogue in two
languages.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from simsim.report.figures import board as figures_board
from simsim.report.figures import maps
from simsim.report.figures import outlook as figures_outlook
from simsim.report.figures import panels as figures_panels
from simsim.report.figures import style as figures_style
from simsim.report.figures.catalogue import FIGURES
from simsim.report.view import View
from simsim.report.words import LANGUAGES, Words, catalogue

PACKAGE = Path(__file__).parent.parent / "simsim"
SOURCES = [path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))] + [
    path.read_text("utf-8") for path in (PACKAGE.parent / "notebooks").glob("report-*.ipynb")
]


@pytest.fixture(scope="module", params=LANGUAGES)
def view(request, small_experiment):
    return View.of(small_experiment, request.param)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_draws_in_both_languages_without_a_missing_character(view, name):
    if FIGURES[name].nothing(view):
        pytest.skip(FIGURES[name].nothing(view))
    figure = FIGURES[name](view, *(["teacher_gap"] if name == "trend" else []))
    assert figure.get_suptitle()


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_single_scenario_can_be_drawn_too(small_experiment, name):
    one = Results(
        {
            key: table[table["scenario"] == "baseline"] if "scenario" in table else table
            for key, table in tables(small_experiment)
        }
    )
    view = View.of(one)
    if not FIGURES[name].nothing(view):
        assert FIGURES[name](view, *(["teacher_gap"] if name == "trend" else [])).get_suptitle()


def tables(results):
    return [(name, _plain(results.frame(name))) for name in results.tables]


def _plain(table):
    return table.assign(scenario=table["scenario"].astype(str)) if "scenario" in table else table


def test_the_title_follows_the_data(small_experiment):
    before = FIGURES["enrolment"](View.of(small_experiment)).get_suptitle()
    frames = dict(tables(small_experiment))
    year = frames["district_year"]
    frames["district_year"] = year.assign(value=year["value"].where(year["indicator"] != "seats", 0.0))
    after = FIGURES["enrolment"](View.of(Results(frames, small_experiment.manifest))).get_suptitle()
    assert before != after and "short" in after


def test_a_figure_looks_the_same_whatever_the_style_outside(view):
    import matplotlib as mpl

    ours = np.asarray(FIGURES["seven"](view).canvas.buffer_rgba())
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "font.family": "serif"}):
        assert np.array_equal(ours, np.asarray(FIGURES["seven"](view).canvas.buffer_rgba()))


def test_the_font_that_comes_with_simsim_has_every_character_of_the_catalogue():
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=figures_style.font()), fallback_to_default=False)
    there = TTFont(path, fontNumber=0).getBestCmap()
    wanted = {
        c for texts in catalogue().values() for text in texts.values() for c in re.sub(r"<[^>]*>|&\w+;", "", text)
    }
    assert not {c for c in wanted if ord(c) not in there and c not in "\n"}


def test_shipped_scenarios_have_different_colours_and_markers():
    colours, markers = figures_style.COLOURS, figures_style.MARKERS
    assert len({to_rgb(value) for value in colours.values()}) == len(colours)
    assert len(set(markers.values())) == len(markers) and set(markers) == set(colours)


def test_a_scenario_of_ones_own_keeps_its_colour():
    assert figures_style.colour("mine") == figures_style.colour("mine") in figures_style.SPARE_COLOURS


# ---- scoreboard, panels, seat warning ----


def test_a_promise_once_done_stays_done_and_the_four_schools_are_among_them(small_experiment):
    table = figures_board.done_by(View.of(small_experiment))
    assert (table.diff(axis=1).iloc[:, 1:].fillna(0.0) >= 0.0).all().all()
    assert any(label.startswith("L0 ") for label in table.index)


def test_numbers_to_see_are_no_lines_to_meet():
    assert figures_board._to_see() and all(name.startswith(("cost", "spending")) for name in figures_board._to_see())


def test_a_panel_of_which_nothing_was_recorded_is_left_out(small_experiment):
    frames = dict(tables(small_experiment))
    year = frames["district_year"]
    frames["district_year"] = year[~year["indicator"].astype(str).str.startswith(("aided", "disabled"))]
    view = View.of(Results(frames, small_experiment.manifest))
    assert (
        not figures_panels.shown(view, figures_panels.THEMES["care"]) and FIGURES["care"].nothing(view) == "none.panels"
    )


@pytest.mark.parametrize("name", sorted(figures_panels.THEMES))
def test_every_panel_shows_an_indicator_that_the_district_records(small_experiment, name):
    view = View.of(small_experiment)
    for panel in (panel for row in figures_panels.THEMES[name].rows for panel in row):
        assert len(view.path("plan", panel.indicator, panel.stage, panel.group)), panel


def test_panels_of_one_row_that_share_an_axis_clip_nothing(small_experiment):
    figure = FIGURES["development"](View.of(small_experiment))
    for ax in figure.axes:
        tops = [line.get_ydata().max() for line in ax.lines if len(line.get_ydata()) > 2]
        assert not tops or max(tops) <= ax.get_ylim()[1]


def test_years_that_rest_on_assumed_births_begin_six_years_after_the_last_that_were_counted(small_experiment):
    view = View.of(small_experiment)
    assert figures_outlook.assumed_from(view, "primary") is None
    frames = dict(tables(small_experiment))
    later = {
        name: frames[name].assign(year=frames[name]["year"] + 16)
        for name in ("neighbourhood_year", "school_year", "schools")
    }
    view = View.of(Results(frames | later, small_experiment.manifest))
    assert figures_outlook.assumed_from(view, "primary") == int(view.district.births["year"].max()) + 7


# ---- maps ----


def area(polygon):
    x, y = polygon[:, 0], polygon[:, 1]
    return 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def test_the_cells_of_a_map_share_out_the_whole_district():
    hull = np.array([[0.0, 0.0], [10.0, 0.0], [12.0, 5.0], [10.0, 9.0], [0.0, 8.0]])
    points = np.array([[1.0, 1.0], [5.0, 5.0], [9.0, 2.0], [8.0, 7.5], [2.0, 6.0]])
    cells = maps.cells(points, hull)
    assert sum(map(area, cells)) == pytest.approx(area(hull))


def test_two_schools_share_a_square_evenly():
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    assert [area(cell) for cell in maps.cells(np.array([[1.0, 2.0], [3.0, 2.0]]), square)] == pytest.approx([8.0, 8.0])


# ---- words ----


def holes(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_text_is_there_in_both_languages_with_the_same_holes(key):
    texts = catalogue()[key]
    assert set(texts) == set(LANGUAGES) and all(str(text).strip() for text in texts.values())
    assert holes(texts["en"]) >= holes(texts["zh"]) and holes(texts["zh"]) >= holes(texts["en"]) - {
        "year",
        "stage",
        "n",
    }


def test_every_text_that_the_code_names_is_in_the_catalogue():
    named = {key for source in SOURCES for key in re.findall(r'say(?:\.html)?\(\s*"([a-z_0-9.]+)"', source)}
    sections = {key for source in SOURCES for key in re.findall(r'page\.section\(\\"([a-z_]+)\\"', source)}
    wanted = named | {f"{key}.{part}" for key in sections for part in ("heading", "text")}
    assert len(named) > 50 and sections and not wanted - set(catalogue())


def test_an_unknown_text_is_an_error_with_a_suggestion():
    with pytest.raises(KeyError, match="did you mean join"):
        Words("en")("joim")


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match="must be one of en, zh"):
        Words("fr")


@pytest.mark.parametrize(
    ("lang", "yuan", "expected"),
    [
        ("en", 264e6, "264 million"),
        ("en", 8.02e6, "8.0 million"),
        ("zh", 264e6, "2.64亿"),
        ("zh", -5e6, "−500万"),
        ("en", float("nan"), "–"),
    ],
)
def test_money_is_written_as_readers_write_it(lang, yuan, expected):
    assert Words(lang).money(yuan) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "expected"),
    [(1234.5, 0, False, "1,234"), (-0.0004, 3, True, "0.000"), (0.02, 2, True, "+0.02"), (-1, 0, False, "−1")],
)
def test_numbers_have_a_true_minus_and_no_signed_nought(value, decimals, sign, expected):
    assert Words("en").number(value, decimals, sign) == expected


def test_chinese_counts_double_when_a_line_is_broken():
    assert all(len(line) <= 8 for line in Words("zh").wrap("规划加国家交流标准规划加国家交流标准", 16).splitlines())


@pytest.mark.parametrize("width", [14, 20, 31])
def test_a_line_break_splits_neither_a_number_nor_a_closing_mark_from_its_word(width):
    text = "二道区2014—2016年规划：小学594人（531至653），达到95%。"
    lines = Words("zh").wrap(text, width).splitlines()
    assert "".join(lines) == text and any("2014—2016年" in line for line in lines)
    assert not [line for line in lines if line[0] in "，。）：%" or line[-1] in "（“"]


def test_a_long_title_is_shortened(small_experiment):
    manifest = {"scenarios": {"baseline": {"title": {"en": "x" * 200}}}}
    view = replace(View.of(small_experiment), results=Results(small_experiment.tables, manifest))
    assert len(view.title("baseline")) <= 60
