"""What is a number, wherever people write one: in the cells of tables, in YAML, on the command line and in Python.

A text is a number in cells and on the command line only, and then in plain digits, 0 to 9, or their full-width forms
(as Chinese input methods write them): a footnote mark, a fraction, a Roman or an Arabic-Indic digit is none. True,
false, yes and no are never numbers, and numbers never true or false. A NumPy scalar is what it holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import overload

import numpy as np

from simsim.inputs.documents import Document, Draft

NOT_DEFINED = {"en": "not defined", "zh": "无定义"}
FULL_WIDTH = "０１２３４５６７８９，．－＋"  # noqa: RUF001
HALF_WIDTH = "0123456789,.-+"
FOLDED = str.maketrans(FULL_WIDTH, HALF_WIDTH)
WRITTEN = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?([eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
PLAIN = re.compile(r"[+-]?(0|[1-9][0-9]*)?(?<=[0-9])(\.[0-9]*)?([eE][+-]?[0-9]+)?|[+-]?\.[0-9]+([eE][+-]?[0-9]+)?")
ODD = re.compile(r"[+-]?(0[0-9_.]*[0-9_]|0[xXoObB][0-9a-fA-F_]+|[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9_]+)?)")


@overload
def plain(value: Document) -> Draft: ...
@overload
def plain(value: object) -> object: ...
def plain(value: object) -> object:
    """Return NumPy scalars and arrays as the Python values they hold, inside mappings, lists and tuples too; a year of
    NumPy is its number.
    """
    if isinstance(value, np.datetime64) and np.datetime_data(value.dtype)[0] == "Y" and not np.isnat(value):
        return int(str(value))
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if type(value) is list:
        return list(map(plain, value))
    return tuple(map(plain, value)) if type(value) is tuple else value


def real(value: object) -> float | None:
    """Return a finite number as a float; None for anything else, for text, true and false."""
    if type(value) is not float:
        value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def whole(value: object) -> int | None:
    """Return a whole number of Python or NumPy as an int; None for anything else, 2015.0 and true among it."""
    value = plain(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: object) -> bool | None:
    """Return true or false; None for anything else, for numbers and words."""
    value = plain(value)
    return value if isinstance(value, bool) else None


def written(value: object) -> float | None:
    """Return the number that a cell or an argument holds, as a number or as text; None when it is none.

    `1,234`, `1e3` and full-width digits are numbers; `12 m2`, `1180①`, `66¹`, `½` and TRUE are not.
    """
    if not isinstance(value, str):
        return real(value)
    text = value.strip().translate(FOLDED)
    return real(float(text.replace(",", ""))) if WRITTEN.fullmatch(text) else None


def written_whole(text: str) -> int | None:
    """Return the whole number that an argument of the command line holds; None when it is none."""
    folded = text.strip().translate(FOLDED)
    return int(folded) if WHOLE.fullmatch(folded) else None


def defined(value: float | None) -> bool:
    """Whether there is a number at all: none, NaN and infinite ones are said in `NOT_DEFINED`'s words."""
    return value is not None and math.isfinite(value)


def half_up(value: float, decimals: int = 0) -> float:
    """Return a finite number rounded as people do it: 0.5 to 1, -0.5 to -1, and 1.005 to 1.01; nothing has no minus."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)) + 0.0


def plainly(text: str) -> bool:
    """Whether a YAML number is written in plain decimal digits: 37, -0.5 and 1e-3, but not 045, 0x2d, 4_5 or 1:30."""
    return bool(PLAIN.fullmatch(text))


def oddly(text: str) -> bool:
    """Whether a YAML word without quotes looks like a number of another notation: 08, 0o7, 1_0e3."""
    return bool(ODD.fullmatch(text)) and not plainly(text)
