"""A district calibrated on its own rolls: entry, progression, arrivals and leavers, written as `calibrated.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.districts import births
from simsim.districts.calibrated import digest, shared_out, write_calibrated
from simsim.districts.files import DistrictData, district_folder, load_district
from simsim.districts.own_forecast import ahead, entry_level, rules
from simsim.districts.plans_ahead import read_plans
from simsim.districts.rolls import FILE, Rolls
from simsim.inputs import parameters
from simsim.inputs.defaults import furthest_year
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.yamlfile import read_yaml
from simsim.rules.own_account import balanced
from simsim.studies.own_hindcast import DISTRICT, GRADE, SCHOOL, errors_of, factor
from simsim.world.neighbourhoods import Neighbourhoods

SHOWN_YEARS = 5
IMPORTED = "imported"


def own_rolls(district: str | Path) -> tuple[Path, DistrictData, Rolls]:
    """Return a district's folder, data and rolls; InputError for a district without rolls of its own."""
    folder = district_folder(district)
    data = load_district(folder, with_calibration=False)
    if data.rolls is None:
        remedy = "is missing: rolls by school, year and grade; `simsim district import BOOK NAME` writes them"
        raise InputError(Problem(FILE, "", None, remedy))
    return folder, data, data.rolls


def calibrate(district: str | Path) -> Path:
    """Write what a district's rolls say of the years to come into its `calibrated.yaml`; return the file.

    InputError for a district without rolls, or whose rolls end before its first year.
    """
    folder, data, rolls = own_rolls(district)
    first = int(data.spec["first_year"])
    if rolls.years[-1] != first:
        remedy = f"end in {rolls.years[-1]}, and the district begins in {first}; import the last roll first"
        raise InputError(Problem(FILE, "year", rolls.years[-1], remedy))
    read_plans(folder, data.system)  # no run acts on plans, but wrong ones are not kept in silence
    problems = list(_other_schools(data, rolls))
    if problems:
        raise InputError(problems)
    return write_calibrated(folder, found(data, rolls, folder))


def _other_schools(data: DistrictData, rolls: Rolls) -> Iterator[Problem]:
    """Yield schools that have pupils in the last of the rolls and not in schools.csv, or the other way round."""
    last, grades = rolls.years[-1], [column for column in data.schools if str(column).startswith("pupils_g")]
    in_rolls = set(rolls.keys[rolls.counted[:, -1].any(axis=1)].tolist())
    founded = set(data.schools.loc[data.schools[grades].sum(axis=1) > 0, "key"].tolist())
    for key in sorted(in_rolls ^ founded):
        here, there = (FILE, "schools.csv") if key in in_rolls else ("schools.csv", FILE)
        yield Problem(FILE, "key", key, f"has pupils in {last} in {here} and none in {there}; make them say the same")


def found(data: DistrictData, rolls: Rolls, folder: Path) -> Draft:
    """Return the content of calibrated.yaml for a district's data and rolls."""
    first, years = rolls.years[-1], furthest_year(data.spec) - rolls.years[-1]
    coming = entrants_from_births(data, rolls, years)
    forecast = ahead(rolls, years, coming)
    widths = _widths(rolls, data)
    names = [data.system.names[grade] for grade in data.system.taught]
    pupils = {first + 1 + i: _plain(row, 1) for i, row in enumerate(forecast.district)}
    drift = rules()["interval.world_drift"] * widths[DISTRICT]
    if len(rolls.years) == 1:
        drift *= rules()["interval.uncalibrated"]
    return {
        "base": first,
        "rolls": f"{rolls.years[0]}-{rolls.years[-1]}",
        "sha256": digest(folder),
        "grades": names,
        "first": _plain(rolls.counted[:, -1].sum(axis=0), 1),
        "entry": {
            "value": round(entry_level(rolls), 1), "unit": f"pupils of grade {names[0]} a year",
            "source": "births times entrants a birth" if coming is not None else f"rolls {_span(rolls)}, smoothed",
        },
        "ratios": {
            "value": dict(zip(names[1:], _plain(forecast.ratios[1:], 4), strict=True)),
            "unit": "pupils in a grade for each in the grade below a year before", "source": f"rolls {_span(rolls)}",
        },
        "pupils": pupils,
        **_flows(data, rolls, pupils),
        "intervals": {
            "value": {level: round(width, 3) for level, width in widths.items()},
            "unit": "times the reference half-width of parameters/forecast.yaml",
            "source": f"own past, rolls {_span(rolls)}",
        },
        "world_drift": round(drift, 5),
    }  # fmt: skip


