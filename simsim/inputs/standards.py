"""Official standards as data: `parameters/standards/*.yaml`, read and checked into frozen objects.

A standard names its indicators (inputs, units, minimums), the lines for coefficients of variation, the rule a school
passes by, who is exempt, how whole schools are split, and the government items that a number decides. Every entry names
its evidence, which carries the document number, the source, the confidence and the kind (published, derived, fitted,
estimate or judgement).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from simsim.base.arrays import Floats
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.exact import Exact, checked
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml


class Frozen(Exact):
    """A checked piece of a standard: unknown keys are mistakes, nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Text(Frozen):
    """One text in both languages."""

    zh: str
    en: str


class Unit(Text):
    """A unit in both languages; `one` is the English word for exactly one, where it is another."""

    one: str | None = None

    def counted(self, shown: str, lang: str) -> str:
        """Return an amount, as it is shown, with its unit.

        >>> Unit(zh="间教室", en="rooms", one="room").counted("1", "en")
        '1 room'
        """
        word = self.one if lang == "en" and shown == "1" and self.one else getattr(self, lang)
        return f"{shown}{word}" if lang == "zh" else f"{shown} {word}"


class Evidence(Frozen):
    """Where a number comes from, and how sure it is; `source` says what was read, or recalled and checked against what,
    in both languages where it is more than addresses.
    """

    document: str
    source: str | Text
    confidence: str
    kind: Literal["published", "derived", "fitted", "estimate", "judgement"]

    def told(self, lang: str) -> str:
        """Return the source in a language."""
        return self.source if isinstance(self.source, str) else str(getattr(self.source, lang))


class Weighting(Frozen):
    """Whether a school counts in a CV by its pupils."""

    by_pupils: bool
    evidence: str


class SplitWeights(Frozen):
    """What one pupil of each stage counts when a whole school's facilities are split."""

    primary: float = Field(gt=0)
    junior: float = Field(gt=0)
    senior: float = Field(gt=0)
    evidence: str


class CvLines(Frozen):
    """The lines for coefficients of variation: on the composite of a stage, or on each of its indicators."""

    judges: Literal["composite", "each"]
    primary: float = Field(gt=0)
    junior: float = Field(gt=0)
    evidence: str


class Number(Frozen):
    """A single number with its evidence."""

    value: float = Field(ge=0)
    evidence: str


class SchoolRule(Frozen):
    """How a school passes: `needed` minimums reached, and every other input at `floor` of its minimum."""

    needed: Number
    floor: Number


class Minimum(Frozen):
    """The least a school of each stage must have, in the indicator's unit and per `per` pupils."""

    primary: float = Field(ge=0)
    junior: float = Field(ge=0)


class IndicatorOf(Frozen):
    """One input of a standard, counted per `per` pupils; `split` if it belongs to a whole school, `whole` if it comes
    in whole units, `as_ratio` if offices write it as 1:17.06.
    """

    label: Text
    unit: Unit
    per: float = Field(gt=0)
    split: bool = False
    whole: bool = False
    as_ratio: bool = False
    minimum: Minimum | None = None
    evidence: str


class Exemption(Frozen):
    """Kinds of school, or owners, that a standard leaves out, all of them or only those below a number of pupils; an
    empty list holds for any.
    """

    kinds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    below_pupils: float | None = None
    reason: Text
    evidence: str

    def leaves_out(self, kind: str, owner: str) -> bool:
        """Tell whether schools of this kind and owner ("" where it is not known) are left out."""
        given = bool(self.kinds or self.owners)
        return given and (not self.kinds or kind in self.kinds) and (not self.owners or owner in self.owners)


class Relaxed(Frozen):
    """Wider lines for schools built long ago or with a majority of migrant children."""

    lines: dict[str, float]
    built_by: int
    migrant_share_above: float
    evidence: str


class ClassBands(Frozen):
    """From how many pupils on statistics call a class large (大班额) and super-large (超大班额)."""

    large: int = Field(gt=0)
    superlarge: int = Field(gt=0)
    evidence: str


class GovernmentItem(Frozen):
    """One government item that a number decides, with a line for the district (`all`) or for each stage or kind of
    school.
    """

    label: Text
    unit: Text
    given: Literal["table", "input"] = Field(alias="from")
    rule: Literal["at_most", "at_least"]
    lines: dict[str, float]
    relaxed: Relaxed | None = None
    evidence: str

    def inputs(self, name: str) -> dict[str, float]:
        """Return the names under which a user gives this item, each with its line."""
        return {name if where == "all" else f"{name}_{where}": line for where, line in self.lines.items()}


