"""Where a synthetic district's schools and neighbourhoods lie, whose children go where, and how large that makes the schools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsim.amounts import shared_out
from simsim.codes import JUNIOR, PRIMARY, stages_of
from simsim.streams import Streams

GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
BALANCING_ROUNDS = 400
BALANCING_STEP_KM = 0.15


@dataclass
class Layout:
    """Schools and neighbourhoods with places, catchments, children (share of all) and pupils by stage."""

    schools: pd.DataFrame
    neighbourhoods: pd.DataFrame


def lay_out(spec: Mapping[str, Any], streams: Streams) -> Layout:
    """Place the schools of `spec` in its areas, cut the areas into neighbourhoods and give every child a school."""
    areas = pd.DataFrame(spec["areas"]["list"])
    areas["included"] = (areas["managed_by"] == spec["managed_by"]).astype(int)
    schools = _school_list(spec, areas, streams)
    parts = _neighbourhoods(areas, schools, spec, streams)
    _place_schools(schools, areas, parts, streams)
    _send_to_primary(parts, schools)
    _send_to_junior(parts, schools, spec, streams)
    for stage, name in enumerate(("primary", "junior")):
        schools[f"pupils_{name}"] = _sizes(schools, parts, spec, stage)
    return Layout(schools, parts)


def teaches(schools: pd.DataFrame, stage: int) -> NDArray[np.bool_]:
    """Return which schools have this stage (n)."""
    return np.array([stage in stages_of(kind) for kind in schools["kind"]])


def _school_list(spec: Mapping[str, Any], areas: pd.DataFrame, streams: Streams) -> pd.DataFrame:
    """Return one row a school, named ones first within their kind, each with the area it stands in."""
    rows: list[dict[str, Any]] = []
    for ownership, kinds in spec["schools"]["counts"].items():
        for kind, count in kinds.items():
            named = [s for s in spec["schools"].get("named", []) if s["kind"] == kind and s.get("ownership", "public") == ownership]
            rows += [{**s, "ownership": ownership, "status": "named"} for s in named]
            rows += [{"kind": kind, "ownership": ownership, "status": "synthetic"}] * (count - len(named))
    schools = pd.DataFrame(rows)
    for column in ("area", "zh", "en", "primary", "junior"):
        schools[column] = schools[column] if column in schools else None
    schools.insert(0, "key", np.arange(1, len(schools) + 1))
    schools["public"] = schools["ownership"] == "public"
    schools["draw"] = streams.normal("synthesis/size", 0, schools["key"].to_numpy(np.int64))
    _find_areas(schools, areas, spec)
    return schools


def _find_areas(schools: pd.DataFrame, areas: pd.DataFrame, spec: Mapping[str, Any]) -> None:
    """Give every school without an area one: always where most children are left for the schools there."""
    inside = areas[areas["included"] == 1].set_index("en")
    share = inside["children"] / inside["children"].sum()
    for group in ("public primary", "public junior", "private"):
        stage = JUNIOR if group == "public junior" else PRIMARY
        mine = schools["public"] == (group != "private")
        if group != "private":
            mine &= teaches(schools, stage) & (np.ones(len(schools), bool) if stage == PRIMARY else ~teaches(schools, PRIMARY))
        free = (share * public_pupils(spec, stage)).astype(float)
        given = schools[schools["area"].notna() & teaches(schools, stage) & schools["public"]]
        sizes = pd.to_numeric(given["junior" if stage == JUNIOR else "primary"]).fillna(free.sum() / max(len(given), 1))
        free = (free - sizes.groupby(given["area"]).sum().reindex(free.index).fillna(0)).clip(lower=0) * inside["density"]
        placed = free * 0
        for row in schools.index[mine & schools["area"].isna()]:
            area = (free / (placed + 1)).idxmax()
            schools.loc[row, "area"] = area
            placed[area] += 1


def public_pupils(spec: Mapping[str, Any], stage: int) -> int:
    """Return the pupils of a stage in public schools."""
    name = ("primary", "junior")[stage]
    pupils = spec["aggregates"]["pupils"][name]["value"]
    return int(round(pupils * (1 - spec["aggregates"]["private_share"][name]["value"])))


def _neighbourhoods(areas: pd.DataFrame, schools: pd.DataFrame, spec: Mapping[str, Any], streams: Streams) -> pd.DataFrame:
    """Cut every area into neighbourhoods, at least one for each public primary stage in it, in a sunflower pattern."""
    wanted = public_pupils(spec, PRIMARY) * areas["children"] / areas.loc[areas["included"] == 1, "children"].sum()
    rows: list[dict[str, Any]] = []
    for index, area in enumerate(areas.to_dict("records")):
        mine = schools[(schools["area"] == area["en"]) & schools["public"] & teaches(schools, PRIMARY)]
        sizes = _wanted_sizes(mine, float(wanted.iloc[index]), spec)
        owners = _owners(mine["key"].to_numpy(), sizes, int(area["parts"]))
        children = np.array([sizes[owner] / owners.count(owner) for owner in owners]) / wanted[areas["included"] == 1].sum()
        for place, owner, share in zip(_sunflower(area, len(owners), index), owners, children, strict=True):
            rows.append({**area, "x_km": place[0], "y_km": place[1], "radius_km": area["radius"] / len(owners) ** 0.5, "owner": owner,
                         "children": share, "of": len(owners), "number": sum(r["en"] == area["en"] for r in rows) + 1})  # fmt: skip
    parts = pd.DataFrame(rows)
    parts.insert(0, "key", np.arange(1, len(parts) + 1))
    return parts


def _wanted_sizes(mine: pd.DataFrame, children: float, spec: Mapping[str, Any]) -> dict[int, float]:
    """Return the primary pupils of each school of an area; named sizes hold unless they need more children than there are."""
    if mine.empty:
        return {0: children}
    known = pd.to_numeric(mine["primary"]).to_numpy(dtype=float)
    weight = np.where(np.isnan(known), np.exp(spec["rules"]["size_spread"]["value"] * mine["draw"]), 0.0)
    rest = children - np.nansum(known)
    sizes = np.where(np.isnan(known), rest * weight / max(weight.sum(), 1e-9), known)
    if rest <= 0 or not weight.any():
        typical = np.where(np.isnan(known), weight * children / len(mine), known)
        sizes = typical * children / typical.sum()
    return dict(zip(mine["key"].tolist(), sizes.tolist(), strict=True))


def _owners(keys: NDArray[np.int64], sizes: Mapping[int, float], parts: int) -> list[int]:
    """Return which school each neighbourhood of an area belongs to (0: none here), larger schools having more."""
    if not len(keys):
        return [0] * parts
    owned = dict.fromkeys(keys.tolist(), 1)
    while sum(owned.values()) < parts:
        owned[max(owned, key=lambda key: sizes[key] / (owned[key] + 1))] += 1
    return [key for key, number in owned.items() for _ in range(number)]


def _sunflower(area: Mapping[str, Any], n: int, turn: int) -> NDArray[np.float64]:
    """Return n places spread evenly over an area's disc, ordered by angle so that neighbours follow each other."""
    index = np.arange(n)
    distance, angle = area["radius"] * np.sqrt((index + 0.5) / n) * 0.85, index * GOLDEN_ANGLE + turn
    order = np.argsort(np.mod(angle, 2 * np.pi)) if n > 1 else index
    return np.stack([area["x"] + distance * np.cos(angle), area["y"] + distance * np.sin(angle)], axis=1)[order].round(2)


