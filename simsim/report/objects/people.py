"""Pupils, teachers and sets of them: who they are, with codes as words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Ints
from simsim.base.codes import NO_SCHOOL, STAGES, SUBJECT_GROUPS, TITLES
from simsim.district import District
from simsim.report.objects.card import Card
from simsim.report.words import Words
from simsim.world.person import Person
from simsim.world.population import Population
from simsim.world.selection import Selection
from simsim.world.students import Student

MONTHS = 12
COLUMNS_A_LINE = 9
CODES: Mapping[str, tuple[str, ...]] = MappingProxyType({"title": TITLES, "subject": SUBJECT_GROUPS, "stage": STAGES})
"""The columns whose numbers stand for words of the catalogue, `code.title.senior` and the like."""
ROUTES = {code: word for word, code in identity.ROUTES.items()}
MEANS = {"Student": ("score", "ses", "distance_km"), "Teacher": ("mu", "experience", "years_in_school")}


def school_name(district: District, key: int, say: Words) -> str:
    """Return a school's name by key; what a pupil without one does."""
    if key == NO_SCHOOL:
        return say("object.waiting")
    return str(district.schools[key].name.get(say.lang, key))


def word_of(column: str, value: int, say: Words) -> str:
    """Return the word for a code."""
    return say.either(f"code.{column}", CODES[column][value])


def person_card(person: Person, say: Words) -> Card:
    """Return the card of a pupil or a teacher; of one who has left, only that."""
    people, number = person.population, person.unique_id
    kind = "pupil" if isinstance(person, Student) else "teacher"
    title = say(f"object.{kind}", id=number)
    if number not in people:
        return Card(title, [(say("object.now"), say("object.gone"))], (f"district.story({number})",))
    district, row = people.model, int(people.rows(number))
    assert isinstance(district, District)
    cells = {name: column.item(row) for name, column in people.columns.items()}
    lines = (_pupil if kind == "pupil" else _teacher)(district, cells, say)
    return Card(title, lines, (f"district.follow({number})", f"district.story({number})"))


def _pupil(district: District, cells: Mapping[str, int], say: Words) -> list[tuple[str, str]]:
    traits = [say("trait.girl" if cells["female"] else "trait.boy")]
    traits += [say(f"trait.{name}") for name in ("migrant", "poor", "disabled") if cells[name]]
    states = [say(f"trait.{name}") for name in ("moved", "displaced", "over_capacity") if cells[name]]
    stage = STAGES[int(district.system.stage_of(cells["grade"]))]
    place = say("object.seat", school=school_name(district, cells["school"], say), grade=cells["grade"],
                stage=say(f"stage.{stage}"), years=cells["years_in_school"])  # fmt: skip
    entry = _route(cells["id"], say)
    score = say.number(cells["score"], 2, sign=True) if district.year > district.first_year else say("object.no_test")
    return [
        (say("object.who"), say("join").join(traits)),
        (say("object.came"), entry),
        (say("object.now"), say("join").join([place, *states])),
        (say("object.home"), say("object.way", n=cells["neighbourhood"], km=say.number(cells["distance_km"], 1))),
        (say("object.score"), score),
        (say("object.family"), say("object.sd", value=say.number(cells["ses"], 2, sign=True))),
    ]


def _teacher(district: District, cells: Mapping[str, int], say: Words) -> list[tuple[str, str]]:
    age = (district.year * MONTHS + 8 - cells["birth_month"]) // MONTHS
    labels = [say(f"trait.{name}") for name in ("backbone", "star") if cells[name]]
    traits = [say("trait.woman" if cells["female"] else "trait.man"), say("object.age", n=age),
              *(word_of(name, cells[name], say) for name in ("stage", "subject", "title")), *labels]  # fmt: skip
    here = say("object.post", school=school_name(district, cells["post"], say), years=cells["years_in_school"])
    away = (
        [say("object.away", school=school_name(district, cells["home"], say))] if cells["home"] != cells["post"] else []
    )
    return [
        (say("object.who"), say("join").join(traits)),
        (say("object.came"), _route(cells["id"], say)),
        (say("object.now"), say("join").join([here, *away])),
        (say("object.experience"), say("object.years", n=cells["experience"])),
        (say("object.effect"), say("object.sd", value=say.number(cells["mu"] + cells["drift"], 3, sign=True))),
    ]


def _route(person: int, say: Words) -> str:
    """Return how and when a person came, as the id tells."""
    number: Ints = np.int64(person)  # type: ignore[assignment]
    route = ROUTES.get(int(identity.route(number)), "")
    how = say.either("code.route", route)
    return how if route == "initial" else say("object.route", how=how, year=int(identity.entry_year(number)))


def people_card(people: Population[Person] | Selection[Person], say: Words) -> Card:
    """Return the card of all pupils or teachers, or of some of them."""
    chosen = people.select() if isinstance(people, Population) else people
    whole = chosen.population
    kind = "pupils" if issubclass(whole.view, Student) else "teachers"
    part = isinstance(people, Selection)
    key = f"object.{'some' if part else 'all'}"
    title = say(key, who=say(f"object.{kind}"), n=say.number(len(people)), of=say.number(len(whole)))
    columns = [name for name in whole.columns if name != "id"]
    district = whole.model
    tested = not isinstance(district, District) or district.year > district.first_year
    shown = [name for name in MEANS[whole.view.__name__] if len(people) and (tested or name != "score")]
    means = [f"{name} {say.number(float(chosen.agg(name, np.mean)), 2)}" for name in shown]
    listed = [", ".join(columns[start : start + COLUMNS_A_LINE]) for start in range(0, len(columns), COLUMNS_A_LINE)]
    lines = [
        *zip([say("object.columns"), *[""] * len(listed)], listed, strict=False),
        (say("object.means"), say("join").join(means) or say("object.nobody")),
    ]
    name = "district.students" if kind == "pupils" else "district.teachers"
    tries = (f"{name}.select({name}.school == 1)", f"{name}[{name}.id[0]]", "to_frame()", 'groupby("school").count()')
    if part:
        tries = ("to_frame()", f'agg("{MEANS[whole.view.__name__][0]}", np.mean)', 'groupby("school").count()', "[0]")
    return Card(title, lines, tries)
