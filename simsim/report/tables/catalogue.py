"""Every table of the reports by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe
from simsim.report.tables import (
    accounts,
    cards,
    decision,
    differences,
    equity,
    gains,
    law,
    measures,
    outlook,
    own_past,
    place,
    plan,
    plan_table,
    reality,
    sources,
    teachers,
)

TABLES: Mapping[str, Exhibit[Safe]] = MappingProxyType(
    {
        name: table
        for file in (
            cards,
            decision,
            differences,
            gains,
            plan_table,
            measures,
            plan,
            accounts,
            reality,
            equity,
            law,
            outlook,
            own_past,
            teachers,
            place,
            sources,
        )
        for name, table in file.TABLES.items()
    }
)
