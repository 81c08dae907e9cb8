"""Turn the published aggregates of a district into schools and neighbourhoods: `simsim district synthesise`.

Nothing at school level is observed: sizes, places and differences between schools are invented by keyed draws, then
level and spread are solved so that the published pupil-weighted means and CVs hold. The same file gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints
from simsim.base.balance import weighted_cv, weighted_mean
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, SUBJECT_GROUPS, TITLES
from simsim.base.ids import MOST_KEY
from simsim.base.streams import Streams
from simsim.districts import births as births_rule
from simsim.districts import provenance
from simsim.districts.amounts import counts, facilities, gap, shared_out
from simsim.districts.bounds import out_of_reach
from simsim.districts.catchments import SMALLEST
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    BIRTH_OPTIONAL,
    NEIGHBOURHOOD_COLUMNS,
    SERIES,
    SERIES_COLUMNS,
    entry,
    school_columns,
    table_problems,
)
from simsim.districts.defaults import filled
from simsim.districts.layout import Layout, lay_out, teaches
from simsim.districts.residuals import FACILITIES, STAFF, binding, facts, missed, residuals
from simsim.districts.synthesis_checks import read_synthesis
from simsim.districts.system import system_of
from simsim.inputs.csvfile import read_table, records
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.whole_files import csv_of, write_all

ATTEMPTS = 40

HOPELESS = 4
THE_SAME = 3
FAR_OFF = 0.1
"""After so many attempts that all miss a target by more than this, relative, no more are made."""

BLUR = 0.3


@dataclass(frozen=True)
class SynthesisResult:
    """The tables of a district, how far they are from the targets, which constraints hold them back,
    and what was taken from defaults."""

    schools: pd.DataFrame
    neighbourhoods: pd.DataFrame
    births: pd.DataFrame
    residuals: pd.DataFrame
    facts: pd.DataFrame
    binding: list[str]
    missed: list[str]
    filled: list[str]


def synthesise(path: str | Path) -> SynthesisResult:
    """Build the district that a district.yaml describes; raise InputError when the file is not one."""
    spec = read_synthesis(path)
    births = _births(Path(path), spec)
    streams = Streams(spec["seed"])
    layout = lay_out(spec, streams)
    schools = layout.schools
    _refuse_the_impossible(layout, spec, Path(path).name)
    _pupils_by_grade(schools, births, spec)
    _rooms(schools, spec, streams)
    _facilities(schools, spec, streams)
    neighbourhoods = _neighbourhood_table(layout.neighbourhoods, spec, streams)
    for stage in (PRIMARY, JUNIOR):
        _teachers(schools, stage, intake(schools, neighbourhoods, stage), spec, streams)
    _names_and_years(schools, spec, streams)
    system = system_of(spec.get("system"))
    table = schools[[column for column in school_columns(system) if column in schools]]
    gaps, wanted = residuals(table, spec), facts(schools, spec)
    off = missed(gaps, wanted, spec) + [
        str(problem) for problem in table_problems(table, neighbourhoods, births, spec["first_year"], system)
    ]
    return SynthesisResult(table, neighbourhoods, births, gaps, wanted, binding(table, spec), off, filled(path))


def _refuse_the_impossible(layout: Layout, spec: Document, file: str) -> None:
    """Raise InputError for school stages without pupils, and for targets that schools of such sizes cannot have."""
    schools, problems = layout.schools, []
    places = len(layout.neighbourhoods)
    if places > MOST_KEY:
        remedy = f"neighbourhoods are too many, at most {MOST_KEY:,} are; give areas fewer parts"
        problems.append(Problem(file, "areas.list", places, remedy))
    for stage, name in enumerate(STAGES):
        pupils = schools.loc[teaches(schools, stage), f"pupils_{name}"].to_numpy(dtype=float)
        if (pupils == 0).any():
            remedy = f"{(pupils == 0).sum()} of {len(pupils)} {name} stages get no pupils, as the areas' "
            remedy += f"{places} neighbourhoods are too few; give areas more parts, or fewer schools"
            problems.append(Problem(file, "schools.counts", None, remedy))
        else:
            problems += [Problem(file, *found) for found in out_of_reach(spec, name, pupils)]
    if problems:
        raise InputError(problems)


def write(result: SynthesisResult, folder: str | Path) -> list[Path]:
    """Write schools.csv, neighbourhoods.csv, births.csv and where their columns come from into a folder; return the
    paths.
    """
    tables = {"schools.csv": result.schools, "neighbourhoods.csv": result.neighbourhoods, "births.csv": result.births}
    tables[provenance.FILE] = provenance.of_tables(tables, provenance.SYNTHETIC, provenance.SYNTHESIS)
    texts = {Path(folder) / name: csv_of(table) for name, table in tables.items()}
    write_all(texts)
    return list(texts)


def _births(path: Path, spec: Document) -> pd.DataFrame:
    """Make births from the series beside the district file or from its births a year, or take births.csv as it is."""
    file = path.parent / "birth_series.csv"
    if file.exists():
        series = read_table(file, SERIES_COLUMNS)
        missing = [
            Problem(file.name, "series", name, "is missing; add its years")
            for name in SERIES
            if name not in set(series["series"])
        ]
        if missing:
            raise InputError(missing)
        return births_rule.construct(series, spec)
    if entry(spec, "births.value")[1]:
        return births_rule.every_year(spec)
    return read_table(path.parent / "births.csv", BIRTH_COLUMNS, BIRTH_OPTIONAL)


def _ids(schools: pd.DataFrame) -> Ints:
    return schools["key"].to_numpy(np.int64)


def _pupils_by_grade(schools: pd.DataFrame, births: pd.DataFrame, spec: Document) -> None:
    """Spread each stage's pupils over its grades like the cohorts that were born for them."""
    year, system = spec["first_year"], system_of(spec.get("system"))
    autumn = system.autumn_share(births_rule.BORN_BEFORE_JANUARY)
    cohorts = np.array(
        [
            births_rule.entrants(births, year + 1 - grade, autumn=autumn, age=system.school_age)
            for grade in range(1, system.n_grades + 1)
        ]
    )
    if not cohorts.all():
        remedy = "must not be 0 for the cohorts that are at school in the first year; they make its grades"
        raise InputError(Problem("births.csv", "births", 0, remedy))
    for stage, name in enumerate(STAGES):
        grades = np.array(system.grades(stage))
        table = np.array([shared_out(int(total), cohorts[grades - 1]) for total in schools[f"pupils_{name}"]])
        for column, grade in enumerate(grades):
            schools[system.columns[grade]] = table[:, column]
    complete = (schools["kind"] == "complete").to_numpy()
    senior = int(spec["aggregates"]["pupils"].get("senior", {"value": 0})["value"])
    schools["senior_pupils"] = shared_out(senior, complete * schools["pupils_junior"]) if complete.any() else 0


