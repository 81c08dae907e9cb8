"""Standards: the published lines, with their documents, and mistakes that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.inputs.errors import InputError
from simsim.inputs.standards import load_standard, parse_standard, standards
from simsim.inputs.yamlfile import parse_yaml


def test_the_shipped_standards_hold_the_published_lines() -> None:
    basic, quality = load_standard("basic-2012"), load_standard("quality-2017")
    assert standards() == ("basic-2012", "quality-2017", "quality-2023")
    assert (len(basic.indicators), basic.cv.judges, basic.cv_line("primary"), basic.cv_line("junior")) == (
        8,
        "composite",
        0.65,
        0.55,
    )
    assert (len(quality.indicators), quality.cv.judges, quality.cv_line("primary"), quality.cv_line("junior")) == (
        7,
        "each",
        0.5,
        0.45,
    )
    assert quality.minimums("primary").tolist() == [4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3]
    assert quality.minimums("junior").tolist() == [5.3, 1, 0.9, 5.8, 10.2, 2500, 2.4]
    assert (quality.needed, quality.floor) == (6, 0.85)


def test_an_edition_changes_the_items_that_it_names_and_nothing_else() -> None:
    old, new = load_standard("quality-2017"), load_standard("quality-2023")
    assert (old.government["special_fund"].lines["all"], new.government["special_fund"].lines["all"]) == (6000, 8000)
    assert "training_hours" not in new.government and new.government["training_share"].lines == {"all": 1}
    assert new.indicators == old.indicators and new.cv == old.cv and new.school == old.school


def test_a_file_based_on_an_unknown_standard_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("schema: simsim-standard/1\nbased_on: quality-2016\nname: mine\n")
    with pytest.raises(InputError, match=r"based_on = 'quality-2016': is not a standard .*did you mean quality-2017"):
        load_standard(tmp_path / "mine.yaml")


def test_every_entry_of_a_standard_carries_a_document_and_a_kind_of_evidence() -> None:
    for name in standards():
        standard = load_standard(name)
        assert all(e.document and e.source and e.kind for e in standard.evidence.values())


def test_an_unknown_standard_is_named_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="did you mean quality-2017"):
        load_standard("quality-2018")


def test_mistakes_in_a_standards_file_are_all_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_standard(
            parse_yaml(b"schema: simsim-standard/1\nname: mine\ncvs: 3\nsplit: {primary: 0}\n", "mine.yaml"),
            "mine.yaml",
        )
    text = str(caught.value)
    assert "cvs" in text and "split.primary" in text and "indicators" in text
