"""Which card belongs to which object; the two forms that `simsim` offers to notebooks and terminals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simsim.assessment.findings import Findings
from simsim.base import displays
from simsim.district import District
from simsim.experiments.experiment import Experiment
from simsim.experiments.results import Results
from simsim.policy import Policy
from simsim.report.objects import card, people, places, runs
from simsim.report.words import Words
from simsim.scenarios.scenario import Scenario
from simsim.world.person import Person
from simsim.world.population import Population
from simsim.world.schools import Cluster, Principal, School
from simsim.world.selection import Selection

# Any: each function takes the class beside it, which no tuple can say.
CARDS: tuple[tuple[type, Callable[[Any, Words], card.Card]], ...] = (
    (District, places.district_card),
    (School, places.school_card),
    (Principal, places.principal_card),
    (Cluster, places.cluster_card),
    (Person, people.person_card),
    (Population, people.people_card),
    (Selection, people.people_card),
    (Scenario, runs.scenario_card),
    (Policy, runs.policy_card),
    (Experiment, runs.experiment_card),
    (Results, runs.results_card),
    (Findings, runs.assessment_card),
)
"""The card of every class, asked in this order."""


def card_of(thing: object, say: Words) -> card.Card:
    """Return the card of an object; one of an unknown class shows its repr alone."""
    for kind, make in CARDS:
        if isinstance(thing, kind):
            return make(thing, say)
    return card.Card(repr(thing), ())


def html(thing: object) -> str:
    """Return an object as a page, in the language that was asked for."""
    say = Words(displays.language())
    return card.html(card_of(thing, say), say)


def text(thing: object) -> str:
    """Return an object as a few lines of text."""
    say = Words(displays.language())
    return card.text(card_of(thing, say), say)


def show_in(lang: str) -> None:
    """Let objects show themselves in English (`en`) or Chinese (`zh`); InputError for another language."""
    displays.show_in(Words(lang).lang)
