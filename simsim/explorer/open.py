"""How the explorer is opened: in a notebook by `simsim.explore`."""

from __future__ import annotations

import os

from simsim.experiments.request import Asked, Place
from simsim.explorer.state import SEEDS, Explorer
from simsim.explorer.widgets import Panel
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import jobs_of
from simsim.report.words import LANGUAGES

MOST_WORKERS = 4
"""More workers than this are not faster to start, and a worker takes 300 MB."""
_open: list[Panel] = []


def explore(
    scenario: Asked = "plan",
    district: Place = None,
    to: int | None = None,
    seeds: int = SEEDS,
    lang: str = "en",
    jobs: int | None = None,
) -> object:
    """Show a live explorer of a scenario in a notebook, and return its widget: levers, the answer in a sentence,
    figures, a map.

    It compares with `baseline`, or with the scenario as it stands. One world is simulated first, up to `seeds` of them
    fill in behind, in `jobs` processes, which end with the notebook's kernel. InputError for a scenario or district
    that cannot be read.
    """
    if lang not in LANGUAGES:
        raise InputError(Problem("explore", "lang", lang, f"must be one of {', '.join(LANGUAGES)}"))
    state = Explorer(scenario, district, to, seeds, lang)
    panel = Panel(state, min(MOST_WORKERS, os.cpu_count() or 1) if jobs is None else jobs_of(jobs))
    while _open:
        _open.pop().close()
    _open.append(panel)
    return panel.widget
