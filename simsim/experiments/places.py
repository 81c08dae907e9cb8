"""The district and the plan that results are of, as far as their files are at hand."""

from __future__ import annotations

from simsim.districts.files import DistrictData, load_district
from simsim.experiments.results import Results
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError
from simsim.scenarios.plan import Plan, plans_of


def resolved_of(results: Results, scenario: str) -> Document:
    """Return a scenario as the results keep it, empty where they do not."""
    found: Document = (results.manifest.get("scenarios") or {}).get(scenario, {}).get("resolved") or {}
    return found


def district_name(results: Results, scenario: str) -> str:
    """Return the name of the district that a scenario ran on, empty where the results do not say."""
    return str(
        (results.manifest.get("districts") or {}).get(scenario) or resolved_of(results, scenario).get("district", "")
    )


def district_of(results: Results, scenario: str) -> DistrictData | None:
    """Return the district that a scenario ran on; None when its files are not where they were."""
    name = district_name(results, scenario)
    for place in (str(resolved_of(results, scenario).get("district") or ""), name):
        try:
            data = load_district(place) if place else None
        except (InputError, OSError):
            continue
        if data is not None and (data.name == name or place == name):
            return data
    return None


def plan_of(results: Results, scenario: str) -> Plan | None:
    """Return the plan that a scenario follows, if any."""
    results.scenario(scenario)
    plan = resolved_of(results, scenario).get("plan")
    return Plan.load(plan["file"]) if plan else None


def plan_at(results: Results, scenario: str) -> Plan | None:
    """Return the plan that a scenario follows, or else one of its district; None where the district has none."""
    names = plans_of(district_name(results, scenario))
    return plan_of(results, scenario) or (Plan.load(names[0]) if names else None)
