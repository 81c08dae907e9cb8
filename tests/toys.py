"""Toy policies for the tests of scenarios and plans, and a way to put them into the registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import field_validator

from simsim.policy import Policy, PolicySettings, setting


class Opening(Policy):
    """A toy that opens a school."""

    name: ClassVar[str] = "new_schools"
    title: ClassVar[dict[str, str]] = {"zh": "新建学校", "en": "New schools"}

    class Settings(PolicySettings):
        """Where, how large, how likely to be late."""

        school: int = setting(0, unit="school key, 0 for none", ge=0)
        capacity: int = setting(540, unit="seats", ge=0)
        delay_probability: float | None = setting(
            None, unit="probability", parameter="delay_probability_striving", ge=0, le=1
        )

    @classmethod
    def sets(cls, settings: Any) -> set[str]:
        """An opening sets the state of its school."""
        return {f"school {settings.school}"} if settings.school else set()

    @classmethod
    def problems(cls, settings: Any, data: Any) -> Sequence[tuple[str, object, str]]:
        """The school must be there."""
        known = {0, *data.schools["key"]}
        return [] if settings.school in known else [("school", settings.school, f"is not a school of {data.name}")]


class Cluster(Policy):
    """A toy cluster."""

    name: ClassVar[str] = "clusters"
    title: ClassVar[dict[str, str]] = {"zh": "集群", "en": "Clusters"}

    class Settings(PolicySettings):
        """Who belongs to it."""

        members: tuple[int, ...] = setting((), unit="school keys")

        @field_validator("members")
        @classmethod
        def once(cls, members: tuple[int, ...]) -> tuple[int, ...]:
            """A school is a member once."""
            twice = sorted({m for m in members if members.count(m) > 1})
            if twice:
                raise ValueError(f"school {twice[0]} is named twice; keep one")
            return members


class Rotation(Policy):
    """A toy rotation that needs clusters."""

    name: ClassVar[str] = "rotation"
    title: ClassVar[dict[str, str]] = {"zh": "交流", "en": "Rotation"}
    requires: ClassVar[tuple[str, ...]] = ("clusters",)

    class Settings(PolicySettings):
        """How many rotate."""

        quota: float = setting(0.1, unit="share of eligible", ge=0, le=1)
        scope: str = setting("cluster", unit="", pattern="^(cluster|district)$")


TOYS = {cls.name: cls for cls in (Opening, Cluster, Rotation)}


def register(monkeypatch: Any, toys: dict[str, type[Policy]] | None = None) -> None:
    """Make the toys the only policies there are."""
    monkeypatch.setattr("simsim.policy.registry", lambda: TOYS if toys is None else toys)


PLAN = """
schema: simsim-plan/1
title: {zh: 小规划, en: A toy plan}
dated: 2014-08-28
measures:
- {id: L0, family: layout, tier: A, words: four schools, start: 2014-12-31, policy: null,
   evidence: {kind: judgement}}
- {id: L1, family: layout, tier: A, words: one school, start: 2015-09-01, policy: new_schools,
   evidence: {kind: judgement}}
- {id: L2, family: layout, tier: A, words: 力争, start: 2016-09-01, striving: true, policy: new_schools,
settings: {school: 2},
   evidence: {kind: judgement}, milestones: [{name: built, due: 2015-12, striving: true}, {name: in use, due: 2016-09}]}
- {id: L5, family: layout, tier: A, words: 探索, start: 2018-09-01, exploring: true, policy: new_schools,
   evidence: {kind: judgement}}
- {id: C1, family: clusters, tier: A, words: a group, start: 2015-09-01, policy: clusters,
   evidence: {kind: judgement}}
- {id: T2, family: clusters, tier: A, words: 力争, start: 2015-09-01, striving: true, policy: rotation,
   evidence: {kind: judgement}}
- {id: E1, family: equipment, tier: B, words: computers, start: 2014-12-31, policy: equipment,
   evidence: {kind: judgement}}
"""


def toy_plan(monkeypatch: Any, folder: Path) -> Path:
    """Make a toy plan the only one there is."""
    path = folder / "toy-plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    monkeypatch.setattr("simsim.scenarios.plan.find_plan", lambda name: path)
    return path
