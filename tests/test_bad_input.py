"""Bad input: one message each, naming file, key, value and remedy - whatever a user, or a trap, puts into a file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simsim.inputs import parameters
from simsim.inputs.errors import InputError
from simsim.inputs.parameters import KEYS as PARAMETER_KEYS
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import parse_yaml
from simsim.scenarios import catalogue
from simsim.scenarios.plan import MEASURE_KEYS, read_plan
from simsim.scenarios.scenario import Scenario
from tests.conftest import times_the_usual
from tests.toys import register, toy_plan

OPENING = "policies: {x: {policy: new_schools, from: 2015-09-01, settings: {%s}}}"
BOMB = "a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nparameters: *c\n"

# what goes wrong | what the file holds | file: key = value | remedy
CASES = [
    ("a misspelt field", "polices: {}", "s.yaml: polices", "did you mean policies?"),
    (
        "a misspelt parameter",
        "parameters: {lam_presist: 0.2}",
        "s.yaml: parameters.lam_presist = 0.2",
        "did you mean lam_persist?",
    ),
    (
        "a misspelt policy",
        "policies: {x: {policy: new_school, from: 2015}}",
        "s.yaml: policies.x.policy = 'new_school'",
        "did you mean new_schools?",
    ),
    (
        "a misspelt field of an instance",
        "policies: {x: {policy: clusters, from: 2015, settngs: {}}}",
        "s.yaml: policies.x.settngs",
        "did you mean settings?",
    ),
    ("a misspelt setting", OPENING % "capcity: 5", "s.yaml: policies.x.settings.capcity = 5", "did you mean capacity?"),
    ("a misspelt measure", "plan: {except: [L11]}", "s.yaml: plan.except = 'L11'", "did you mean L1?"),
    ("a misspelt family", "plan: {include: [layuot]}", "s.yaml: plan.include = 'layuot'", "did you mean layout?"),
    ("a misspelt district", "district: erdoa", "erdoa", "did you mean erdao?"),
    (
        "a misspelt schema",
        "schema: simsim-scenario/2",
        "s.yaml: schema = 'simsim-scenario/2'",
        "must be one of simsim-scenario/1",
    ),
    ("a measure named twice", "plan: {include: [L1, L1]}", "s.yaml: plan.include = 'L1'", "is named twice; keep one"),
    ("text for a number", "parameters: {dropout: much}", "s.yaml: parameters.dropout = 'much'", "must be a number"),
    ("true for a number", "parameters: {dropout: true}", "s.yaml: parameters.dropout = True", "must be a number"),
    (
        "text for a setting",
        OPENING % "capacity: many",
        "s.yaml: policies.x.settings.capacity = 'many'",
        "should be a valid integer",
    ),
    ("a list for a mapping", "policies: [1]", "s.yaml: policies = [1]", "must be a mapping"),
    (
        "a text for settings",
        "policies: {x: {policy: clusters, from: 2015, settings: all}}",
        "s.yaml: policies.x.settings = 'all'",
        "must be a mapping",
    ),
    ("a number for a title", "title: {zh: 5}", "s.yaml: title.zh = 5", "must be text"),
    ("an unknown language", "title: {fr: Base}", "s.yaml: title.fr", "known: zh, en"),
    ("text for a flag", "plan: {late: perhaps}", "s.yaml: plan.late = 'perhaps'", "must be true or false"),
    ("a list for extends", "extends: [baseline]", "s.yaml: extends = ['baseline']", "must be the name of one scenario"),
    ("a word that is no budget", "budget: bond", "s.yaml: budget = 'bond'", "did you mean bound?"),
    (
        "a date in the past",
        "policies: {x: {policy: clusters, from: 1914-09-01}}",
        "s.yaml: policies.x.from = '1914-09-01'",
        "years 1990 to 2100",
    ),
    (
        "a date far ahead",
        "policies: {x: {policy: clusters, from: 2015, to: 2199}}",
        "s.yaml: policies.x.to = 2199",
        "years 1990 to 2100",
    ),
    (
        "a date that is none",
        "policies: {x: {policy: clusters, from: 2015-02-30}}",
        "s.yaml: policies.x.from = 2015-02-30",
        "the calendar",
    ),
    (
        "a word for a date",
        "policies: {x: {policy: clusters, from: soon}}",
        "s.yaml: policies.x.from = 'soon'",
        "must be a date such as 2015-09-01",
    ),
    (
        "no date at all",
        "policies: {x: {policy: clusters}}",
        "s.yaml: policies.x",
        "has no `from`; write the date it acts from",
    ),
    (
        "an end before the start",
        "policies: {x: {policy: clusters, from: 2016, to: 2015}}",
        "s.yaml: policies.x.to = 2015",
        "lies before the start 2016-09-01",
    ),
    (
        "a year out of range",
        "parameters: {dropout: {value: 0.002, from: 20115}}",
        "s.yaml: parameters.dropout.from = 20115",
        "must be a date",
    ),
    (
        "a school that does not exist",
        OPENING % "school: 998",
        "s.yaml: policies.x.settings.school = 998",
        "is not a school of erdao",
    ),
    (
        "a cluster member named twice",
        "policies: {x: {policy: clusters, from: 2015, settings: {members: [1, 2, 1]}}}",
        "s.yaml: policies.x.settings.members = [1, 2, 1]",
        "school 1 is named twice; keep one",
    ),
    (
        "a negative capacity",
        OPENING % "capacity: -540",
        "s.yaml: policies.x.settings.capacity = -540",
        "greater than or equal to 0",
    ),
    (
        "a parameter beyond its limits",
        "parameters: {dropout: 1.5}",
        "s.yaml: parameters.dropout = 1.5",
        "outside the limits 0 to 1",
    ),
    (
        "a rule set to a number",
        "parameters: {posts_2014: 3000}",
        "s.yaml: parameters.posts_2014 = 3000",
        "is a rule in words",
    ),
    ("a scenario that extends itself", "extends: s", "s.yaml: extends = 's'", "cannot extend itself (s -> s)"),
    ("a parent that is not there", "extends: baselin", "s.yaml: extends = 'baselin'", "did you mean baseline?"),
    ("NaN", "parameters: {dropout: .nan}", "s.yaml: parameters.dropout = nan", "write a finite number"),
    ("infinity", OPENING % "capacity: .inf", "s.yaml: policies.x.settings.capacity = inf", "write a finite number"),
    ("aliases that explode", BOMB, "s.yaml: line 1 = 'a'", "anchors and aliases (& and *) are not used here"),
    (
        "YAML that builds objects",
        "title: !!python/object/apply:os.system [id]",
        "s.yaml: line 1 = 'tag:yaml.org",
        "objects are refused",
    ),
    ("a key given twice", "district: erdao\ndistrict: erdao", "s.yaml: line 2 = 'district'", "is given twice"),
    ("an empty file", "", "s.yaml", "is empty"),
    ("only a comment", "# nothing\n", "s.yaml", "must be a mapping"),
    ("a list", "- 1", "s.yaml", "must be a mapping"),
    ("a parent that climbs", "extends: ../secret", "s.yaml: extends = '../secret'", "no folders, no ../"),
    ("a parent elsewhere", "extends: /etc/passwd", "s.yaml: extends = '/etc/passwd'", "no folders, no ../"),
    (
        "a number with an exponent",
        "parameters: {dropout: 2e3}",
        "s.yaml: parameters.dropout = 2000.0",
        "outside the limits 0 to 1",
    ),
    ("a name like an option or a formula", "name: -1-1", "s.yaml: name = '-1-1'", "must be a plain name"),
    ("an empty name", "name: ''", "s.yaml: name = ''", "must be a plain name"),
    ("a name that climbs", "name: ../../x", "s.yaml: name = '../../x'", "must be a plain name"),
    ("a district that climbs", "district: ../erdao", "s.yaml: district = '../erdao'", "must be a plain name"),
    ("a plan that climbs", "plan: {file: ../../plan}", "s.yaml: plan.file = '../../plan'", "must be a plain name"),
    (
        "an id that climbs",
        "policies: {../x: {policy: clusters, from: 2015}}",
        "s.yaml: policies.../x = '../x'",
        "must be a plain name",
    ),
    (
        "a number for an id",
        "policies: {5: {policy: clusters, from: 2015}}",
        "s.yaml: policies.5",
        "a key must be a word",
    ),
]


@pytest.fixture
def toys(monkeypatch, tmp_path):
    register(monkeypatch)
    (tmp_path / "plans").mkdir()
    toy_plan(monkeypatch, tmp_path / "plans")


def refused(path) -> InputError:
    with pytest.raises(InputError) as caught:
        Scenario.load(path)
    return caught.value


@pytest.mark.parametrize(("what", "text", "place", "remedy"), CASES, ids=[case[0] for case in CASES])
def test_a_mistake_is_one_message_with_file_key_value_and_remedy(tmp_path, toys, what, text, place, remedy):
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    before = sorted(os.listdir(tmp_path))
    (problem,) = refused(path).problems
    message = str(problem)
    assert message.startswith(place) and remedy in message and "\n" not in message
    assert str(tmp_path) not in message
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file, not YAML text"),
        ("district: erdao".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("district: 二道".encode("gb18030"), "is not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_a_file_that_is_not_utf_8_says_what_it_is(tmp_path, content, remedy):
    (tmp_path / "s.yaml").write_bytes(content)
    (problem,) = refused(tmp_path / "s.yaml").problems
    assert str(problem).startswith("s.yaml: ") and remedy in str(problem)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert "is a folder" in str(refused(tmp_path / "folder.yaml"))
    assert "is a folder" in str(refused(tmp_path))
    assert "there is no such file" in str(refused(tmp_path / "gone.yaml"))
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "loop.yaml: cannot be opened" in str(refused(tmp_path / "loop.yaml"))


def test_a_file_name_that_is_no_scenario_name_asks_for_a_name(tmp_path):
    path = tmp_path / "my bonus.yaml"
    path.write_text("extends: baseline\n")
    assert "rename the file or write `name:` in it" in str(refused(path))
    path.write_text("extends: baseline\nname: bonus\n")
    assert Scenario.load(path).name == "bonus"


@pytest.mark.parametrize("name", ["../secret", "", "a/b", ".", "..", "plan\0", "x" * 300, "/etc/shadow-", "-"])
def test_a_name_is_never_a_way_out_of_the_folder(name):
    with pytest.raises(InputError):
        Scenario.load(name)


def test_a_misspelt_scenario_gets_a_suggestion():
    assert "is not a scenario (did you mean baseline?)" in str(refused("basline"))


def test_a_loop_through_several_files_is_found(tmp_path):
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {parent}\n")
    assert "c.yaml: extends = 'a': a scenario cannot extend itself (a -> b -> c -> a)" in str(
        refused(tmp_path / "a.yaml")
    )


def test_every_mistake_of_a_file_comes_at_once(tmp_path, toys):
    path = tmp_path / "s.yaml"
    path.write_text(
        "polices: {}\nparameters: {dropout: 7, rho: 1}\npolicies: "
        "{x: {policy: clusters, from: soon, settings: {membres: [1]}}}\n"
    )
    assert len(refused(path).problems) == 5


def test_check_takes_many_files_of_many_kinds_and_reports_each(tmp_path, toys):
    files = {
        "s.yaml": "schema: simsim-scenario/1\npolices: {}\n",
        "p.yaml": "schema: simsim-parameters/1\nparameters: [{name: a, value: 1}]\n",
        "d.yaml": "schema: simsim-distrct/1\n",
        "m.yaml": "schema: simsim-plan/1\ndated: 2014-08-28\nmeasures: 5\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = "\n".join(
        map(str, catalogue.check_files([*(tmp_path / name for name in files), "baseline", tmp_path / "gone.yaml"]))
    )
    assert (
        "s.yaml: polices" in found
        and "p.yaml: a: has no unit" in found
        and "m.yaml: measures = 5: must be a list" in found
    )
    assert "d.yaml: schema = 'simsim-distrct/1': must be one of" in found and "did you mean simsim-district/1?" in found
    assert "gone.yaml: there is no such file" in found and "baseline" not in found


def test_every_shipped_input_is_sound():
    folder = Path(__file__).resolve().parent.parent / "parameters"
    kinds = ("plans/*.yaml", "scenarios/*.yaml", "standards/*.yaml", "districts/*")
    paths = [
        folder / "effects.yaml",
        folder / "assumptions.yaml",
        *(path for kind in kinds for path in folder.glob(kind)),
    ]
    assert len(paths) > 10 and catalogue.check_files(paths) == []


@pytest.mark.parametrize("name", ["plan", "L2", "lam_persist", "new_schools", "cv_composite", "erdao"])
def test_show_knows_every_kind_of_thing(toys, monkeypatch, name):
    assert name in catalogue.show(name)


def test_a_standard_with_a_mistake_is_refused(tmp_path):
    shipped = resource("parameters") / "standards" / "basic-2012.yaml"
    (tmp_path / "mine.yaml").write_text(shipped.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    assert "mine.yaml" in str(*catalogue.check_files([tmp_path / "mine.yaml"]))


def test_show_refuses_what_it_does_not_know_with_a_suggestion():
    with pytest.raises(InputError, match="did you mean lam_persist"):
        catalogue.show("lam_presist")


@pytest.mark.parametrize("kind", ["scenarios", "policies", "parameters", "districts", "measures", "indicators"])
def test_every_list_has_names(toys, kind):
    assert catalogue.listing(kind)["name"].is_unique and len(catalogue.listing(kind))


def test_an_unknown_list_is_refused():
    with pytest.raises(InputError, match="did you mean scenarios"):
        catalogue.listing("scenario")


def test_measures_whose_policy_comes_later_are_listed(toys, tmp_path):
    assert "come later: E1" in " ".join(catalogue.notes([tmp_path / "plans" / "toy-plan.yaml"]))


@pytest.mark.parametrize(
    ("table", "column", "value", "place", "remedy"),
    [
        ("neighbourhoods", "catchment_primary", 998, "catchment_primary", "is not a school"),
        ("schools", "rooms_primary", -3, "rooms_primary", "0"),
        ("schools", "kind", "primry", "kind", "did you mean primary"),
    ],
)
def test_a_district_with_a_mistake_is_refused(tmp_path, table, column, value, place, remedy):
    shipped = resource("parameters") / "districts" / "erdao"
    shutil.copytree(shipped, tmp_path / "mine")
    rows = pd.read_csv(tmp_path / "mine" / f"{table}.csv")
    rows[column] = rows[column].astype(object)
    rows.loc[0, column] = value
    rows.to_csv(tmp_path / "mine" / f"{table}.csv", index=False)
    message = "\n".join(map(str, catalogue.check_files([tmp_path / "mine"])))
    assert f"{table}.csv" in message and place in message and str(value) in message and remedy in message


WORDS = st.sampled_from(
    [
        "policy",
        "from",
        "to",
        "settings",
        "members",
        "school",
        "capacity",
        "value",
        "include",
        "except",
        "file",
        "late",
        "L1",
        "layout",
        "dropout",
    ]
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3000) | st.floats(allow_nan=False) | WORDS | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.integers(), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.sampled_from(["title", "extends", "district", "budget", "plan", "parameters", "policies", "name", "schema"])


@given(data=st.dictionaries(FIELD, JUNK, max_size=4), policy=st.dictionaries(WORDS, JUNK, max_size=4))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=times_the_usual(3)
)
def test_whatever_a_scenario_holds_it_loads_or_is_an_input_error(toys, data, policy):
    for entry in (data, data | {"policies": {"x": {"policy": "new_schools", "from": 2015} | policy}}):
        try:
            Scenario.load(entry)
        except InputError as error:
            assert error.problems


@given(entry=st.dictionaries(st.sampled_from(MEASURE_KEYS), JUNK, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=times_the_usual(1.6))
def test_whatever_a_plan_holds_it_loads_or_is_an_input_error(tmp_path, entry):
    whole = {"schema": "simsim-plan/1", "dated": "2014-08-28", "measures": [entry]}
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    try:
        read_plan(tmp_path / "p.yaml")
    except InputError as error:
        assert error.problems


@given(entry=st.dictionaries(st.sampled_from(PARAMETER_KEYS), JUNK, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=times_the_usual(1.6))
def test_whatever_a_parameter_file_holds_it_loads_or_is_an_input_error(tmp_path, entry):
    good = {"name": "a", "value": 1, "unit": "x", "kind": "judgement", "source": "judgement"}
    for one in (entry, good | entry):
        (tmp_path / "p.yaml").write_text(
            yaml.safe_dump({"schema": "simsim-parameters/1", "parameters": [one]}), encoding="utf-8"
        )
        try:
            parameters.load([tmp_path / "p.yaml"])
        except InputError as error:
            assert error.problems


@pytest.mark.slow
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_bytes_a_file_holds_it_is_a_mapping_or_an_input_error(content):
    try:
        assert isinstance(parse_yaml(content, "f.yaml"), dict)
    except InputError as error:
        assert len(error.problems) >= 1
