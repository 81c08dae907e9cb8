"""What texts say of a district: the facts that fill their holes, and the states that choose among their variants."""

from __future__ import annotations

from collections.abc import Iterator

from simsim.base.codes import STAGES
from simsim.districts import provenance
from simsim.districts.files import DistrictData
from simsim.districts.own import currency, price_year
from simsim.inputs import numbers, parameters
from simsim.inputs.defaults import country, last_year
from simsim.inputs.documents import Document

GIVEN, MIXED, INVENTED, UNFITTED, NO_PLAN, ABSENT, NO_RULE, PUBLISHED, UNCOUNTED = (
    "given", "mixed", "invented", "unfitted", "noplan", "absent", "norule", "published", "uncounted"
)  # fmt: skip
"""The states: schools are given (or only some columns are synthetic), or made of judged numbers alone; nothing was
fitted, the district has no plan, its files are not at hand, its country has no rule of rotation, the worlds are set to
what was published, nobody counted its births.
"""
THE_FIRST_YEAR = {"en": "the first year", "zh": "首年"}
HERE = {"en": "the district", "zh": "该区"}


def facts(data: DistrictData | None, lang: str) -> dict[str, str]:
    """Return what fills the holes of texts: currency, years, class targets and the district's own name."""
    spec: Document = {} if data is None else data.spec
    known = parameters.load()
    own = {} if data is None else data.own_parameters()
    targets = {stage: f"class_size.target.{stage}" for stage in STAGES}
    found = {f"target_{s}": f"{own.get(name, known[name].value):g}" for s, name in targets.items()}
    found["currency"] = currency(spec, lang)
    found["Currency"] = found["currency"].capitalize()
    found["price_year"] = THE_FIRST_YEAR[lang] if data is None else str(price_year(spec))
    found["first_year"] = THE_FIRST_YEAR[lang] if data is None else str(spec["first_year"])
    found["short_name"] = HERE[lang] if data is None else str((spec.get("label") or {}).get(lang, data.name))
    found["known_births"] = "" if data is None else str(int(data.births["year"].max()))
    found["fitted_year"] = str(fitted_year(spec) or "")
    return found | _ratios(spec)


def _ratios(spec: Document) -> dict[str, str]:
    """Return pupils per teacher of the first year by stage."""
    block = spec.get("pupils_per_teacher") or {}
    return {
        f"ratio_{stage}": f"{(block.get(stage) or {}).get('value', ''):.3g}" for stage in STAGES if stage in block
    } | {f"ratio_{stage}": "–" for stage in STAGES if stage not in block}


def fitted_year(spec: Document) -> int | None:
    """Return the year of the totals to which migration was fitted; None when nothing was fitted."""
    entry = (spec.get("fitted") or {}).get("inflow_scale") or {}
    if not was_fitted(entry):
        return None
    if numbers.whole((spec.get("fit") or {}).get("year")) is not None:
        return int(spec["fit"]["year"])
    years = [int(e["year"]) for e in published(spec).values() if e.get("value") == entry.get("target")]
    return years[0] if years else last_year(spec)


def was_fitted(entry: Document) -> bool:
    """Tell whether an entry of the fitted block was fitted: a residual of null means that it was not."""
    return entry.get("residual") is not None


def _invented(spec: Document) -> bool:
    """Tell whether no number of pupils that synthetic schools were made of was published, derived or estimated."""
    pupils = (spec.get("aggregates") or {}).get("pupils") or {}
    return all(entry.get("kind") == "judgement" for entry in pupils.values())


def published(spec: Document) -> dict[str, Document]:
    """Return the district's published totals of a later year, which a fit may aim at, by name."""
    blocks = [block for name, block in (spec.get("aggregates") or {}).items() if str(name).startswith("check_")]
    return {name: entry for block in blocks for name, entry in block.items()}


def states(data: DistrictData | None, plans: bool) -> frozenset[str]:
    """Return the states of a district; `plans` tells whether it has a plan of its own."""
    return frozenset({ABSENT, UNFITTED} if data is None else _states(data, plans))


def _states(data: DistrictData, plans: bool) -> Iterator[str]:
    kinds = provenance.statuses(data.provenance, "schools")
    if provenance.SYNTHETIC not in kinds:
        yield GIVEN
    elif len(kinds) > 1:
        yield MIXED
    elif _invented(data.spec):
        yield INVENTED
    if not any(was_fitted(entry) for entry in (data.spec.get("fitted") or {}).values()):
        yield UNFITTED
    if not provenance.counted_births(data.provenance):
        yield UNCOUNTED
    if not plans:
        yield NO_PLAN
    if not country(data.spec).get("rotation_rule"):
        yield NO_RULE
