"""What a table of patterns amounts to: how many passed, and how many of those passes are evidence."""

from __future__ import annotations

import pandas as pd

from simsim.studies.pattern_verdicts import FAIL, NOT_COMPUTABLE, NOT_DECIDED, NOT_JUDGED, PASS, together
from simsim.studies.patterns import (
    ECHO,
    EVIDENCE,
    FITTED,
    HOLDS_WITHOUT,
    ILL_POSED,
    NO_SOURCE,
    NOT_TRIED,
    STANDINGS,
    UNSURE_WITHOUT,
)

ROWS = (EVIDENCE, UNSURE_WITHOUT, NOT_TRIED, HOLDS_WITHOUT, NO_SOURCE, ECHO, FITTED, ILL_POSED, NOT_COMPUTABLE)
COLUMNS = (PASS, NOT_DECIDED, FAIL, NOT_JUDGED, NOT_COMPUTABLE)


def wholes(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for every pattern: failed with one part, passed with all, and what a pass of it is worth."""
    rows = []
    for number, parts in table.groupby("number"):
        worths = parts["worth"][parts["verdict"] != NOT_JUDGED].tolist()
        worth = min(worths, key=STANDINGS.index) if set(worths) <= set(STANDINGS) and worths else parts["worth"].iloc[0]
        row = {"number": number, "pattern": parts["pattern"].iloc[0], "verdict": together(parts["verdict"].tolist())}
        rows.append(row | {"worth": worth})
    return pd.DataFrame(rows).set_index("number")


def by_worth(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many patterns have each verdict, by what a pass is worth."""
    counted = wholes(table).groupby(["worth", "verdict"]).size().unstack(fill_value=0)
    rows = [worth for worth in ROWS if worth in counted.index]
    return counted.loc[rows, [verdict for verdict in COLUMNS if verdict in counted]]


def headline(table: pd.DataFrame) -> str:
    """Return in one sentence how many patterns are independent decided passes, of how many, and what the others are."""
    whole = wholes(table)
    passed = whole[whole["verdict"] == PASS]
    groups = {worth: passed.index[passed["worth"] == worth].tolist() for worth in ROWS}
    others = [
        f"{len(found)} {worth} ({_listed(found)})" for worth, found in groups.items() if found and worth != EVIDENCE
    ]
    counts = {verdict: int((whole["verdict"] == verdict).sum()) for verdict in COLUMNS[1:]}
    rest = [f"{n} {verdict}" for verdict, n in counts.items() if n]
    return (
        f"Independent decided passes: {len(groups[EVIDENCE])} of {len(whole)} patterns. "
        f"Passes that are no evidence: {', '.join(others) or 'none'}. The others: {', '.join(rest) or 'none'}."
    )


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
