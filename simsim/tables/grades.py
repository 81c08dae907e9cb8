"""Grades as offices call them: K, PK and 1 to 12."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from simsim.tables.cells import plain
from simsim.tables.words import listed

PK, K = "PK", "K"
LOWEST, HIGHEST = 1, 12
BEFORE_ONE = {PK: -1, K: 0}
CHINESE = {text: number for number, text in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
FROM = {"小": 0, "初": 6, "国": 6, "高": 9}
"""How many years of schooling lie before the first of a Chinese stage: 初一 is grade 7."""
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip
CARDINALS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
ROMAN = {
    "xii": 12, "xi": 11, "x": 10, "ix": 9, "viii": 8, "vii": 7, "vi": 6, "iv": 4, "v": 5, "iii": 3, "ii": 2, "i": 1,
}  # fmt: skip
SURE = 4
"""Names of grades as short as this may be part of another word."""
SHORT = re.compile(
    r"p\.?(?P<primary>[1-7])|y\.?(?P<year>1[0-2]|[1-9])|c(?P<class>1[0-2]|[1-9])[bg]?"
    r"|(?P<level>中|초|중|고|jss|jhs|sss|shs)\.?(?P<of>[一二三四五六1-6])"
)
"""P1 (Scotland, Hong Kong), c1 (India), Y1 (England), 中一 (Hong Kong), 中1 (Japan), 중1 (Korea), JSS 1: grades
where several stand side by side.
"""
LEVELS = {"中": 6, "초": 0, "중": 6, "고": 9, "jss": 6, "jhs": 6, "sss": 9, "shs": 9}
NUMBER = r"(?:十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
GRADE = re.compile(
    rf"(?:(?P<stage>国民小|国小|小|初|高|国)(?:学|中|级中学)?)?(?<![0-9])(?P<year>{NUMBER})(?:年级|年(?!度|[0-9]))"
    rf"|第?(?<![0-9])(?P<school>[1-9一二三四五六七八九])学年(?!度)"
    rf"|(?P<short>国小|小|初|高|国)(?P<of>[一二三四五六]|[1-6](?![0-9]))"
    rf"|(?P<korean>초등학교|중학교|고등학교|초등|[초중고])?(?<![0-9])(?P<hangul>[1-6])학년"
    rf"|(?P<word>{'|'.join(ORDINALS)})(?:grade|class)"
    rf"|(?:class|grade|year|std|standard|primary)(?P<cardinal>{'|'.join(CARDINALS)})(?![a-z])"
    rf"|(?<![0-9])(?P<spanish>[1-6])[oa]?(?:de)?primaria"
    rf"|(?:class|grade|std|standard)\.?(?P<roman>{'|'.join(ROMAN)})(?![a-z])"
    rf"|(?:grade|pupilsg|gr|g|(?:nc)?year(?:group)?|(?:nc)?yr|primaria|primary|std|standard|class|klasse|年级)\.?(?P<after>1[0-2]|0?[1-9]|pk|k)(?![0-9])"
    rf"|(?:grade|(?:nc)?year(?:group)?|(?:nc)?yr)\.?(?P<reception>r)(?![a-z0-9])"
    rf"|(?P<before>1[0-2]|[1-9])(?:st|nd|rd|th)(?:grade|class)?"
)
RANGE = re.compile(r"[0-9kK一二三四五六七八九]\s*(?:st|nd|rd|th)?\s*[-‐–—~至]\s*(?:grade\s*)?[0-9一二三四五六七八九]")
"""Several grades together, as in `Grades 1-5`, which are no grade."""


def grade_of(text: object) -> str:
    """Return the grade that a cell of a column of grades names: PK, K or 1 to 12; nothing for another text."""
    folded = plain(whole_number(text)).removesuffix(".0")
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
    if folded in listed("grade_cells", K):
        return K
    if folded in ORDINALS:
        return str(ORDINALS.index(folded) + 1)
    found = GRADE.fullmatch(folded)
    return grade_at(found) if found else short_grade(folded)


def short_grade(folded: str) -> str:
    """Return the grade that P1, 中一 or c1_b name, a text in its normal form; nothing for another."""
    found = SHORT.fullmatch(folded)
    if found is None:
        return ""
    return str(LEVELS[found["level"]] + _number(found["of"])) if found["level"] else _first_of(found)


def _first_of(found: re.Match[str]) -> str:
    return next(number for name in ("primary", "year", "class") if (number := found[name]))


def grade_in(text: str) -> str:
    """Return the grade that stands somewhere in a text; nothing where none does."""
    folded = plain(text)
    found = GRADE.search(folded)
    if found:
        return grade_at(found)
    names = [(name, word) for name in (K, PK) for word in listed("grades", name) if len(word) > SURE]
    return next((name for name, word in names if word in folded), "")


def whole_number(value: object) -> object:
    """Return 2012 for 2012.0, and anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def grade_at(found: re.Match[str]) -> str:
    """Return the grade of a match of `GRADE`."""
    after = found["after"]
    if found["reception"]:
        return K
    if found["word"]:
        return str(ORDINALS.index(found["word"]) + 1)
    if found["cardinal"]:
        return str(CARDINALS.index(found["cardinal"]) + 1)
    if found["hangul"]:
        return str(LEVELS[(found["korean"] or "초")[0]] + int(found["hangul"]))
    if after in ("k", "pk"):
        return after.upper()
    if found["roman"]:
        return str(ROMAN[found["roman"]])
    if found["school"]:
        return str(_number(found["school"]))
    if found["short"]:
        return str(FROM[found["short"][-1]] + _number(found["of"]))
    if found["year"]:
        number, stage = _number(found["year"]), found["stage"]
        inside = stage and not stage.endswith("小") and number <= (4 if stage == "初" else 3)
        return str(number + FROM[stage]) if inside else str(number)
    return str(_number(after or found["spanish"] or found["before"]))


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
