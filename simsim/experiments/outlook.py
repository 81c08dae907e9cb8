"""The seat warning (学位预警): where and when the district runs out of seats or empties, by when to decide, and surplus
teachers.

Children are counted where they live, by area (subdistrict or town), stage and year, over the replications of results
that may run long after the last births known. The seats of a school belong to the areas of its catchment, in proportion
to their children; those of a school without a catchment of its own in the district's files (new, private) to the area
where it stands. Births are known to the end of their series and assumed after it: `basis` tells which years stand on
children already born.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray, Floats
from simsim.base.calendar import MONTHS, month, months_before, written
from simsim.base.codes import STAGES
from simsim.districts.births import BORN_BEFORE_JANUARY, SWITCH, entrants, of_variant
from simsim.districts.files import DistrictData, load_district
from simsim.districts.own import last_known
from simsim.districts.provenance import counted_births
from simsim.experiments.places import district_name, district_of, resolved_of
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import sureness
from simsim.inputs.numbers import real

AFTER = "inflow_after"
KEYS = ["stage", "area", "year"]
ALL = "all"
SHORT, EMPTY = "short", "empty"
RED, YELLOW, GREEN = "red", "yellow", "green"
LATE, THIS_YEAR, LATER = "late", "this year", "later"
TODAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
KNOWN, PARTLY, ASSUMED = "known births", "partly assumed births", "assumed births"

SHOWN = "children seats use gap gap_low gap_high p_short p_tight p_empty entrants basis n".split()


def outlook(results: Results, scenario: str, data: DistrictData | None = None) -> pd.DataFrame:
    """Return, by stage, area (`all`: the district) and year, children against seats.

    Columns: stage, area, year, children, seats, use (means; use is children per seat), gap (children without a seat
    of the area, mean), gap_low and gap_high (5-95 %), p_short, p_tight and p_empty (share of replications above
    `seats_short_above` and `seats_tight_above`, below `seats_empty_below`), entrants (expected from births alone,
    lowest stage only), basis and n. InputError for a scenario that is not in the results, or a district that cannot be
    read.
    """
    results.scenario(scenario)
    data = data if data is not None else district_at(results, scenario)
    births = of_variant(data.births, data.spec, bool(assumed(results, scenario)[SWITCH]))
    data = replace(data, births=births)
    table = by_run(results, scenario, data)
    p = parameters.load()
    use = table["children"] / table["seats"].where(table["seats"] > 0)
    gap = table["children"] - table["seats"]
    marks = {
        "use": use,
        "gap": gap,
        "short": use.fillna(np.inf) > p["seats_short_above"].value,
        "tight": use.fillna(np.inf) > p["seats_tight_above"].value,
        "empty": use < p["seats_empty_below"].value,
    }
    groups = table.assign(**marks).groupby(KEYS, sort=True, observed=True)
    low, high = sureness().interval
    frame = groups[["children", "seats", "use", "gap"]].mean()
    frame["gap_low"], frame["gap_high"] = groups["gap"].quantile(low), groups["gap"].quantile(high)
    for name in ("short", "tight", "empty"):
        frame[f"p_{name}"] = groups[name].mean()
    frame["n"] = groups.size()
    frame = frame.reset_index()
    frame["entrants"] = _entrants(frame, data)
    frame["basis"] = [basis(data, stage, year) for stage, year in zip(frame["stage"], frame["year"], strict=True)]
    return _ordered(frame)[[*KEYS, *SHOWN]]


def assumed(results: Results, scenario: str) -> dict[str, float]:
    """Return what a scenario assumes of years to come: the share of in-migration that goes on after the last published
    year (`inflow_after`), and whether births have the nation's shape (`structure.births_national`).
    """
    given = resolved_of(results, scenario).get("parameters") or {}
    known = parameters.load()
    found = {}
    for name in (AFTER, SWITCH):
        values = given.get(name)
        last = values[-1] if isinstance(values, list) and values else {"value": values}
        value = last.get("value") if isinstance(last, dict) else None
        found[name] = known[name].value if value is None else float(value)
    return found


def warnings(table: pd.DataFrame, likely: float | None = None, today: str | None = None) -> pd.DataFrame:
    """Return a row for every spell of years in which a stage of an area is likely to run out of seats, or to empty.

    `likely` is the share of replications from which a year counts (by default the words' `likely`), `today` a month
    ("2026-11"): Septembers up to it are left out; without it, it is the first September of the table and nothing is.
    Columns: stage, area, kind (short or empty), first, last, worst (year), gap (children above seats, or seats above
    children, in the worst year), probability (in the worst year), build_by and staff_by (months by which a new building
    and its staff must be decided to be in use in September of the first year; empty for emptying), late (1 when the
    first of them is past today), decide (late, this year: within twelve months; later; empty for emptying), basis (of
    the worst year). InputError when `likely` is no share, or `today` no month.
    """
    likely = _share(likely)
    begins = months_before(int(table["year"].min()), 0) if len(table) else ""
    now = begins if today is None else today
    table = table if today is None else _ahead(table, today)
    rows = [row for kind in (SHORT, EMPTY) for row in _spells(table, kind, likely, now)]
    columns = "stage area kind first last worst gap probability build_by staff_by late decide basis".split()
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["kind", "first", "stage", "area"], kind="stable", ignore_index=True
    )


def signals(table: pd.DataFrame, likely: float | None = None, today: str | None = None) -> pd.DataFrame:
    """Return the colour of every stage, area and coming year, as seat notices (学位预警) use them: stage, area, year,
    signal.

    Red where seats are likely short (`seats_short_above`), yellow where they are likely more than `seats_tight_above`
    full, green elsewhere. `likely` and `today` as for `warnings`, and so InputError.
    """
    likely = _share(likely)
    table = table if today is None else _ahead(table, today)
    colour = np.select([table["p_short"] >= likely, table["p_tight"] >= likely], [RED, YELLOW], GREEN)
    return table[KEYS].assign(signal=colour).reset_index(drop=True)


def month_given(today: object, where: str = "outlook") -> str:
    """Return today's month as it was given; InputError when it is none."""
    if not isinstance(today, str) or not TODAY.fullmatch(today):
        raise InputError(Problem(where, "today", today, "must be a year and a month, as 2026-11"))
    return today


def last_september(data: DistrictData, last: int) -> str | None:
    """Return the last September of which something is known of a district; None where nothing was simulated past it."""
    known = last_known(data.spec)
    return months_before(known, 0) if known < last else None


def month_today(today: object, last: int) -> str:
    """Return today's month as it was given; InputError when it is none, or nothing was simulated past it."""
    given = month_given(today)
    if given >= months_before(last, 0):
        remedy = f"must lie before September {last}, the last that was simulated; run further: `simsim run --to YEAR`"
        raise InputError(Problem("outlook", "today", today, remedy))
    return given


def _ahead(table: pd.DataFrame, today: str) -> pd.DataFrame:
    """Return the years whose September is to come; InputError when there is none."""
    month_today(today, int(table["year"].max()))
    return table[table["year"].map(lambda year: months_before(int(year), 0) > today)]


def _share(likely: float | None) -> float:
    share = sureness().likely if likely is None else real(likely)
    if share is None or not 0.0 <= share <= 1.0:
        remedy = "must be a share of replications from 0.0 to 1.0"
        raise InputError(Problem("outlook", "likely", likely, remedy))
    return share


def outlook_surplus(results: Results, scenario: str) -> pd.DataFrame:
    """Return, by stage and year, teachers against those that the pupils of the year would have at the ratio of the peak
    year.

    Columns: stage, year, pupils, teachers, needed, surplus (means), low and high (5-95 %), peak (the year with most
    pupils in most replications), n. Before the peak the surplus is against the peak's ratio as well, so it tells how
    far staff still has to grow.
    """
    frame = results.frame("district_year")
    keep = (
        (frame["scenario"] == results.scenario(scenario))
        & frame["indicator"].isin(["pupils", "teachers"])
        & (frame["group"] == ALL)
        & frame["stage"].isin(STAGES)
    )
    wide = (
        frame[keep]
        .pivot_table(index=["stage", "replication", "year"], columns="indicator", values="value", observed=True)
        .reset_index()
    )
    at_peak = wide.loc[wide.groupby(["stage", "replication"], observed=True)["pupils"].idxmax()].set_index(
        ["stage", "replication"]
    )
    keys = pd.MultiIndex.from_frame(wide[["stage", "replication"]])
    ratio = (at_peak["pupils"] / at_peak["teachers"]).reindex(keys).to_numpy()
    wide["needed"] = wide["pupils"] / ratio
    wide["surplus"] = wide["teachers"] - wide["needed"]
    groups = wide.groupby(["stage", "year"], sort=True, observed=True)
    low, high = sureness().interval
    table = groups[["pupils", "teachers", "needed", "surplus"]].mean()
    table["low"], table["high"], table["n"] = (
        groups["surplus"].quantile(low),
        groups["surplus"].quantile(high),
        groups.size(),
    )
    peaks = at_peak["year"].groupby("stage").agg(lambda years: int(years.mode().iloc[0]))
    table = table.reset_index()
    table["peak"] = table["stage"].map(peaks).astype(int)
    return _ordered(table)


# ---- who lives and who is taught where ----


def district_at(results: Results, scenario: str) -> DistrictData:
    """Return the district of a scenario, the default one where the results name none; InputError when its files are not
    at hand.
    """
    found = district_of(results, scenario)
    return found if found is not None else load_district(district_name(results, scenario) or default_district())


def areas(data: DistrictData) -> pd.Series:
    """Return the area (subdistrict or town) of every neighbourhood that the district manages, by key."""
    places = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)]
    return places.set_index("key")["parent"]


