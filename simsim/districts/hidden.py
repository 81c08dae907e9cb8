"""Children who could be known by a number: counts of the poor, disabled or migrant of a real school that are small.

They are written as `<5` wherever an import writes them, and count as one and the same number in every sum, which is
rounded besides: what is taken from a total gives nothing (`rules` of parameters/templates/book.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from simsim.inputs.numbers import written
from simsim.tables.cells import plain
from simsim.tables.words import listed, rule, words

PERCENT = 100.0
NOT_SAID = "*"
"""What stands for a number from which a hidden one could be worked out."""
FINDS = re.compile(
    r"(?<![0-9])(1[3-9][0-9]{9}|[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]|0[0-9]{1,3}[- ][0-9]{7,8}|09[0-9]{2}-?[0-9]{6}"
    r"|\(?[2-9][0-9]{2}\)?[-. ][0-9]{3}[-. ][0-9]{4})(?![0-9])|[^\s@]+@[^\s@]+\.[a-z]{2,}"
)
"""Mobile and landline numbers (mainland, Taiwan, North America), identity cards of 18 digits, e-mail addresses."""


def of_persons(heading: str) -> bool:
    """Tell whether a column is about persons: a name, a number by which somebody can be found."""
    text = plain(heading)
    return any(part in text for part in listed("persons")) and not any(part in text for part in listed("not_persons"))


def tells_of_persons(cells: Iterable[str]) -> bool:
    """Tell whether the cells of a column hold what somebody can be found by: a telephone, identity or e-mail number."""
    return any(FINDS.search(cell) for cell in cells)


def is_sensitive(heading: str) -> bool:
    """Tell whether a column counts children who are poor, disabled or migrants."""
    if is_complement(heading) or any(part in plain(heading) for part in listed("sensitive")):
        return True
    return bool(set(re.split(r"[\s_\-/()]+", heading.lower())) & set(words()["sensitive_words"]))


def is_complement(heading: str) -> bool:
    """Tell whether a column counts all the other children, so that pupils less its number are the sensitive ones."""
    return any(part in plain(heading) for part in listed("complements"))


def is_percent(heading: str) -> bool:
    """Tell whether a column holds percentages or shares."""
    parts = set(re.split(r"[\s_\-/()（）]+", heading.lower()))  # noqa: RUF001
    signs = words()["percent"]
    return any(
        sign in parts or (not sign.isascii() and sign in heading) or (sign == "%" and sign in heading) for sign in signs
    )


def shielded(heading: str, cells: Sequence[str], pupils: Sequence[float | None]) -> Iterable[str]:
    """Return the cells (n) of a sensitive column, `<5` for what tells of fewer; of a percentage where it, or the rest,
    stands for fewer of the school's pupils (n).
    """
    few, mark = rule("few"), f"<{rule('few'):g}"
    numbers = [number for cell in cells if (number := written(cell.rstrip("%"))) is not None]
    percent = is_percent(heading) or (any(n % 1 for n in numbers) and max(numbers) <= PERCENT)
    whole = max(numbers, default=0) > 1
    for cell, all_pupils in zip(cells, pupils, strict=True):
        number = written(cell.rstrip("%"))
        if number is None:
            yield cell if not cell or not any(map(str.isdigit, cell)) else mark
        elif is_complement(heading):
            yield NOT_SAID if all_pupils is None or 0 <= all_pupils - number < few else cell
        elif percent:
            share = number / PERCENT if whole or "%" in cell else number
            yield mark if all_pupils is None or share * all_pupils < few else cell
        else:
            yield mark if number < few else cell


def without_differences(columns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return sensitive columns (n cells each) so that no difference within a row gives a hidden count: where one is
    hidden, the other counts of the row are rounded.
    """
    step, mark = rule("rounding"), f"<{rule('few'):g}"
    rows = list(zip(*columns.values(), strict=True))
    hidden = [mark in row for row in rows]
    found = {}
    for heading, cells in columns.items():
        whole = [
            f"{max(round(number / step), 1) * step:g}"
            if some and not is_percent(heading) and (number := written(cell)) is not None
            else cell
            for cell, some in zip(cells, hidden, strict=True)
        ]
        found[heading] = whole
    return found


def counted(number: float) -> float:
    """Return a count as sums take it: the small ones all alike."""
    return number if number >= rule("few") else rule("instead")


def total(numbers: Iterable[float]) -> int:
    """Return a sum of counts that gives none of the small ones away: they count alike, and it is rounded."""
    step = rule("rounding")
    return int(round(sum(map(counted, numbers)) / step) * step)
