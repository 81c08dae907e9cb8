"""The columns of the table of schools (parameters/templates/columns.yaml, docs/data-dictionary.md), its kinds
and owners.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Literal

from simsim.inputs.paths import resource
from simsim.inputs.standards import Frozen, Standard, Text
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.cells import plain
from simsim.tables.words import listed

PER_ONE, PER_HUNDRED = "生均", "每百名"
STAGE_NAMES = {"primary": ("小学", "Primary"), "junior": ("初中", "Junior")}
"""How a heading of a stage begins in the table of schools."""


class Column(Frozen):
    """One column of the table of schools: its headings, what it holds, and the indicator and stage it feeds.

    `part_of`: the facility of one stage's part alone, of the whole school's column named. `value_of`: the indicator per
    `per` pupils, where a table gives values instead of amounts. `template`: whether the templates have the column.
    """

    zh: str
    en: str
    also: tuple[str, ...] = ()
    holds: Literal["text", "kind", "owner", "count", "amount"]
    stage: Literal["primary", "junior", "senior"] | None = None
    input: str | None = None
    optional: bool = False
    unit: Text | None = None
    units: dict[str, float] = {}
    sum_of: tuple[str, ...] = ()
    part_of: str | None = None
    value_of: str | None = None
    per: float = 1
    template: bool = True


class Kind(Frozen):
    """One kind of school: its names and the stages it teaches."""

    zh: str
    en: str
    also: tuple[str, ...] = ()
    stages: tuple[str, ...]


class Owner(Frozen):
    """Who runs a school (举办者): the code in the declaration's forms, and the names by which tables tell it."""

    zh: str
    en: str
    code: int | None = None
    also: tuple[str, ...] = ()


class Columns(Frozen):
    """Everything that a table of schools may hold: `columns` by key, those `by_stage` among them under KEY_primary and
    KEY_junior.
    """

    columns: dict[str, Column]
    by_stage: dict[str, Column]
    kinds: dict[str, Kind]
    owners: dict[str, Owner]
    totals: tuple[str, ...]

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """Return the key of every heading, in its normal form."""
        return {plain(h): key for key, c in self.columns.items() for h in (key, c.zh, c.en, *c.also)}

    @cached_property
    def by_kind(self) -> dict[str, str]:
        """Return the kind of every name of a kind, in its normal form."""
        return {plain(h): key for key, k in self.kinds.items() for h in (key, k.zh, k.en, *k.also)}

    @cached_property
    def by_owner(self) -> dict[str, str]:
        """Return the owner of every name and code of one, in its normal form."""
        return {
            plain(name): key
            for key, o in self.owners.items()
            for name in (key, o.zh, o.en, *o.also, *([] if o.code is None else [o.code]))
        }

    @cached_property
    def alone(self) -> dict[str, str]:
        """Return the key, without its stage, of every heading that needs one: of tables of one stage, or of parts."""
        return {
            plain(h): key for key, c in self.by_stage.items() if c.part_of is None for h in (key, c.zh, c.en, *c.also)
        }

    def needed(self, standard: Standard, stages: set[str]) -> list[str]:
        """Return the keys that a standard needs when the schools teach these stages."""
        return [
            key
            for key, c in self.columns.items()
            if not c.optional
            and (c.stage is None or c.stage in stages)
            and (c.input is None or c.input in standard.indicators)
        ]


@cache
def columns() -> Columns:
    """Return the columns of the table of schools, read once."""
    content = read_yaml(resource("parameters") / "templates" / "columns.yaml")
    parts = {
        key: {**column, "optional": True, "template": False, "units": column["units"] | _per_units(column)}
        for key, column in content["by_stage"].items()
    }
    every = {**content["columns"], **_staged(parts)}
    found = {key: value for key, value in content.items() if key != "schema"}
    return Columns.model_validate({**found, "columns": every, "by_stage": parts})


def _per_units(column: Mapping[str, object]) -> dict[str, float]:
    """Return the units that headings of values have besides: per pupil or per 100 pupils where the other is meant."""
    per = column.get("per", 1)
    assert isinstance(per, int | float)
    return {PER_ONE: float(per), PER_HUNDRED: per / 100} if "value_of" in column else {}


def _staged(parts: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """Return the columns that those by stage stand for, under their keys."""
    found = {}
    for key, column in parts.items():
        for stage, (zh, en) in STAGE_NAMES.items():
            texts = [str(text) for text in column.get("also", ())]  # type: ignore[attr-defined]
            also = [f"{en.lower()} {text}" if text.isascii() else zh + text for text in texts]
            names = {"zh": zh + str(column["zh"]), "en": f"{en} {column['en']}"}
            found[f"{key}_{stage}"] = {**column, **names, "also": also, "stage": stage}
    return found


@cache
def known_units() -> frozenset[str]:
    """Return every unit that headings use, in its normal form, those of no column among them."""
    every = {**columns().columns, **columns().by_stage}.values()
    return frozenset(plain(unit) for column in every for unit in column.units) | listed("more_units")
