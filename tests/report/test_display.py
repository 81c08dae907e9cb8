"""What objects look like in a notebook, registered from above."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from matplotlib.axes import Axes

import simsim
from simsim.base.displays import display_of
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from tests.one_district import lived_under


@pytest.fixture(autouse=True)
def figures_are_closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("name", simsim._DISPLAYS)
def test_what_simsim_offers_is_there(name):
    assert callable(display_of(name))


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
        "assert light and 'plan' in shown['text/html'] and '2014' in shown['text/html']\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=_environment(tmp_path), check=False
    )
    assert done.returncode == 0, done.stderr


def _environment(folder):
    return os.environ | {"IPYTHONDIR": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_results_show_scenarios_replications_and_years(small_experiment):
    page = small_experiment._repr_html_()
    for row in small_experiment.summary().to_dict("records"):
        assert row["scenario"] in page and f"{row['first_year']}–{row['last_year']}" in page


def test_the_extension_completes_inside_quotes():
    shell = InteractiveShell()
    simsim.load_ipython_extension(shell)
    line = "simsim.District('pla"
    with provisionalcompleter():
        assert "plan" in {found.text for found in shell.Completer.completions(line, len(line))}


def test_names_are_escaped():
    results = Results({"district_year": _frame("<script>")}, {"name": "<script>"})
    assert "<script>" not in results._repr_html_()


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


@pytest.mark.slow
def test_every_figure_of_a_report_is_one_call_and_comes_back_as_axes(small_experiment):
    for stages, drawn in (
        (2, small_experiment.plot("teacher_gap", lang="zh")),
        (2, small_experiment.plot_paired("plan", "baseline", "teacher_gap")),
        (4, small_experiment.plot_map()),
        (2, small_experiment.plot_map(2015, "plan")),
        (2, small_experiment.plot_flows()),
        (1, np.atleast_1d(small_experiment.plot_flows("plan"))),
        (2, small_experiment.plot_costs("plan")),
    ):
        assert len(drawn) == stages and all(isinstance(ax, Axes) and ax.has_data() for ax in drawn)
        assert drawn[0].figure.number in pyplot.get_fignums()


@pytest.mark.slow
def test_the_paired_plot_draws_every_replication_and_their_mean(small_experiment):
    ax = small_experiment.plot_paired("plan", "baseline", "ses_gap")[0]
    table = small_experiment.paired("plan", "baseline", "ses_gap", "primary", "all")
    assert any(list(line.get_ydata()) == list(table["mean"]) for line in ax.lines)
    assert len(ax.lines) == 2 + len(small_experiment.replications("plan"))


@pytest.mark.slow
def test_a_district_draws_its_map_as_soon_as_it_has_lived():
    district = lived_under("plan", to=2014, seed=1)
    assert len(district.plot_map("zh")) == 2
    history = district.schools[1].history()
    assert history.index.get_level_values("year").unique().tolist() == [2014] and history["pupils"].gt(0).all()
    assert "plot_map" in district._repr_html_() and "history" in district.schools[1]._repr_html_()


def test_costs_and_drivers_are_tables(small_experiment):
    assert small_experiment.costs("plan", "baseline").iloc[-1]["instance"] == "total"
    with pytest.raises(InputError, match="was not run; there are 2014 to 2016"):
        small_experiment.plot_map(1999)
    with pytest.raises(InputError, match="did you mean plan"):
        small_experiment.costs("plam", "baseline")


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
