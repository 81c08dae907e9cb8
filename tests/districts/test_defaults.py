"""A district file of thirty lines is enough; what it does not say comes from defaults, and is said to."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.districts.defaults import completed, filled, shipped
from simsim.districts.files import SPEC, load_district, read_spec, write_template
from simsim.districts.fitted_block import update_fitted
from simsim.districts.synthesise import synthesise, write
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

MOST_LINES = 30


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write_template("mine", tmp_path / "mine")


def test_the_template_has_thirty_lines_and_becomes_a_district(template: Path) -> None:
    assert len(template.read_text("utf-8").splitlines()) <= MOST_LINES
    result = synthesise(template)
    assert result.missed == []
    write(result, template.parent)
    data = load_district(template.parent)
    assert data.name == "mine" and len(data.schools) == 14
    assert data.births["births"].unique().tolist() == [1500]


def test_what_was_taken_from_defaults_is_told_by_block(template: Path) -> None:
    told = dict(line.split(": ") for line in filled(template))
    assert "rules" in told and told["seed"] == "1 of 1" and "schools" not in told
    assert filled(resource("parameters") / "districts" / "erdao" / SPEC) == []


def test_defaults_change_nothing_that_a_file_says() -> None:
    erdao = read_yaml(resource("parameters") / "districts" / "erdao" / SPEC)
    for name in shipped():
        own = {**erdao, "defaults": name}
        whole = completed(own, SPEC)
        assert {key: whole[key] for key in own if key != "areas"} == {key: own[key] for key in own if key != "areas"}
        for area, said in zip(whole["areas"]["list"], own["areas"]["list"], strict=True):
            assert {key: area[key] for key in said} == said


@pytest.mark.parametrize("name", shipped())
def test_defaults_say_that_they_are_judgement(name: str) -> None:
    content = read_yaml(resource("parameters") / "templates" / f"district-defaults-{name}.yaml")
    kinds = {rule["kind"] for rule in content["rules"].values()} | {content["resources"]["kind"]}
    assert kinds == {"judgement", "published"}


def test_what_follows_is_worked_out(template: Path) -> None:
    spec = read_spec(template)
    assert spec["pupils_per_teacher"]["primary"]["value"] == pytest.approx(1 / 0.065, abs=0.01)
    assert spec["resources"]["composite_cv"]["primary"] == pytest.approx(0.33375)
    assert {area["managed_by"] for area in spec["areas"]["list"]} == {spec["managed_by"]} == {"Example"}
    assert "each" not in spec["areas"]


def test_unknown_defaults_are_refused(template: Path) -> None:
    template.write_text(template.read_text("utf-8").replace("defaults: china", "defaults: chian"), "utf-8")
    with pytest.raises(InputError, match=r"defaults = 'chian': is no set of defaults.*did you mean china\?"):
        read_spec(template)


def test_fitted_values_are_added_to_a_file_without_any(template: Path) -> None:
    update_fitted(template, {"inflow_scale": {"value": 1.5}})
    fitted = read_spec(template)["fitted"]
    assert fitted["inflow_scale"]["value"] == 1.5 and fitted["posts_growth"]["value"] == 0.0


def test_a_file_that_says_next_to_nothing_gets_few_lines_not_a_hundred(template: Path) -> None:
    template.write_text("schema: simsim-district/1\nname: mine\nfirst_year: 2014\n", "utf-8")
    with pytest.raises(InputError) as caught:
        synthesise(template)
    assert len(caught.value.problems) == 3
    assert "simsim district template" in str(caught.value) and "resources (35)" in str(caught.value)


def test_with_defaults_only_what_nobody_can_know_is_missing(template: Path) -> None:
    template.write_text("schema: simsim-district/1\nname: mine\nfirst_year: 2014\ndefaults: china\n", "utf-8")
    with pytest.raises(InputError) as caught:
        synthesise(template)
    assert {p.key for p in caught.value.problems} == {
        "managed_by", "label.zh", "aggregates.pupils.primary.value", "aggregates.pupils.junior.value",
        "areas.list", "schools.counts",
    }  # fmt: skip


@pytest.mark.slow
def test_the_only_school_of_a_stage_differs_from_no_other_by_default(template: Path) -> None:
    text = template.read_text("utf-8")
    few = "  counts: {public: {primary: 3, junior: 1}}"
    text = "\n".join(few if line.startswith("  counts:") else line for line in text.splitlines())
    text = text.replace("junior: {teachers: {mean: 0.085, cv: 0.30}, books: {mean: 30, cv: 0.30}}", "junior: {}")
    template.write_text(text, "utf-8")
    result = synthesise(template)
    assert len(result.schools) == 4 and not any(line.startswith("junior") for line in result.missed)


def test_a_template_never_overwrites(template: Path) -> None:
    with pytest.raises(InputError, match="exists already"):
        write_template("mine", template.parent)


@pytest.mark.parametrize(
    "broken", ["resources: 3", "areas: 3", "areas: {list: [3]}", "label: 3", "resources: {primary: 3}"]
)
def test_a_broken_block_is_told_not_a_traceback(template: Path, broken: str) -> None:
    lines = template.read_text("utf-8").splitlines()
    kept = [line for line in lines if line.startswith(("schema", "name", "first", "defaults"))]
    template.write_text("\n".join([*kept, broken]), "utf-8")
    with pytest.raises(InputError, match=broken.split(":")[0]):
        synthesise(template)
