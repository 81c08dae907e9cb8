"""What objects look like in a notebook, registered from above."""

from __future__ import annotations

import os
import subprocess
import sys

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from matplotlib.axes import Axes

import simsim
from simsim.base.displays import display_of
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from simsim.report import display


@pytest.fixture(autouse=True)
def figures_are_closed():
    yield
    pyplot.close("all")


def test_what_simsim_names_is_what_the_display_offers():
    assert set(simsim._SHOWN) == set(display.HTML) and set(simsim._PLOTS) == set(display.PLOTS)


@pytest.mark.slow
def test_importing_simsim_in_ipython_is_enough_for_html(tmp_path):
    script = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('import simsim', silent=True)\n"
        "light = not {'matplotlib', 'mesa', 'pandas'} & set(sys.modules)\n"
        "import pandas as pd\n"
        "from simsim.experiments.results import Results\n"
        "frame = pd.DataFrame({'scenario': ['plan'], 'replication': [1], 'year': [2014]})\n"
        "shown, _ = shell.display_formatter.format(Results({'district_year': frame}))\n"
        "assert light and '<code>plan</code>' in shown['text/html'] and '2014' in shown['text/html']\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=_environment(tmp_path), check=False
    )
    assert done.returncode == 0, done.stderr


def _environment(folder):
    return os.environ | {"IPYTHONDIR": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_the_extension_shows_scenarios_replications_and_years(small_experiment):
    shell = InteractiveShell()
    simsim.load_ipython_extension(shell)
    shown, _ = shell.display_formatter.format(small_experiment)
    for row in small_experiment.summary().to_dict("records"):
        assert f"<code>{row['scenario']}</code>" in shown["text/html"]
        assert f"{row['first_year']}–{row['last_year']}" in shown["text/html"]


def test_names_are_escaped():
    results = Results({"district_year": _frame("<script>")}, {"name": "<script>"})
    assert "<script>" not in display.results_html(results)


def _frame(scenario):
    return pd.DataFrame({"scenario": [scenario], "replication": [1], "year": [2014]})


def test_a_plot_is_the_reports_own_trajectory_with_bands(small_experiment):
    ax = small_experiment.plot("teacher_gap", "primary")
    assert isinstance(ax, Axes)
    assert len(ax.lines) == len(small_experiment.scenarios)
    assert len(ax.collections) == 2  # bands of base and focus
    for scenario in small_experiment.scenarios:
        band = small_experiment.bands("teacher_gap", "primary", "all", scenarios=[scenario])
        assert any(list(line.get_ydata()) == list(band["median"]) for line in ax.lines)


def test_what_was_not_recorded_is_refused(small_experiment):
    with pytest.raises(InputError, match="did you mean teacher_gap"):
        small_experiment.plot("teacher_gpa")
    with pytest.raises(InputError, match="stage = 'senior': is not in these results"):
        small_experiment.plot("teacher_gap", "senior")


def test_a_display_that_nobody_offers_says_so():
    with pytest.raises(LookupError, match="nobody offers"):
        display_of("Results.sing")


def test_importing_simsim_loads_neither_figures_nor_mesa():
    script = "import sys, simsim; sys.exit(bool({'matplotlib', 'mesa', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
