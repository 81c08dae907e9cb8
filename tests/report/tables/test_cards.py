"""The findings that open a report: nobody is called nobody, and what is compared is said in the same words."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from simsim.report.tables import cards
from simsim.report.tables.decision import Decision
from simsim.report.words import Words


def row(**values: object) -> pd.Series:
    known = {"value": "waiting", "stage": "all", "counted": "", "median": 0.0, "low": 0.0, "high": 1.0, "n": 10}
    same = {"difference": 0.0, "difference_low": 0.0, "difference_high": 0.0, "with_sign": 10, "direction": "same"}
    return pd.Series(known | same | {"verdict": "same", "words_en": "no difference", "words_zh": "没有差别"} | values)


def seen(lang: str, base: pd.Series) -> SimpleNamespace:
    """A view of an option beside its base."""
    numbers = pd.DataFrame([base.to_dict() | {"option": "baseline"}])
    return SimpleNamespace(
        say=Words(lang), lang=lang, focus="plan", base="baseline", numbers=numbers, filled={}, title=str
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "No child waits in any year (0 to 1). baseline: 0; the same in 10 of 10."),
     ("zh", "各年均没有儿童等待学位（0至1）。“baseline”为0，10次中10次相同。")],
)  # fmt: skip
def test_nobody_is_nobody_and_no_difference_has_no_sign(lang: str, said: str) -> None:
    assert cards._level("waiting")(seen(lang, row()), row()) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "baseline: 2,597 to spare; the gap differs by +2,144"), ("zh", "“baseline”富余2,597个，缺口之差+2,144")],
)
def test_seats_of_the_base_are_short_or_to_spare_in_the_same_words_as_the_options(lang: str, said: str) -> None:
    seats = {"value": "seats_short", "stage": "primary", "low": -559.0, "high": -372.0, "worlds": 0}
    own = row(**seats, median=-458.0, difference=2144.0, direction="higher", verdict="likely_higher")
    assert said in cards._seats(seen(lang, row(**seats, median=-2597.0)), own)


def test_a_share_reached_stands_beside_the_line_that_is_asked(view) -> None:
    page = Decision.of(view)
    place = [h.name for h in page.headings].index(view.say("decision.moved")) - 1
    shares = [one for each in page.rows for one in each.cells[place] if one.counted]
    pattern = {"en": r"(10|20)% reached in \d of 2", "zh": r"2次中\d次达到(10|20)%"}[view.lang]
    assert shares and all(re.fullmatch(pattern, one.counted) for one in shares)
    assert {"en": "eligible", "zh": "符合条件"}[view.lang] not in {one.label for one in shares}
    assert all(re.search(r"\d/2.*(10|20)%", one.tally) for one in shares)


def test_a_run_that_ends_before_the_published_year_does_not_say_that_its_last_year_is_set(view) -> None:
    assert view.last == 2016 and not any("2016" in line for line in Decision.of(view).cannot)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_an_invented_district_nothing_is_said_about_the_real_one(lang: str) -> None:
    said = Words(lang, {"short_name": "X"}, {"invented"})("decision.cannot.evidence", n=9, judged=1, total=2)
    assert {"en": "invented", "zh": "虚构"}[lang] in said and {"en": "the real X", "zh": "现实中的X"}[lang] not in said
