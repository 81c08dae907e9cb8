"""Schools as Mesa agents, and their parts: one stage of one school, where classes are taught."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from types import NoneType
from typing import Generic, NoReturn, TypeVar

import mesa
import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray, Ints
from simsim.base.codes import JUNIOR, OWNERSHIP, PRIMARY, STAGES, SUBJECT_GROUPS, stages_of
from simsim.base.codes import KINDS as SCHOOL_KINDS
from simsim.base.displays import Shown, display_of
from simsim.districts.system import MOST_GRADES
from simsim.inputs.errors import NOTHING_YET, InputError, suggest
from simsim.world.closed import Closed, Fixed, Named
from simsim.world.columns import write

FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
KINDS = ("group", "alliance", "zone")
STATE: dict[str, tuple[type, object]] = {
    "rooms": (np.int64, 0),
    "posts": (np.int64, (0,) * len(SUBJECT_GROUPS)),
    "residual": (np.float64, 0.0),
    "program": (np.float64, 0.0),
    "status": (np.float64, 0.0),
    "perceived": (np.float64, 0.0),
    "monitored": (np.float64, 0.0),
    "intake": (np.float64, 0.0),
    "pupils": (np.int64, 0),
    "full_years": (np.int64, 0),
    "top_grade": (np.int64, MOST_GRADES),
    "opening": (np.bool_, False),
    "sport_hour": (np.float64, 0.0),
    "activities": (np.float64, 0.0),
    "guided": (np.bool_, False),
    "supported": (np.bool_, False),
    "evaluation": (np.float64, nan),
}
"""The columns of parts: type, and what a part starts with."""

T = TypeVar("T")


class Cell(Generic[T]):
    """One cell of a column of parts, read and written through a part."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, part: Part, owner: type[Part]) -> T:
        value: T = part.columns[self.name].item(part.row)
        return value

    def __set__(self, part: Part, value: T) -> None:
        write(part.columns[self.name], self.name, part.row, value)


