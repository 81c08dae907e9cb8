"""The plan is all there, in its own words, with its traps respected."""

from __future__ import annotations

from datetime import date

import pytest

from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.scenarios import plan
from simsim.scenarios.plan import Plan
from tests.toys import PLAN, register, toy_plan

IDS = (
    *(f"L{i}" for i in range(6)),
    *(
        f"{letter}{i}"
        for letter, n in zip("ECTPQIDFKVR", (3, 3, 6, 3, 4, 2, 4, 3, 4, 2, 3), strict=True)
        for i in range(1, n + 1)
    ),
)


@pytest.fixture(scope="module")
def erdao() -> Plan:
    return Plan.load()


def test_every_measure_of_the_plan_has_an_entry(erdao):
    assert len(IDS) == 43 and set(erdao.measures) == set(IDS)


@pytest.mark.parametrize("name", IDS)
def test_the_chinese_words_are_quoted_from_the_plan(erdao, name):
    text = (resource("parameters") / "plans" / "erdao-2014-2016.txt").read_text(encoding="utf-8")
    assert all(passage in text for passage in erdao.measures[name].words["zh"].split("…"))
    assert erdao.measures[name].words["en"]


def test_striving_and_exploring_are_marked_where_the_wording_has_them(erdao):
    striving = {m.id for m in erdao.measures.values() if m.striving}
    assert (
        striving == {m.id for m in erdao.measures.values() if "力争" in m.words["zh"]} == {"L2", "L3", "L4", "T6", "D4"}
    )
    assert {m.id for m in erdao.measures.values() if m.exploring} == {"L5", "T5"}


def test_of_l2_only_the_completion_is_striven_for_and_l3_and_l4_promise_a_start(erdao):
    assert [(m.due, m.striving) for m in erdao.measures["L2"].milestones] == [
        (date(2014, 12, 1), False),
        (date(2015, 12, 1), True),
        (date(2016, 9, 1), False),
    ]
    assert all("construction started" in {m.name for m in erdao.measures[x].milestones} for x in ("L3", "L4"))


def test_nothing_acts_before_september_2015(erdao):
    from simsim.base.calendar import acts_from

    assert min(acts_from(m.start) for m in erdao.measures.values()) == 2015


def test_tiers_are_those_of_the_list_of_measures(erdao):
    tier = {m.id: m.tier for m in erdao.measures.values()}
    assert {i for i in IDS if tier[i] == "C"} == {"Q4", "D3", "R1", "R2", "R3"}
    assert {i for i in IDS if tier[i] == "A"} == {i for i in IDS if i[0] in "LCTP"} | {"K1"}


def test_show_prints_words_date_policy_and_evidence():
    told = plan.show("L2")
    texts = ("力争完成建设", "Yuanda-Balipu", "2016-09 in use", "new_schools", "2015-12 built (力争)", "judgement")
    assert all(text in told for text in texts)


def test_show_says_which_policies_come_later(monkeypatch, tmp_path):
    register(monkeypatch, {})
    assert "new_schools (its policy comes later)" in plan.show("L1")
    toy = toy_plan(monkeypatch, tmp_path)
    assert "none: a date to judge" in plan.show("L0", plan.read_plan(toy))


def test_an_unknown_measure_is_refused_with_a_suggestion():
    with pytest.raises(InputError, match="is not a measure of the plan; there are L0, L1"):
        plan.show("L9")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tier: B", "tier: D", "p.yaml: E1.tier = 'D': must be one of A, B, C"),
        ("id: C1, family", "id: C1, famly", "p.yaml: C1.famly: is not a field of a measure (did you mean family?)"),
        ("id: C1", "id: L1", "p.yaml: L1: is there twice; keep one"),
        ("due: 2015-12", "due: soon", "p.yaml: L2.milestones.1.due = 'soon': must be a date"),
        ("exploring: true", "exploring: maybe", "p.yaml: L5.exploring = 'maybe': must be true or false"),
        (
            "start: 2018-09-01",
            "start: 1918-09-01",
            "p.yaml: L5.start = '1918-09-01': lies outside the years 1990 to 2100",
        ),
        (
            "start: 2018-09-01",
            "start: 2018-09-01, end: 2017-09-01",
            "L5.end = '2017-09-01': lies before its start 2018-09-01",
        ),
        (
            "kind: judgement}}\n- {id: L1",
            "kind: gospel}}\n- {id: L1",
            "p.yaml: L0.evidence.kind = 'gospel': must be one of",
        ),
    ],
)
def test_a_mistake_in_a_plan_names_file_key_value_and_remedy(tmp_path, old, new, message):
    assert old in PLAN
    (tmp_path / "p.yaml").write_text(PLAN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Plan.load(tmp_path / "p.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["erdao-2014-2061", "../secret", "/etc/passwd", ""])
def test_an_unknown_plan_is_refused(name):
    with pytest.raises(InputError):
        Plan.load(name)
