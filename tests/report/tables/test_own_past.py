"""An outlook opens with how wrong such a forecast was on the district's own past, in both languages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.report.tables.own_past import TABLES, opened
from simsim.report.words import Words
from tests.districts.test_own_forecast import rolls
from tests.studies.own_district import imported
from tests.studies.test_own_openings import with_an_opening


def view(district: object, lang: str) -> SimpleNamespace:
    return SimpleNamespace(district=district, say=Words(lang))


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "words"), [("en", "No better than unchanged"), ("zh", "不比“人数不变”更准")])
def test_it_says_in_these_words_where_ours_is_no_better(tmp_path: Path, lang: str, words: str) -> None:
    data = load_district(imported(tmp_path))
    table = TABLES["own_past"]
    assert table.nothing(view(data, lang)) == ""
    page = str(table(view(data, lang)))
    assert ("To these numbers nothing" if lang == "en" else "没有增益") in page
    assert words in page and ("of 1" in page or "次中" in page)


@pytest.mark.parametrize(
    ("lang", "words", "few"),
    [("en", "adds nothing to the simpler", "no difference: 6 of 6"), ("zh", "并不优于", "6项比较中，有6项")],
)
def test_it_says_where_ours_adds_nothing_at_schools_that_opened(lang: str, words: str, few: str) -> None:
    nowhere = pd.DataFrame({"table": [], "column": [], "status": []})
    past = with_an_opening()
    page = str(opened(view(SimpleNamespace(rolls=rolls(past), provenance=nowhere), lang)))
    assert words not in page and few in page and page.count("<tr>") == 4
    past[3, 3:] *= 60 / 36
    assert words in str(opened(view(SimpleNamespace(rolls=rolls(past), provenance=nowhere), lang)))


def test_a_district_without_a_past_says_that_nobody_knows() -> None:
    assert TABLES["own_past"].nothing(view(load_district("erdao"), "en")) == "own_past.none"
