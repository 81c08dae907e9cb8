"""The district, its schools, clusters and heads: sizes, states, where the data come from."""

from __future__ import annotations

import pandas as pd

from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.facts import facts
from simsim.inputs.defaults import furthest_year, last_year
from simsim.report.objects.card import Card, Folded
from simsim.report.objects.people import school_name
from simsim.report.words import Words
from simsim.world.schools import Cluster, Principal, School

MOST_NAMED = 6


def named(names: list[str], say: Words) -> str:
    """Return the first names of a list, and how many more there are."""
    more = [say("object.more", n=len(names) - MOST_NAMED)] if len(names) > MOST_NAMED else []
    return ", ".join([*names[:MOST_NAMED], *more]) or say("object.none")


def district_card(district: District, say: Words) -> Card:
    """Return the card of a district as it is now."""
    spec, first = district.spec, district.first_year
    title = say("object.district", name=facts(district.data, say.lang)["short_name"],
                scenario=spec.title.get(say.lang, spec.name), id=spec.name, seed=district.streams.seed)  # fmt: skip
    lived = say("object.lived", first=first, last=district.year - 1) if district.year > first else say("object.unlived")
    acting = [policy.id for policy in district.policies if district.acts(policy)]
    lines = [
        (say("object.now"), say("object.september", year=district.year, lived=lived)),
        (say("object.pupils"), _pupils(district, say)),
        (say("object.teachers"), _teachers(district, say)),
        (say("object.schools"), _schools(district, say)),
        (say("object.policies"), say("object.acting", n=len(district.policies), acting=len(acting),
                                     names=named(acting, say))),
        (say("object.data"), provenance(district.data.provenance, say)),
    ]  # fmt: skip
    if district.diary is not None:
        counts = say("object.followed_n", n=len(district.diary.first), events=len(district.diary.events))
        lines.append((say("object.followed"), counts))
    return Card(title, lines, [f"district.{one}" for one in _tries(district)], [_all_schools(district, say)])


def _tries(district: District) -> list[str]:
    """Return what works on a district as it is now: nothing is on record before the first year."""
    spec = district.data.spec
    last = last_year(spec)
    ahead = ["step()"] if district.year <= furthest_year(spec) else []
    ahead += [f"run(to={last})"] if district.year <= last else []
    lived = ["plot_map()"] if district.year > district.first_year else []
    school = f"schools[{district.open_schools[0].key}]"
    return [*ahead, "students", school, *lived, "follow(ids)", 'branch("baseline")']


def _pupils(district: District, say: Words) -> str:
    students = district.students
    stages = district.system.stage_of(students.grade)
    parts = [
        say("object.of_stage", stage=say(f"stage.{STAGES[s]}"), n=say.number(int((stages == s).sum())))
        for s in district.system.stages
    ]
    if waiting := int((students.school == 0).sum()):
        parts.append(say("object.waiting_n", n=say.number(waiting)))
    return say("object.total", n=say.number(len(students)), parts=say("join").join(parts))


def _teachers(district: District, say: Words) -> str:
    teachers = district.teachers
    away = int((teachers.post != teachers.home).sum())
    parts = [say("object.public_n", n=say.number(int(teachers.public.sum())))]
    parts += [say("object.away_n", n=say.number(away))] if away else []
    return say("object.total", n=say.number(len(teachers)), parts=say("join").join(parts))


def _schools(district: District, say: Words) -> str:
    there = district.open_schools
    parts = [
        say("object.public_n", n=sum(school.public for school in there)),
        say("object.clusters_n", n=len(district.clusters)),
    ]
    closed = sum(school.closed > 0 for school in district.schools.values())
    parts += [say("object.closed_n", n=closed)] if closed else []
    return say("object.total", n=len(there), parts=say("join").join(parts))


def _all_schools(district: District, say: Words) -> Folded:
    headings = [say("object.key"), say("object.school_name"), say("object.pupils"), say("object.classrooms")]
    rows = []
    for school in district.open_schools:
        count = int((district.students.school == school.key).sum())
        rooms = sum(part.rooms for part in school.parts.values())
        rows.append([school.key, school.name.get(say.lang, ""), say.number(count), rooms])
    return Folded(say("object.schools"), headings, rows)


def provenance(columns: pd.DataFrame, say: Words) -> str:
    """Return how many columns of every table are imported, filled or synthetic."""
    counts = columns.groupby(["table", "status"], sort=False).size().reset_index(name="n")
    return say("join").join(
        say("object.column_n", table=row["table"], n=row["n"], status=say.either("code.status", str(row["status"])))
        for row in counts.to_dict("records")
    )


def school_card(school: School, say: Words) -> Card:
    """Return the card of a school."""
    district = school.model
    kinds = [say.either("code.kind", school.kind), say(f"ownership.{school.ownership}"),
             say("trait.urban" if school.urban else "trait.rural")]  # fmt: skip
    state = say("object.closed", year=school.closed) if school.closed else say("join").join(
        [say("object.opened", year=school.opened)] if school.opened else [say("object.always")]
    )  # fmt: skip
    lines = [(say("object.what"), say("join").join(kinds)), (say("object.state"), state)]
    for stage, part in school.parts.items():
        students = district.students
        mine = (students.school == school.key) & (district.system.stage_of(students.grade) == stage)
        staff = int(((district.teachers.post == school.key) & (district.teachers.stage == stage)).sum())
        counts = say("object.part", pupils=say.number(int(mine.sum())), rooms=part.rooms, staff=staff,
                     posts=int(part.posts.sum()))  # fmt: skip
        lines.append((say.either("stage", STAGES[stage]), counts))
    head, cluster = school.principal, school.cluster
    lines.append(
        (say("object.principal"), say("object.since", id=head.id, year=head.since) if head else say("object.none"))
    )
    lines.append((say("object.cluster"), cluster.title.get(say.lang, cluster.name) if cluster else say("object.none")))
    name = f"district.schools[{school.key}]"
    title = say("object.school", key=school.key, name=school.name.get(say.lang, ""))
    lived = [f"{name}.history()"] if district.year > district.first_year else []
    pupils = f"district.students.select(district.students.school == {school.key})"
    return Card(title, lines, (*lived, f"{name}.facilities", pupils))


def principal_card(principal: Principal, say: Words) -> Card:
    """Return the card of a principal."""
    district = principal.model
    where = [s.key for s in district.schools.values() if s.principal is principal]
    here = school_name(district, where[0], say) if where else say("object.gone")
    letter = principal.letter
    lines = [
        (say("object.now"), here),
        (say("object.state"), say("object.head_since", year=principal.since, entered=principal.entered)),
        (say("object.effect"), say("object.sd", value=say.number(principal.effectiveness, 3, sign=True))),
    ]
    if letter is not None:
        lines.append((say("object.targets"), say("object.met", met=sum(letter.met), n=len(letter.met))))
    return Card(say("object.head", id=principal.id), lines, (f"district.story({principal.id})",))


def cluster_card(cluster: Cluster, say: Words) -> Card:
    """Return the card of a cluster of schools."""
    members = [school.name.get(say.lang, str(key)) for key, school in cluster.members.items()]
    lead = cluster.lead.name.get(say.lang, "") if cluster.lead else say("object.none")
    lines = [
        (say("object.what"), say.either("code.cluster", cluster.kind)),
        (say("object.state"), say("object.opened", year=cluster.formed)),
        (say("object.lead"), lead),
        (say("object.members"), say("object.total", n=len(members), parts=named(members, say))),
    ]
    return Card(cluster.title.get(say.lang, cluster.name), lines, ("cluster.members",))
