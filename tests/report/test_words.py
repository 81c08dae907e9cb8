"""Words in both languages: complete, with the same holes, and numbers as readers write them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import numpy as np
import pytest

from simsim.inputs.errors import InputError
from simsim.inputs.indicators import indicators
from simsim.report.words import LANGUAGES, Words, catalogue, chinese_marks, singular, unwrapped
from tests.report.chinese import english, half_width

PACKAGE = Path(__file__).parents[2] / "simsim"


OTHER_WORDS = {PACKAGE / "tables", PACKAGE / "assessment", PACKAGE / "districts"}
"""These wings speak to an office about its tables, with words of their own (tables/words.py)."""
SOURCES = [path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")) if path.parent not in OTHER_WORDS] + [
    path.read_text("utf-8") for path in (PACKAGE.parent / "notebooks").glob("report-*.ipynb")
]

ON_A_SCREEN = {"everywhere", "district", "import", "follow", "run", "Ctrl-C"}
"""What is typed, in texts that are no HTML."""
AFTER_ONE = {"before ", "from ", "no ", "nothing ", "of ", "are ", "and ", "have ", "more "}
NO_NOUNS = set(
    "as belongs builds changes class ends has is keeps meets minus opens peaks reads was writes Pupils".split()
)
"""What stands after a number or a name and counts nothing."""
MAY_BE_LEFT_OUT = {"year", "stage", "n", "currency", "price_year", "short_name"}
"""What English has to say and Chinese may leave out."""


def holes(text):
    return {name.lower() for _, name, _, _ in string.Formatter().parse(text) if name}


def in_both_languages(texts):
    return set(texts) == set(LANGUAGES) and all(str(text).strip() for text in texts.values())


def test_every_text_is_there_in_both_languages_with_the_same_holes():
    assert [key for key, texts in catalogue().items() if not in_both_languages(texts)] == []
    found = {key: (holes(texts["en"]), holes(texts["zh"])) for key, texts in catalogue().items()}
    assert [key for key, (en, zh) in found.items() if not en >= zh >= en - MAY_BE_LEFT_OUT] == []


def test_the_chinese_of_every_text_has_no_english_and_no_half_width_marks():
    chinese = {
        key: re.sub(r"<code>.*?</code>|<[^>]*>|\{[^}]*\}", "", texts["zh"]) for key, texts in catalogue().items()
    }
    assert not english(chinese.values()) - ON_A_SCREEN and half_width(chinese.values()) == []


def test_every_text_that_the_code_names_is_in_the_catalogue():
    named = {key for source in SOURCES for key in re.findall(r'say(?:\.html)?\(\s*"([a-z_0-9.]+)"', source)}
    sections = {key for source in SOURCES for key in re.findall(r'page\.section\(\\"([a-z_]+)\\"', source)}
    wanted = named | {f"{key}.{part}" for key in sections for part in ("heading", "text")}
    assert len(named) > 50 and sections and not wanted - set(catalogue())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in 1 of 1 worlds, 1 milestones, <b>1</b> children", "in 1 of 1 world, 1 milestone, <b>1</b> child"),
        ("1 class rooms, 1 more pupils, \u22121 seats", "1 class room, 1 more pupil, \u22121 seat"),
        ("21 schools, 0.1 points, 1,001 worlds", "21 schools, 0.1 points, 1,001 worlds"),
        ("grade 1 pupils, 0 to 1 months, 1 lines and rules", "grade 1 pupils, 0 to 1 months, 1 lines and rules"),
    ],
)
def test_one_thing_is_said_in_the_singular(text, said):
    assert singular(text) == said
    assert [Words("en").counted(n, "milestones") for n in (1, 2)] == ["1 milestone", "2 milestones"]


def test_whatever_english_counts_is_among_the_nouns_that_have_a_singular():
    ones = {key: singular(re.sub(r"\{\w+\}", "1", texts["en"])) for key, texts in catalogue().items()}
    after = r"(?<!to )(?<![/–])\b1(?:</?\w+>)* ((?:[a-z]+ )??)(\w+s|children|people)\b(?! and (?:rules|stages))"
    left = {found[2] for text in ones.values() for found in re.finditer(after, text) if found[1] not in AFTER_ONE}
    assert left <= NO_NOUNS | {"Pupils"}


def test_a_span_of_one_year_is_that_year():
    said = {year: Words("en")("opening.run", scenarios=1, n=2, first=2016, last=year) for year in (2016, 2017)}
    assert said[2016].endswith("school years 2016.") and said[2017].endswith("school years 2016 to 2017.")


def test_an_unknown_text_is_an_error_with_a_suggestion():
    with pytest.raises(KeyError, match="did you mean join"):
        Words("en")("joim")


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match="must be one of en, zh"):
        Words("fr")


@pytest.mark.parametrize(
    ("lang", "yuan", "expected"),
    [
        ("en", 264e6, "264 million"),
        ("en", 8.02e6, "8.0 million"),
        ("zh", 264e6, "26,400万"),
        ("zh", 2e3, "0"),
        ("zh", -5e6, "−500万"),
        ("en", float("nan"), "not defined"),
        ("zh", float("inf"), "无定义"),
    ],
)
def test_money_is_written_as_readers_write_it(lang, yuan, expected):
    assert Words(lang).money(yuan) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "expected"),
    [(1234.5, 0, False, "1,235"), (-0.0004, 3, True, "0.000"), (0.02, 2, True, "+0.02"), (-1, 0, False, "−1")],
)
def test_numbers_have_a_true_minus_and_no_signed_nought(value, decimals, sign, expected):
    assert Words("en").number(value, decimals, sign) == expected


def test_chinese_counts_double_when_a_line_is_broken():
    assert all(len(line) <= 8 for line in Words("zh").wrap("规划加国家交流标准规划加国家交流标准", 16).splitlines())


@pytest.mark.parametrize("width", [14, 20, 31])
def test_a_line_break_splits_neither_a_number_nor_a_closing_mark_from_its_word(width):
    text = "二道区2014—2016年规划：小学594人（531至653），达到95%。"
    lines = Words("zh").wrap(text, width).splitlines()
    assert "".join(lines) == text and any("2014—2016年" in line for line in lines)
    english = "Primary: 594 seats short (95% of worlds)"
    assert unwrapped("\n".join(lines)) == text and unwrapped(Words("en").wrap(english, width)) == english
    assert not [line for line in lines if line[0] in "，。）：%" or line[-1] in "（“"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), np.float64("nan")])
@pytest.mark.parametrize(("lang", "words"), [("en", "not defined"), ("zh", "无定义")])
def test_what_is_not_defined_is_said_in_words_wherever_numbers_are_written(lang, words, value):
    say = Words(lang)
    for indicator in ("score", "cost_capital", "teachers", "no_indicator"):
        assert say.value(value, indicator) == say.value(value, indicator, sign=True) == words
    assert say.number(value, 2) == say.percent(value) == say.money(value) == words
    assert say.interval(say.number(value), say.number(value)) == words


def test_what_is_not_there_is_a_dash():
    assert Words("en").value(None, "score") == Words("zh").number(None) == "–"


def test_every_setting_of_every_policy_has_a_name_in_both_languages():
    from simsim.policy import registry

    mine = [cls for cls in registry().values() if cls.__module__.startswith("simsim.policies")]
    fields = {name for cls in mine for name in cls.Settings.model_fields}
    assert not {name for name in fields if f"lever.{name}" not in catalogue()}, "add them to parameters/words.yaml"
    assert Words("zh").setting("new_schools", "building_months") == "建设工期（月）"
    assert Words("en").setting("new_schools", "no_such_setting") == "no such setting"


def test_a_parameter_is_called_by_its_name_and_a_stranger_by_its_own():
    assert [Words(lang).parameter("building_months") for lang in LANGUAGES] == ["months of building", "建设工期"]
    assert Words("zh").parameter("of_nobody") == "of_nobody"


def test_a_difference_between_ratios_is_no_ratio():
    zh, en = Words("zh"), Words("en")
    assert (zh.value(16.5, "pupils_per_teacher"), zh.gap(0.3, "pupils_per_teacher")) == ("1:16.5", "0.3")
    assert zh.value(0.3, "pupils_per_teacher", sign=True) == zh.gap(0.3, "pupils_per_teacher", sign=True) == "+0.3"
    assert en.value(16.5, "pupils_per_teacher") == en.gap(16.5, "pupils_per_teacher") == "16.5"


def test_one_word_for_staff_ratios_and_the_word_of_the_ratio_that_is_written():
    said = [texts["zh"] for texts in catalogue().values()] + [one.label["zh"] for one in indicators().values()]
    assert not [text for text in said if "生师比" in text]
    assert "师生比" in Words("zh").label("pupils_per_teacher")


def test_teaching_has_one_word_too():
    said = [texts["zh"] for texts in catalogue().values()] + [one.label["zh"] for one in indicators().values()]
    assert not [text for text in said if "效能" in text]


def test_a_month_is_written_as_readers_write_it():
    assert [Words(lang).month("2026-09") for lang in LANGUAGES] == ["2026-09", "2026年9月"]
    assert Words("zh").month("nan") == "nan"


def test_a_count_in_chinese_has_no_gap_before_its_measure_word():
    assert Words("zh").counted(460, "pupils who change school") == "460名学生转校"


def test_a_span_of_years_has_the_long_dash_in_chinese():
    assert chinese_marks("2014–2024，−5") == "2014—2024，−5"


OF_BOTH_STAGES = {"enrolment.text", "outlook_seats.text", "note.outlook_seats", "glossary.seat", "note.posts"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_district_with_one_stage_is_told_of_no_other(lang):
    junior = {"en": "junior", "zh": "初中"}[lang]
    of_stages = re.compile("{(targets|ratios|born|composites)}")
    several = {key for key, texts in catalogue().items() if of_stages.search(texts[lang])}
    assert several >= OF_BOTH_STAGES
    for key in several:
        text = catalogue()[key][lang]
        text = text.format(**dict.fromkeys(holes(text), "x") | Words(lang, stages=["primary"]).facts)
        assert junior not in text, key
    assert junior in Words(lang)("glossary.seat") and "{" not in Words(lang)("glossary.seat")