def _rooms(schools: pd.DataFrame, spec: Document, streams: Streams) -> None:
    """Give each stage rooms from its area's seat use (pupils per seat), never fewer than classes of the limit need."""
    rules = spec["rules"]
    areas = pd.DataFrame(spec["areas"]["list"]).set_index("en")
    for stage, name in enumerate(STAGES):
        spread = rules["seat_use_spread"]["value"] * streams.normal(f"synthesis/rooms-{name}", 0, _ids(schools))
        usual = areas["seat_use"].reindex(schools["area"]).to_numpy(dtype=float) + spread
        use = np.where(schools["seat_use"].notna(), schools["seat_use"], usual)
        grades = schools[system_of(spec.get("system")).columns_of(stage)].to_numpy()
        least = np.ceil(grades / rules["class_limit"]["value"]).sum(axis=1)
        rooms = np.maximum(least, np.rint(schools[f"pupils_{name}"] / (rules["class_target"]["value"][name] * use)))
        known = schools[f"rooms_{name}"].to_numpy()
        schools[f"rooms_{name}"] = np.where(np.isnan(known), rooms, np.maximum(known, least)).astype(int)


def _facilities(schools: pd.DataFrame, spec: Document, streams: Streams) -> None:
    """Solve the five facilities of the 2012 method, and judge the multimedia rooms."""
    rules, targets = spec["rules"], spec["resources"]
    pupils = schools[["pupils_primary", "pupils_junior", "senior_pupils"]].to_numpy(dtype=float).T
    weights = np.array([rules["split_weights"]["value"][stage] for stage in ("primary", "junior", "senior")])
    for item in FACILITIES:
        means, cvs = (
            np.array([targets[stage][item][what] for stage in STAGES], dtype=float) for what in ("mean", "cv")
        )
        tries = []
        for attempt in range(ATTEMPTS):
            z = _direction(schools, f"{item}-{attempt}", spec["rules"]["small_school_advantage"]["value"], streams)
            tries.append(facilities(pupils, weights, z, means, cvs, schools[item].to_numpy()))
            if _enough(tries, targets["tolerance"]):
                break
        schools[item] = np.rint(min(tries, key=lambda one: one[0])[1]).astype(np.int64)
    rule = rules["multimedia_per_class"]["value"]
    rooms = schools["rooms_primary"] + schools["rooms_junior"]
    chance = rule["spread"] * streams.normal("synthesis/multimedia", 0, _ids(schools))
    per_class = rule["mean"] + chance + rule["town"] * (schools["urban"] == 0)
    schools["multimedia_rooms"] = np.rint(rooms * np.clip(per_class, 0, 1)).astype(int)


