"""A pledge over several projects: met when so many are done by the month, and it does nothing itself."""

from __future__ import annotations

import pytest

from simsim.district import District
from simsim.inputs.errors import InputError


def pledged(number: int, due: str) -> District:
    step = {"due": "2015-12"}
    policies = {
        "A": {
            "policy": "new_schools",
            "from": "2015-09-01",
            "settings": {"completion": step, "delay_probability_firm": 0},
        },
        "P": {"policy": "pledge", "from": "2015-09-01", "settings": {"number": number, "due": due}},
    }
    return District({"name": "trial", "extends": "baseline", "policies": policies}, seed=5).run(to=2016)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "due", "met"), [(1, "2015-12", 1), (1, "2015-11", 0), (2, "2015-12", 0)])
def test_one_project_done_in_december_keeps_a_pledge_of_one_by_december_and_no_other(number, due, met):
    table = pledged(number, due).tables()["milestones"]
    assert table[table.measure == "P"].met.tolist() == [met]


def test_a_pledge_of_nothing_is_not_judged():
    table = pledged(0, "2015-12").tables()["milestones"]
    assert table[table.measure == "P"].empty


def test_more_projects_than_are_named_are_refused():
    settings = {"measures": ["L2"], "number": 2}
    policies = {"P": {"policy": "pledge", "from": "2015-09-01", "settings": settings}}
    with pytest.raises(InputError, match="more than the 1 measures named"):
        District({"name": "trial", "extends": "baseline", "policies": policies})
