"""What a district.yaml need not say: `defaults: china` takes it from a shipped file, as judgement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

from simsim.base.codes import KINDS, STAGES, stages_of
from simsim.base.sums import added_up
from simsim.districts.checks import entry
from simsim.inputs import numbers
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

TEMPLATES = "templates"
TEMPLATE = "synthetic-district.yaml"
FILE = "district-defaults-{}.yaml"


def shipped() -> list[str]:
    """Return the names of the sets of defaults that come with simsim."""
    first, last = FILE.split("{}")
    files = (resource("parameters") / TEMPLATES).glob(FILE.format("*"))
    return sorted(path.name.removeprefix(first).removesuffix(last) for path in files)


def completed(spec: Document, file: str) -> Draft:
    """Return a district file with the defaults that it names; unchanged when it names none.

    What follows from other entries is worked out: the composite CV, pupils per teacher, names, and who manages areas.
    InputError for defaults that are not there.
    """
    name = spec.get("defaults")
    if name is None:
        return dict(spec)
    if name not in (known := shipped()):
        remedy = f"is no set of defaults; write one of {', '.join(known)}{suggest(str(name), known)}, or remove it"
        raise InputError(Problem(file, "defaults", name, remedy))
    whole: Draft = _merged(spec, read_yaml(resource("parameters") / TEMPLATES / FILE.format(name)))
    label = whole.get("label")
    if isinstance(label, Mapping):
        whole = {"title": label, "managed_by": label.get("en"), **whole}
    _even_lone_schools(spec, whole)
    _derive(whole)
    _complete_areas(whole)
    return whole


def _merged(own: Document, default: Document) -> Draft:
    """Return `own` with what only `default` has; a list or a number of its own stands as it is."""
    both = {key for key, value in own.items() if isinstance(value, Mapping) and isinstance(default.get(key), Mapping)}
    more = {key: deepcopy(value) for key, value in default.items() if key not in own}
    return {key: _merged(value, default[key]) if key in both else deepcopy(value) for key, value in own.items()} | more


def _even_lone_schools(own: Document, spec: Draft) -> None:
    """Take 0 for the default CVs of a stage with a single school, which differs from no other."""
    counts = entry(spec, "schools.counts")[0]
    kinds = [kinds for kinds in counts.values() if isinstance(kinds, Mapping)] if isinstance(counts, Mapping) else []
    for stage, name in enumerate(STAGES):
        schools = sum(
            numbers.whole(count) or 0
            for one in kinds
            for kind, count in one.items()
            if kind in KINDS and stage in stages_of(kind)
        )
        items = entry(spec, f"resources.{name}")[0] if schools == 1 else None
        for item, content in items.items() if isinstance(items, Mapping) else ():
            if isinstance(content, dict) and not entry(own, f"resources.{name}.{item}.cv")[1]:
                content["cv"] = 0


def _derive(spec: Draft) -> None:
    """Add the composites and pupils per teacher that follow from means and CVs; checks tell what is wrong."""
    resources, ratios = spec["resources"], spec.setdefault("pupils_per_teacher", {})
    if not isinstance(resources, dict) or not isinstance(ratios, dict):
        return
    composites = resources.setdefault("composite_cv", {})
    for stage in STAGES:
        items = resources[stage].values() if isinstance(resources[stage], Mapping) else ()
        cvs = [numbers.real(item.get("cv")) for item in items if isinstance(item, Mapping)]
        known = [cv for cv in cvs if cv is not None]
        if isinstance(composites, dict) and known and len(known) == len(items):
            composites.setdefault(stage, added_up(known) / len(known))
        mean = numbers.real(entry(resources, f"{stage}.teachers.mean")[0])
        if mean is not None and mean > 0:
            told = {"unit": "pupils per teacher", "kind": "derived", "source": f"1 / resources.{stage}.teachers.mean"}
            ratios.setdefault(stage, {"value": round(1 / mean, 2), **told})


def _complete_areas(spec: Draft) -> None:
    """Give each area of the list what it does not say; the pattern of it goes."""
    areas = spec["areas"]
    each = areas.pop("each", {}) if isinstance(areas, dict) else {}
    if not isinstance(areas, dict) or not isinstance(areas.get("list"), list):
        return
    for index, area in enumerate(areas["list"]):
        if isinstance(area, Mapping):
            names = {"zh": area.get("en"), "managed_by": spec.get("managed_by")}
            areas["list"][index] = {**each, **names, **area}


def filled(path: str | Path) -> list[str]:
    """Return by block how many numbers and words of a district file come from defaults, as `rules: 34 of 34`."""
    own = read_yaml(path)
    had, has = (Counter(_leaves(spec)) for spec in (own, completed(own, Path(path).name)))
    return [f"{block}: {n - had[block]} of {n}" for block, n in has.items() if n > had[block]]


def _leaves(spec: object, block: str = "") -> list[str]:
    """Return for each number or word under a block that block's name."""
    items = spec.items() if isinstance(spec, Mapping) else enumerate(spec) if isinstance(spec, list) else None
    if items is None:
        return [block]
    return [name for key, value in items for name in _leaves(value, block or str(key))]