def entrants_from_births(data: DistrictData, rolls: Rolls, years: int) -> Floats | None:
    """Return the children who will enter (years), from births that the office gave; None where it gave none.

    The ratio of entrants to births is that of the rolls, recent years counting most.
    """
    status = data.provenance
    given = status[(status["table"] == "births") & (status["column"] == "births")]["status"].eq(IMPORTED)
    if not given.any():
        return None
    system, autumn = data.system, parameters.load()["entrants_autumn_share"].value

    def born(year: int) -> float:
        return births.entrants(data.births, year, autumn=system.autumn_share(autumn), age=system.entry_age)

    known = [year for year in rolls.years if year - system.entry_age - 1 >= int(data.births["year"].min())]
    if not known:
        return None
    entered = rolls.counted[:, :, 0].sum(axis=0)[-len(known) :]
    weights = rules()["entry.year_weight"] ** np.arange(len(known))[::-1]
    ratio = (weights * entered).sum() / (weights * np.array([born(year) for year in known])).sum()
    return np.array([ratio * born(rolls.years[-1] + 1 + i) for i in range(years)])


def _span(rolls: Rolls) -> str:
    return (
        f"{rolls.years[0]}-{rolls.years[-1]}" if len(rolls.years) > 1 else f"of {rolls.years[0]} only: not calibrated"
    )


def _plain(values: Floats, digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]


def _widths(rolls: Rolls, data: DistrictData) -> dict[str, float]:
    """Return by level how wide ranges are beside the reference, one year ahead."""
    errors = errors_of(rolls, data.system) if len(rolls.years) > 2 else defaultdict(list)
    return {level: factor(errors, level, 1, rolls.years[-1])[0] for level in (DISTRICT, SCHOOL, GRADE)}


def _flows(data: DistrictData, rolls: Rolls, pupils: Mapping[int, list[float]]) -> Draft:
    """Return arrivals and chances to leave of the next years at the parameters' modes, for people to read."""
    p = {name: parameter.value for name, parameter in parameters.load().items()} | data.own_parameters()
    own = shared_out(rolls, {year: np.array(row) for year, row in pupils.items()}, 0.0)
    coming = float(data.spec["migration"]["migrant_share_of_arrivals"]["value"])
    account = balanced(own, data.system, p, Neighbourhoods.of(data), 0.0, coming)
    first, years = data.system.entry_grade, list(account.arrivals)[:SHOWN_YEARS]
    said = "at the parameters' modes; worked out anew in each world (docs/own-district.md)"
    return {
        "arrivals": {
            "value": {year: _plain(account.arrivals[year].sum(axis=0)[first - 1 :], 1) for year in years},
            "unit": "pupils a year by grade", "source": f"closes the account of the rolls, {said}",
        },
        "chances": {
            "value": {year: _plain(account.leave[year][first:], 4) for year in years},
            "unit": "chance to leave or drop out before a grade",
            "source": f"usual chances, more where the rolls fall faster, {said}",
        },
    }  # fmt: skip


def caution(path: Path) -> str:
    """Return in a sentence that one roll shows no change of cohorts; nothing where there are more."""
    base, rolls = read_yaml(path)["base"], read_yaml(path)["rolls"]
    if rolls != f"{base}-{base}":
        return ""
    return f"not calibrated: rolls of {base} alone show no change, so every ratio is 1; import earlier years as well"


def describe(path: Path) -> pd.DataFrame:
    """Return what was calibrated, in a table for people: grade, pupils now, ratio, pupils in one and five years."""
    document = read_yaml(path)
    years = sorted(document["pupils"])
    ratios = document["ratios"]["value"]
    shown = [years[0], years[min(SHOWN_YEARS, len(years)) - 1]]
    table = pd.DataFrame({"grade": document["grades"], str(document["base"]): document["first"]})
    table["ratio"] = [ratios.get(grade, "") for grade in document["grades"]]
    return table.assign(**{str(year): document["pupils"][year] for year in shown})
