"""A pledge over several projects: so many of them done by a month
(L0 of the plan: four new schools completed by 2016).
"""

from __future__ import annotations

from typing import ClassVar

from simsim.base import calendar
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared.promises import STEPS, Promise, Promises
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class PledgeSettings(PolicySettings):
    """Which projects, how many of them, which step, by when."""

    measures: tuple[str, ...] = setting((), unit="ids of measures or instances that build; none: all that build")
    number: int = setting(1, unit="projects that must be done; 0: nothing is judged", ge=0)
    step: str = setting("completion", unit="step of a project", pattern="|".join(STEPS))
    due: str = setting("2016-12", unit="month", pattern=calendar.MONTH)
    striving: bool = setting(False, unit="whether it is only striven for (力争)")
    milestone: str = setting("projects completed", unit="name in the table of milestones")


class Pledge(Policy):
    """Judges whether a number of building projects is done in time; it does nothing itself."""

    name: ClassVar[str] = "pledge"
    title: ClassVar[dict[str, str]] = {"zh": "总体承诺", "en": "Pledge over several projects"}
    touches: ClassVar[str] = "milestones"
    zero: ClassVar[dict[str, object]] = {"number": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("number",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"number": 100, "due": "2059-12", "step": "in_use"},)
    Settings = PledgeSettings
    settings: PledgeSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.written = Promises()

    @classmethod
    def problems(cls, settings: PledgeSettings, data: DistrictData) -> list[tuple[str, object, str]]:
        """More projects than are named cannot be done."""
        if settings.measures and settings.number > len(settings.measures):
            return [("number", settings.number, f"is more than the {len(settings.measures)} measures named")]
        return []

    @classmethod
    def in_vain(cls, settings: PledgeSettings, around: Around) -> list[Vain]:
        """What is due later than the last year is never judged; a measure that nobody builds never counts."""
        strangers = [name for name in settings.measures if name not in around.builders]
        found = [Vain(f"measures ({name})", "stranger") for name in strangers]
        return found + around.outside("due", calendar.month(settings.due) // calendar.MONTHS)

    def settle(self, district: World) -> None:
        """Note when as many as promised were done, or that they were not."""
        s = self.settings
        if not s.number:
            return
        watched = [p for p in district.policies if not s.measures or {p.id, p.measure} & set(s.measures)]
        dates = sorted(p.done[s.step] for p in watched if s.step in p.done)
        done = dates[s.number - 1] if s.number <= len(dates) else None
        promise = Promise(s.milestone, calendar.month(s.due), s.striving)
        self.touched += self.written.write(district, self.measure or self.id, promise, done)
