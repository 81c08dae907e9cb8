"""What a standard finds in a real table of schools: data only, that words and a workbook are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from simsim.inputs.standards import Standard, Text


@dataclass(frozen=True, eq=False)
class Findings:
    """What a standard says about a table of schools; tables under stable names.

    `parts`: one row a school and stage after splitting (pupils, totals, `value_*` per unit, `n_met`, `passes`).
    `indicators`: mean, cv, line, met. `stages`: composite, line, cv_met, schools, schools_passing, met. `lacking`: what
    is missing to the minimum (2017) or, for orientation only, to the district's mean (2012). `government`: every item
    with value and line, `met` empty where nothing was given. `schools`: the checked table, whose rows `parts` names in
    its column `row`. `simulated` says of which run the table is, where it is no real one.
    """

    standard: Standard
    file: str
    parts: pd.DataFrame
    indicators: pd.DataFrame
    stages: pd.DataFrame
    lacking: pd.DataFrame
    government: pd.DataFrame
    exempt: pd.DataFrame
    unused: tuple[str, ...]
    absent: tuple[tuple[str, Text], ...] = ()
    said: tuple[object, ...] = ()
    schools: pd.DataFrame = field(default_factory=pd.DataFrame)
    simulated: Text | None = None

    @property
    def resource_met(self) -> bool:
        """Tell whether the resource-balance part is met in every stage that the table holds."""
        return bool(len(self.stages)) and bool(self.stages["met"].all())