def _enough(tries: Sequence[tuple[float, object]], tolerance: float) -> bool:
    """Tell whether the last attempt is well within the tolerance, or attempts lead nowhere.

    Whole people in few schools allow so few outcomes that the best of them comes again and again.
    """
    gaps = [far for far, _ in tries]
    lost = len(gaps) >= HOPELESS and min(gaps) > FAR_OFF
    return gaps[-1] < tolerance / 10 or lost or gaps.count(min(gaps)) >= THE_SAME


def _direction(schools: pd.DataFrame, item: str, weight: float, streams: Streams,
               lean: float = 0.0, better: Floats | float = 0.0) -> Floats:  # fmt: skip
    """Return who has more of something per pupil (n, standardised): small schools by a `weight`, those of better-off
    intake (`better`, n, standardised) by a `lean`, and chance for the rest.
    """
    size = -np.log(schools["pupils_primary"] + schools["pupils_junior"] + schools["senior_pupils"])
    chance = streams.normal(f"synthesis/{item}", 0, _ids(schools))
    rest = max(1 - weight**2 - lean**2, 0.0) ** 0.5
    z = weight * _standardised(np.asarray(size, dtype=float)) + lean * better + rest * chance
    return _standardised(z).clip(-2.0, 2.0)


def intake(schools: pd.DataFrame, neighbourhoods: pd.DataFrame, stage: int) -> Floats:
    """Return the mean SES of the children of each school's catchment (n; SD of pupils): of a private school's, and of a
    school without children, that of the district.
    """
    children, catchment = neighbourhoods["births_share"], neighbourhoods[f"catchment_{STAGES[stage]}"]
    weight = children.groupby(catchment).sum()
    mean = (children * neighbourhoods["ses_mean"]).groupby(catchment).sum() / weight.where(weight > 0)
    found: Floats = mean.reindex(schools["key"]).fillna(0.0).to_numpy(dtype=float)
    return found


def _standardised(values: Floats) -> Floats:
    """Return values with mean 0 and SD 1; all 0 where they do not differ."""
    spread = values.std()
    result: Floats = (values - values.mean()) / spread if spread > 0 else values * 0.0
    return result


