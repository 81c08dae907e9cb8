"""What texts say of a district: whether its schools are given, published, invented; whether anything was fitted."""

from __future__ import annotations

import pytest

from simsim.districts import facts
from simsim.districts.files import load_district
from simsim.report.words import Words


def banner(name: str, lang: str) -> str:
    data = load_district(name)
    return Words(lang, facts.facts(data, lang), facts.states(data, False))("synthetic.banner", district=name)


@pytest.mark.parametrize("name", ["shanhe", "xinwan"])
@pytest.mark.parametrize(("lang", "invented", "fitted"), [("en", "Invented", "fitted"), ("zh", "虚构", "拟合")])
def test_an_example_district_is_called_invented_and_nothing_fitted(name, lang, invented, fitted):
    told = banner(name, lang)
    assert invented in told and fitted not in told and name in told
    assert facts.INVENTED in facts.states(load_district(name), False)


@pytest.mark.parametrize(("lang", "published", "fitted"), [("en", "published", "fitted"), ("zh", "公布", "拟合")])
def test_erdao_is_said_to_match_published_aggregates_and_to_be_fitted(lang, published, fitted):
    told = banner("erdao", lang)
    assert published in told and fitted in told
