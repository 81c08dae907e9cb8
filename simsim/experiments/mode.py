"""In which mode an experiment's worlds were made, in words: retrospective or as of a date, on what they are
conditioned, which scenarios are not, and how near the published totals were met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from simsim.base.sums import added_up
from simsim.districts.files import DistrictData
from simsim.inputs.documents import Document, Draft
from simsim.inputs.names import called
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios.scenario import Scenario

FACTOR = "inflow_factor"
FILE = "parameters/words.yaml"
"""As every reader of it calls it, so that it is parsed once."""
CLOSE, NEAR = 0.005, 0.01
"""How near the published totals every world is to come: half a per cent in nearly all of them, one in all."""
LISTED = {"en": ", ", "zh": "、"}


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = read_yaml(resource("parameters") / "words.yaml", FILE)["words"]
    return {key: text for key, text in words.items() if key.startswith("mode.")}


def lines(manifest: Document, lang: str = "en") -> list[str]:
    """Return the mode of an experiment in lines, the first of which is to stand on every page."""
    worlds = manifest.get("worlds")
    if not isinstance(worlds, Mapping):
        return [_say("mode.older", lang)]
    return [*_mode(worlds, manifest, lang), *_apart(worlds, lang), *_doses(worlds, lang), *_agreement(worlds, lang)]


def _say(key: str, lang: str, **values: object) -> str:
    return _texts()[key][lang].format(**values)


def _mode(worlds: Document, manifest: Document, lang: str) -> Iterator[str]:
    """Yield what all scenarios have in common."""
    if worlds.get("as_of") is not None:
        yield _say("mode.as_of", lang, year=worlds["as_of"])
    for district, year in (worlds.get("published_to") or {}).items():
        yield _say("mode.retrospective", lang, district=district, year=year)
        if int(manifest.get("to", year)) > int(year):
            yield _say("mode.ahead", lang, year=year)
    if worlds.get("as_of") is None and not worlds.get("published_to"):
        yield _say("mode.fixed" if manifest.get("fixed_parameters") else "mode.nothing", lang)


def _apart(worlds: Document, lang: str) -> Iterator[str]:
    """Yield the scenarios that are not conditioned though others, or their district, are."""
    for scenario, found in (worlds.get("not_conditioned") or {}).items():
        if found["why"] == "own":
            names = LISTED[lang].join(called(name).get(lang, name) for name in found["parameters"])
            yield _say("mode.own", lang, scenario=scenario, parameters=names)
        elif worlds.get("published_to"):
            yield _say("mode.without", lang, scenario=scenario)


def _doses(worlds: Document, lang: str) -> Iterator[str]:
    for label, dose in (worlds.get("doses") or {}).items():
        since = dose.get("from")
        scenario = label if since is None else _say("mode.since", lang, scenario=dose["scenario"], year=since)
        numbers = {name: f"{dose[name]:+,.0f}".replace("-", "\u2212") for name in ("mean", "low", "high")}
        yield _say("mode.dose", lang, scenario=scenario, factor=f"{dose['factor']:g}", **numbers)


def _agreement(worlds: Document, lang: str) -> Iterator[str]:
    for said in (worlds.get("agreement") or {}).values():
        for name in ("pupils", "staff"):
            if name in said:
                one = said[name]
                values = {
                    "published": f"{one['published']:,.0f}", "worlds": one["worlds"], "close": one["close"],
                    "near": one["near"], "largest": f"{one['largest']:.2%}", "half": f"{CLOSE:.1%}",
                    "one": f"{NEAR:.0%}", "year": said["year"], "what": _say(f"mode.{name}", lang),
                }  # fmt: skip
                yield _say("mode.agreement", lang, **values)


def factors_of(scenario: Scenario, to: int) -> dict[int | None, float]:
    """Return by how much a scenario multiplies in-migration in years to `to`, by the year from which (None: all)."""
    return {
        c.from_year: c.value
        for c in scenario.changes
        if c.name == FACTOR and (c.from_year is None or c.from_year <= to) and (c.value != 1.0 or c.from_year)
    }


def doses(factors: Mapping[str, Mapping[int | None, float]], data: DistrictData, scales: list[float]) -> Draft:
    """Return what scaling in-migration is in pupils a year, over the worlds: scenarios with their factors by the year
    from which (None: all years), and the scale of in-migration of every world.
    """
    arrivals = added_up(data.spec["migration"]["arrivals_by_grade"]["value"])
    found: Draft = {}
    for name, since, factor in ((name, year, one) for name, mine in factors.items() for year, one in mine.items()):
        more = sorted((factor - 1.0) * arrivals * scale for scale in scales)
        if more:
            dated: Draft = {} if since is None else {"scenario": name, "from": since}
            found[name if since is None else f"{name} {since}"] = dated | {
                "factor": factor,
                "mean": round(added_up(more) / len(more), 1),
                "low": round(more[0], 1),
                "high": round(more[-1], 1),
            }
    return found
