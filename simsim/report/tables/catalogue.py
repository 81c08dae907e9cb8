"""Every table of the reports by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe
from simsim.report.tables import cards, differences, equity, law, outlook, own_past, plan, plan_table, sources

TABLES: Mapping[str, Exhibit[Safe]] = MappingProxyType(
    {
        name: table
        for file in (cards, differences, plan_table, plan, equity, law, outlook, own_past, sources)
        for name, table in file.TABLES.items()
    }
)
