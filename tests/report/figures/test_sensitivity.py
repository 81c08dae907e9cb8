"""The figure of a screening: bars of what is in the table, lines where they say, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.experiments.screening_table import COLUMNS
from simsim.inputs.indicators import indicators
from simsim.report.figures.sensitivity import COLOURS, SHOWN, save, screening
from simsim.report.words import Words


def table() -> pd.DataFrame:
    rows = [
        (f"parameter_{n}", kind, name, stage, 2024, 0.1 / n, 0.01, 0.02, -0.1 / n, float(n), 0.03, 0.4, 4)
        for name, stages in (("score", ("primary", "junior")), ("money_out", ("all",)))
        for stage in stages
        for n, kind in enumerate(["judgement", "published", "fitted"] * 3, start=1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_panel_has_the_largest_effects_in_the_colour_of_their_evidence(lang):
    figure = screening(table(), "The plan", "Baseline", Words(lang))
    shown = [ax for ax in figure.axes if ax.axison]
    assert len(shown) == 3
    bars = shown[0].patches[:SHOWN]
    assert [bar.get_width() for bar in bars] == pytest.approx([0.1 / n for n in range(1, SHOWN + 1)])
    colours = [COLOURS[grade] for grade in ("judgement", "published", "derived")]
    assert [shown[0].patches[n].get_facecolor()[:3] for n in range(3)] == [rgb(c) for c in colours]
    assert {line.get_xdata()[0] for line in shown[0].lines} >= {indicators()["score"].matters, 0.03}
    assert "40" in shown[0].get_title(loc="left")


@pytest.mark.parametrize(("lang", "called"), [("en", "Months of building"), ("zh", "建设工期")])
def test_parameters_are_called_by_their_names_and_not_their_keys(lang, called):
    rows = table().replace({"parameter": {"parameter_1": "building_months"}})
    labels = [tick.get_text() for tick in screening(rows, "A", "B", Words(lang)).axes[0].get_yticklabels()]
    assert labels[0].replace("\n", " ") == called


def rgb(code: str) -> tuple[float, ...]:
    return tuple(int(code[n : n + 2], 16) / 255 for n in (1, 3, 5))


@pytest.mark.slow
def test_the_figure_is_a_file_in_the_folder_of_the_screening(tmp_path):
    path = save(table(), "规划", "基准", "zh", tmp_path)
    assert path == tmp_path / "sensitivity-zh.png" and path.read_bytes().startswith(b"\x89PNG")
