"""Named rates: what a policy may multiply, registered with its unit, its base and who asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats
from simsim.base.streams import is_finite
from simsim.inputs.errors import suggest

NUMERIC = "fiu"
"""Kinds of arrays that hold numbers; flags and text are none."""
Multiple: TypeAlias = float | Floats
"""A multiplier on a rate: one number, or one for each person at risk."""


@dataclass(frozen=True)
class Rate:
    """A rate: the unit of its base, the base itself, and the rule that asks."""

    unit: str
    base: str
    asked_by: str


RATES: dict[str, Rate] = {
    "admit/leave": Rate("chance a year", "leaving over the summer, by migration and grade", "mobility.depart"),
    "admit/dropout": Rate("chance a year", "dropping out of school, by poverty and aid", "mobility.depart"),
    "admit/inflow": Rate("pupils", "expected arrivals by neighbourhood and grade", "mobility.expected_arrivals"),
    "admit/births": Rate("pupils", "the district's children who come of school age this year", "mobility.arrive"),
    "admit/view-error": Rate("SD", "error in what families see of a school (choice_view_sd)", "choice"),
    "build/reactive-rooms": Rate(
        "share of rooms", "rooms a full school adds (reactive_capacity_step)", "building.add_rooms"
    ),
    "staff/exit": Rate("chance a year", "leaving the profession, by age", "staffing.depart"),
    "staff/voluntary-move": Rate("chance a year", "applying elsewhere, by standing and title", "staffing.move"),
    "staff/replacement": Rate("share of posts", "vacated posts that are filled, by reason", "hiring.wanted"),
    "staff/first-title": Rate("chance a year", "rising to the first title, once ready", "titles.promote"),
    "staff/principal-leaves": Rate("chance a year", "leaving the post, by standing", "principals.turn_over"),
    "staff/backbone-quota": Rate("share of staff", "backbone teachers, by stage", "staffing.name_backbones"),
    "teach/utilisation": Rate("share", "equipment in use (equipment_use_2014)", "building.use"),
    "assess/monitoring-error": Rate("SD of true quality", "error of monitoring", "monitoring.observe_schools"),
    "settle/upkeep": Rate("share", "new equipment for each pupil gained (equipment_upkeep)", "building.keep_up"),
    "policy/non-compliance": Rate("chance", "that what is mandated is not done", "policies"),
    "teach/unserved": Rate("share", "disabled children without provision", "development.served_share"),
}  # fmt: skip


T = TypeVar("T")
W = TypeVar("W", contravariant=True)


class Multiplier(Protocol[W]):
    """What a rate asks of a policy: which rates it multiplies, and by how much this year."""

    id: str

    @property
    def name(self) -> str:
        """The policy's name."""

    @property
    def rates(self) -> Sequence[str]:
        """The rates it multiplies."""

    def rate(self, name: str, district: W) -> Multiple:
        """Return the multiplier: a number, or one for each person at risk."""


def multiplied(name: str, base: ArrayLike, policies: Iterable[Multiplier[T]], world: T) -> Floats:
    """Return a named rate after the multiplier of every policy that has one, in turn.

    KeyError with a suggestion for an unknown rate; ValueError for a multiplier that is
    negative or not a number, which no draw would notice.
    """
    if name not in RATES:
        raise KeyError(f"{name} is not a named rate{suggest(name, RATES)}")
    value: Floats = np.asarray(base)
    if value.dtype.kind not in NUMERIC or not is_finite(value):
        raise ValueError(f"the base of {name} must be finite numbers, not {value!r:.80}")
    value = value.astype(np.float64, copy=False)
    for policy in policies:
        if name in policy.rates:
            factor = _factor(policy, name, world)
            if value.ndim and factor.ndim and factor.shape != value.shape:
                said = f"{policy.id} ({policy.name}): rate() gave {factor.shape} numbers for {name}"
                raise ValueError(f"{said}; return one, or one for each at risk, {value.shape}")
            value = value * factor
    return value


def _factor(policy: Multiplier[T], name: str, world: T) -> Floats:
    given = policy.rate(name, world)
    factor = np.asarray(given)
    if isinstance(given, float) and 0.0 <= given < np.inf:
        return factor
    if factor.dtype.kind not in NUMERIC or (factor.size and not (factor.min() >= 0 and factor.max() < np.inf)):
        worst = factor.min() if factor.dtype.kind in NUMERIC else given
        raise ValueError(
            f"{policy.id} ({policy.name}): rate() gave {worst!r:.80} for {name}; return finite numbers of at least 0"
        )
    return factor.astype(np.float64, copy=False)