def area_at(data: DistrictData, x: Floats, y: Floats) -> AnyArray:
    """Return the area of the neighbourhood nearest to each place (n, km)."""
    places = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)]
    away = np.hypot(x[:, None] - places["x_km"].to_numpy(float), y[:, None] - places["y_km"].to_numpy(float))
    found: AnyArray = places["parent"].to_numpy()[away.argmin(axis=1)]
    return found


def by_run(results: Results, scenario: str, data: DistrictData) -> pd.DataFrame:
    """Return children and seats by stage, area, year and replication, and the district's sums under `all`."""
    keys = [*KEYS, "replication"]
    children, seats = _children(results, scenario, data), _seats(results, scenario, data)
    table = pd.concat([children, seats], axis=1).fillna(0.0).reset_index()
    table = table.set_axis([*keys, "children", "seats"], axis=1)
    whole = table.groupby(["stage", "year", "replication"], observed=True)[["children", "seats"]].sum().reset_index()
    return pd.concat([table, whole.assign(area=ALL)], ignore_index=True)


def _children(results: Results, scenario: str, data: DistrictData) -> pd.Series:
    """Return children at school or waiting for a seat by where they live."""
    frame = results.frame("neighbourhood_year")
    frame = frame[(frame["scenario"] == scenario) & frame["indicator"].isin(["pupils", "waiting"])]
    area = frame["neighbourhood"].map(areas(data))
    keys = [frame["stage"].astype(str), area.rename("area"), frame["year"], frame["replication"]]
    return frame["value"].groupby(keys).sum()


