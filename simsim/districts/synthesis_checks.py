"""What a district.yaml must hold so that schools and neighbourhoods can be made from it: all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from simsim.base.codes import KINDS, OWNERSHIP, PRIMARY, STAGES, SUBJECT_GROUPS, stages_of
from simsim.districts.bounds import contradictions
from simsim.districts.checks import Check, entry, lived, number, spec_problems
from simsim.districts.files import read_spec
from simsim.districts.layout import KNOWN
from simsim.districts.residuals import FACILITIES, STAFF
from simsim.districts.system import system_of, system_problems
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem, suggest

SHARE, POSITIVE, ANY = number(0, 1), number(1e-9, 1e9), number(-1e6, 1e6)
AREA_ALWAYS = {
    "x": ANY,
    "y": ANY,
    "radius": POSITIVE,
    "urban": number(0, 1, whole=True),
    "parts": number(1, 50, whole=True),
    "children": POSITIVE,
}
AREA_INSIDE = {"density": POSITIVE, "inflow": number(0, 1e6), "housing": number(0, 1e6), "ses": ANY,
"migrant": number(0, 1e6),
               "seat_use": number(0.1, 3)}  # fmt: skip


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be a name"


def _bounds(value: object) -> str:
    good = isinstance(value, list) and len(value) == 2 and not any(POSITIVE(v) for v in value) and value[0] < value[1]
    return "" if good else "must be a list of two numbers above 0, the lower first"


SYNTHESISED: dict[str, Check] = {
    "seed": number(0, 2**53, whole=True),
    "managed_by": _text,
    "label.zh": _text,
    **{f"aggregates.pupils.{stage}.value": number(1, 1e6, whole=True) for stage in STAGES},
    **{f"aggregates.private_share.{stage}.value": SHARE for stage in STAGES},
    **{
        f"resources.{stage}.{item}.{what}": check
        for stage in STAGES
        for item in (*FACILITIES, *STAFF)
        for what, check in (("mean", POSITIVE), ("cv", number(0, 1e9)))
    },
    **{f"resources.composite_cv.{stage}": number(0, 1e9) for stage in STAGES},
    "resources.tolerance": SHARE,
    "rules.pupils_per_teacher.value": _bounds,
    "rules.building_years.value": _bounds,
    **{f"rules.split_weights.value.{stage}": POSITIVE for stage in (*STAGES, "senior")},
    **{
        f"rules.{rule}.value.{stage}": POSITIVE
        for rule in ("class_target", "backbone_per_100", "star_per_1000")
        for stage in STAGES
    },
    **{f"rules.{rule}.value.{stage}": SHARE for rule in ("senior_title_share", "no_title_share") for stage in STAGES},
    **{f"rules.subject_shares.value.{stage}.{group}": SHARE for stage in STAGES for group in SUBJECT_GROUPS},
    **{f"rules.multimedia_per_class.value.{part}": ANY for part in ("mean", "spread", "town")},
    "rules.class_limit.value": POSITIVE,
    **{
        f"rules.{rule}.value": number(0, 10)
        for rule in (
            "size_spread",
            "seat_use_spread",
            "backbone_spread",
            "subject_spread",
            "ses_between_variance",
            "ses_noise",
        )
    },
    **{f"rules.{rule}.value": SHARE for rule in ("small_school_advantage", "non_teaching_share", "migrant_share")},
    **{f"travel.limit_km.value.{name}": POSITIVE for name in (*STAGES, "town")},
    "travel.detour.value": number(1, 5),
}


LEANS: dict[str, Check] = {
    "rules.staff_small_advantage.value": SHARE,
    "rules.staff_intake_lean.value": number(-0.5, 0.5),
}
"""May be left out: staff then lean on size as facilities do, and not on the intake. A larger lean than a half takes the
titles of single schools away, all of them."""

BORN: dict[str, Check] = {
    "births.first_year": number(1850, 2100, whole=True),
    "births.splice": _bounds,
    "births.per": POSITIVE,
    **{f"births.{name}": _text for name in ("kind", "source_before", "source_after")},
    **{f"aggregates.population.managed.{name}": POSITIVE for name in ("value", "middle", "year")},
    **{f"aggregates.population.census.{name}": POSITIVE for name in ("value", "year")},
}
"""Needed when births are made from series, by `simsim.districts.births.construct`."""
STEADY: dict[str, Check] = {"births.value": number(1, 1e7), "births.kind": _text, "births.source": _text}
"""Needed when births are the same in every year."""


def read_synthesis(path: str | Path) -> Draft:
    """Return a district.yaml from which a district can be made; InputError lists everything that stands in the way."""
    spec, file = read_spec(path), Path(path).name
    series = (Path(path).parent / "birth_series.csv").exists()
    born = BORN if series else STEADY if entry(spec, "births.value")[1] else {}
    if system_problems(spec.get("system")):
        raise InputError(spec_problems(spec, file, {}))
    system = system_of(spec.get("system"))
    leans = {key: check for key, check in LEANS.items() if entry(spec, key)[1]}
    problems = spec_problems(spec, file, {**lived(system), **SYNTHESISED, **leans, **born})
    if len(system.stages) < len(STAGES):
        remedy = "synthesis makes districts with both stages; import the tables of one with a single stage"
        problems.append(Problem(file, "system.stages", list(system.words), remedy))
    problems += [Problem(file, key, value, remedy) for key, value, remedy in (*_areas(spec), *_schools(spec))]
    problems = problems or [Problem(file, *found) for found in contradictions(spec)]
    if problems:
        raise InputError(problems)
    return spec


def _areas(spec: Document) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong in the list of areas."""
    areas, found = entry(spec, "areas.list")
    if not found or not isinstance(areas, list) or not all(isinstance(area, Mapping) for area in areas):
        yield "areas.list", areas, "must be a list of areas, each a mapping"
        return
    names = [area.get("en") for area in areas]
    inside = [area.get("managed_by") == spec.get("managed_by") for area in areas]
    if not any(inside):
        yield (
            "managed_by",
            spec.get("managed_by"),
            f"no area has this "
            f"managed_by{suggest(str(spec.get('managed_by')), {str(a.get('managed_by')) for a in areas})}",
        )
    for area, counts in zip(areas, inside, strict=True):
        key = f"areas.list.{area.get('en')}"
        if not isinstance(area.get("en"), str) or names.count(area["en"]) > 1:
            yield f"{key}.en", area.get("en"), "give every area its own English name"
        for column, check in (
            AREA_ALWAYS | {"zh": _text, "managed_by": _text} | (AREA_INSIDE if counts else {})
        ).items():
            remedy = check(area[column]) if column in area else "is missing"
            if remedy:
                yield f"{key}.{column}", area.get(column), remedy


