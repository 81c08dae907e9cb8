"""The dictionary of indicators."""

import pytest

from simsim.inputs.indicators import TABLES, grade_of, grades, indicators, sureness
from simsim.inputs.parameters import KINDS
from simsim.inputs.standards import load_standard


def test_indicators_have_both_languages_a_threshold_and_a_direction():
    for name, entry in indicators().items():
        assert name.isidentifier() and name == entry.name
        assert all(entry.label[language].strip() for language in ("en", "zh"))
        assert all(entry.unit[language].strip() for language in ("en", "zh"))
        assert entry.matters > 0 and entry.good in ("up", "down", "none") and entry.decimals >= 0
        assert entry.tables and set(entry.tables) <= set(TABLES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_indicators_have_the_same_label(language):
    labels = [entry.label[language] for entry in indicators().values()]
    assert len(labels) == len(set(labels))


def test_scores_matter_from_two_hundredths_of_a_standard_deviation_and_cvs_from_a_step_between_official_lines():
    assert {e.matters for n, e in indicators().items() if n == "score" or n.endswith("_gap")} == {0.02}
    lines = load_standard("quality-2017").cv
    step = round(lines.primary - lines.junior, 10)
    assert {e.matters for n, e in indicators().items() if n.startswith("cv")} == {step}


def test_every_threshold_has_a_reason_in_both_languages():
    assert all(entry.why[language].strip() for entry in indicators().values() for language in ("en", "zh"))


def test_every_kind_of_parameter_has_one_grade_of_evidence_and_the_weakest_is_judgement():
    kinds = [kind for grade in grades() for kind in grade.kinds]
    assert sorted(kinds) == sorted(KINDS) and [grade.name for grade in grades()] == [
        "judgement",
        "derived",
        "published",
    ]
    assert grade_of("estimate").rank == grade_of("judgement").rank == 0
    assert [grade_of(kind).name for kind in ("fitted", "derived", "published")] == ["derived", "derived", "published"]


def test_a_fifth_of_the_worlds_is_as_unlikely_as_four_fifths_are_likely():
    level = sureness().level
    assert [level(k / 20) for k in (0, 1, 4, 5, 15, 16, 19, 20)] == [
        "very_unlikely", "very_unlikely", "unlikely", "", "", "likely", "very_likely", "very_likely",
    ]  # fmt: skip
    assert level(1 - 0.8) == "unlikely" and level(float("nan")) == ""
