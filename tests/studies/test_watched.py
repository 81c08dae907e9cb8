"""Watched worlds: watching changes nothing, and what is done to them is done in its year."""

from __future__ import annotations

import gc
import weakref

import pandas as pd

from simsim.district import District
from simsim.studies.watched import Replication, base, watch


def test_watching_a_world_changes_nothing():
    seen, unseen = watch("baseline", 3, 2015).district, District("baseline", seed=3).run(to=2015)
    pd.testing.assert_frame_equal(seen.tables()["district_year"], unseen.tables()["district_year"])
    assert (seen.students.score == unseen.students.score).all()


def test_a_deed_comes_about_in_its_year_and_changes_nothing_before():
    calm = watch("baseline", 3, 2016)
    worse = watch("baseline", 3, 2016, {(2016, "teach"): lambda d: setattr(d.parts[0], "residual", -9.0)})
    for year in (2014, 2015):
        assert (calm.snapshots[year].pupils["score"] == worse.snapshots[year].pupils["score"]).all()
    assert (calm.snapshots[2016].pupils["score"] != worse.snapshots[2016].pupils["score"]).any()


def test_a_rate_held_at_nothing_stops_what_it_rules():
    held = watch("baseline", 3, 2018, held={"staff/principal-leaves": 0.0})
    assert held.rows["principal_changes", "all"].loc[2015:].sum() == 0.0


def test_shared_worlds_are_run_once_and_others_are_not_kept():
    replication = Replication(3)
    assert base(replication, 2015) is base(replication, 2014)
    replication.of("frozen", 2014)
    assert set(replication.kept) == {"baseline"}


def test_a_district_that_nobody_holds_is_let_go():
    """Mesa 3.3 by itself keeps every model it ever numbered agents for; a worker would fill the memory."""
    district = District("baseline", seed=1)
    seen = weakref.ref(district)
    del district
    gc.collect()
    assert seen() is None
