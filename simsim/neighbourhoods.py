"""Neighbourhoods: where children live, how many are expected, and which school is theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simsim.district_files import DistrictData


@dataclass
class Neighbourhoods:
    """All neighbourhoods as columns of one length (n); `catchment[stage, n]` holds school keys and may be redrawn.

    After a redrawing `share[stage, n]` of the addresses belong to it, and the others, and grades that a growing school does
    not teach yet, to the school that was asked before, `former[stage, n]`.

    `standing` is the mean SES of a neighbourhood, standardised over the district's children; `area` numbers the
    subdistrict or town it belongs to.
    """

    key: NDArray[np.int64]
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    radius_km: NDArray[np.float64]
    urban: NDArray[np.bool_]
    area: NDArray[np.int64]
    births_share: NDArray[np.float64]
    inflow_share: NDArray[np.float64]
    housing_share: NDArray[np.float64]
    standing: NDArray[np.float64]
    migrant_share: NDArray[np.float64]
    catchment: NDArray[np.int64]
    former: NDArray[np.int64]
    share: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.key)

    def rows(self, keys: ArrayLike) -> NDArray[np.int64]:
        """Return the rows of neighbourhood keys (scalar or n)."""
        return np.searchsorted(self.key, keys)

    @classmethod
    def of(cls, data: DistrictData) -> Neighbourhoods:
        """Take the neighbourhoods that the district itself manages; shares are made to add up to one among them."""
        frame = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)].sort_values("key")
        column = {name: frame[name].to_numpy() for name in frame.columns}
        shares = {name: column[name] / column[name].sum() for name in ("births_share", "inflow_share", "housing_share")}
        catchment = np.array([column["catchment_primary"], column["catchment_junior"]], dtype=np.int64)
        ses, weight = column["ses_mean"].astype(float), shares["births_share"]
        spread = np.sqrt(np.average((ses - np.average(ses, weights=weight)) ** 2, weights=weight))
        return cls(
            key=column["key"].astype(np.int64),
            area=pd.factorize(frame["parent"])[0].astype(np.int64),
            urban=column["urban"].astype(bool),
            standing=(ses - np.average(ses, weights=weight)) / (spread or 1.0),
            catchment=catchment,
            former=catchment.copy(),
            share=np.ones(catchment.shape),
            **{name: column[name].astype(float) for name in ("x_km", "y_km", "radius_km", "migrant_share")},
            **shares,
        )
