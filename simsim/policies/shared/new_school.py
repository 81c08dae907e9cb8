"""Opening a school: where it stands, whom it takes, and how it is staffed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsim.base.arrays import Ints, Mask
from simsim.base.codes import FIRST_GRADE, LAST_GRADE, STAGES, SUBJECT_GROUPS
from simsim.policies.shared.building_project import ProjectSettings
from simsim.rules.staffing import add_post, group_short
from simsim.world.schools import Part
from simsim.world.world import World


def staff(
    district: World,
    part: Part,
    shares: tuple[float, float],
    instance: str,
    lead: int | None = None,
    extra: bool = False,
) -> int:
    """Bring a growing part up to the posts that its roll asks for; return how many teachers moved there.

    `shares` are those of newcomers who are seconded (experienced, from the `lead` school where there is one) and who
    are new hires; the others move by open transfer. For hires vacancies are kept, which this year's applicants fill
    first. Posts come along from the schools that give, so that the district's total stays; with `extra` they are added.
    """
    team = Team(district, part, instance, lead)
    team.create_posts(extra)
    vacant = np.maximum(district.parts.vacancies()[team.index], 0)
    seconded, hired = (round(share * int(vacant.sum())) for share in shares)
    moved = team.bring(vacant, int(vacant.sum()) - hired, seconded)
    team.take_posts()
    return moved


def target_posts(district: World, part: Part) -> int:
    """Return the posts that a part's roll asks for at the stage's present number of pupils a post."""
    rolls = district.parts.rolls()
    public = district.parts.of_stage(part.stage, only_public=True)
    posts = int(district.parts.posts[public].sum())
    return int(np.ceil(rolls[part.row] * posts / max(rolls[public].sum(), 1)))


class Team:
    """A new school's staff in the making.

    `owed` counts, by subject group, the posts that were created here and are still to be taken from other schools;
    `strength` is the posts of each part that may give: public, of the same stage, and not opening itself.
    """

    def __init__(self, district: World, part: Part, instance: str, lead: int | None) -> None:
        self.district, self.part, self.instance, self.lead = district, part, instance, lead
        self.index = part.row
        self.owed = np.zeros(len(SUBJECT_GROUPS), np.int64)
        self.rolls = district.parts.rolls()
        parts = district.parts
        gives = (parts.stage == part.stage) & parts.public & ~parts.opening
        self.strength = parts.posts.sum(axis=1).astype(float) * gives

    def create_posts(self, extra: bool) -> None:
        """Create the missing posts, each in the subject group furthest below the stage's mix."""
        posts, mix = self.part.posts, self.district.parts.post_mix(self.part.stage)
        for _ in range(target_posts(self.district, self.part) - int(posts.sum())):
            if extra:
                mix[add_post(self.district, self.index, mix)] += 1
                continue
            group = group_short(self.district, self.part, mix)
            posts[group] += 1
            mix[group] += 1
            self.owed[group] += 1

    def bring(self, vacant: Ints, n: int, seconded: int) -> int:
        """Move up to `n` teachers into the vacancies, the first `seconded` of them
        experienced; each brings an owed post.
        """
        teachers, p = self.district.teachers, self.district.p
        lot = self.district.uniform(f"{self.instance}/transfer/{self.part.stage}", teachers.id)
        at = self.district.parts.of_teachers()
        free = teachers.public & (teachers.post == teachers.home) & (self.strength[at] > 0)
        experienced = teachers.experience >= p["novice_years"]
        rows: list[int] = []
        while len(rows) < n and vacant.max() > 0:
            group = int(np.argmax(vacant))
            fits = free & (teachers.subject == group)
            if len(rows) < seconded and (fits & experienced).any():
                fits &= experienced
                fits = fits & (teachers.post == self.lead) if (fits & (teachers.post == self.lead)).any() else fits
            if not fits.any():
                vacant[group] = 0
                continue
            donor = self._donor(np.bincount(at[fits], minlength=len(self.strength)) > 0)
            rows.append(int(np.argmin(np.where(fits & (at == donor), lot, np.inf))))
            free[rows[-1]] = False
            vacant[group] -= 1
            self._give(donor, group)
        self.district.move_teachers(np.array(rows, np.int64), self.part.key, "opening", self.instance)
        return len(rows)

    def take_posts(self) -> None:
        """Take the posts still owed, vacant ones first; a post that
        no school has in this subject group is not created.
        """
        vacancies = self.district.parts.vacancies()
        for group in np.repeat(np.arange(len(self.owed)), self.owed).tolist():
            able = (self.district.parts.posts[:, group] > 0) & (self.strength > 0)
            vacant = able & (vacancies[:, group] > 0)
            if able.any():
                donor = self._donor(vacant if vacant.any() else able)
                vacancies[donor, group] -= 1
                self._give(donor, group)
            else:
                self.part.posts[group] -= 1

    def _donor(self, able: Mask) -> int:
        """Return the part with the fewest pupils a post among those that are able to give."""
        return int(np.argmin(np.where(able, self.rolls / np.maximum(self.strength, 1.0), np.inf)))

    def _give(self, donor: int, group: int) -> None:
        """Let a part give a post of a subject group if one is still owed; either way it counts as having given."""
        self.strength[donor] -= 1
        if self.owed[group] and self.district.parts.posts[donor, group]:
            self.owed[group] -= 1
            self.district.parts.posts[donor, group] -= 1


def n_grades(stage: int) -> int:
    """Return how many grades a stage has."""
    return LAST_GRADE[stage] - FIRST_GRADE[stage] + 1


def place(district: World, s: ProjectSettings) -> tuple[float, float]:
    """Return where a school opens: as set, else amid its catchment, else where most new flats are."""
    places = district.neighbourhoods
    named = [*s.catchment_primary, *s.catchment_junior]
    homes = places.rows(named) if named else [places.housing_share.argmax()]
    middle = float(places.x_km[homes].mean()), float(places.y_km[homes].mean())
    return (middle[0] if s.x_km is None else s.x_km, middle[1] if s.y_km is None else s.y_km)


def catchment(district: World, s: ProjectSettings, stage: int, place: tuple[float, float]) -> Sequence[int]:
    """Return the neighbourhoods of a stage's catchment: as set, else the one nearest to the school."""
    places = district.neighbourhoods
    nearest = int(np.hypot(places.x_km - place[0], places.y_km - place[1]).argmin())
    return getattr(s, f"catchment_{STAGES[stage]}") or (int(places.key[nearest]),)
