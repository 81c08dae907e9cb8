"""The catalogue: what there is to choose from, what each thing means, and whether a file is fit to use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path

import pandas as pd

from simsim import policy as policies
from simsim.districts.facts import was_fitted
from simsim.districts.files import SCHEMA as DISTRICT
from simsim.districts.files import DistrictData, district_folder, load_district, shipped_districts
from simsim.inputs import parameters
from simsim.inputs.errors import PARAMETERS, InputError, Problem, suggest
from simsim.inputs.form import Form, in_both
from simsim.inputs.indicators import indicators
from simsim.inputs.paths import resource
from simsim.inputs.standards import load_standard
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios import plan
from simsim.scenarios.files import SCHEMA as SCENARIO
from simsim.scenarios.files import district_of
from simsim.scenarios.files import names as scenario_names
from simsim.scenarios.idle_settings import in_vain
from simsim.scenarios.instances import check_settings
from simsim.scenarios.scenario import Scenario

STANDARD = "simsim-standard/1"


OWN = tuple(
    f"simsim-{word}/1" for word in ("indicators", "patterns", "scoreboard", "words", "columns", "defaults", "country")
)


def check_files(paths: Iterable[str | Path]) -> list[Problem]:
    """Return every problem of the given files: scenarios (by path or name), plans, parameters, standards, districts."""
    return [problem for path in paths for problem in _check(path)]


def notes(paths: Iterable[str | Path]) -> list[str]:
    """Return what is right but worth knowing about sound files: measures whose policy comes later, and parameters and
    settings that are set in vain.

    InputError for a file that is none of simsim's kinds.
    """
    found = []
    for path in paths:
        kind, source = _recognise(path)
        later = (
            Scenario.load(source).later
            if kind == "scenario"
            else plan.read_plan(Path(source)).later
            if kind == "plan"
            else ()
        )
        if later:
            found.append(f"{Path(source).name}: the policies of these measures come later: {', '.join(later)}")
        if kind == "scenario":
            scenario = Scenario.load(source)
            found += [f"{Path(source).name}: {idle}" for idle in (*in_vain(scenario), *early(scenario))]
    return found


def early(scenario: Scenario) -> list[str]:
    """Return which policies are dated before the district's first year, whose state is given as it was; they act from
    the year after it.
    """
    first = int(load_district(scenario.district).spec["first_year"])
    said = f"lies before {first}, the first year, which is given as it was; the policy acts from September {first + 1}"
    return [f"policies.{i.id}.from = {i.start} {said}" for i in scenario.instances if i.years[0] < first]


def _check(path: str | Path) -> list[Problem]:
    try:
        kind, source = _recognise(path)
        return _CHECKS[kind](source)
    except InputError as error:
        return error.problems


def _recognise(path: str | Path) -> tuple[str, str | Path]:
    """Return what kind of file this is and where it stands; InputError when it is none that simsim reads."""
    if str(path) in scenario_names():
        return "scenario", str(path)
    if str(path) in shipped_districts():
        return "district", district_folder(str(path))
    path = Path(path)
    if path.is_dir() and (path / "district.yaml").exists():
        return "district", path
    data = read_yaml(path)
    known = {
        SCENARIO: "scenario", plan.SCHEMA: "plan", parameters.SCHEMA: "parameters", DISTRICT: "district",
        STANDARD: "standard",
    }  # fmt: skip
    schema = data.get("schema", SCENARIO)
    if schema in OWN:
        raise InputError(Problem(path.name, "schema", schema, "is a file of simsim's own, checked by its tests"))
    if not isinstance(schema, str) or schema not in known:
        remedy = f"must be one of {', '.join(known)}{suggest(str(schema), known)}"
        raise InputError(Problem(path.name, "schema", schema, remedy))
    return known[schema], path


def _check_scenario(source: str | Path) -> list[Problem]:
    Scenario.load(source)
    return []


def _check_plan(path: str | Path) -> list[Problem]:
    """Read a plan, and try the settings of every measure whose policy is there."""
    form = Form(Path(path).name)
    for measure in plan.read_plan(Path(path)).measures.values():
        if measure.policy is not None and not measure.later:
            check_settings(form, measure.id, measure.policy, measure.settings)
    return form.problems


def _check_parameters(path: str | Path) -> list[Problem]:
    return parameters.read_file(Path(path))[1]


def _check_district(path: str | Path) -> list[Problem]:
    load_district(path)
    return []


def _check_standard(path: str | Path) -> list[Problem]:
    load_standard(path)
    return []


_CHECKS: dict[str, Callable[[str | Path], list[Problem]]] = {
    "scenario": _check_scenario,
    "plan": _check_plan,
    "parameters": _check_parameters,
    "district": _check_district,
    "standard": _check_standard,
}


def listing(kind: str) -> pd.DataFrame:
    """Return the table of all scenarios, policies, parameters, districts, measures
    or indicators; InputError for another kind.
    """
    if kind not in _LISTINGS:
        raise InputError(
            Problem("list", "kind", kind, f"must be one of {', '.join(_LISTINGS)}{suggest(kind, _LISTINGS)}")
        )
    return pd.DataFrame(list(_LISTINGS[kind]()))


def _scenarios() -> Iterator[dict[str, object]]:
    folder = resource("parameters") / "scenarios"
    for name in scenario_names():
        data = read_yaml(folder / f"{name}.yaml")
        title = in_both(Form(f"{name}.yaml").words(data.get("title"), "title"), name)
        place = district_of(name)
        yield {"name": name, "extends": data.get("extends", ""), "district": place, **_titles(title)}


def _policies() -> Iterator[dict[str, object]]:
    for name, cls in policies.registry().items():
        yield {"name": name, **_titles(cls.title), "touches": cls.touches, "effect": cls.effect}


def _parameters() -> Iterator[dict[str, object]]:
    for p in parameters.load().values():
        value = p.rule or p.value
        yield {
            "name": p.name,
            "value": value,
            "low": p.low,
            "high": p.high,
            "unit": p.unit,
            "kind": p.kind,
            "role": p.role,
            "source": p.source,
        }


def _district_folders() -> list[Path]:
    return sorted(path.parent for path in (resource("parameters") / "districts").glob("*/district.yaml"))


def _districts() -> Iterator[dict[str, object]]:
    for folder in _district_folders():
        data = load_district(folder)
        yield {"name": folder.name, **_titles(data.spec.get("title") or {}), "schools": len(data.schools)}


def _measures() -> Iterator[dict[str, object]]:
    for m in plan.Plan.load().measures.values():
        status = "a date to judge" if m.policy is None else plan.LATER if m.later else "works"
        yield {
            "name": m.id,
            "family": m.family,
            "tier": m.tier,
            "policy": m.policy or "",
            "status": status,
            **_titles(m.words),
        }


def _indicators() -> Iterator[dict[str, object]]:
    for i in indicators().values():
        yield {"name": i.name, **_titles(i.label), "unit": i.unit["en"], "matters": i.matters, "good": i.good}


def _titles(words: Mapping[str, str]) -> dict[str, str]:
    return {"title_en": words.get("en", ""), "title_zh": words.get("zh", "")}


_LISTINGS: dict[str, Callable[[], Iterator[dict[str, object]]]] = {
    "scenarios": _scenarios,
    "policies": _policies,
    "parameters": _parameters,
    "districts": _districts,
    "measures": _measures,
    "indicators": _indicators,
}


def show(name: str) -> str:
    """Return what `simsim show NAME` prints for a measure, scenario, policy, parameter, indicator or district.

    A name that means several things gets all of them; an unknown one InputError with a suggestion.
    """
    known = {kind: set(table()) for kind, table in _NAMES.items()}
    found = [_DESCRIPTIONS[kind](name) for kind, names in known.items() if name in names]
    if found:
        return "\n\n".join(found)
    renamed = PARAMETERS.get(name)
    remedy = (
        renamed
        or f"is nothing that simsim knows{suggest(name, sorted(set().union(*known.values())))}; see `simsim list`"
    )
    raise InputError(Problem("show", "name", name, remedy))


_NAMES: dict[str, Callable[[], Iterable[str]]] = {
    "measure": lambda: plan.Plan.load().measures,
    "scenario": scenario_names,
    "policy": lambda: policies.registry(),
    "parameter": parameters.load,
    "indicator": indicators,
    "district": lambda: [folder.name for folder in _district_folders()],
}


def _scenario(name: str) -> str:
    s = Scenario.load(name)
    lines = [f"{s.name}  (scenario)", *(f"  {text}" for text in (*s.title.values(), *s.description.values()))]
    lines.append(f"  district {s.district}" + (f", extends {' < '.join(reversed(s.chain))}" if s.chain else ""))
    lines += [f"  {c.name} = {c.value:g}" + (f" from {c.from_year}" if c.from_year else "") for c in s.changes]
    for i in s.instances:
        lines.append(f"  {i.id}: {i.policy} from {i.start}" + (f" to {i.end}" if i.end else ""))
        lines += [
            f"      {key}: {value}" for key, value in i.settings.model_dump(mode="json", exclude_unset=True).items()
        ]
    return "\n".join(lines + ([f"  come later: {', '.join(s.later)}"] if s.later else []))


def _policy(name: str) -> str:
    cls = policies.find(name)
    lines = [
        f"{name}  (policy)",
        *(f"  {text}" for text in cls.title.values()),
        *(f"  {line}" for line in cleandoc(cls.__doc__ or "").splitlines()[:1]),  # none under python -OO
    ]
    lines.append(f"  touches {cls.touches}; effect: {cls.effect}")
    lines += [f"  requires {', '.join(cls.requires)}"] if cls.requires else []
    for key, info in cls.Settings.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        default = (
            f"the parameter {extra['parameter']}"
            if info.default is None and extra.get("parameter")
            else info.get_default(call_default_factory=True)
        )
        found = [(text, getattr(limit, word, None)) for limit in info.metadata for word, text in LIMITS.items()]
        limits = ", ".join(f"{text} {value}" for text, value in found if value is not None)
        lines.append(
            f"  {key}: default {default} ({extra.get('unit') or 'no unit'}; source {extra.get('source', 'judgement')})"
            + (f" {limits}" if limits else "")
        )
    return "\n".join(lines)


LIMITS = {
    "ge": "at least",
    "le": "at most",
    "gt": "above",
    "lt": "below",
    "min_length": "no fewer than",
    "max_length": "no more than",
}


def _indicator(name: str) -> str:
    i = indicators()[name]
    return "\n".join(
        [
            f"{name}  (indicator)",
            *(f"  {text}" for text in i.label.values()),
            f"  {i.unit['en']}; {i.matters:g} matters; good: {i.good}",
            *(f"  why {i.matters:g}: {text}" for text in i.why.values()),
        ]
    )


def _origin(data: DistrictData) -> str:
    """Return in a line where the columns of a district's schools come from."""
    kinds = data.provenance.loc[data.provenance["table"] == "schools", "status"].value_counts(sort=False)
    return "columns of schools: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())


def _district(name: str) -> str:
    data = load_district(name)
    lines = [
        f"{name}  (district)",
        *(f"  {text}" for text in (data.spec.get("title") or {}).values()),
        f"  {_origin(data)}; pupils and teachers are simulated",
    ]
    for key, entry in (data.spec.get("fitted") or {}).items():
        if not was_fitted(entry):
            continue
        lines.append(f"  fitted: {key} = {entry['value']:g} to {entry.get('target', '')} (a fit, never validation)")
    return "\n".join([*lines, f"  {len(data.schools)} schools, {len(data.neighbourhoods)} neighbourhoods"])


_DESCRIPTIONS: dict[str, Callable[[str], str]] = {
    "measure": plan.show,
    "scenario": _scenario,
    "policy": _policy,
    "parameter": parameters.show,
    "indicator": _indicator,
    "district": _district,
}
