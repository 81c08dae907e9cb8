"""Families rank the district's schools; places by student-proposing deferred acceptance (学生提出的延迟接受机制)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.base.arrays import Floats, Mask
from simsim.policies.shared.families_choose import ChoosingSettings, FamiliesChoose
from simsim.policy import setting
from simsim.rules.choice import Market, utility
from simsim.world.world import World


class OpenChoiceSettings(ChoosingSettings):
    """Who chooses, how long the lists are, who goes first."""

    take_up: float = setting(
        1.0, unit="share of families who choose; the others ask for the catchment school", ge=0, le=1
    )
    list_length: int = setting(5, unit="schools on a list at most", ge=1, le=100)
    catchment_first: bool = setting(True, unit="whether children of the catchment go first at its school")


class OpenChoice(FamiliesChoose):
    """Families rank the public schools within the travel limit; a lottery decides where a school is asked by too many.

    Every school has its own lottery ticket for every pupil. Whom no school of the list seats gets the nearest place
    left, and a child with a right to a seat none the less one at the catchment school. Lists are ranked by what schools
    are worth to a family: under deferred acceptance nobody gains by ranking otherwise, lists being long enough.
    """

    name: ClassVar[str] = "open_choice"
    title: ClassVar[dict[str, str]] = {"zh": "自主择校(延迟接受)", "en": "Open choice by deferred acceptance"}
    effect: ClassVar[str] = (
        "who goes where, by choice_bq, choice_bq_ses, choice_bs, choice_bd_primary and _junior, choice_view_sd; "
        "none on learning itself"
    )
    zero: ClassVar[dict[str, object]] = {"take_up": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("take_up",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"list_length": 1, "catchment_first": False},
        {"list_length": 100, "take_up": 0.5},
        {"list_length": 100, "catchment_first": False, "stages": "junior"},
    )
    Settings = OpenChoiceSettings
    settings: OpenChoiceSettings

    def works(self, district: World) -> bool:
        """Families choose unless none takes it up."""
        return self.settings.take_up > 0.0

    def length(self) -> int:
        """Return the setting."""
        return self.settings.list_length

    def worth(self, district: World, market: Market) -> Floats:
        """Return utilities within the travel limit; to who does not choose, the
        catchment school alone is worth anything.
        """
        value = np.where(market.at_own, 0.0, -np.inf)
        chooses = district.chance(self.stream("take-up"), district.students.id[market.rows], self.settings.take_up)
        choosers = market.of(chooses)
        value[chooses] = utility(district, choosers, self.id, choosers.near)
        return value

    def tickets(self, district: World, market: Market, asks: Mask) -> Floats:
        """Return the lot, after the children of the catchment if these go first."""
        return super().tickets(district, market, asks) + (~market.at_own if self.settings.catchment_first else 0.0)
