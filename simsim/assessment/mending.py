"""What to mend (整改清单): for every shortfall of a school or of the district the measure, its price, and by whom.

Prices are parameters with their range and source; measures and departments are data (`parameters/mending.yaml`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Literal

import pandas as pd

from simsim.assessment.findings import Findings
from simsim.inputs import parameters
from simsim.inputs.paths import resource
from simsim.inputs.standards import Evidence, Frozen, Text, Unit
from simsim.inputs.yamlfile import read_yaml

COLUMNS = (
    "school", "stage", "item", "amount", "unit", "cost", "cost_low", "cost_high", "every", "shared", "departments",
    "needed",
)  # fmt: skip
YUAN_OF_WAN = 10_000
CLASSES = Unit(zh="个班", en="classes", one="class")


class Mend(Frozen):
    """How a shortfall is mended: the measure, the parameters whose product prices a unit, how often, and by whom."""

    action: Text
    cost: tuple[str, ...] | None = None
    every: Literal["once", "year"] = "once"
    shared: bool = False
    departments: tuple[str, ...]

    def price(self) -> tuple[float, float, float]:
        """Return the price of a unit (yuan): likely, lowest, highest; NaN where none is known."""
        if self.cost is None:
            return math.nan, math.nan, math.nan
        known = [parameters.load()[name] for name in self.cost]
        lows = [p.value if p.low is None else p.low for p in known]
        highs = [p.value if p.high is None else p.high for p in known]
        return math.prod(p.value for p in known), math.prod(lows), math.prod(highs)


class Mending(Frozen):
    """Every way of mending, by indicator or government item, departments in English, and the year of the prices."""

    price_year: int
    evidence: Evidence
    items: dict[str, Mend]
    departments: dict[str, str]

    def of(self, departments: tuple[str, ...], lang: str) -> str:
        """Return departments in a language."""
        return "、".join(departments) if lang == "zh" else ", ".join(self.departments[name] for name in departments)


@cache
def mending() -> Mending:
    """Return parameters/mending.yaml, read once."""
    content = read_yaml(resource("parameters") / "mending.yaml")
    return Mending.model_validate({key: value for key, value in content.items() if key != "schema"})


def to_mend(found: Findings) -> pd.DataFrame:
    """Return one row a shortfall: schools below a minimum, then government items that a number decides and that are
    not met. Costs in yuan, of the year or once; `needed` tells that the school fails because of such shortfalls.

    Empty where a standard has no minimums and no items.
    """
    rows = [*_of_schools(found), *_of_items(found)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_schools(found: Findings) -> Iterator[dict[str, object]]:
    """Yield what schools lack to the minimums."""
    for row in found.lacking.to_dict("records") if found.standard.school else []:
        unit = found.standard.indicators[row["indicator"]].unit
        need = {"school": row["school"], "stage": row["stage"], "needed": not row["passes"]}
        yield need | _priced(row["indicator"], float(row["lacks"]), unit)


def _of_items(found: Findings) -> Iterator[dict[str, object]]:
    """Yield the government items that are not met, with what is missing to the line."""
    for row in found.government.to_dict("records"):
        if row["met"] is False:
            item = found.standard.government[row["item"]]
            at_school = item.given == "table"
            where = {"school": row["where"] if at_school else "", "stage": "" if at_school else row["where"]}
            gap, unit = abs(float(row["value"]) - row["line"]), item.unit
            if gap != gap:  # what is known is how many classes are above the line
                gap, unit = float(row["over"]), CLASSES
            yield where | {"needed": True} | _priced(row["item"], gap, unit)


def _priced(item: str, amount: float, unit: Text) -> dict[str, object]:
    """Return an amount with its price and departments."""
    mend = mending().items.get(item)
    if mend is None:
        return {"item": item, "amount": amount, "unit": unit, "cost": math.nan, "departments": ()}
    likely, low, high = (amount * price for price in mend.price())
    return {
        "item": item, "amount": amount, "unit": unit, "cost": likely, "cost_low": low, "cost_high": high,
        "every": mend.every, "shared": mend.shared, "departments": mend.departments,
    }  # fmt: skip


def total(table: pd.DataFrame) -> tuple[float, float, float]:
    """Return what the items cost that are bought once and that nobody mends twice: likely, lowest, highest (yuan)."""
    mine = table[(table["every"] == "once") & (table["shared"] == False) & table["cost"].notna()]  # noqa: E712
    return float(mine["cost"].sum()), float(mine["cost_low"].sum()), float(mine["cost_high"].sum())


def prices(table: pd.DataFrame) -> list[str]:
    """Return the parameters that price what a list holds, in order of their names."""
    known = mending().items
    return sorted({name for item in set(table["item"]) if item in known for name in known[item].cost or ()})


def label(found: Findings, item: str, lang: str) -> str:
    """Return what an item is called: an indicator's label, or a government item's."""
    named = found.standard.indicators.get(item) or found.standard.government.get(item)
    return str(getattr(named.label, lang)) if named else item


def action(item: str, lang: str) -> str:
    """Return what mends an item, nothing where that is not known."""
    mend = mending().items.get(item)
    return str(getattr(mend.action, lang)) if mend else ""


def money(value: float, lang: str) -> str:
    """Return an amount of money as the language has it: 万元 in Chinese, yuan in English; nothing for NaN."""
    if value != value:
        return ""
    return f"{value / YUAN_OF_WAN:,.1f}" if lang == "zh" else f"{math.ceil(value):,}"
