"""What a merger of schools may be told, and what may be wrong with it."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from simsim.base.codes import STAGES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.districts.files import DistrictData
from simsim.policies.shared.mandates import strangers
from simsim.policy import PolicySettings, setting

Complaint = tuple[str, object, str]
BY_SIZE = {"closing": ((),)}
BY_BUS = {"journey": ("transport", "boarding")}
BOARDED = {"journey": ("boarding",)}


class MergerSettings(PolicySettings):
    """Which schools close, who receives them, and what becomes of ways, staff and rooms."""

    closing: tuple[int, ...] = setting((), unit="school keys; none: every small school by `fewer_than`")
    receiving: int | None = setting(None, unit="school key; None: the nearest schools", ge=1, le=MOST_KEY)
    stages: Literal["both", "primary", "junior"] = setting("both", unit="stages that close")
    fewer_than: int = setting(
        300,
        unit="pupils of a stage on the last September roll, below which it closes; 0: none",
        source="judgement: a class of 50 a grade; national rules call a school below 100 small (2018 no. 27)",
        ge=0,
        le=5000,
        only_with=BY_SIZE,
    )
    where: Literal["rural", "urban", "all"] = setting("rural", unit="which schools the line is for", only_with=BY_SIZE)
    keep_beyond_km: float | None = setting(
        None,
        unit="km to the next school beyond which a small one is kept; None: no limit",
        ge=0,
        le=500,
        only_with=BY_SIZE,
    )
    surplus: Literal["keep", "redeploy", "lapse"] = setting(
        "keep",
        unit="posts beyond what the roll asks for: keep with the pupils, redeploy by need, lapse as they fall vacant",
    )
    rooms: Literal["reserve", "handed_over", "given_up"] = setting(
        "reserve", unit="freed rooms: kept empty, used by the receiving school, or given up"
    )
    journey: Literal["transport", "boarding", "none"] = setting(
        "transport", unit="what those get whose way is beyond the limit"
    )
    limit_km: float | None = setting(None, unit="km of way; None: the travel limits of stage and town", ge=0, le=500)
    boards_from_grade: int | None = setting(
        None,
        unit="lowest grade that boards; the younger ride",
        parameter="boards_from_grade",
        ge=1,
        le=10,
        only_with=BOARDED,
    )
    closing_cost: float | None = setting(
        None, unit="yuan per school stage", parameter="merger_closing_cost", ge=0, le=1e8
    )
    transport_cost: float | None = setting(
        None, unit="yuan per pupil-year", parameter="school_bus_cost", ge=0, le=1e6, only_with=BY_BUS
    )
    boarding_cost: float | None = setting(
        None,
        unit="yuan per boarder-year; None: by stage",
        source="boarding_cost",
        ge=0,
        le=1e6,
        only_with=BOARDED,
    )
    place_m2: float | None = setting(
        None, unit="m2 built per new boarder", parameter="boarding_place_m2", ge=0, le=100, only_with=BOARDED
    )
    upkeep: float | None = setting(
        None,
        unit="yuan per m2 in reserve and year",
        parameter="reserve_upkeep",
        ge=0,
        le=1e4,
        only_with={"rooms": ("reserve",)},
    )
    long_way_effect: float | None = setting(
        None, unit="SD a year of a long way without boarding", parameter="long_way_effect", ge=-1, le=1
    )
    boarding_effect: float | None = setting(
        None, unit="SD a year of boarding", parameter="boarding_effect", ge=-1, le=1, only_with=BOARDED
    )


def words(settings: MergerSettings) -> tuple[str, ...]:
    """Return the words of the stages that close."""
    return STAGES if settings.stages == "both" else (settings.stages,)


def taken(settings: MergerSettings) -> set[str]:
    """Return what a merger sets outright: the stages of the schools it closes, and schools that close for good."""
    found = {f"the {word} stage of school {key}" for key in settings.closing for word in words(settings)}
    whole = settings.closing if settings.stages == "both" else ()
    return found | {f"school {key}" for key in whole}


def problems(settings: MergerSettings, data: DistrictData) -> list[Complaint]:
    """Return what does not fit the district: schools that are not there or not public, stages, the last of a stage."""
    s, frame = settings, data.schools.set_index("key")
    if s.receiving is not None and not s.closing:
        remedy = "has no effect unless schools are named; name them in closing, or leave the receiver out"
        return [("receiving", s.receiving, remedy)]
    found = strangers("closing", s.closing, frame.index.tolist(), data.name)
    twice = sorted({key for key in s.closing if s.closing.count(key) > 1})
    found += [("closing", key, "is named twice; keep one") for key in twice]
    known = [key for key in s.closing if key in frame.index]
    found += _private("closing", known, frame, data.name)
    found += _receiver(s, frame, data.name)
    kinds = {key: {STAGES[stage] for stage in stages_of(str(frame.loc[key, "kind"]))} for key in known}
    for key, there in kinds.items():
        if not there & set(words(s)):
            found.append(("closing", key, f"has no {s.stages} stage to close; leave it out, or set stages"))
    return found + _last(s, frame, data.name)


def _private(field: str, keys: list[int], frame: pd.DataFrame, name: str) -> list[Complaint]:
    remedy = f"is a private school of {name}; the district closes and fills its own"
    return [(field, key, remedy) for key in keys if frame.loc[key, "ownership"] == "private"]


def _receiver(s: MergerSettings, frame: pd.DataFrame, name: str) -> list[Complaint]:
    """Return what is wrong with the receiver; a key above all others may be of a school that opens later."""
    key = s.receiving
    if key is None:
        return []
    if key in s.closing:
        return [("receiving", key, "is among the schools that close; name another one")]
    if key not in frame.index:
        return strangers("receiving", [key] if key < max(frame.index) else [], frame.index.tolist(), name)
    there = {STAGES[stage] for stage in stages_of(str(frame.loc[key, "kind"]))}
    lacking = sorted(_closes(s, frame) - there)
    remedy = "is without a {} stage, which closes elsewhere; name a school that has it, or set stages"
    return _private("receiving", [key], frame, name) + [("receiving", key, remedy.format(word)) for word in lacking]


def _closes(s: MergerSettings, frame: pd.DataFrame) -> set[str]:
    """Return the words of the stages that the named schools close."""
    kinds = [str(frame.loc[key, "kind"]) for key in s.closing if key in frame.index]
    return {STAGES[stage] for kind in kinds for stage in stages_of(kind)} & set(words(s))


def awaited(s: MergerSettings, data: DistrictData) -> list[Complaint]:
    """Return (key, value, what must be opened) for a receiver that the district does not have yet."""
    frame = data.schools.set_index("key")
    if s.receiving is None or s.receiving in frame.index:
        return []
    return [("receiving", s.receiving, f"the {word} stage of school {s.receiving}") for word in _closes(s, frame)]


def _last(s: MergerSettings, frame: pd.DataFrame, name: str) -> list[Complaint]:
    """Return the stages of which no public school would be left."""
    public = frame[frame["ownership"] == "public"]
    found: list[Complaint] = []
    for stage, word in enumerate(STAGES):
        mine = [key for key, kind in public["kind"].items() if stage in stages_of(kind)]
        later = s.receiving is not None and s.receiving not in frame.index
        if s.closing and word in words(s) and mine and set(mine) <= set(s.closing) and not later:
            remedy = f"leaves {name} without a public {word} school; keep at least one"
            found.append(("closing", list(s.closing), remedy))
    return found
