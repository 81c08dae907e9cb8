"""What text may hold: no character that a page, a workbook or a Word document cannot."""

from __future__ import annotations

import re

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and ends of lines, halves of characters, and what XML leaves out."""
REMEDY = "holds the control character {code}, which no page or document can show; remove it"


def not_text(text: str) -> str:
    """Return what is wrong with a text, nothing where it is one."""
    found = NOT_TEXT.search(text)
    return REMEDY.format(code=f"U+{ord(found[0]):04X}") if found else ""
