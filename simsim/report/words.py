"""The words of reports and figures in English and Chinese: one catalogue
(parameters/words.yaml), and how numbers are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from functools import cache
from html import escape

from simsim.base.codes import STAGES
from simsim.districts.facts import ABSENT, GIVEN, INVENTED, MIXED, NO_PLAN, NO_RULE, PUBLISHED, UNCOUNTED, UNFITTED
from simsim.districts.facts import facts as district_facts
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.indicators import indicators
from simsim.inputs.names import called
from simsim.inputs.numbers import NOT_DEFINED, defined, half_up
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

FILE = "parameters/words.yaml"
LANGUAGES = ("en", "zh")
MILLION, WAN = 1e6, 1e4
PER_TEACHER, RATIO = "pupils_per_teacher", "1:"
NOTHING = "–"
FINDING = re.compile(r"^finding\.|finding$")
"""The keys of texts that say what a figure finds."""
SAME_YEAR = re.compile(r"(?<![\d.,])(20\d\d)(?: to |–|—|至)\1(?![\d.,]\d|\d)")
"""A span of years that is one year."""
OF_STAGES = {"targets": "and", "ratios": "and", "born": "or", "composites": "and"}
"""Facts that name every stage of the district, and the word between two."""
MONEY = "{currency} of {price_year}"
"""The unit of an amount of money of the whole district."""
ONE_WORLD = "one"
"""A run of a single world, which has no ranges."""
STATES = (ONE_WORLD, ABSENT, UNCOUNTED, PUBLISHED, GIVEN, MIXED, INVENTED, UNFITTED, NO_PLAN, NO_RULE)
WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")

HALF_WIDTH = re.compile(r"(?<=[\u3400-\u9fff”》）])[(),;:?!]|[(),;:?!](?=[\u3400-\u9fff“《（])")
SPAN = re.compile(r"(?<=\d)\u2013(?=\d)")
"""An English dash between two years."""
FULL_WIDTH = str.maketrans("(),;:?!", "（），；：？！")
BRACKETS = re.compile(r"\(([^()]*[\u3400-\u9fff][^()]*)\)")

COUNTED = (
    "applications|areas|children|classes|deadlines|events|files|grades|lines|measures|milestones|months|moves|numbers|"
    "neighbourhoods|options|parameters|people|places|points|policies|posts|problems|promises|pupils|replications|rooms|"
    "runs|scenarios|schools|seats|seeds|settings|spells|stages|starts|teachers|units|worlds|years"
)
"""English nouns that are counted somewhere."""
SINGULAR = {"children": "child", "classes": "class", "people": "person", "policies": "policy"}
"""Of the nouns that lose more than an s."""
ONE = re.compile(
    r"(?<![\d.,/–\w])(?<!to )(?<!grade )(?<!No\. )(1(?:</?\w+>)* "
    rf"(?:(?:more|other|new|dated|simulated|large|class|school|open) )*)({COUNTED})\b(?!-| and (?:rules|stages))"
)
"""One of them; the end of a range, a grade and a school's number are none."""