def _place_schools(schools: pd.DataFrame, areas: pd.DataFrame, parts: pd.DataFrame, streams: Streams) -> None:
    """Put a school amid its own neighbourhoods, others near the centre of their area, never two in one place."""
    keys = schools["key"].to_numpy(np.int64)
    shift = np.stack([streams.uniform(f"synthesis/{axis}", 0, keys) - 0.5 for axis in "xy"], axis=1)
    area = areas.set_index("en").loc[schools["area"]]
    own = parts.groupby("owner")[["x_km", "y_km"]].mean()
    for column, axis, draws in (("x_km", "x", shift[:, 0]), ("y_km", "y", shift[:, 1])):
        middle = own[column].reindex(keys).to_numpy()
        reach = np.where(np.isnan(middle), 1.0, 0.25) * area["radius"].to_numpy()
        schools[column] = (np.where(np.isnan(middle), area[axis].to_numpy(), middle) + draws * reach).round(2)
    schools["urban"] = area["urban"].to_numpy()
    schools["neighbourhood"] = [int(parts["key"].iloc[np.argmin(np.hypot(parts["x_km"] - s.x_km, parts["y_km"] - s.y_km))])
                                for s in schools.itertuples()]  # fmt: skip


def _distances(parts: pd.DataFrame, schools: pd.DataFrame) -> NDArray[np.float64]:
    """Return km from every neighbourhood to every school, shape (neighbourhoods, schools)."""
    return np.hypot(*(parts[c].to_numpy()[:, None] - schools[c].to_numpy() for c in ("x_km", "y_km")))


