"""The words of offices' tables (parameters/templates/book.yaml): grades, school years, headings, unknown numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from simsim.inputs.documents import Draft
from simsim.inputs.numbers import written
from simsim.inputs.paths import resource
from simsim.inputs.standards import Text
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.cells import REMEMBERED, clean, is_blank, plain

PK, K = "PK", "K"
LOWEST, HIGHEST = 1, 12
BEFORE_ONE = {PK: -1, K: 0}
LISTED = "listed"
"""The `unit` of a heading that is a number and nothing else: a grade where several stand side by side."""
CHINESE = {text: number for number, text in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
FROM = {"小": 0, "初": 6, "国": 6, "高": 9}
"""How many years of schooling lie before the first of a Chinese stage: 初一 is grade 7."""
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip
NUMBER = r"(?:十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
GRADE = re.compile(
    rf"(?:(?P<stage>国民小|国小|小|初|高|国)(?:学|中|级中学)?)?(?<![0-9])(?P<year>{NUMBER})(?:年级|年(?!度|[0-9]))"
    rf"|(?P<short>国小|小|初|高|国)(?P<of>[一二三四五六]|[1-6](?![0-9]))"
    rf"|(?P<word>{'|'.join(ORDINALS)})grade"
    rf"|(?:grade|pupilsg|gr|g|year|yr|年级)\.?(?P<after>1[0-2]|0?[1-9]|pk|k)(?![0-9])"
    rf"|(?P<before>1[0-2]|[1-9])(?:st|nd|rd|th)(?:grade)?"
)
RANGE = re.compile(r"[0-9kK一二三四五六七八九]\s*(?:st|nd|rd|th)?\s*[-‐–—~至]\s*(?:grade\s*)?[0-9一二三四五六七八九]")
"""Several grades together, as in `Grades 1-5`, which are no grade."""
REPUBLIC = 1911
"""What a year of the Minguo calendar is counted from."""
CENTURIES = r"(?:19|20)[0-9]{2}"
PAIR = re.compile(rf"({CENTURIES})\s*[-‐–—~～/至]?\s*((?:19|20)?[0-9]{{2}})(?:\s*(?:学年度?|年度?|sy))?")  # noqa: RUF001
SHORT_PAIR = re.compile(r"([0-4][0-9])\s*[-‐–—~/]\s*([0-9]{2})(?:\s*学年度?)?")
CENTURY = 2000
TERM = re.compile(r"\s*(?:第[一二12]学期|[上下]学期)$")
"""What follows a school year and says no other: 2012-2013学年第一学期."""
SINGLE = re.compile(rf"({CENTURIES})(?:\.0+)?(学年度?|年度?)?(?:(?:9月1日|年9月|年秋|-09(?:-01)?).*)?")
SEPTEMBER = re.compile("[9秋]")
MINGUO = re.compile(r"(?:民国)?([0-9]{2,3})(?:\s*(学年度?|年度?))?")
UNIT = re.compile(r"(?P<name>.*?)\s*(\((?P<unit>[^()]*)\))?")
BOUND = re.compile(
    r"(?:<=?|≤|少于|不足|小于|fewerthan|lessthan|under)([0-9]+)|([0-9]+)(?:以下|orfewer|orless)|[01][-~]([0-9]{1,2})"
)
EQUAL = re.compile("<=|≤")
"""A number that is hidden because it is small: `<10`, `少于5`, `1-4`."""
COUNTED = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(?:人|名|个|間|间|班|pupils|students)")


@cache
def words() -> Draft:
    """Return the words of the file, read once."""
    return read_yaml(resource("parameters") / "templates" / "book.yaml")


@cache
def rule(name: str) -> float:
    """Return a number of the rules by which an import fills columns."""
    return float(words()["rules"][name])


@cache
def listed(*path: str) -> frozenset[str]:
    """Return a list of the file in normal form, as ("measures", "pupils")."""
    *above, last = path
    block = words()
    for key in above:
        block = block[key]
    return frozenset(plain(text) for text in block[last])


@dataclass(frozen=True)
class Said:
    """Something that must be said of a table, in the words of the file's `said`: its key and what fills its places."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def text(self, lang: str) -> str:
        """Return the sentence in English (en) or Chinese (zh)."""
        return str(words()["said"][self.key][lang]).format(
            **{key: _shown(value, key, lang) for key, value in self.values}
        )

    def __str__(self) -> str:
        return self.text("en")


