"""The small experiment as a report sees it, in both languages."""

from __future__ import annotations

import pytest

from simsim.report.view import View


@pytest.fixture(scope="module", params=["en", "zh"])
def view(request, small_experiment):
    return View.of(small_experiment, request.param)