def _seats(results: Results, scenario: str, data: DistrictData) -> pd.Series:
    """Return seats at the class target by the areas whose children they are for."""
    frame = results.frame("school_year")
    frame = frame[(frame["scenario"] == scenario) & (frame["indicator"] == "seats")].astype({"stage": str})
    seats = frame[["stage", "school", "year", "replication", "value"]].merge(
        _shares(results, scenario, data), "left", ["stage", "school", "year"]
    )
    own = seats["share"].isna()
    seats.loc[own, "area"] = where(results, scenario, data, seats[own])
    seats["value"] *= seats["share"].fillna(1.0)
    return seats.groupby(["stage", "area", "year", "replication"])["value"].sum()


def _shares(results: Results, scenario: str, data: DistrictData) -> pd.DataFrame:
    """Return stage, school, year, area and the share of the children of a school's catchment who live there."""
    frame = results.frame("neighbourhood_year")
    frame = frame[(frame["scenario"] == scenario) & (frame["indicator"] == "pupils")].astype({"stage": str})
    children = frame.groupby(["stage", "neighbourhood", "year"])["value"].sum().reset_index()
    places = data.neighbourhoods.set_index("key")
    school = pd.concat({stage: places[f"catchment_{stage}"] for stage in STAGES})
    children["school"] = school.reindex(pd.MultiIndex.from_frame(children[["stage", "neighbourhood"]])).to_numpy()
    children["area"] = children["neighbourhood"].map(areas(data))
    table = children.groupby(["stage", "school", "year", "area"])["value"].sum()
    share = table / table.groupby(["stage", "school", "year"]).transform("sum")
    return share.rename("share").reset_index()