def _shown(value: object, key: str, lang: str) -> object:
    """Return what fills a place of a sentence in a language: stages and labels by name, several names one after
    another.
    """
    if isinstance(value, tuple):
        return ("、" if lang == "zh" else ", ").join(str(_shown(one, key, lang)) for one in value)
    if isinstance(value, Text):
        return getattr(value, lang)
    return words()["stages"][lang].get(value, value) if key == "stage" else value


def say(key: str, **values: object) -> Said:
    """Return a sentence about a table."""
    return Said(key, tuple(values.items()))


# ---- grades ----


def grade_of(text: object) -> str:
    """Return the grade that a cell of a column of grades names: PK, K or 1 to 12; nothing for another text."""
    folded = plain(_whole(text)).removesuffix(".0")
    if RANGE.search(unicodedata.normalize("NFKC", str(text)).lower()):
        return ""
    for name in (PK, K):
        if folded in listed("grades", name):
            return name
    if folded.isascii() and folded.isdecimal() and len(folded) <= len(str(HIGHEST)):
        number = int(folded)
        return K if number == 0 else str(number) if number <= HIGHEST else ""
    if folded in CHINESE:
        return str(CHINESE[folded])
    found = GRADE.fullmatch(folded)
    return _grade(found) if found else ""


def grade_in(text: str) -> str:
    """Return the grade that stands somewhere in a text; nothing where none does."""
    found = GRADE.search(plain(text))
    return _grade(found) if found else ""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _grade(found: re.Match[str]) -> str:
    """Return the grade of a match of `GRADE`."""
    after = found["after"]
    if found["word"]:
        return str(ORDINALS.index(found["word"]) + 1)
    if after in ("k", "pk"):
        return after.upper()
    if found["short"]:
        return str(FROM[found["short"][-1]] + _number(found["of"]))
    if found["year"]:
        number, stage = _number(found["year"]), found["stage"]
        inside = stage and not stage.endswith("小") and number <= (4 if stage == "初" else 3)
        return str(number + FROM[stage]) if inside else str(number)
    return str(_number(after or found["before"]))


def _number(text: str) -> int:
    return CHINESE[text] if text in CHINESE else int(text)


def order(grade: str) -> int:
    """Return the place of a grade among all: PK -1, K 0, 1 to 12."""
    return BEFORE_ONE[grade] if grade in BEFORE_ONE else int(grade)


def grades_of(text: str) -> list[str]:
    """Return the grades that a text lists, as `1-6`, `K, 1, 2` or `七年级至九年级`."""
    found: list[str] = []
    for part in _ends(text):
        ends = [grade_of(end) for end in part]
        if not all(ends):
            continue
        first, last = order(ends[0]), order(ends[-1])
        names = {-1: "PK", 0: "K"}
        found += [names.get(number, str(number)) for number in range(first, last + 1)]
    return list(dict.fromkeys(found))


def _ends(text: str) -> Iterator[list[str]]:
    """Yield the parts of a list of grades, each one name or the two ends of a range."""
    for part in text.replace("、", ",").replace("，", ",").replace(";", ",").replace(" ", ",").split(","):  # noqa: RUF001
        ends = part.replace("至", "-").replace("~", "-").replace("–", "-").replace("—", "-").split("-")  # noqa: RUF001
        if part.strip():
            yield [end for end in ends if end.strip()]


# ---- years ----


@dataclass(frozen=True)
class Year:
    """A school year as written: its September, and whether it is bare, which may mean the year in which it ends."""

    september: int
    bare: bool = False


