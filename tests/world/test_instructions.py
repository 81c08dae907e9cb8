"""Instructions are new every year: nothing said lasts longer."""

from __future__ import annotations

import numpy as np

from simsim.world.instructions import LOCALS_FIRST, Instructions, Panel
from tests.one_district import lived


def test_a_usual_year_replaces_a_share_and_fills_every_added_post():
    usual = Instructions.usual(0.4)
    assert usual.fill == {"retirement": 0.4, "exit": 0.4, "growth": 1.0}
    assert usual.place is usual.post is None and not usual.families_chose
    assert usual.admission_order == LOCALS_FIRST and usual.panel == Panel(1, 0.0, None)


def test_what_was_said_in_one_year_is_gone_in_the_next():
    district = lived()
    said = Instructions(place=lambda *_: None, families_chose=True, admission_order="lottery", fill={"exit": 0.0})
    district.instructions = said
    district.step()
    assert district.instructions == Instructions.usual(district.p["replacement_rate_baseline"])


def test_two_years_share_no_letter():
    one, other = Instructions(), Instructions()
    one.fill["exit"] = 1.0
    assert other.fill == {}


def test_gains_of_single_pupils_add_up():
    letter = Instructions()
    for gain in ([0.5, 0.0], [0.25, 1.0]):
        letter.add_gain(np.array(gain))
    assert letter.gain.tolist() == [0.75, 1.0]
