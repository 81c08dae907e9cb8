"""What a building project may be told, and what may be wrong with it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from simsim.base.calendar import MONTH, MONTHS, month, next_september
from simsim.base.codes import KINDS, STAGES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared.promises import STEPS
from simsim.policy import PolicySettings, setting

Complaint = tuple[str, object, str]


class Due(BaseModel):
    """A step of the project: promised by the end of a month, firmly or only striven for (力争)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    due: str = Field(pattern=MONTH)
    striving: bool = False
    name: str | None = None


class Name(BaseModel):
    """A name in two languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str


class ProjectSettings(PolicySettings):
    """What is built where, for whom, by when, with which staff."""

    mode: Literal["opening", "relocation", "expansion"] = setting("opening", unit="what the project is")
    school: int = setting(101, unit="school key; a free one for an opening", ge=1, le=MOST_KEY, names="schools")
    name: Name = setting(
        Name(zh="新学校", en="New school"), unit="name of a school that opens", only_with={"mode": ("opening",)}
    )
    kind: Literal[KINDS] = setting("nine_year", unit="kind of a school that opens", only_with={"mode": ("opening",)})  # type: ignore[valid-type]
    urban: bool = setting(True, unit="whether a school that opens is urban", only_with={"mode": ("opening",)})
    x_km: float | None = setting(
        None,
        unit="km east of the centre; None: amid its catchment, or where the school is",
        ge=-500,
        le=500,
        only_with={"mode": ("opening", "relocation")},
    )
    y_km: float | None = setting(
        None,
        unit="km north of the centre; None: amid its catchment, or where the school is",
        ge=-500,
        le=500,
        only_with={"mode": ("opening", "relocation")},
    )
    rooms_primary: int | None = setting(
        None, unit="class rooms; None: two a grade, or as many as the school has", ge=0, le=200
    )
    rooms_junior: int | None = setting(
        None, unit="class rooms (in an expansion: added, and none if None)", ge=0, le=200
    )
    senior_pupils: int = setting(
        0,
        unit="senior pupils planned, counted for buildings and staff",
        ge=0,
        le=10000,
        only_with={"mode": ("opening", "relocation")},
    )
    catchment_primary: tuple[int, ...] = setting(
        (), unit="neighbourhoods whose children it takes; none: the nearest one", names="areas"
    )
    catchment_junior: tuple[int, ...] = setting(
        (), unit="neighbourhoods whose children it takes; none: the nearest one", names="areas"
    )
    catchment_share: float = setting(
        1.0,
        unit="share of the addresses in these neighbourhoods",
        gt=0,
        le=1,
        only_with={"mode": ("opening", "relocation")},
    )
    fill: Literal["grade_by_grade", "all_grade"] = setting(
        "grade_by_grade", unit="which grades a school opens with", only_with={"mode": ("opening",)}
    )
    all_grade_share: float | None = setting(
        None,
        unit="share of its catchment's middle grades (2-4 and 8 of six and three)",
        parameter="all_grade_fill",
        ge=0,
        le=1,
        only_with={"fill": ("all_grade",)},
    )
    grades_primary: int | None = setting(
        None,
        unit="primary grades that it opens with, the entry grade counted; None: as all_grade_share says",
        ge=1,
        le=10,
        only_with={"fill": ("all_grade",)},
    )
    grades_junior: int | None = setting(
        None,
        unit="junior grades that it opens with, the entry grade counted; None: as all_grade_share says",
        ge=1,
        le=10,
        only_with={"fill": ("all_grade",)},
    )
    approval: Due | None = setting(None, unit="month")
    construction: Due | None = setting(None, unit="month it starts")
    completion: Due | None = setting(None, unit="month; None: building_months after the start, or with the use")
    in_use: Due | None = setting(
        None, unit="month; None: the first September after completion, or the instance's start"
    )
    building_months: int | None = setting(None, unit="months", parameter="building_months", ge=0, le=240)
    delay_probability: float | None = setting(
        None,
        unit="probability, striven for",
        parameter="delay_probability_striving",
        ge=0,
        le=1,
        only_above=("delay_months",),
    )
    delay_probability_firm: float | None = setting(
        None,
        unit="probability, promised",
        parameter="delay_probability_firm",
        ge=0,
        le=1,
        only_above=("delay_months",),
    )
    delay_months: float | None = setting(
        None,
        unit="months given delay",
        parameter="delay_months",
        ge=0,
        le=240,
        only_above=("delay_probability", "delay_probability_firm"),
    )
    lead: int | None = setting(
        None, unit="school that lends staff and name", ge=1, only_with={"mode": ("opening",)}, names="schools"
    )
    seconded_share: float | None = setting(
        None,
        unit="share of newcomers",
        parameter="new_school_seconded_share",
        ge=0,
        le=1,
        only_with={"mode": ("opening",)},
    )
    novice_share: float | None = setting(
        None,
        unit="share of newcomers",
        parameter="new_school_novice_share",
        ge=0,
        le=1,
        only_with={"mode": ("opening",)},
    )
    extra_posts: bool = setting(
        False,
        unit="whether posts come on top of the district's instead of from other schools",
        only_with={"mode": ("opening",)},
    )


def problems(settings: ProjectSettings, data: DistrictData) -> list[Complaint]:
    """Return what does not fit the district: keys of schools and neighbourhoods,
    rooms and kind, the order of the steps.
    """
    return [*_school_problems(settings, data), *_catchment_problems(settings, data), *_order_problems(settings)]


def contradictions(s: ProjectSettings) -> list[Complaint]:
    """Return settings that nothing in the project reads."""
    found: list[Complaint] = []
    if s.building_months is not None and s.construction is not None and s.completion is not None:
        remedy = "has no effect beside construction and completion, which say how long it takes; remove one of them"
        found.append(("building_months", s.building_months, remedy))
    if s.mode == "relocation" and s.catchment_share < 1.0 and not (s.catchment_primary or s.catchment_junior):
        remedy = "has no effect on a relocation that keeps its catchments; name them, or remove it"
        found.append(("catchment_share", s.catchment_share, remedy))
    return found


def in_vain(s: ProjectSettings, around: Around) -> list[Vain]:
    """Return what cannot matter: a project without rooms or ready too late, chances of promises that are not made."""
    if s.mode == "expansion" and not s.rooms_primary and not s.rooms_junior:
        return [Vain("", "zero", {"others": "rooms_primary, rooms_junior"})]
    made = [due for step in STEPS[:-1] if (due := getattr(s, step)) is not None]
    if s.construction is None and s.completion is None and s.in_use is not None:
        made.append(s.in_use)
    found = []
    if all(due.striving for due in made) and made:
        found.append(Vain("delay_probability_firm", "kept", {"others": "striving: true"}))
    if not any(due.striving for due in made):
        found.append(Vain("delay_probability", "kept", {"others": "striving: false"}))
    finished = s.completion or s.in_use
    if finished is not None:
        late = around.outside("", next_september(month(finished.due)) // MONTHS)
        found += [Vain("", v.why, v.words) for v in late]
    return found


def _kinds(data: DistrictData) -> dict[int, str]:
    return dict(zip(data.schools["key"].tolist(), data.schools["kind"], strict=True))


def _school_problems(s: ProjectSettings, data: DistrictData) -> list[Complaint]:
    """Return what is wrong with the schools named, and with rooms that do not fit the kind."""
    kinds = _kinds(data)
    found: list[Complaint] = []
    if s.lead is not None and s.lead not in kinds:
        found.append(("lead", s.lead, f"is not a school of {data.name}; give the key of one"))
    if s.mode == "opening" and s.school in kinds:
        found.append(("school", s.school, "is taken; give the new school a key of its own, above " + str(max(kinds))))
    if s.mode != "opening" and s.school not in kinds:
        found.append(("school", s.school, f"is not a school of {data.name}; a {s.mode} needs one that is there"))
    kind = s.kind if s.mode == "opening" else kinds.get(s.school)
    if s.mode == "opening" and s.kind not in data.system.kinds:
        remedy = f"teaches a stage that {data.name} has not; choose one of {', '.join(data.system.kinds)}"
        found.append(("kind", s.kind, remedy))
    for stage, word in enumerate(STAGES):
        rooms = getattr(s, f"rooms_{word}")
        if kind and rooms and stage not in stages_of(kind):
            found.append(
                (f"rooms_{word}", rooms, f"a {kind} school has no {word} part; set it to 0, or change the kind")
            )
        if kind and rooms == 0 and stage in stages_of(kind) and s.mode != "expansion":
            found.append((f"rooms_{word}", rooms, f"a {kind} school needs rooms for its {word} part"))
    if s.senior_pupils and kind and kind != "complete":
        found.append(
            (
                "senior_pupils",
                s.senior_pupils,
                f"a {kind} school has no senior part; set it to 0, or the kind to complete",
            )
        )
    return found


def _catchment_problems(s: ProjectSettings, data: DistrictData) -> list[Complaint]:
    """Return what is wrong with the neighbourhoods named."""
    frame = data.neighbourhoods
    known = set(frame["key"][frame["included"].astype(bool)].tolist())
    kinds = _kinds(data)
    kind = s.kind if s.mode == "opening" else kinds.get(s.school)
    found: list[Complaint] = []
    for stage, word in enumerate(STAGES):
        named = getattr(s, f"catchment_{word}")
        found += [
            (f"catchment_{word}", n, f"is not a neighbourhood that {data.name} manages")
            for n in named
            if n not in known
        ]
        found += [
            (f"catchment_{word}", n, "is named twice; keep one")
            for n in sorted({n for n in named if named.count(n) > 1})
        ]
        if named and kind and stage not in stages_of(kind):
            found.append((f"catchment_{word}", list(named), f"a {kind} school has no {word} part; leave it out"))
        if named and s.mode == "expansion":
            found.append((f"catchment_{word}", list(named), "an expansion redraws no catchment; leave it out"))
    return found


def _order_problems(s: ProjectSettings) -> list[Complaint]:
    """Return steps that are due before the step that must come first."""
    dues = [(step, due) for step in STEPS if (due := getattr(s, step)) is not None]
    return [
        (f"{late}.due", after.due, f"lies before {early} ({before.due}); steps come in the order {', '.join(STEPS)}")
        for (early, before), (late, after) in zip(dues, dues[1:], strict=False)
        if after.due < before.due
    ]
