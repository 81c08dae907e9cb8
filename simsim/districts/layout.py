"""Where a synthetic district's schools and neighbourhoods lie, whose children go
where, and how large that makes the schools.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, stages_of
from simsim.base.streams import Streams
from simsim.districts.amounts import shared_out
from simsim.districts.catchments import evened
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Document, Record

GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
BEYOND_KM = 100.0

KNOWN_NUMBERS = (
    "primary", "junior", "seat_use", "building_year", "rooms_primary", "rooms_junior",
    "teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books",
)  # fmt: skip
KNOWN = ("kind", "ownership", "area", "zh", "en", "facts", "source", *KNOWN_NUMBERS)
"""What a named school of district.yaml may say about itself; NaN where it does not."""


@dataclass
class Layout:
    """Schools and neighbourhoods with places, catchments, children (share of all) and pupils by stage."""

    schools: pd.DataFrame
    neighbourhoods: pd.DataFrame


def lay_out(spec: Document, streams: Streams) -> Layout:
    """Place the schools of `spec` in its areas, cut the areas into neighbourhoods and give every child a school."""
    areas = pd.DataFrame(spec["areas"]["list"])
    areas["included"] = (areas["managed_by"] == spec["managed_by"]).astype(int)
    schools = _school_list(spec, areas, streams)
    neighbourhoods = _neighbourhoods(areas, schools, spec, streams)
    _place_schools(schools, areas, neighbourhoods, streams)
    _send_to_primary(neighbourhoods, schools)
    _send_to_junior(neighbourhoods, schools, spec)
    for stage, name in enumerate(STAGES):
        schools[f"pupils_{name}"] = _sizes(schools, neighbourhoods, spec, stage)
    return Layout(schools, neighbourhoods)


def teaches(schools: pd.DataFrame, stage: int) -> Mask:
    """Return which schools have this stage (n)."""
    return np.array([stage in stages_of(kind) for kind in schools["kind"]])


def _school_list(spec: Document, areas: pd.DataFrame, streams: Streams) -> pd.DataFrame:
    """Return one row a school, named ones first within their kind, each with the area it stands in."""
    rows: list[Record] = []
    for ownership, kinds in spec["schools"]["counts"].items():
        for kind, count in kinds.items():
            named = [
                s
                for s in spec["schools"].get("named", [])
                if s["kind"] == kind and s.get("ownership", "public") == ownership
            ]
            rows += [{**s, "ownership": ownership, "status": "named"} for s in named]
            rows += [{"kind": kind, "ownership": ownership, "status": "synthetic"}] * (count - len(named))
    schools = pd.DataFrame(rows)
    schools = schools.reindex(columns=[*schools.columns, *(name for name in KNOWN if name not in schools)])
    schools = schools.astype(dict.fromkeys(KNOWN, object) | dict.fromkeys(KNOWN_NUMBERS, float))
    schools.insert(0, "key", np.arange(1, len(schools) + 1))
    schools["public"] = schools["ownership"] == "public"
    schools["draw"] = streams.normal("synthesis/size", 0, schools["key"].to_numpy(np.int64))
    _find_areas(schools, areas, spec)
    return schools


def _find_areas(schools: pd.DataFrame, areas: pd.DataFrame, spec: Document) -> None:
    """Give every school without an area one: public primary stages first, then juniors, then private schools."""
    inside = areas[areas["included"] == 1].set_index("en")
    public, primary = schools["public"].to_numpy(), teaches(schools, PRIMARY)
    for mine, stage in ((public & primary, PRIMARY), (public & ~primary, JUNIOR), (~public, PRIMARY)):
        free = _unserved(
            schools[public & teaches(schools, stage)] if public[mine].any() else schools[:0], inside, spec, stage
        )
        placed = free * 0
        for row in schools.index[mine & schools["area"].isna().to_numpy()].tolist():
            area = str((free / (placed + 1)).idxmax())
            schools.loc[row, "area"] = area
            placed[area] += 1


def _unserved(public: pd.DataFrame, inside: pd.DataFrame, spec: Document, stage: int) -> pd.Series[float]:
    """Return the children of each area whom no placed school of a stage serves
    yet, times the area's density of schools.
    """
    free = inside["children"] / inside["children"].sum() * public_pupils(spec, stage)
    given = public[public["area"].notna()]
    sizes = given[STAGES[stage]].fillna(free.sum() / max(len(public), 1))
    served = sizes.groupby(given["area"]).sum().reindex(free.index).fillna(0)
    result: pd.Series[float] = (free - served).clip(lower=0) * inside["density"]
    return result


def public_pupils(spec: Document, stage: int) -> int:
    """Return the pupils of a stage in public schools."""
    name = STAGES[stage]
    pupils = spec["aggregates"]["pupils"][name]["value"]
    return int(round(pupils * (1 - spec["aggregates"]["private_share"][name]["value"])))


def _neighbourhoods(areas: pd.DataFrame, schools: pd.DataFrame, spec: Document, streams: Streams) -> pd.DataFrame:
    """Cut every area into neighbourhoods, at least one for each public primary stage in it, in a sunflower pattern."""
    wanted = public_pupils(spec, PRIMARY) * areas["children"] / areas.loc[areas["included"] == 1, "children"].sum()
    rows: list[Record] = []
    for index, area in enumerate(records(areas)):
        mine = schools[(schools["area"] == area["en"]) & schools["public"] & teaches(schools, PRIMARY)]
        sizes = _wanted_sizes(mine, float(wanted.iloc[index]), spec)
        owners = _owners(mine["key"].to_numpy(), sizes, int(area["parts"]))
        children = (
            np.array([sizes[owner] / owners.count(owner) for owner in owners]) / wanted[areas["included"] == 1].sum()
        )
        for place, owner, share in zip(_sunflower(area, len(owners), index), owners, children, strict=True):
            number = sum(row["en"] == area["en"] for row in rows) + 1
            where = {"x_km": place[0], "y_km": place[1], "radius_km": area["radius"] / len(owners) ** 0.5}
            rows.append({**area, **where, "owner": owner, "children": share, "of": len(owners), "number": number})
    neighbourhoods = pd.DataFrame(rows)
    neighbourhoods.insert(0, "key", np.arange(1, len(neighbourhoods) + 1))
    return neighbourhoods


def _wanted_sizes(mine: pd.DataFrame, children: float, spec: Document) -> dict[int, float]:
    """Return the primary pupils of each school of an area; named sizes hold
    unless they need more children than there are.
    """
    if mine.empty:
        return {0: children}
    known = mine["primary"].to_numpy()
    weight = np.where(np.isnan(known), np.exp(spec["rules"]["size_spread"]["value"] * mine["draw"]), 0.0)
    rest = children - np.nansum(known)
    sizes = np.where(np.isnan(known), rest * weight / max(weight.sum(), 1e-9), known)
    if rest <= 0 or not weight.any():
        typical = np.where(np.isnan(known), weight * children / len(mine), known)
        sizes = typical * children / typical.sum()
    return dict(zip(mine["key"].tolist(), sizes.tolist(), strict=True))


def _owners(keys: Ints, sizes: Mapping[int, float], number: int) -> list[int]:
    """Return which school each neighbourhood of an area belongs to (0: none here), larger schools having more."""
    if not len(keys):
        return [0] * number
    owned = dict.fromkeys(keys.tolist(), 1)
    while sum(owned.values()) < number:
        owned[max(owned, key=lambda key: sizes[key] / (owned[key] + 1))] += 1
    return [key for key, n in owned.items() for _ in range(n)]


def _sunflower(area: Document, n: int, turn: int) -> Floats:
    """Return n places spread evenly over an area's disc, ordered by angle so that neighbours follow each other."""
    index = np.arange(n)
    distance, angle = area["radius"] * np.sqrt((index + 0.5) / n) * 0.85, index * GOLDEN_ANGLE + turn
    order = np.argsort(np.mod(angle, 2 * np.pi)) if n > 1 else index
    return np.stack([area["x"] + distance * np.cos(angle), area["y"] + distance * np.sin(angle)], axis=1)[order].round(
        2
    )


