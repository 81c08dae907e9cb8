"""What stands in a cell, in its normal form: blanks, full-width and traditional characters make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

BLANKS = ("", "nan", "none", "<na>", "null", "nat")
CONTROL = "C"
REMEMBERED = 20_000
"""Texts whose normal form is kept: names and headings come again and again."""


def is_blank(value: object) -> bool:
    """Tell whether a cell is empty: nothing, blanks, NaN."""
    if isinstance(value, str):
        return value.strip().lower() in BLANKS
    return value is None or str(value).lower() in BLANKS


def clean(value: object) -> str:
    """Return a text without control characters (they break workbooks and terminals) and without blanks around it."""
    text = str(value)
    if text.isprintable():
        return text.strip()
    return "".join(c for c in text if unicodedata.category(c)[0] != CONTROL).strip()


def plain(text: object) -> str:
    """Return a heading in its normal form: full-width characters, blanks, underscores and capitals make no difference,
    nor does traditional or simplified writing of the characters that headings use.
    """
    return _plain(str(text))


@lru_cache(maxsize=REMEMBERED)
def _plain(text: str) -> str:
    return simplified(re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", text)).lower())


def simplified(text: str) -> str:
    """Return a text with the simplified characters of the traditional ones that headings use."""
    return text.translate(_simplified())


@cache
def _simplified() -> dict[int, int]:
    """Return the simplified character of each traditional one, as parameters/templates/book.yaml lists them."""
    traditional, simplified = read_yaml(resource("parameters") / "templates" / "book.yaml")["characters"]
    return str.maketrans(traditional, simplified)
