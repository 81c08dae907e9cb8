"""Worker processes live the same worlds as this process, the urgent ones first, and leave when they are closed."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.explorer.lives import DISTRICT, Lives, lived


def test_a_world_lived_from_its_stem_is_the_world_lived_alone(state):
    job = replace(state.wanted()[0], seed=1) if state.wanted() else None
    state.change("R", quota=0.3)
    job = job or state.wanted()[0]
    alone = District(job.scenario, job.seed, data=job.data).run(to=job.to).tables()[DISTRICT]
    for _ in range(2):
        pd.testing.assert_frame_equal(lived(job).tables[DISTRICT].reset_index(drop=True), alone.reset_index(drop=True))


@pytest.mark.slow
def test_workers_tell_what_this_process_would_and_leave(state):
    state.change("R", quota=0.3)
    jobs, found, done = state.wanted(), [], threading.Event()

    def told(one):
        found.append(one)
        if len(found) == len(jobs):
            done.set()

    lives = Lives(1, told)
    lives.ask(jobs)
    assert done.wait(120)
    lives.close()
    assert [one.key for one in found] == [job.key for job in jobs] and not any(one.failure for one in found)
    here = lived(jobs[0]).tables[DISTRICT]
    np.testing.assert_array_equal(found[0].tables[DISTRICT]["value"], here["value"])
    assert all(member.process.poll() is not None for member in lives.members.values())
    assert not any(thread.is_alive() for thread in lives.threads)