def _place_schools(schools: pd.DataFrame, areas: pd.DataFrame, neighbourhoods: pd.DataFrame, streams: Streams) -> None:
    """Put a school amid its own neighbourhoods, others near the centre of their area, never two in one place."""
    keys = schools["key"].to_numpy(np.int64)
    shift = np.stack([streams.uniform(f"synthesis/{axis}", 0, keys) - 0.5 for axis in "xy"], axis=1)
    area = areas.set_index("en").loc[schools["area"]]
    own = neighbourhoods.groupby("owner")[["x_km", "y_km"]].mean()
    for column, axis, draws in (("x_km", "x", shift[:, 0]), ("y_km", "y", shift[:, 1])):
        middle = own[column].reindex(keys).to_numpy()
        reach = np.where(np.isnan(middle), 1.0, 0.25) * area["radius"].to_numpy()
        schools[column] = (np.where(np.isnan(middle), area[axis].to_numpy(), middle) + draws * reach).round(2)
    schools["urban"] = area["urban"].to_numpy()
    nearest = _distances(neighbourhoods, schools).argmin(axis=0)
    schools["neighbourhood"] = neighbourhoods["key"].to_numpy()[nearest].astype(int)


def _distances(neighbourhoods: pd.DataFrame, schools: pd.DataFrame) -> Floats:
    """Return km from every neighbourhood to every school, shape (neighbourhoods, schools)."""
    km: Floats = np.hypot(*(neighbourhoods[c].to_numpy()[:, None] - schools[c].to_numpy() for c in ("x_km", "y_km")))
    return km


