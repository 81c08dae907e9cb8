"""One stream, one decision, one use a year: nobody's luck in one thing may silently be the luck in another."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from simsim.base.streams import Streams
from simsim.district import District, solution
from simsim.districts.files import load_district

# The same quantity worked out again where it is needed, by the same rule: asked twice, never used for two things.
ASKED_AGAIN = {
    "family/neighbourhood",
    "family/area",
    "admit/entry-noise",
    "staff/taste",
    "admit/street",
    "teacher/child",
    # What pupils of the first junior roll knew when they entered it, from the same luck as what they know now.
    "family/entry",
    "family/history",
}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["baseline", "plan"])
def test_nobody_draws_twice_from_one_stream_in_one_year(scenario, monkeypatch):
    drawn, original = defaultdict(list), Streams._drawn

    def remember(self, stream, year, ids):
        drawn[stream, int(year)].append(ids.copy())
        return original(self, stream, year, ids)

    solution(load_district("erdao"), 1)  # which lives the same years with the same draws
    monkeypatch.setattr(Streams, "_drawn", remember)
    District(scenario, seed=1).run(to=2018)
    everyone = {key: np.concatenate(asked) for key, asked in drawn.items()}
    twice = {stream.split("@")[0] for (stream, _), ids in everyone.items() if len(np.unique(ids)) < len(ids)}
    assert twice <= ASKED_AGAIN