CLOSING = "，。；：、）”》！？%"
OPENING = "（《“"
PIECES = re.compile(rf"\s+|[{OPENING}]*(?:[!-~\u00a0\u2010-\u2015\u2212]+|.)[{CLOSING}]*")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text by key, then language."""
    texts: Mapping[str, Mapping[str, str]] = read_yaml(resource("parameters") / "words.yaml", FILE)["words"]
    return texts


class Words:
    """The catalogue in one language: `say("big.seats", year=view.last)`; a key that is not there raises KeyError.

    `facts` fill holes that nothing else fills, `states` choose among a text's variants (`key@state`, the first that is
    there), `stages` are those that the district teaches, and `own` are the texts of a country, a plan or a district,
    which come before the catalogue's.
    """

    def __init__(
        self,
        lang: str,
        facts: Mapping[str, str] | None = None,
        states: Collection[str] = (),
        own: Mapping[str, Mapping[str, str]] | None = None,
        stages: Sequence[str] = STAGES,
    ) -> None:
        if lang not in LANGUAGES:
            raise InputError(Problem("report", "lang", lang, f"must be one of {', '.join(LANGUAGES)}"))
        self.lang, self.states = lang, states
        self.findings = True
        self.facts = dict(district_facts(None, lang) if facts is None else facts)
        self.texts: Mapping[str, Mapping[str, str]] = {**catalogue(), **(own or {})}
        self.facts |= {name: self._of_stages(name, way, stages) for name, way in OF_STAGES.items()}

    def _of_stages(self, name: str, way: str, stages: Sequence[str]) -> str:
        """Return what is said of the stages that are there, in one phrase."""
        facts = district_facts(None, self.lang) | self.facts
        said = [self.texts[f"stages.{name}.{stage}"][self.lang].format_map(facts) for stage in stages]
        return said[0] if len(said) == 1 else self.texts[f"stages.{way}"][self.lang].format(a=said[0], b=said[1])

    @property
    def not_defined(self) -> str:
        """What is said of a number that is NaN or infinite."""
        return NOT_DEFINED[self.lang]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a text with its values filled in; in English one thing is said in the singular."""
        if key not in self.texts:
            raise KeyError(f"{FILE}: {key} is missing{suggest(key, self.texts)}")
        key = key if self.findings or not FINDING.search(key) else "filled.headline"
        text = self.texts[self.variant(key)][self.lang].format(**(self.facts | values))
        text = SAME_YEAR.sub(r"\1", text)
        return singular(text) if self.lang == "en" else text

    def without_findings(self) -> Words:
        """Return the same words with a plain headline in place of every finding."""
        plain = copy(self)
        plain.findings = False
        return plain

    def variant(self, key: str) -> str:
        """Return the key of the variant that the states choose, or the key itself."""
        return next(
            (f"{key}@{state}" for state in STATES if state in self.states and f"{key}@{state}" in self.texts), key
        )

    def html(self, key: str, /, **values: object) -> str:
        """Return a text for a page: the catalogue's own markup stands, everything filled in is escaped."""
        return self(key, **{name: escape(str(value)) for name, value in (self.facts | values).items()})

    def either(self, key: str, name: str) -> str:
        """Return the text `key.name`, or `name` itself when the catalogue has none."""
        key = f"{key}.{name}"
        return self.texts.get(self.variant(key), {}).get(self.lang, name).format(**self.facts)

    def parameter(self, name: str) -> str:
        """Return what a parameter is called; its own name where nobody called it anything."""
        return called(name).get(self.lang, name)

    def setting(self, policy: str, name: str) -> str:
        """Return what a setting of a policy is called: as that policy calls it, or else as all do."""
        own = f"{policy}.{name}"
        found = self.either("lever", own)
        return found if found != own else self.either("lever", name).replace("_", " ")

    def counted(self, number: float, what: str) -> str:
        """Return how many of what policies touch; in English one thing in the singular."""
        apart = " " if self.lang == "en" else ""
        said = f"{self.number(number)}{apart}{self.either('touches', what)}"
        return singular(said) if self.lang == "en" else said

    def label(self, indicator: str) -> str:
        """Return what an indicator is called: the short name for axes if there is one."""
        known = indicators().get(indicator)
        return (
            self.either("short", indicator)
            if known is None or f"short.{indicator}" in self.texts
            else known.label[self.lang]
        )

    def unit(self, indicator: str) -> str:
        """Return an indicator's unit."""
        known = indicators().get(indicator)
        return known.written[self.lang].format(**self.facts) if known is not None else ""

    def axis(self, indicator: str) -> str:
        """Return the label of an axis: name and unit."""
        name, unit = self.label(indicator), self.unit(indicator)
        told = name.endswith((")", "）")) or unit.lower() in name.lower()
        return self("axis", name=name, unit=unit) if unit and not told else name

    def value(self, number: float | None, indicator: str, sign: bool = False) -> str:
        """Return a number with the decimals of its indicator; money in millions; a dash where there is none. What has a
        sign is a difference.
        """
        if number is None:
            return NOTHING
        if self.is_money(indicator):
            return self.money(number, sign)
        entry = indicators().get(indicator)
        written = self.number(number, 2 if entry is None else entry.decimals, sign)
        ratio = self.lang == "zh" and indicator == PER_TEACHER and not sign and defined(number)
        return f"{RATIO}{written}" if ratio else written  # as Chinese offices write it

    def gap(self, number: float | None, indicator: str, sign: bool = False) -> str:
        """Return a difference of an indicator, or an end or a limit of one: as a value, but never as a ratio."""
        return self.value(number, indicator, sign).removeprefix(RATIO)

    def is_money(self, indicator: str) -> bool:
        """Whether an indicator is an amount of money of the whole district."""
        entry = indicators().get(indicator)
        return indicator.startswith("cost") or (entry is not None and entry.written["en"] == MONEY)

    def number(self, value: float | None, decimals: int = 0, sign: bool = False) -> str:
        """Return a number with a true minus; a dash where there is none, and words where it is not defined."""
        if value is None or not math.isfinite(value):
            return NOTHING if value is None else self.not_defined
        value = half_up(value, decimals)
        return f"{value:{'+' if sign and value else ''},.{decimals}f}".replace("-", "\u2212")

    def month(self, month: str) -> str:
        """Return a month such as 2026-09 as readers write it; anything else as it is."""
        year, _, number = month.partition("-")
        if not number.isdigit():
            return month
        return self("month", year=year, month=number if self.lang == "en" else int(number))

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a share as a percentage."""
        if not defined(share):
            return self.not_defined
        return self.number(100 * share, decimals) + "%"

    def interval(self, low: str, high: str) -> str:
        """Return the ends of a range over worlds as text: of one world there is none, and no word for none defined."""
        return low if low == high == self.not_defined else self("interval.worlds", low=low, high=high)

    def money(self, yuan: float, sign: bool = False, unit: bool = True) -> str:
        """Return an amount of money: millions in English, 万 in Chinese, 0 where that rounds to none."""
        if not defined(yuan):
            return self.not_defined
        if self.lang == "en":
            number = self.number(yuan / MILLION, 1 if abs(yuan) < 100 * MILLION else 0, sign)
            return f"{number} {self.money_unit(yuan)}" if unit else number
        number = self.number(yuan / WAN, 0, sign)
        return number + (self.money_unit(yuan) if unit and number != "0" else "")

    def money_unit(self, yuan: float) -> str:
        """Return the unit in which an amount is written."""
        return "million" if self.lang == "en" else "万"

    def wrap(self, text: str, width: int) -> str:
        """Break a text into lines of about `width` Latin letters; a Chinese character
        counts for two, and no number is broken.
        """
        lines, room = [""], width
        for piece in (part for whole in PIECES.findall(text) for part in _cut(whole, width)):
            if half_characters(piece.rstrip()) > room and lines[-1]:
                lines, room = [*lines, ""], width
            piece = piece if lines[-1] else piece.lstrip()
            lines[-1], room = lines[-1] + piece, room - half_characters(piece)
        return "\n".join(line.rstrip() for line in lines) or text


def unwrapped(text: str) -> str:
    """Return a text that `wrap` broke in one line: no space where Chinese was broken.

    >>> unwrapped("几乎从未达\\n到（100\\n次）"), unwrapped("almost\\nnever")
    ('几乎从未达到（100次）', 'almost never')
    """
    first, *lines = text.split("\n")
    for line in lines:
        apart = not WIDE.search(text) or (first + line)[len(first) - 1 : len(first) + 1].isascii()
        first += " " * apart + line
    return first


def singular(text: str) -> str:
    """Return an English text in which what is one is said in the singular.

    >>> singular("in 1 of 1 worlds; 21 schools, grade 1 pupils, 1 more pupils; 0 to 1 months")
    'in 1 of 1 world; 21 schools, grade 1 pupils, 1 more pupil; 0 to 1 months'
    """
    return ONE.sub(lambda found: found[1] + SINGULAR.get(found[2], found[2][:-1]), text) if "1" in text else text


def chinese_marks(text: str) -> str:
    """Return a text with full-width marks beside Chinese characters, as Chinese is set, both brackets of a pair; and
    with the long dash in a span of numbers.
    """
    text = SPAN.sub("—", text)
    text = BRACKETS.sub(r"（\1）", text)
    return HALF_WIDTH.sub(lambda found: found[0].translate(FULL_WIDTH), text)


def half_characters(text: str) -> int:
    """Return how wide a text is in Latin letters; a Chinese character counts for two."""
    return len(text) + len(WIDE.findall(text))


def _cut(piece: str, width: int) -> list[str]:
    """Return a piece in parts no wider than a line: a single word may be longer."""
    return [piece] if len(piece) <= width else [piece[start : start + width] for start in range(0, len(piece), width)]
