"""The dictionary of indicators."""

import pytest

from simsim.inputs.indicators import TABLES, indicators


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


def test_scores_matter_from_two_hundredths_of_a_standard_deviation_and_cvs_from_two_hundredths():
    assert {e.matters for n, e in indicators().items() if n == "score" or n.endswith("_gap") or n.startswith("cv")} == {
        0.02
    }
