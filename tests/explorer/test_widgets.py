"""The widgets show what the state says, and a moved lever changes the sentence; no process is started here."""

from __future__ import annotations

import pytest

from simsim.explorer import widgets
from simsim.explorer.lives import lived
from simsim.explorer.widgets import STALE, TABS, Panel


class Here:
    """Worlds lived at once, in this process."""

    def __init__(self, workers, told):
        self.told, self.busy = told, 0

    def ask(self, jobs):
        for job in list(jobs):
            self.told(lived(job))

    def close(self):
        pass


@pytest.fixture
def panel(state, monkeypatch):
    monkeypatch.setattr(widgets, "Lives", Here)
    state.seeds = 1
    return Panel(state, 1)


def slider(panel, words):
    return next(box.children[1] for box in panel.levers.children[1:] if words in str(box.children[0].value))


@pytest.mark.slow
def test_a_moved_slider_changes_the_sentence(panel):
    before = panel.answer.value
    slider(panel, "quota").value = 0.6
    assert panel.state.current.instances[0].settings.quota == 0.6
    assert panel.answer.value != before and "one world simulated so far" in panel.answer.value


@pytest.mark.slow
def test_the_language_is_switched_with_everything_kept(panel):
    panel.state.save()
    panel.tabs.selected_index = TABS.index("copy")
    panel._speak("zh")
    assert panel.state.saved and "一次模拟" in panel.answer.value and panel.tabs.titles[0] == "历年走势"
    assert TABS[panel.tabs.selected_index] == "copy" and "--lang zh" in panel.texts["copy"].value


@pytest.mark.slow
def test_until_the_worlds_of_a_change_are_there_figures_are_marked_and_copies_are_not(panel):
    panel.tabs.selected_index = TABS.index("copy")
    ask, panel.lives.ask = panel.lives.ask, lambda jobs: None
    slider(panel, "quota").value = 0.6
    assert "0.6" in panel.texts["copy"].value and STALE not in panel.texts["copy"]._dom_classes
    assert STALE in panel.images["paths"]._dom_classes
    panel.lives.ask = ask
    panel._ask()
    assert STALE not in panel.images["paths"]._dom_classes


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TABS)))
def test_every_tab_shows_something(panel, number):
    panel.tabs.selected_index = number
    name = TABS[number]
    shown = panel.images[name].value if name in panel.images else panel.texts[name].value
    assert len(shown) > 100


@pytest.mark.slow
def test_a_refused_change_is_told_and_the_scenario_stands(panel):
    panel._do(lambda: panel.state.change("R", quota=7.0))
    assert "Not possible" in panel.answer.value and panel.state.current.instances[0].settings.quota == 0.2