def _teachers(schools: pd.DataFrame, stage: int, ses: Floats, spec: Document, streams: Streams) -> None:
    """Fill one stage's teacher columns from the first of several keyed attempts that meets all six staff targets.

    Teachers per pupil, and the order of titles, lean on the intake (`ses`, n) by `rules.staff_intake_lean`.
    """
    name, mine, rules = STAGES[stage], teaches(schools, stage), spec["rules"]
    pupils = schools.loc[mine, f"pupils_{name}"].to_numpy(dtype=float)
    better = np.zeros(len(schools))
    better[mine] = _standardised(ses[mine])
    lean_on = rules.get("staff_intake_lean", {"value": 0.0})["value"]
    small = rules.get("staff_small_advantage", rules["small_school_advantage"])["value"]
    tries = []
    for attempt in range(ATTEMPTS):
        z = _direction(schools, f"teachers-{name}-{attempt}", small, streams, lean_on, better)[mine]
        lean = [streams.normal(f"synthesis/{item}-{name}-{attempt}", 0, _ids(schools))[mine] for item in STAFF]
        tries.append(_staff(pupils, z, lean, lean_on * better[mine], spec, name))
        if _enough(tries, spec["resources"]["tolerance"]):
            break
    found = min(tries, key=lambda one: one[0])[1]
    for column, values in _staff_columns(found, pupils, name, spec, streams, _ids(schools)[mine]).items():
        schools[column] = 0
        schools.loc[mine, column] = values


def _staff(pupils: Floats, z: Floats, lean: list[Floats], titles: Floats,
           spec: Document, name: str) -> tuple[float, dict[str, Ints]]:  # fmt: skip
    """Return teachers and their two subsets by school, and the largest relative gap to the targets.

    `z` says who has more teachers per pupil; the subsets follow that order, blurred by `lean`, and those of higher
    titles what speaks for `titles` (n) as well.
    """
    lowest, highest = spec["rules"]["pupils_per_teacher"]["value"]
    targets = {item: (spec["resources"][name][item]["mean"], spec["resources"][name][item]["cv"]) for item in STAFF}
    least = np.ceil(pupils / highest).astype(np.int64)
    bounds = least, np.maximum(np.floor(pupils / lowest).astype(np.int64), least)
    found = {"teachers": counts(pupils, z, *targets["teachers"], *bounds)}
    rank = _standardised(found["teachers"] / pupils)
    for item, blur in zip(STAFF[1:], lean[1:], strict=True):
        order = rank + BLUR * blur + (titles if item == "midtitle" else 0.0)
        found[item] = counts(pupils, order, *targets[item], found["teachers"] * 0, found["teachers"])
    gaps = [
        abs(gap(f(found[item], pupils), t))
        for item in STAFF
        for f, t in zip((weighted_mean, weighted_cv), targets[item], strict=True)
    ]
    return max(gaps), found


def _staff_columns(found: Mapping[str, Ints], pupils: Floats, name: str, spec: Document,
                   streams: Streams, keys: Ints) -> dict[str, Ints]:  # fmt: skip
    """Divide a stage's teachers by subject group, title and standing; every division is of whole people."""
    rules, total, middle = spec["rules"], found["teachers"], found["midtitle"]
    shares = [rules["subject_shares"]["value"][name][group] for group in SUBJECT_GROUPS]
    uneven = [
        np.exp(rules["subject_spread"]["value"] * streams.normal(f"synthesis/{group}-{name}", 0, keys))
        for group in SUBJECT_GROUPS
    ]
    subjects = np.array([shared_out(int(t), w) for t, w in zip(total, np.array(uneven).T * shares, strict=True)])
    senior = np.rint(middle * rules["senior_title_share"]["value"][name]).astype(np.int64)
    untitled = np.rint((total - middle) * rules["no_title_share"]["value"][name]).astype(np.int64)
    titles = dict(zip(TITLES, (untitled, total - middle - untitled, middle - senior, senior), strict=True))
    luck = np.exp(rules["backbone_spread"]["value"] * streams.normal(f"synthesis/backbone-{name}", 0, keys))
    backbone = np.rint(pupils / 100 * rules["backbone_per_100"]["value"][name] * luck)
    backbone = np.minimum(backbone, middle).astype(np.int64)
    stars = shared_out(round(pupils.sum() / 1000 * rules["star_per_1000"]["value"][name]), backbone + SMALLEST)
    columns = {f"t_{name}_{group}": subjects[:, i] for i, group in enumerate(SUBJECT_GROUPS)}
    columns |= {f"overqualified_{name}": found["overqualified"]} | {f"title_{t}_{name}": v for t, v in titles.items()}
    return columns | {f"backbone_{name}": backbone, f"star_{name}": np.minimum(stars, backbone)}


