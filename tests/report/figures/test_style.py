"""Scenarios look the same in every figure: colours and markers."""

from __future__ import annotations

from matplotlib.colors import to_rgb

from simsim.report.figures import style as figures_style


def test_shipped_scenarios_have_different_colours_and_markers():
    colours, markers = figures_style.COLOURS, figures_style.MARKERS
    assert len({to_rgb(value) for value in colours.values()}) == len(colours)
    assert len(set(markers.values())) == len(markers) and set(markers) == set(colours)


def test_a_scenario_of_ones_own_keeps_its_colour():
    assert figures_style.colour("mine") == figures_style.colour("mine") in figures_style.SPARE_COLOURS