def _schools(spec: Document) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong in the numbers of schools and the named ones."""
    counts, _ = entry(spec, "schools.counts")
    if not isinstance(counts, Mapping) or not all(isinstance(kinds, Mapping) for kinds in counts.values()):
        yield "schools.counts", counts, "must map public and private to numbers of schools by kind"
        return
    for ownership, kinds in counts.items():
        if ownership not in OWNERSHIP:
            yield (
                f"schools.counts.{ownership}",
                None,
                f"must be one of {', '.join(OWNERSHIP)}{suggest(ownership, OWNERSHIP)}",
            )
        for kind, count in kinds.items():
            remedy = (
                number(0, 500, whole=True)(count) if kind in KINDS else f"is no kind of school{suggest(kind, KINDS)}"
            )
            if remedy:
                yield f"schools.counts.{ownership}.{kind}", count, remedy
    for stage, name in enumerate(STAGES):
        if not any(
            count for kind, count in counts.get("public", {}).items() if kind in KINDS and stage in stages_of(kind)
        ):
            yield "schools.counts.public", counts.get("public"), f"has no {name} stage; add a school of that kind"
    yield from _named(spec, counts)


def _named(spec: Document, counts: Document) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong in the named schools."""
    named = spec["schools"].get("named", [])
    listed = entry(spec, "areas.list")[0]
    listed = [area for area in listed if isinstance(area, Mapping)] if isinstance(listed, list) else []
    areas = [area.get("en") for area in listed if area.get("managed_by") == spec.get("managed_by")]
    for school in named:
        key, kind, ownership = (
            f"schools.named.{school.get('en')}",
            school.get("kind"),
            school.get("ownership", "public"),
        )
        yield from (
            (f"{key}.{k}", school[k], f"is not known about a school{suggest(k, KNOWN)}")
            for k in school
            if k not in KNOWN
        )
        yield from ((f"{key}.{k}", school.get(k), "is missing") for k in ("zh", "en", "source") if not school.get(k))
        if "area" in school and school["area"] not in areas:
            yield (
                f"{key}.area",
                school["area"],
                f"is no area that the district manages{suggest(school['area'], map(str, areas))}",
            )
        same = [other for other in named if other.get("kind") == kind and other.get("ownership", "public") == ownership]
        if kind not in KINDS or len(same) > counts.get(ownership, {}).get(kind, 0):
            yield (
                f"{key}.kind",
                kind,
                f"schools.counts has no room for it among the {ownership} ones{suggest(str(kind), KINDS)}",
            )
        for stage, name in enumerate(STAGES):
            if name in school and (
                POSITIVE(school[name]) or stage not in (stages_of(kind) if kind in KINDS else (PRIMARY,))
            ):
                yield (
                    f"{key}.{name}",
                    school[name],
                    "must be a number of pupils above 0, of a stage that the school has",
                )