def year_of(value: object, heading: str = "") -> Year | None:
    """Return the school year that a cell names; None for what is none.

    2012-13, 2012-2013, 20122013 and 113學年度 are the September of the first; 2012 alone is bare. `heading` tells a
    year without a century: 113 under 學年度, 12-13 under any.
    """
    text = unicodedata.normalize("NFKC", str(_whole(value))).strip().lower().translate(_traditional())
    text = re.sub(r"^(sy|ay|fy)\s*|(school|academic)\s*year\s*", "", text).strip(" .")
    text = re.sub(rf"^(?:fall|autumn)\s*(?:of\s*)?({CENTURIES})$", r"\1年秋", TERM.sub("", text).strip())
    pair = PAIR.fullmatch(text) or (heading and SHORT_PAIR.fullmatch(text)) or None
    if pair:
        first, second = int(pair[1]), int(pair[2])
        first += CENTURY if first < CENTURY // 20 else 0
        follows = second in (first + 1, (first + 1) % 100)
        return Year(first) if follows else None
    single = SINGLE.fullmatch(text)
    if single:
        return Year(int(single[1]), bare=not (single[2] or "").startswith("学年") and not SEPTEMBER.search(text[4:]))
    old = MINGUO.fullmatch(text)
    told = old and ((old[2] or "").startswith("学年") or "民国" in text or "学年" in plain(heading))
    return Year(int(old[1]) + REPUBLIC) if old and told else None


@cache
def _traditional() -> dict[int, int]:
    return str.maketrans(*words()["characters"])


def year_in(text: object) -> Year | None:
    """Return the school year that a title, or the name of a sheet or file, speaks of; None where there is none."""
    folded = unicodedata.normalize("NFKC", str(text)).lower().translate(_traditional())
    found = re.search(rf"{CENTURIES}\s*[-‐–—~至/]\s*(?:19|20)?[0-9]{{2}}(?![0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}{CENTURIES}(?![0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}(?![0-9])(?:\s*学年度?)?", folded)
    found = found or re.search(r"(?<![0-9])[0-9]{2,3}\s*学年度?", folded)
    return year_of(found[0]) if found else None


# ---- numbers ----


@dataclass(frozen=True)
class Count:
    """A number of a cell: `value`, None where it is not known; `most`, what it is at most where that is said;
    `blank` for an empty cell; `wrong` for what is no number.
    """

    value: float | None = None
    most: int | None = None
    blank: bool = False
    wrong: bool = False


def count_of(cell: object) -> Count:
    """Return what a cell says of a number: blank, hidden (*, <10) and not known (n/a) are no 0."""
    return _counted(cell) if isinstance(cell, str) else _of(cell)


def is_nothing(cell: object) -> bool:
    """Tell whether a cell holds no number: empty, or a word that says so (-, —, 无)."""
    return is_blank(cell) or (isinstance(cell, str) and clean(cell) in words()["nothing"])


@lru_cache(maxsize=REMEMBERED)
def _counted(cell: str) -> Count:
    return _of(cell)


def _of(cell: object) -> Count:
    if is_blank(cell):
        return Count(blank=True)
    number = written(cell)
    if number is not None:
        return Count(number)
    text = plain(cell)
    if clean(cell) in words()["nothing"]:
        return Count(blank=True)
    if text in _unknown():
        return Count()
    bound = BOUND.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)).lower()))
    if bound:
        said = int(next(part for part in bound.groups() if part))
        return Count(most=said - 1 if bound[1] and not EQUAL.search(bound[0]) else said)
    counted = COUNTED.fullmatch(text)
    return Count(written(counted[1])) if counted else Count(wrong=True)


@cache
def _unknown() -> frozenset[str]:
    return frozenset(plain(text) for text in words()["unknown"])


# ---- headings ----


@dataclass(frozen=True)
class Meaning:
    """What a heading means: a key, and of a number of pupils, classes or teachers the grade, year and sex."""

    key: str
    grade: str = ""
    year: int | None = None
    bare: bool = False
    sex: str = ""
    unit: str | None = None


def without_unit(text: str) -> tuple[str, str | None]:
    """Return a heading without the unit in its brackets, and that unit."""
    match = UNIT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (match["name"], match["unit"]) if match else (text, None)