class Standard(Frozen):
    """One official standard, complete."""

    schema_: Literal["simsim-standard/1"] = Field(alias="schema")
    name: str
    title: Text
    evidence: dict[str, Evidence]
    weighting: Weighting
    split: SplitWeights
    cv: CvLines
    school: SchoolRule | None
    indicators: dict[str, IndicatorOf]
    exemptions: tuple[Exemption, ...] = ()
    class_bands: ClassBands | None = None
    government: dict[str, GovernmentItem] = {}

    @model_validator(mode="after")
    def _complete(self) -> Standard:
        """Refuse unknown evidence, and a pass rule without minimums to pass."""
        unknown = sorted({e for e in _evidence_of(self.model_dump(exclude={"evidence"})) if e not in self.evidence})
        if unknown:
            raise ValueError(f"evidence {', '.join(unknown)} is not defined under `evidence`")
        if self.school and not all(i.minimum for i in self.indicators.values()):
            raise ValueError("a standard with a school rule needs a minimum for every indicator")
        return self

    @property
    def weighted(self) -> bool:
        """Tell whether schools count by their pupils."""
        return self.weighting.by_pupils

    @cached_property
    def split_weights(self) -> dict[str, float]:
        """Return the weights of one pupil, as `simsim.base.balance.split` takes them."""
        return {"primary": self.split.primary, "junior": self.split.junior, "senior": self.split.senior}

    @cached_property
    def per(self) -> Floats:
        """Return the number of pupils that each indicator counts by, in the order of the indicators."""
        return np.array([i.per for i in self.indicators.values()])

    @property
    def class_lines(self) -> tuple[int, ...]:
        """Return the sizes from which a class counts as large and as super-large."""
        return (self.class_bands.large, self.class_bands.superlarge) if self.class_bands else ()

    def cv_line(self, stage: str) -> float:
        """Return the line of a stage: on the composite, or on each CV."""
        return float(getattr(self.cv, stage))

    def minimums(self, stage: str) -> Floats:
        """Return each indicator's minimum in a stage, 0 where there is none."""
        return np.array([getattr(i.minimum, stage) if i.minimum else 0.0 for i in self.indicators.values()])

    @property
    def needed(self) -> int:
        """Return how many minimums a school must reach; 0 if the standard does not judge schools."""
        return int(self.school.needed.value) if self.school else 0

    @property
    def floor(self) -> float:
        """Return the share of its minimum that every other input must reach; 0 if the standard does not judge
        schools.
        """
        return self.school.floor.value if self.school else 0.0


def _evidence_of(node: object) -> list[str]:
    """Return every evidence key that a nested structure names."""
    if isinstance(node, dict):
        own = [node["evidence"]] if isinstance(node.get("evidence"), str) else []
        return own + [key for child in node.values() for key in _evidence_of(child)]
    return [key for child in node for key in _evidence_of(child)] if isinstance(node, (list, tuple)) else []


@cache
def standards() -> tuple[str, ...]:
    """Return the names of the standards that simsim ships."""
    return tuple(sorted(path.stem for path in (resource("parameters") / "standards").glob("*.yaml")))


def load_standard(name: str | Path | Standard) -> Standard:
    """Return a standard by name (`basic-2012`) or from the user's own YAML file; InputError names every mistake in
    it.
    """
    if isinstance(name, Standard):
        return name
    if not isinstance(name, str | Path):
        raise InputError(Problem("standard", "", name, f"is no name; known: {', '.join(standards())}"))
    if str(name) in (known := standards()):
        return _read(resource("parameters") / "standards" / f"{name}.yaml")
    if not Path(name).is_file():
        remedy = f"is not a standard{suggest(str(name), known)}; known: {', '.join(known)}, or the path of a YAML file"
        raise InputError(Problem("standard", "", str(name), remedy))
    return parse_standard(_based(read_yaml(Path(name)), str(name)), str(name))


@cache
def _read(path: Path) -> Standard:
    return parse_standard(_based(read_yaml(path), path.name), path.name)


def _based(content: object, file: str) -> object:
    """Return the content of a standard's file upon that of the shipped one that it is `based_on`; InputError for
    another name.
    """
    if not isinstance(content, Mapping) or "based_on" not in content:
        return content
    name = str(content["based_on"])
    if name not in standards() or name == content.get("name"):
        remedy = f"is not a standard of simsim{suggest(str(name), standards())}; known: {', '.join(standards())}"
        raise InputError(Problem(file, "based_on", str(name), remedy))
    path = resource("parameters") / "standards" / f"{name}.yaml"
    below = _based(read_yaml(path), path.name)
    assert isinstance(below, Mapping)
    return _upon(below, {key: value for key, value in content.items() if key != "based_on"})


def _upon(below: Document, own: Document) -> Document:
    """Return mappings put together, the upper one's values before the lower's; a key that is null is left out."""
    both = {**below, **own}
    for key, value in own.items():
        under = below.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            both[key] = _upon(under, value)
        elif value is None and under is not None:
            del both[key]
    return both


def parse_standard(content: object, file: str) -> Standard:
    """Check the content of a standard's file; InputError names every mistake in it."""
    return checked(Standard, content, file)