KIND_ZH = {"primary": "小学", "junior": "中学", "nine_year": "九年一贯制学校", "complete": "完全中学"}
KIND_EN = {"primary": "Primary", "junior": "Junior", "nine_year": "Nine-year", "complete": "Complete secondary"}


def _names_and_years(schools: pd.DataFrame, spec: Document, streams: Streams) -> None:
    """Name the unnamed plainly, so that nobody takes them for real, and give buildings a year."""
    number = schools.groupby(["kind", "ownership"]).cumcount() + 1
    for row, nth, school in zip(schools.index.tolist(), number.tolist(), records(schools), strict=True):
        private = school["ownership"] == "private"
        zh = f"{spec['label']['zh']}{'民办' if private else ''}第{nth}{KIND_ZH[school['kind']]}(合成)"
        en = f"{'Private ' if private else ''}{KIND_EN[school['kind']]} {nth} (synthetic)"
        schools.loc[row, "name_zh"], schools.loc[row, "name_en"] = (
            (school["zh"], school["en"]) if school["status"] == "named" else (zh, en)
        )
    first, last = spec["rules"]["building_years"]["value"]
    drawn = np.rint(first + (last - first) * streams.uniform("synthesis/building-year", 0, _ids(schools)))
    known = schools["building_year"]
    schools["building_year"] = np.where(known.isna(), drawn, known).astype(int)


def _neighbourhood_table(neighbourhoods: pd.DataFrame, spec: Document, streams: Streams) -> pd.DataFrame:
    """Return neighbourhoods.csv: shares that add up to one inside, SES with mean 0 and the variance asked for."""
    inside = (neighbourhoods["included"] == 1).to_numpy()
    weight = np.where(inside, neighbourhoods["children"], 0.0)
    rules, area_children = spec["rules"], neighbourhoods.groupby("en")["children"].transform("sum")
    table = pd.DataFrame({"key": neighbourhoods["key"], "parent": neighbourhoods["en"]})
    suffix = np.where(neighbourhoods["of"] > 1, neighbourhoods["number"].astype(str), "")
    table["name_zh"], table["name_en"] = (
        neighbourhoods["zh"] + suffix,
        (neighbourhoods["en"] + " " + suffix).str.strip(),
    )
    for column in ("managed_by", "included", "urban", "x_km", "y_km", "catchment_primary", "catchment_junior"):
        table[column] = (
            np.where(inside, neighbourhoods[column], 0) if column.startswith("catchment") else neighbourhoods[column]
        )
    table["radius_km"] = neighbourhoods["radius_km"].round(2)
    table["births_share"] = (weight / weight.sum()).round(6)
    for column in ("inflow", "housing"):
        share = np.where(inside, neighbourhoods[column].fillna(0) * neighbourhoods["children"] / area_children, 0.0)
        table[f"{column}_share"] = (share / share.sum()).round(6)
    ses = neighbourhoods["ses"].fillna(0) + rules["ses_noise"]["value"] * streams.normal(
        "synthesis/ses", 0, neighbourhoods["key"].to_numpy(np.int64)
    )
    ses = ses - np.average(ses, weights=weight)
    scale = (rules["ses_between_variance"]["value"] / np.average(ses**2, weights=weight)) ** 0.5
    table["ses_mean"] = np.where(inside, ses * scale, 0.0).round(4)
    migrant = neighbourhoods["migrant"].fillna(0)
    table["migrant_share"] = (rules["migrant_share"]["value"] * migrant / np.average(migrant, weights=weight)).round(4)
    return table[list(NEIGHBOURHOOD_COLUMNS)]