def _send_to_primary(neighbourhoods: pd.DataFrame, schools: pd.DataFrame) -> None:
    """Give each neighbourhood its primary school: its own, or the nearest public one where the area has none."""
    eligible = schools[schools["public"] & teaches(schools, PRIMARY)]
    nearest = eligible["key"].to_numpy()[_distances(neighbourhoods, eligible).argmin(axis=1)]
    neighbourhoods["catchment_primary"] = np.where(neighbourhoods["owner"] > 0, neighbourhoods["owner"], nearest)


def _send_to_junior(neighbourhoods: pd.DataFrame, schools: pd.DataFrame, spec: Document) -> None:
    """Give each neighbourhood its junior school: its nine-year school's, else a
    near one, so that all come near their size.
    """
    eligible = schools[schools["public"] & teaches(schools, JUNIOR)]
    keys, children = eligible["key"].to_numpy(), (neighbourhoods["children"] * neighbourhoods["included"]).to_numpy()
    own = neighbourhoods["catchment_primary"].isin(keys).to_numpy()
    bound = np.array([children[own & (neighbourhoods["catchment_primary"] == key)].sum() for key in keys])
    distance = _distances(neighbourhoods, eligible)
    distance = distance + BEYOND_KM * (distance > _limits(neighbourhoods, spec)[:, None])
    nearest = np.where(own, np.searchsorted(keys, neighbourhoods["catchment_primary"]), distance.argmin(axis=1))
    movable = np.flatnonzero(~own & (children > 0))
    neighbourhoods["catchment_junior"] = keys[
        evened(nearest, movable, children, distance, _junior_targets(eligible, bound, spec))
    ]


def _limits(neighbourhoods: pd.DataFrame, spec: Document) -> Floats:
    """Return how far a junior school may be from each neighbourhood, in straight km."""
    limit = spec["travel"]["limit_km"]["value"]
    road = np.where(neighbourhoods["urban"] == 1, limit["junior"], limit["town"])
    straight: Floats = road / spec["travel"]["detour"]["value"]
    return straight


def _junior_targets(eligible: pd.DataFrame, bound: Floats, spec: Document) -> Floats:
    """Return the share of children that each public junior stage should have: as named, else alike with some spread."""
    known = eligible["junior"].to_numpy() / public_pupils(spec, JUNIOR)
    weight = np.exp(spec["rules"]["size_spread"]["value"] * eligible["draw"].to_numpy())
    rest = max(1 - np.nansum(known), 0.0) * weight / weight[np.isnan(known)].sum() if np.isnan(known).any() else known
    return np.maximum(np.where(np.isnan(known), rest, known), np.maximum(bound, 1e-3))


def _sizes(schools: pd.DataFrame, neighbourhoods: pd.DataFrame, spec: Document, stage: int) -> Ints:
    """Return the pupils of a stage in every school: public ones by their catchments, private ones alike."""
    name = STAGES[stage]
    inside = neighbourhoods[neighbourhoods["included"] == 1]
    load = inside.groupby(f"catchment_{name}")["children"].sum().reindex(schools["key"]).fillna(0).to_numpy()
    private = teaches(schools, stage) & ~schools["public"].to_numpy()
    public = public_pupils(spec, stage) if private.any() else spec["aggregates"]["pupils"][name]["value"]
    sizes = shared_out(int(public), load)
    rest = int(spec["aggregates"]["pupils"][name]["value"]) - int(public)
    return sizes + (shared_out(rest, private) if private.any() else 0)