class Part:
    """One stage of one school, a row of `Parts`: its class rooms, posts and what families and monitors see of it.

    `posts` counts teachers' posts by subject group; `residual` and `program` are value added in SD a year (`program`
    starts every year at 0, and policies add to it); `status` is the school's standing in SD among parts of its stage;
    `pupils` is the last September roll; `full_years` counts September rolls that reached the seats. While a new part
    fills, `top_grade` is the highest grade that it takes, and new teachers go to its vacancies first (`opening`).
    `sport_hour` is the share of the daily hour of sport that takes place, `activities` the share of a place-year of
    skill lessons that every pupil gets, `guided` whether they follow 2+1; `supported` marks this year's weakest by
    monitoring, `evaluation` is the whole-person evaluation (SD in the stage; NaN where there is none).
    """

    __slots__ = ("columns", "row", "school", "stage")

    rooms: Cell[int] = Cell("rooms")
    residual: Cell[float] = Cell("residual")
    program: Cell[float] = Cell("program")
    status: Cell[float] = Cell("status")
    perceived: Cell[float] = Cell("perceived")
    monitored: Cell[float] = Cell("monitored")
    intake: Cell[float] = Cell("intake")
    pupils: Cell[int] = Cell("pupils")
    full_years: Cell[int] = Cell("full_years")
    top_grade: Cell[int] = Cell("top_grade")
    opening: Cell[bool] = Cell("opening")
    sport_hour: Cell[float] = Cell("sport_hour")
    activities: Cell[float] = Cell("activities")
    guided: Cell[bool] = Cell("guided")
    supported: Cell[bool] = Cell("supported")
    evaluation: Cell[float] = Cell("evaluation")

    def __init__(self, school: School, stage: int, row: int, columns: dict[str, AnyArray]) -> None:
        self.school, self.stage, self.row, self.columns = school, stage, row, columns

    @property
    def key(self) -> int:
        """The stable key of the school."""
        return self.school.key

    @property
    def posts(self) -> Ints:
        """Teachers' posts by subject group, written in place."""
        row: Ints = self.columns["posts"][self.row]
        return row

    @posts.setter
    def posts(self, posts: Ints) -> None:
        write(self.columns["posts"], "posts", self.row, posts)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in STATE and name not in self.__slots__:
            raise AttributeError(f"a part has no {name}{suggest(name, (*STATE, *self.__slots__))}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # what Python looks for when it copies is nobody's misspelling
            raise AttributeError(name)
        raise AttributeError(f"a part has no {name}{suggest(name, (*STATE, *self.__slots__))}")

    def __repr__(self) -> str:
        return f"Part({self.school!r}, {STAGES[self.stage]})"


class Facilities(Fixed):
    """What a school has, by name (FACILITIES)."""

    __slots__ = ()
    what = "facility"


class School(Closed, Shown, mesa.Agent):
    """One school. `key` is the stable id of schools.csv or of a policy's settings; Mesa's `unique_id` names nothing.

    `closed` is the September from which it teaches nobody (0 while it is open); `successors` names, by stage that
    closed, the school (key) that took most of its pupils.
    """

    _words = {"kind": SCHOOL_KINDS, "ownership": OWNERSHIP}
    _settled = dict.fromkeys(("key", "unique_id"), "everybody finds the school by it") | {
        "model": "a school stays in its district"
    }

    def __init__(self, model: mesa.Model, key: int, kind: str, ownership: str, urban: bool, x: float, y: float) -> None:
        super().__init__(model)
        self.key, self.kind, self.ownership, self.urban = int(key), kind, ownership, bool(urban)
        self.name: dict[str, str] = {}
        self.x_km, self.y_km = float(x), float(y)
        self.facilities = dict.fromkeys(FACILITIES, 0.0)
        self.senior_pupils = 0
        self.equipped_for = 0
        self.opened = 0
        self.closed = 0
        self.successors: dict[int, int] = {}
        self.building_year = 0
        self.recognition: tuple[str, ...] = ()
        self.evaluates = False
        self.shared_lessons = False
        self.cluster: Cluster | None = None
        self.principal: Principal | None = None
        self.parts: dict[int, Part] = {}
        self.close()

    @property
    def facilities(self) -> dict[str, float]:
        """What the school has: area, equipment, computers, books (FACILITIES)."""
        return self._facilities

    @facilities.setter
    def facilities(self, amounts: dict[str, float]) -> None:
        self._facilities = Facilities(dict.fromkeys(FACILITIES, 0.0))
        self._facilities.update(amounts)

    def history(self) -> pd.DataFrame:
        """Return what was recorded of this school: a row a year and stage, a column an indicator; InputError before
        the district lived a year.
        """
        if not self.model.recorder.by_school:
            raise InputError(NOTHING_YET)
        rows: pd.DataFrame = self.model.recorder.school_year()
        rows = rows[rows["school"] == self.key].astype({"stage": str, "indicator": str})
        return rows.pivot(index=["year", "stage"], columns="indicator", values="value").rename_axis(columns=None)

    @property
    def public(self) -> bool:
        """Whether the district runs the school."""
        return self.ownership == "public"

    @property
    def stages(self) -> tuple[int, ...]:
        """The stages that a school of this kind teaches."""
        return stages_of(self.kind)

    @property
    def direct_promotion(self) -> bool:
        """Whether pupils of the last primary grade stay for the first junior one."""
        return PRIMARY in self.parts and JUNIOR in self.parts

    def __repr__(self) -> str:
        return f"School({self.key}, {self.name.get('en', '')})"


ASKED_OF_SCHOOLS = ("select", "groupby", "agg", "do", "shuffle", "shuffle_do", "sort", "map", "set", "count", "to_list")


class Schools(Named[int, School]):
    """Schools by key; a key that is not here is named with those that are (KeyError)."""

    __slots__ = ()

    def __getattr__(self, name: str) -> NoReturn:
        remedy = f"; write district.agents_by_type[School].{name}(...)" if name in ASKED_OF_SCHOOLS else ""
        raise AttributeError(f"schools have no {name}; they are found by key, district.schools[1]{remedy}")

    def __missing__(self, key: object) -> NoReturn:
        named = [mine for mine, school in self.items() if key in school.name.values()]
        remedy = f"; its key is {named[0]}" if named else f"; there are {', '.join(map(str, sorted(self)))}"
        raise KeyError(f"{key!r} is not the key of a school{remedy}")

    def __getitem__(self, key: int) -> School:
        """Return the school of a key; KeyError for none, and for what only equals a key, such as True and 1.0."""
        return (
            super().__getitem__(key) if isinstance(key, int | np.integer) and key is not True else self.__missing__(key)
        )

    def get(self, key: int, default: T | None = None) -> School | T | None:  # type: ignore[override]
        """Return the school of a key, or `default`."""
        return self[key] if key in self else default  # noqa: SIM401 - this is `get`

    def __contains__(self, key: object) -> bool:
        if isinstance(key, School):
            return self.get(key.key) is key
        return isinstance(key, int | np.integer) and key is not True and super().__contains__(key)

    def __setitem__(self, key: int, school: School) -> None:
        """Take in a school that is new, under its own key (TypeError, ValueError)."""
        own = vars(school).get("key", key) if isinstance(school, School) else None  # a copy's has none yet
        if own is None or key != own or not isinstance(key, int | np.integer) or isinstance(key, bool):
            raise TypeError(f"{school!r} cannot stand under {key!r}: schools stand under their own keys")
        if key in self and self[key] is not school:
            raise ValueError(f"{key} is the key of {self[key]!r}; a school is not replaced by another one")
        super().__setitem__(key, school)

    def pop(self, *args: object) -> NoReturn:
        """Refuse to drop a school: its pupils and teachers would stay in it (TypeError)."""
        raise TypeError("a school cannot be taken away: its pupils and teachers are in it")

    __delitem__ = popitem = clear = pop


@dataclass
class Letter:
    """A target letter (目标责任书): monitored quality at its start (SD), the rise
    promised over the term, each year's verdict.
    """

    start: float
    gain: float
    written: int
    met: list[bool] = field(default_factory=list)

    def target(self, year: int, term: int) -> float:
        """Return what the school year `year` should reach: a share
        of the promised rise for every year since the start.
        """
        return self.start + self.gain * min(year - self.written + 1, term) / term

    def review(self, seen: float, year: int, term: int) -> bool:
        """Compare a year's monitored quality with its target, keep the verdict and return it."""
        self.met.append(bool(seen >= self.target(year, term)))
        return self.met[-1]

    @property
    def share_met(self) -> float:
        """The share of the yearly targets met so far; 1 before any review."""
        return sum(self.met) / len(self.met) if self.met else 1.0


class Principal(Closed, Shown, mesa.Agent):
    """The head of a campus: `effectiveness` in SD a year at full effect, `since` the September of taking the post,
    `entered` the first.
    """

    def __init__(self, model: mesa.Model, person: int, effectiveness: float, since: int, experienced: bool) -> None:
        super().__init__(model)
        self.id, self.effectiveness, self.since, self.experienced = int(person), effectiveness, since, experienced
        self.entered, self.predecessor = since, False
        self.letter: Letter | None = None
        self.trained_year = 0
        self.close()

    def value_added(self, year: int, p: dict[str, float]) -> float:
        """Return this year's effect on the school in SD: growing into the post, less the dip of a recent change.

        Sources: Coelli & Green 2012 (growing in), Bartanen et al. 2019 and Miller 2013 (dip; smaller when the
        successor has led a school before).
        """
        served = year - self.since
        grown = 1.0 - float(np.exp(-(served + 1) / p["principal_ramp_tau"]))
        dips = (p["principal_change_yr1"], p["principal_change_yr2"])
        dip = dips[served] if self.predecessor and served < len(dips) else 0.0
        softened = 1.0 - p["principal_experienced_offset"] * self.experienced
        return self.effectiveness * grown + dip * softened

    def served(self, year: int, counted_from: int = 0) -> int:
        """Return the whole years in this post up to September `year`, those before `counted_from` left out."""
        return year - max(self.since, counted_from)

    def take(self, school: School, year: int) -> None:
        """Take the post at a school; a school that opened before this year had somebody else."""
        self.predecessor, self.since, self.letter = school.opened < year, year, None
        school.principal = self

    def story(self, lang: str = "en") -> str:
        """Tell in a paragraph who this is, and what happened since the district follows (`district.follow`)."""
        return str(display_of("story")(self, lang))

    def lead(self, school: School, year: int) -> None:
        """Go to another school: with the experience of having led one."""
        self.experienced = True
        self.take(school, year)

    def __repr__(self) -> str:
        return f"Principal({self.id}, since {self.since})"


class GeneralPrincipal(Closed, mesa.Agent):
    """The head of a cluster (集团总校长, 联盟校总校长, 大学区长): above the campus principals, without a campus and
    not bound by terms.
    """

    def __init__(self, model: mesa.Model, cluster: Cluster, campus: Principal, since: int) -> None:
        super().__init__(model)
        self.cluster, self.since = cluster, since
        self.id, self.effectiveness, self.trained_year = campus.id, campus.effectiveness, campus.trained_year
        self.close()

    def __repr__(self) -> str:
        return f"GeneralPrincipal({self.id}, {self.cluster.name}, since {self.since})"


class Cluster(Closed, Shown, mesa.Agent):
    """Schools that share teachers and lessons under one head; `lead` is None among equals."""

    def __init__(self, model: mesa.Model, name: str, kind: str, lead: School | None, formed: int) -> None:
        super().__init__(model)
        self.name, self.kind, self.lead, self.formed = name, kind, lead, formed
        self.title = {"zh": name, "en": name}
        self.members = Schools()
        self.close()

    def join(self, school: School) -> None:
        """Take a school in; a school belongs to one cluster at most (ValueError)."""
        if school.cluster is not None:
            raise ValueError(f"{school} already belongs to {school.cluster.name}; a school joins one cluster")
        self.members[school.key] = school
        school.cluster = self

    def leave(self, school: School, successor: School | None = None) -> None:
        """Let a school go; where it led, a member that succeeds it leads, else nobody does."""
        self.members = Schools({key: member for key, member in self.members.items() if member is not school})
        school.cluster = None
        if self.lead is school:
            self.lead = successor if successor is not None and successor.key in self.members else None

    def dissolve(self) -> None:
        """Let all members go, and cease to be."""
        for school in self.members.values():
            school.cluster = None
        self.members = Schools()
        self.remove()

    def __repr__(self) -> str:
        return f"Cluster({self.name}, {self.kind}, {len(self.members)} schools)"


School._kinds = {
    "name": ((dict,), 'a name in both languages: {"zh": "第一小学", "en": "First Primary School"}'),
    "parts": ((dict,), "the parts of the school by stage"),
    "successors": ((dict,), "the key of a school by stage"),
    "recognition": ((tuple,), 'names of distinctions: ("sports",)'),
    "principal": ((Principal, NoneType), "a Principal, or None for a vacant post"),
    "cluster": ((Cluster, NoneType), "a Cluster, or None; schools come by cluster.join(school)"),
}
