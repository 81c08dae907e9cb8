"""Large classes by year against what the law allows and what the nation had, and what the law forced to be built.

The nation's shares are published for compulsory education as a whole: parameters/national/large_classes.csv.
"""

from __future__ import annotations

import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts.class_law import ClassLaw, class_law
from simsim.districts.files import DistrictData
from simsim.experiments.places import district_of, resolved_of
from simsim.experiments.results import Results
from simsim.inputs.paths import resource
from simsim.scenarios.scenario import LAWS

ALL = "all"
SIZES = (56, 66)
SHARES = ("share_", "worst_", "law_", "nation_")
COUNTED = ("classes", *(f"large_classes_{size}" for size in SIZES))
OUTSIDE = {
    "en": "{names}: outside the national law on large classes (law: none)",
    "zh": "{names}：不适用国家关于大班额的规定（law: none）",
}


def large_classes(results: Results) -> pd.DataFrame:
    """Return the share of classes of 56 and of 66 pupils and more, by scenario, stage (`all`: both) and year.

    Columns: scenario, stage, year, then for each size `share_` (median of the worlds), `worst_` (the largest), `law_`
    (what the law allows, NaN where it asks for nothing) and `nation_` (published, NaN where it is not), all in shares,
    and n (worlds).
    """
    wide = _counts(results)
    for size in SIZES:
        wide[f"share_{size}"] = wide[f"large_classes_{size}"] / wide["classes"].where(wide["classes"] > 0)
    groups = wide.groupby(["scenario", "stage", "year"], sort=False)
    found = pd.DataFrame({f"share_{size}": groups[f"share_{size}"].median() for size in SIZES})
    found = found.assign(**{f"worst_{size}": groups[f"share_{size}"].max() for size in SIZES}, n=groups.size())
    found = found.reset_index()
    nation = national()
    for size in SIZES:
        rows = zip(found["scenario"], found["year"], strict=True)
        found[f"law_{size}"] = [_allowed(results, scenario, int(year), size) for scenario, year in rows]
        found[f"nation_{size}"] = found["year"].map(nation[size])
    order = {name: place for place, name in enumerate([*results.scenarios, *STAGES, ALL])}
    found = found.sort_values(["scenario", "stage", "year"], key=lambda column: column.map(lambda v: order.get(v, v)))
    shown = [f"{kind}{size}" for size in SIZES for kind in SHARES]
    return found[["scenario", "stage", "year", *shown, "n"]].reset_index(drop=True)


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of a table of large classes as text in per cent, empty where there is none."""
    found = table.copy()
    for name in map(str, table.columns):
        if name.startswith(SHARES):
            found[name] = [f"{value:.1%}" if value == value else "" for value in table[name]]
    return found


def _counts(results: Results) -> pd.DataFrame:
    """Return classes and large ones by scenario, replication, stage (and `all`) and year."""
    frame = results.frame("district_year")
    mine = frame[frame["indicator"].isin(COUNTED) & (frame["group"] == ALL) & frame["stage"].isin(STAGES)]
    keys = ["scenario", "replication", "stage", "year"]
    mine = mine.astype({"scenario": str, "stage": str, "indicator": str})
    wide = mine.pivot_table(index=keys, columns="indicator", values="value").reindex(columns=list(COUNTED)).fillna(0.0)
    whole = wide.groupby(["scenario", "replication", "year"]).sum().assign(stage=ALL).reset_index()
    return pd.concat([wide.reset_index(), whole], ignore_index=True)


def _allowed(results: Results, scenario: str, year: int, size: int) -> float:
    """Return the share of classes of a size and more that the law allows in a year; NaN where it asks for nothing."""
    data = district_of(results, scenario)
    steps = () if data is None or _without(results, scenario) else law_of(results, data).steps
    return min((step.at_most for step in steps if step.since <= year and step.size <= size), default=float("nan"))


def law_of(results: Results, data: DistrictData) -> ClassLaw:
    """Return the law on large classes of a district, as far as results knew it: as of their date, or all of it."""
    return class_law(data.spec, (results.manifest.get("worlds") or {}).get("as_of"))


def national() -> dict[int, dict[int, float]]:
    """Return the nation's share of classes of 56 and of 66 pupils and more by size and year."""
    table = pd.read_csv(resource("parameters") / "national" / "large_classes.csv")
    rows = list(zip(table["size"].tolist(), table["year"].tolist(), table["share"].tolist(), strict=True))
    return {size: {year: share for other, year, share in rows if other == size} for size in SIZES}


def outside(results: Results) -> list[str]:
    """Return the scenarios that stand outside a law on large classes that their district's country has."""
    names = []
    for name in results.scenarios:
        data = district_of(results, name)
        if _without(results, name) and (data is None or law_of(results, data).steps):
            names.append(name)
    return names


def outside_said(results: Results, lang: str = "en") -> list[str]:
    """Return a line that names the scenarios outside the law, or none."""
    names = outside(results)
    return [OUTSIDE[lang].format(names=", ".join(names))] if names else []


def _without(results: Results, scenario: str) -> bool:
    return str(resolved_of(results, scenario).get("law", LAWS[0])) != LAWS[0]


def forced(results: Results, scenario: str) -> pd.DataFrame:
    """Return the class rooms, places and yuan that the law forced by year and stage (means over worlds); no rows where
    results were made before the law was a rule.
    """
    columns = ["rooms", "places", "yuan"]
    if "law_rooms" not in results.tables:
        return pd.DataFrame(columns=columns, index=pd.MultiIndex.from_arrays([[], []], names=["year", "stage"]))
    table, worlds = results.frame("law_rooms"), len(results.replications(scenario))
    mine = table[table["scenario"] == scenario].astype({"stage": str})
    return mine.groupby(["year", "stage"])[columns].sum() / max(worlds, 1)
