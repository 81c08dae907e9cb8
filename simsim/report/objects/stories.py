"""One person told in a paragraph: who it is, and what happened since somebody follows."""

from __future__ import annotations

from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.inputs.errors import InputError, Problem
from simsim.report.objects.people import person_card, school_name, word_of
from simsim.report.objects.places import principal_card
from simsim.report.words import Words
from simsim.world.diary import PRINCIPAL, PUPIL, Event, Row
from simsim.world.person import Person
from simsim.world.schools import Principal


def of_person(person: Person | Principal, lang: str) -> str:
    """Return the story of a pupil, a teacher or a principal at hand."""
    district = person.model
    return story(district, person.id if isinstance(person, Principal) else person.unique_id, lang)


def story(district: District, person: int, lang: str = "en") -> str:
    """Return a paragraph about somebody whom the district follows; of anybody else here only who it is.

    InputError for whoever is neither followed nor here.
    """
    say, diary = Words(lang), district.diary
    if diary is None or person not in diary.first:
        return _unfollowed(district, person, say)
    first = diary.first[person]
    events = [event for event in diary.events if event.person == person]
    sentences = [_beginning(district, first, person, say), *(_told(district, event, say) for event in events)]
    if not events:
        sentences.append(say("story.nothing"))
    if not events or events[-1].event != "left":
        here = _place(district, first, person)
        sentences.append(say("story.still", year=district.year, school=school_name(district, here, say)))
    return (" " if lang == "en" else "").join(sentences)


def _unfollowed(district: District, person: int, say: Words) -> str:
    there = person in district.students or person in district.teachers
    if not there and not any(s.principal and s.principal.id == person for s in district.schools.values()):
        remedy = "is not here and is not followed; follow people while they are here: district.follow(ids)"
        raise InputError(Problem("district", "story", person, remedy))
    people = district.students if person in district.students else district.teachers
    who = (
        people[person]
        if there
        else next(s.principal for s in district.schools.values() if s.principal and s.principal.id == person)
    )
    told = principal_card(who, say) if isinstance(who, Principal) else person_card(who, say)
    facts = say("join").join(say("story.fact", label=label, line=line) for label, line in told.lines)
    return say("story.stranger", title=told.title, facts=facts, unfollowed=say("story.unfollowed", id=person))


def _beginning(district: District, first: Row, person: int, say: Words) -> str:
    kind, place = str(first["kind"]), _number(first.get("school", first.get("post", NO_SCHOOL)))
    words = {"id": person, "year": first["year"], "school": school_name(district, place, say)}
    if kind == PRINCIPAL:
        return say("story.principal", since=first["since"], **words)
    if kind == PUPIL:
        traits = [say("trait.girl" if first["female"] else "trait.boy")]
        traits += [say(f"trait.{name}") for name in ("migrant", "poor", "disabled") if first[name]]
        return say("story.pupil", who=say("join").join(traits), grade=first["grade"], **words)
    traits = [say("trait.woman" if first["female"] else "trait.man")]
    traits += [word_of(name, _number(first[name]), say) for name in ("stage", "subject", "title")]
    return say("story.teacher", who=say("join").join(traits), **words)


def _told(district: District, event: Event, say: Words) -> str:
    by = say("story.by", instance=event.instance) if event.instance else ""
    way = {
        end: school_name(district, key, say)
        for end, key in (("origin", event.origin), ("destination", event.destination))
    }
    return say(f"story.{event.event}", year=event.year, why=say.either("why", event.why), by=by, **way)


def _place(district: District, first: Row, person: int) -> int:
    """Return the school (key) where somebody is now."""
    if first["kind"] == PRINCIPAL:
        return next(key for key, s in district.schools.items() if s.principal and s.principal.id == person)
    if first["kind"] == PUPIL:
        return int(district.students[person].school)
    return int(district.teachers[person].post)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
