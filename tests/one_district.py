"""Districts to change at will: each made and lived once, and copied for every test that asks for it."""

from __future__ import annotations

import pickle
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.experiments.shared_years import Start, acts_from, start_of, without_acts
from simsim.inputs.parameters import load
from simsim.scenarios.scenario import Scenario

ERDAO = "erdao"
MOST = 12
"""Districts that are kept for the next test; each takes some 15 MB."""
VALUES = {name: parameter.value for name, parameter in load().items() if not parameter.rule}
"""Every parameter at its value."""


@cache
def _founded() -> District:
    return District("baseline", seed=1, fixed_parameters=True)


@cache
def _lived() -> District:
    district = founded()
    district.step()
    return district


@lru_cache(maxsize=16)
def _lived_under(scenario: bytes, seed: int, to: int, fixed_parameters: bool) -> District:
    spec = Scenario.load(pickle.loads(scenario))
    if spec.district != ERDAO or acts_from(spec, _erdao().spec["first_year"]) is None:
        return District(spec, seed=seed, fixed_parameters=fixed_parameters).run(to=to)
    stem = _STEMS.of(spec, seed, fixed_parameters)
    return stem.go_on_as(spec).run(to=to)


@cache
def _erdao() -> DistrictData:
    return load_district(ERDAO)


class _Stems:
    """Districts after their first year, in which no policy acts: one for all scenarios that begin alike, as in an
    experiment (tests/experiments/test_shared_years.py shows that they are what each would have lived alone).
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[Start, int, bool], District] = {}

    def of(self, spec: Scenario, seed: int, fixed_parameters: bool) -> District:
        """Return such a district, to go on with."""
        key = (start_of(spec, _erdao()), seed, fixed_parameters)
        if key not in self.kept:
            first = _erdao().spec["first_year"]
            stem = District(without_acts(spec, first), seed, fixed_parameters, data=_erdao()).run(to=first)
            self.kept = dict([*self.kept.items(), (key, stem)][-MOST:])
        return deepcopy(self.kept[key])


_STEMS = _Stems()


def lived_under(scenario: Any, to: int, seed: int, fixed_parameters: bool = True) -> District:
    """Return a district that lived under a scenario up to a year; not for tests that patch what happens in a year."""
    return deepcopy(_lived_under(pickle.dumps(scenario), seed, to, fixed_parameters))


def founded() -> District:
    """Return a district in its first September."""
    return deepcopy(_founded())


def lived() -> District:
    """Return a district after its first year: September 2015, when nothing has happened yet."""
    return deepcopy(_lived())