def where(results: Results, scenario: str, data: DistrictData, rows: pd.DataFrame) -> AnyArray:
    """Return the area where the school of each row of a table (school, year) stands in the year."""
    places = results.frame("schools")
    places = places[places["scenario"] == scenario].drop_duplicates(["school", "year"])
    area = pd.Series(
        area_at(data, places["x_km"].to_numpy(float), places["y_km"].to_numpy(float)),
        pd.MultiIndex.from_frame(places[["school", "year"]]),
    )
    return area.reindex(pd.MultiIndex.from_frame(rows[["school", "year"]])).to_numpy()


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with primary before junior, and the rest as it stands."""
    return frame.astype({"stage": str}).sort_values(
        "stage", key=lambda column: column.map(STAGES.index), kind="stable", ignore_index=True
    )


# ---- what births alone tell ----


def basis(data: DistrictData, stage: str, year: int) -> str:
    """Return whether the children of a stage in a year are born already, all or in part, at the end of the births'
    series; where nobody counted births, all are assumed.
    """
    if not counted_births(data.provenance):
        return ASSUMED
    grades, last = data.system.grades(STAGES.index(stage)), int(data.births["year"].max())
    youngest, oldest = (year - data.system.age_in(grade) for grade in (grades[0], grades[-1]))
    return KNOWN if youngest <= last else PARTLY if oldest <= last else ASSUMED


def expected_entrants(data: DistrictData, years: range, variant: str = "flat") -> pd.DataFrame:
    """Return the entrants that births alone let expect by area and year, before anybody moves in or out."""
    p = parameters.load()
    places = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)]
    share = places.groupby("parent")["births_share"].sum() / places["births_share"].sum()
    system = data.system
    autumn = system.autumn_share(BORN_BEFORE_JANUARY)
    rows = [
        (
            area,
            year,
            entrants(data.births, year, variant, autumn=autumn, age=system.entry_age)
            * p["births_to_entry_urban"].value
            * part,
        )
        for year in years
        for area, part in share.items()
    ]
    return pd.DataFrame(rows, columns=["area", "year", "entrants"])


def _entrants(frame: pd.DataFrame, data: DistrictData) -> Floats:
    """Return expected entrants for the rows of an outlook; NaN for other stages."""
    years = range(int(frame["year"].min()), int(frame["year"].max()) + 1)
    table = expected_entrants(data, years)
    whole = table.groupby("year")["entrants"].sum().reset_index().assign(area=ALL)
    values = pd.concat([table, whole]).set_index(["area", "year"])["entrants"]
    found = values.reindex(pd.MultiIndex.from_frame(frame[["area", "year"]])).to_numpy(float)
    return np.where(frame["stage"] == data.system.words[0], found, np.nan)


# ---- warnings ----


def _spells(table: pd.DataFrame, kind: str, likely: float, now: str) -> Iterator[dict[str, object]]:
    """Yield the runs of consecutive years in which a kind of warning holds."""
    for (stage, area), mine in table.groupby(["stage", "area"], sort=True, observed=True):
        mine = mine.sort_values("year")
        hit = (mine[f"p_{kind}"] >= likely).to_numpy()
        for spell in np.split(np.arange(len(mine)), np.flatnonzero(np.diff(hit.astype(int))) + 1):
            if len(spell) and hit[spell[0]]:
                yield _warning(mine.iloc[spell], kind, now) | {"stage": stage, "area": area}


def _warning(spell: pd.DataFrame, kind: str, now: str) -> dict[str, object]:
    """Return the warning of one spell of years."""
    sign = 1.0 if kind == SHORT else -1.0
    worst = spell.iloc[int((sign * spell["gap"]).argmax())]
    first = int(spell["year"].iloc[0])
    by = {"build_by": "", "staff_by": ""}
    if kind == SHORT:
        p = parameters.load()
        by["build_by"] = months_before(first, p["approval_months"].value + p["building_months"].value)
        by["staff_by"] = months_before(first, p["hiring_months"].value)
    late, in_a_year = int(kind == SHORT and by["build_by"] < now), written(month(now) + MONTHS)
    decide = "" if kind == EMPTY else LATE if late else THIS_YEAR if by["build_by"] < in_a_year else LATER
    numbers = {"first": first, "last": int(spell["year"].iloc[-1]), "worst": int(worst["year"])}
    return {
        "kind": kind,
        **numbers,
        "gap": sign * float(worst["gap"]),
        "probability": float(worst[f"p_{kind}"]),
        **by,
        "late": late,
        "decide": decide,
        "basis": worst["basis"],
    }
