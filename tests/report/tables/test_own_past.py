"""An outlook opens with how wrong such a forecast was on the district's own past, in both languages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from simsim.districts.files import load_district
from simsim.report.tables.own_past import TABLES
from simsim.report.words import Words
from tests.studies.own_district import imported


def view(district: object, lang: str) -> SimpleNamespace:
    return SimpleNamespace(district=district, say=Words(lang))


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "words"), [("en", "No better than unchanged"), ("zh", "不比“人数不变”更准")])
def test_it_says_in_these_words_where_ours_is_no_better(tmp_path: Path, lang: str, words: str) -> None:
    data = load_district(imported(tmp_path))
    table = TABLES["own_past"]
    assert table.nothing(view(data, lang)) == ""
    page = str(table(view(data, lang)))
    assert words in page and ("of 1" in page or "次中" in page)


def test_a_district_without_a_past_says_that_nobody_knows() -> None:
    assert TABLES["own_past"].nothing(view(load_district("erdao"), "en")) == "own_past.none"
