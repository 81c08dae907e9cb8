"""What a Chinese edition may not say: English outside a short list, and half-width marks beside Chinese characters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from simsim.inputs import parameters
from simsim.report.words import chinese_marks
from tests.conftest import EVIL

OWN_LANGUAGE = re.compile(r"<(style|script|code|cite|desc|title)\b.*?</\1>", re.DOTALL)
"""What is no prose: code by its name, sources that say that they are English."""
SAID_IN_LATIN = {"simsim", "CSV", "xlsx", "McLoone", "new_schools", "law", "large-classes", "G-U-S"}
LATIN = re.compile(r"[A-Za-z][A-Za-z_-]{2,}")


def texts(page: str) -> list[str]:
    """Return what a reader sees of a page, piece by piece."""
    return [html.unescape(piece) for piece in re.findall(r">([^<>]+)<", OWN_LANGUAGE.sub(" ", f">{page}<"))]


def english(said: Iterable[str]) -> set[str]:
    """Return the English words of texts that are no parameter's name and may not stand there."""
    names = re.compile("|".join(map(re.escape, [EVIL, *sorted(parameters.load(), key=len, reverse=True)])))
    return {word for text in said for word in LATIN.findall(names.sub("", text))} - SAID_IN_LATIN


def half_width(said: Iterable[str]) -> list[str]:
    """Return the texts with a half-width mark beside a Chinese character."""
    return [text for text in said if chinese_marks(text) != text]