def meaning(parts: Iterable[str], known: Mapping[str, str]) -> Meaning | None:
    """Return what a heading means whose levels are `parts`, from the top; None where it is not understood.

    `known` maps headings in their normal form to keys.
    """
    levels = [without_unit(part) for part in parts]
    unit = next((found for _, found in reversed(levels) if found), None)
    names = [name for name, _ in levels]
    joined = "".join(names)
    whole = ["".join(part) for part in (names, names[::-1])]
    for text in (*whole, *_combined(names)):
        if plain(text) in known:
            return Meaning(known[plain(text)], unit=unit)
    found = _measured(joined, known, unit)
    if found is None and len(names) > 1:
        last = names[-1]
        key = known.get(plain(last))
        return Meaning(key, unit=unit) if key else _measured(last, known, unit)
    return found


def _combined(names: list[str]) -> list[str]:
    """Return the names of levels without the upper ones that say nothing to the point, longest first."""
    return ["".join(names[i:]) for i in range(1, len(names) - 1)]


def _measured(text: str, known: Mapping[str, str], unit: str | None) -> Meaning | None:
    """Return what a heading means that names a grade, a year or a sex beside what is counted."""
    folded = plain(text)
    for name in (PK, K):
        if folded in listed("grades", name):
            return Meaning("pupils", name, unit=unit)
    number = CHINESE[folded] if folded in CHINESE else int(folded) if re.fullmatch("1?[0-9]", folded) else 0
    if LOWEST <= number <= HIGHEST:
        return Meaning("pupils", str(number), unit=LISTED if unit is None else unit)
    rest, year = _without_year(text)
    if RANGE.search(unicodedata.normalize("NFKC", rest).lower()):
        return None
    found = GRADE.search(plain(rest))
    grade = _grade(found) if found else ""
    rest = GRADE.sub("", plain(rest), count=1) if found else plain(rest)
    if not grade:
        grade, rest = _named_grade(rest)
    rest, sex = _without_sex(rest)
    for key in ("pupils", "classes", "births"):
        if rest in listed("measures", key) and (grade or year or (sex and rest)):
            when = year.september if year else None
            return Meaning(key, grade, when, bool(year and year.bare), sex, unit)
    if sex and not grade and year is None and rest in known:
        return Meaning(known[rest], sex=sex, unit=unit)
    return None


def _named_grade(rest: str) -> tuple[str, str]:
    """Return a grade that a name at the beginning gives, and what follows; only before words for what is counted."""
    for name in (PK, K):
        for start in sorted(listed("grades", name), key=len, reverse=True):
            after = rest.removeprefix(start)
            if len(start) > 1 and after != rest and after in listed("measures", "pupils"):
                return name, after
    return "", rest


def _without_year(text: str) -> tuple[str, Year | None]:
    """Return a heading without the year that it begins or ends with, and that year."""
    folded = unicodedata.normalize("NFKC", text).strip().translate(_traditional())
    pattern = (
        rf"{CENTURIES}\s*[-–—/至]\s*(?:19|20)?[0-9]{{2}}(?:\s*学年度?)?|{CENTURIES}{CENTURIES}(?:\s*学年度?)?"
        rf"|{CENTURIES}(?:\s*(?:学年度?|年度|年))?|[0-9]{{2,3}}\s*学年度?"
    )
    found = re.match(rf"(?:{pattern})(?![0-9])", folded) or re.search(rf"(?<![0-9])(?:{pattern})$", folded)
    year = year_of(found[0]) if found else None
    return (folded[: found.start()] + folded[found.end() :], year) if found and year else (text, None)


def _without_sex(text: str) -> tuple[str, str]:
    """Return a text without the word for a sex that it begins or ends with, and that sex."""
    for sex in ("girls", "boys"):  # "female" before "male"
        for word in sorted(listed(sex), key=len, reverse=True):
            if text.startswith(word):
                return text.removeprefix(word), sex
            if text.endswith(word):
                return text.removesuffix(word), sex
    return text, ""