def _send_to_primary(parts: pd.DataFrame, schools: pd.DataFrame) -> None:
    """Give each neighbourhood its primary school: its own, or the nearest public one where the area has none."""
    eligible = schools[schools["public"] & teaches(schools, PRIMARY)]
    nearest = eligible["key"].to_numpy()[_distances(parts, eligible).argmin(axis=1)]
    parts["catchment_primary"] = np.where(parts["owner"] > 0, parts["owner"], nearest)


def _send_to_junior(parts: pd.DataFrame, schools: pd.DataFrame, spec: Mapping[str, Any], streams: Streams) -> None:
    """Give each neighbourhood its junior school: its nine-year school's, else near ones, so filled that all near their size."""
    eligible = schools[schools["public"] & teaches(schools, JUNIOR)]
    keys, children = eligible["key"].to_numpy(), (parts["children"] * parts["included"]).to_numpy()
    own = parts["catchment_primary"].isin(keys).to_numpy()
    bound = np.array([children[(parts["catchment_primary"] == key) & own].sum() for key in keys])
    target = _junior_targets(eligible, bound, spec)
    distance, price = _distances(parts, eligible), np.zeros(len(keys))
    best: tuple[float, NDArray[np.int64]] = (np.inf, np.zeros(len(parts), np.int64))
    for _ in range(BALANCING_ROUNDS):
        choice = np.where(own, parts["catchment_primary"], keys[(distance + price).argmin(axis=1)])
        load = np.array([children[choice == key].sum() for key in keys])
        off = float(np.abs(np.log((load + 1e-3) / target)).max() + 0.02 * (distance[np.arange(len(parts)), np.searchsorted(keys, choice)] @ children))
        best = min(best, (off, choice), key=lambda pair: pair[0])
        price += BALANCING_STEP_KM * (load / target - 1).clip(-1, 1)
    parts["catchment_junior"] = best[1]


def _junior_targets(eligible: pd.DataFrame, bound: NDArray[np.float64], spec: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return the share of children that each public junior stage should have: as named, else alike with some spread."""
    known = pd.to_numeric(eligible["junior"]).to_numpy(dtype=float) / public_pupils(spec, JUNIOR)
    weight = np.exp(spec["rules"]["size_spread"]["value"] * eligible["draw"].to_numpy())
    rest = max(1 - np.nansum(known), 0.0) * weight / weight[np.isnan(known)].sum() if np.isnan(known).any() else known
    return np.maximum(np.where(np.isnan(known), rest, known), np.maximum(bound, 1e-3))


def _sizes(schools: pd.DataFrame, parts: pd.DataFrame, spec: Mapping[str, Any], stage: int) -> NDArray[np.int64]:
    """Return the pupils of a stage in every school: public ones by their catchments, private ones alike."""
    name = ("primary", "junior")[stage]
    inside = parts[parts["included"] == 1]
    load = inside.groupby(f"catchment_{name}")["children"].sum().reindex(schools["key"]).fillna(0).to_numpy()
    private = (teaches(schools, stage) & ~schools["public"]).to_numpy(dtype=float)
    public = public_pupils(spec, stage) if private.any() else spec["aggregates"]["pupils"][name]["value"]
    sizes = shared_out(int(public), load)
    rest = int(spec["aggregates"]["pupils"][name]["value"]) - int(public)
    return sizes + (shared_out(rest, private) if private.any() else 0)
