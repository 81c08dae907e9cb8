"""Equipment of schools: multimedia rooms, gardens, laboratories, a standard to
reach, and its use (装备; E1 to E3 of the plan).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from simsim.base.calendar import MONTHS
from simsim.base.sums import added_up
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared.promises import Deadlines
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules import building
from simsim.rules.building import FITTINGS, Goods
from simsim.world.schools import School
from simsim.world.world import World

AREAS = {"teaching_fill": "teaching_area_m2", "sports_fill": "sports_area_m2"}
NOTHING = 1e-6
FILLED = ("multimedia_per_class", "fill", "teaching_fill", "sports_fill")
BOUGHT = (*FILLED, "gardens", "laboratories")


class EquipmentSettings(PolicySettings):
    """What is bought for which schools, over how many years, and whether it is used."""

    multimedia_per_class: float = setting(0.0, unit="networked multimedia rooms per class room", ge=0, le=5)
    gardens: int = setting(0, unit="science-and-technology gardens", ge=0, le=100)
    laboratories: int = setting(0, unit="pilot inquiry laboratories", ge=0, le=100)
    chosen: tuple[int, ...] = setting(
        (),
        unit="keys of the schools with a garden or laboratory; the largest ones if none",
        only_above=("gardens", "laboratories"),
        names="schools",
    )
    fill: float = setting(
        0.0, unit="share of the gap to the standard of instruments, computers and books that is filled", ge=0, le=1
    )
    teaching_fill: float = setting(0.0, unit="share of the gap in teaching area that is filled", ge=0, le=1)
    sports_fill: float = setting(0.0, unit="share of the gap in sports area that is filled", ge=0, le=1)
    urban_only: bool = setting(False, unit="whether only urban schools get it")
    phase_years: int = setting(1, unit="years until all of it is bought", ge=1, le=20, only_above=BOUGHT)
    maintained: bool = setting(
        True, unit="whether gaps that open later, as rolls grow, are filled as well", only_above=FILLED
    )
    managed: bool = setting(False, unit="whether rooms are managed for full use (E3)")
    use: float | None = setting(
        None,
        unit="share of the equipment in use when managed",
        parameter="equipment_use_managed",
        ge=0,
        le=1,
        only_with={"managed": (True,)},
    )
    delay_probability: float | None = setting(
        None, unit="probability", parameter="delay_probability_firm", ge=0, le=1, only_above=("delay_months",)
    )
    delay_months: float | None = setting(
        None, unit="months", parameter="delay_months", ge=0, le=240, only_above=("delay_probability",)
    )


class Equipment(Policy):
    """Public schools get what they lack, school by school; capital is paid when it is bought.

    The gap is measured for the last September roll; a whole school gets enough for each of its parts after the official
    split. In every year of the phase a school gets its share of what is missing; later gaps are filled as they open.
    The standard is a labelled proxy (`equipment_standard`): the text of the provincial one was not found.
    """

    name: ClassVar[str] = "equipment"
    title: ClassVar[dict[str, str]] = {"zh": "教育装备", "en": "Equipment of schools"}
    rates: ClassVar[tuple[str, ...]] = ("teach/utilisation",)
    effect: ClassVar[str] = (
        "equipment_hardware_only (0) a year for a school that got the whole standard and uses all of it; use, "
        "not purchase, is what "
        "shared lessons build on"
    )
    zero: ClassVar[dict[str, object]] = {"multimedia_per_class": 0.0, "fill": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "multimedia_per_class",
            "gardens",
            "laboratories",
            "fill",
            "teaching_fill",
            "sports_fill",
            "managed",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {
            "multimedia_per_class": 5.0,
            "gardens": 100,
            "laboratories": 100,
            "fill": 1.0,
            "teaching_fill": 1.0,
            "sports_fill": 1.0,
        },
        {"fill": 1.0, "urban_only": True, "phase_years": 20, "maintained": False, "managed": True, "use": 1.0},
        {"fill": 1.0, "managed": True, "use": 0.0, "delay_probability": 1.0, "delay_months": 240.0},
    )
    Settings = EquipmentSettings
    settings: EquipmentSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.deadlines = Deadlines(self, self.start)
        self.finished: int | None = None
        self.added: dict[int, float] = {}
        self.extras = 0.0

    @classmethod
    def problems(cls, settings: EquipmentSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Gardens and laboratories stand in schools that the district has."""
        known = set(data.schools["key"])
        return [
            ("chosen", key, f"is not a school of {data.name}; see its schools.csv")
            for key in settings.chosen
            if key not in known
        ]

    @classmethod
    def in_vain(cls, settings: EquipmentSettings, around: Around) -> list[Vain]:
        """Management lifts the share in use to `use`; it never lowers it."""
        return around.below("use", settings.use, "equipment_use_2014")

    def begin(self, district: World) -> None:
        """Draw whether it is late."""
        self.deadlines.begin(district, self.value(district, "delay_probability"), self.value(district, "delay_months"))

    def changes_heads(self, district: World) -> bool:
        """Never: what a school has draws nobody there."""
        return False

    def rate(self, name: str, district: World) -> float:
        """Raise the share in use to what management reaches, as far as it is paid for; never lower it."""
        base = district.p["equipment_use_2014"]
        if not self.settings.managed or district.year < self.deadlines.opens or base <= 0.0:
            return 1.0
        return 1.0 + self.funded * max(self.value(district, "use") / base - 1.0, 0.0)

    # ---- money ----

    def planned(self, district: World) -> tuple[float, float]:
        """Return what this year's purchases cost, and the management of rooms."""
        if district.year < self.deadlines.opens:
            return 0.0, 0.0
        goods = added_up(building.cost(district, goods) for _, goods in self._wanted(district))
        extras = self._extras_left() * self._extra_cost(district)
        return goods + extras, self._management(district)

    def _management(self, district: World) -> float:
        return len(self._schools(district)) * district.p["equipment_management_cost"] if self.settings.managed else 0.0

    def _extra_cost(self, district: World) -> float:
        p, s = district.p, self.settings
        return p["garden_cost"] * s.gardens + p["laboratory_cost"] * s.laboratories

    def _extras_left(self) -> float:
        return 1.0 - self.extras

    # ---- the phases ----

    def build(self, district: World) -> None:
        """Buy this year's share of what is missing, and the gardens and laboratories."""
        if district.year < self.deadlines.opens:
            return
        for school, goods in self._wanted(district):
            bought = {good: self.funded * amount for good, amount in goods.items()}
            value = building.purchase(district, school, bought, self.id, self.measure)
            self.added[school.key] = self.added.get(school.key, 0.0) + value
            self.touched += 1
        self._build_extras(district)
        if self.finished is None and self._complete(district):
            first = district.year == self.deadlines.opens
            self.finished = self.deadlines.ready if first else district.year * MONTHS + MONTHS - 1

    def teach(self, district: World) -> None:
        """Add what hardware does to learning (0 by default) where it was bought, as far as it is used."""
        gain = district.p["equipment_hardware_only"] * building.use(district)
        for key, value in self.added.items():
            school = district.schools[key]
            share = min(value / max(building.standard(district, school, building.VALUE), 1.0), 1.0)
            for part in school.parts.values():
                part.program += gain * share

    def settle(self, district: World) -> None:
        """Pay for the management of rooms, and note what was promised and done."""
        if district.year >= self.deadlines.opens and self.settings.managed:
            district.spend(self.id, "running", self.funded * self._management(district), self.measure)
            self.touched += len(self._schools(district))
        self.deadlines.write(district, self.finished)

    # ---- what is wanted ----

    def _schools(self, district: World) -> list[School]:
        """Return the schools that may get something, by key."""
        return [s for s in district.open_schools if s.public and (s.urban or not self.settings.urban_only)]

    def _step(self, district: World) -> float:
        """Return which share of what is missing is bought this year."""
        left = self.settings.phase_years - (district.year - self.deadlines.opens)
        return 1.0 / left if left >= 1 else float(self.settings.maintained)

    def _wanted(self, district: World) -> list[tuple[School, Goods]]:
        """Return what each school is to get this year if money allows; schools that lack nothing are left out."""
        s, step = self.settings, self._step(district)
        wanted = []
        for school in self._schools(district):
            goods = (
                {good: s.fill * amount for good, amount in building.missing(district, school, FITTINGS).items()}
                if s.fill
                else {}
            )
            for name, good in AREAS.items():
                if share := getattr(s, name):
                    goods |= {g: share * amount for g, amount in building.missing(district, school, [good]).items()}
            if s.multimedia_per_class:
                goods |= building.missing_rooms(school, s.multimedia_per_class)
            goods = {good: step * amount for good, amount in goods.items() if step * amount > NOTHING}
            if goods:
                wanted.append((school, goods))
        return wanted

    def _build_extras(self, district: World) -> None:
        """Build gardens and laboratories, the equipment of which counts where they stand."""
        yuan = self.funded * self._extras_left() * self._extra_cost(district)
        if yuan <= 0.0:
            return
        schools = self._hosts(district)
        if not schools:
            return
        for school in schools:
            school.facilities[building.VALUE] += yuan / len(schools)
        district.spend(self.id, "capital", yuan, self.measure)
        self.extras += self.funded * self._extras_left()
        self.touched += len(schools)

    def _hosts(self, district: World) -> list[School]:
        """Return the schools with a garden or laboratory: those named, else the largest."""
        if self.settings.chosen:
            named = [district.schools[key] for key in self.settings.chosen if key in district.schools]
            return [school for school in named if school.parts]
        number = max(self.settings.gardens, self.settings.laboratories)
        largest = sorted(self._schools(district), key=lambda s: (-sum(part.pupils for part in s.parts.values()), s.key))
        return largest[:number]

    def _complete(self, district: World) -> bool:
        """Whether everything promised is there."""
        over = district.year - self.deadlines.opens + 1 >= self.settings.phase_years
        return over and self.funded >= 1.0 and (self.extras >= 1.0 or not self._extra_cost(district))
