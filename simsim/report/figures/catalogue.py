"""Every figure of the reports by name: a function of a View that returns a Matplotlib figure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matplotlib.figure import Figure

from simsim.report.exhibit import Exhibit
from simsim.report.figures import balance, board, district, maps, money, outlook, panels, scenario, schools

FIGURES: Mapping[str, Exhibit[Figure]] = MappingProxyType(
    {
        name: figure
        for file in (district, schools, maps, balance, money, scenario, board, outlook, panels)
        for name, figure in file.FIGURES.items()
    }
)
