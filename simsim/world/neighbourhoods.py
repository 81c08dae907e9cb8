"""Neighbourhoods: where children live, how many are expected, and which school is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import NOWHERE, STAGES
from simsim.base.geometry import distance_km
from simsim.districts.files import DistrictData
from simsim.world.columns import Columned, ids_of
from simsim.world.parts import Parts


@dataclass(slots=True)
class Neighbourhoods(Columned):
    """All neighbourhoods as columns of one length (n); `catchment[stage, n]` holds school keys and may be redrawn.

    After a redrawing `share[stage, n]` of the addresses belong to it, and the others, and grades that a growing school
    does not teach yet, to the school that was asked before, `former[stage, n]`.

    `standing` is the mean SES of a neighbourhood, standardised over the district's children; `area` numbers the
    subdistrict or town it belongs to.
    """

    key: Ints
    x_km: Floats
    y_km: Floats
    radius_km: Floats
    urban: Mask
    area: Ints
    births_share: Floats
    inflow_share: Floats
    housing_share: Floats
    standing: Floats
    migrant_share: Floats
    catchment: Ints
    former: Ints
    share: Floats
    _row_of: Ints = field(init=False, repr=False)
    _key_at: Ints = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the row of every key up to the largest, and of one more that is nobody's."""
        self._row_of = np.searchsorted(self.key, np.arange(self.key.max(initial=0) + 2))
        self._key_at = np.append(self.key, NOWHERE)

    def __len__(self) -> int:
        return len(self.key)

    def rows(self, keys: ArrayLike) -> Ints:
        """Return the rows of neighbourhood keys (scalar or n); KeyError for a key that there is not."""
        wanted = ids_of(keys)
        rows: Ints = np.take(self._row_of, wanted, mode="clip")
        lost = self._key_at.take(rows) != wanted
        if lost.any():
            there = ", ".join(map(str, self.key.tolist()))
            raise KeyError(f"{int(wanted[lost].flat[0])} is not the key of a neighbourhood; there are {there}")
        return rows

    def hand_over(self, stage: int, old: int, keys: ArrayLike) -> None:
        """Give whatever a school (key) has of a stage's catchments to others: one key, or one a neighbourhood (n)."""
        heirs = np.broadcast_to(keys, len(self))
        for column in (self.catchment[stage], self.former[stage]):
            mine = column == old
            column[mine] = heirs[mine]

    def travel_limit(self, p: Mapping[str, float], stage: int) -> Floats:
        """Return the travel limit of each neighbourhood (n, km): that of the stage, in towns that of towns."""
        return np.where(self.urban, p[f"travel_limit_km.{STAGES[stage]}"], p["travel_limit_km.town"])

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


def schools_in_turn(places: Neighbourhoods, parts: Parts, p: Mapping[str, float], public: bool) -> NDArray[np.int16]:
    """Return the parts each neighbourhood asks in turn (stages, neighbourhoods, k): catchment, then others by distance.

    Where a catchment was redrawn, the former school comes second. Public schools count within the travel limit of the
    stage (the town limit in towns); private ones without a limit. -1 ends a list.
    """
    out = np.full((len(STAGES), len(places), len(parts) + 1), NOWHERE, np.int16)
    for stage in range(len(STAGES)):
        mine = np.flatnonzero((parts.stage == stage) & (parts.public == public))
        x, y = parts.x_km[mine], parts.y_km[mine]
        km = distance_km(places.x_km[:, None], places.y_km[:, None], x, y)
        limit = places.travel_limit(p, stage)
        own, former = (parts.place[stage, keys[stage]] for keys in (places.catchment, places.former))
        order = np.argsort(km, axis=1, kind="stable")
        ranked, asked = mine[order], np.take_along_axis(km, order, axis=1) <= limit[:, None]
        if public:
            redrawn = (former != own) & (former != NOWHERE)
            asked &= (ranked != own[:, None]) & ~(redrawn[:, None] & (ranked == former[:, None]))
            ranked = np.column_stack((own, former, own, ranked))
            asked = np.column_stack((np.ones(len(own), bool), redrawn, redrawn, asked))
        else:
            asked[:] = True
        row, column = np.nonzero(asked)
        place = np.cumsum(asked, axis=1)[row, column] - 1
        out[stage, row, place] = ranked[row, column]
    return out
