"""Where a report's numbers come from: what was fitted, which parameters, what
the model does not know, and what was run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from simsim.conditioning.numbers import priors_of
from simsim.conditioning.solve import SOLVED
from simsim.districts.facts import PUBLISHED, published, was_fitted
from simsim.districts.files import DistrictData
from simsim.experiments.comparison import assumed
from simsim.experiments.fingerprint import district_digest
from simsim.experiments.places import district_of
from simsim.experiments.screening_table import table_for
from simsim.inputs import parameters
from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document
from simsim.inputs.indicators import indicators
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, details, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.view import View
from simsim.report.words import catalogue

KIND_ORDER = ("judgement", "fitted", "estimate", "derived", "published")
CONFIDENCE_ORDER = ("low", "", "medium", "high")
DIGITS = 4
SHORT = 12

JUDGEMENT = "judgement"


def mark(view: View, kind: str) -> Safe:
    """Return the mark that says how a number is known."""
    return tag("span", view.say.either("kind", kind), f"mark {kind}")


def limits(view: View) -> Safe:
    """Return what the model does not know, as a list."""
    keys = [key for key in catalogue() if key.startswith("unknown.") and "@" not in key]
    return tag("ul", joined(tag("li", Safe(view.say.html(key))) for key in keys))


def _district(view: View) -> DistrictData | None:
    """Return the data of the focus's district, or None when its files are not at hand."""
    return district_of(view.results, view.focus)


def fitted(view: View) -> Safe:
    """Return what was fitted to what, with residuals: so that nobody takes a fit for a validation."""
    data = _district(view)
    block = {} if data is None else data.spec.get("fitted") or {}
    solved = PUBLISHED in view.say.states
    entries = {name: e for name, e in block.items() if was_fitted(e) and not (solved and name in SOLVED)}
    if data is None or not entries:
        return tag("p", view.say("none.fitted"))
    changed = tag("p", view.say("fitted.changed"), "failed") if _changed(view, data) else ""
    rows = [_fitted_row(view, name, entry) for name, entry in entries.items()]
    headings = [view.say(f"fitted.{key}") for key in ("name", "value", "target", "residual", "command")]
    return joined([changed, html_table(headings, rows, words=(0, 4)), _published(view, data)])


def _published(view: View, data: DistrictData) -> Safe:
    """Return the district's published totals beside those of the
    focus and the base, in the years that were simulated.
    """
    shown = {
        name: entry
        for name, entry in published(data.spec).items()
        if view.recorded(name) and entry["year"] in view.years
    }
    if not shown:
        return Safe("")
    headings = [
        view.say("published.what"),
        view.say("published.value"),
        *(view.title(name) for name in view.pair),
        view.say("parameters.source"),
    ]
    rows = [
        [
            _published_name(view, name, e),
            plain(e["value"]),
            *_simulated(view, name, e["year"]),
            foreign(view, e["source"]),
        ]
        for name, e in shown.items()
    ]
    return html_table(headings, rows, view.say("published.caption"), words=(0, len(headings) - 1))


def _published_name(view: View, indicator: str, entry: Document) -> Safe:
    name = view.say("published.name", name=view.say.label(indicator), year=entry["year"])
    return Safe(f"{text(name)} {mark(view, entry['kind'])}")


def _simulated(view: View, indicator: str, year: int) -> list[Safe]:
    """Return median and interval of base and focus."""
    bands = [view.level(name, indicator, year=year) for name in view.pair]
    spans = [
        view.say.interval(view.say.value(band["low"], indicator), view.say.value(band["high"], indicator))
        for band in bands
    ]
    return [
        Safe(f"{text(view.say.value(band['median'], indicator))}<small>{text(span)}</small>")
        for band, span in zip(bands, spans, strict=True)
    ]


def _fitted_row(view: View, name: str, entry: Document) -> list[object]:
    numbers = [plain(entry.get(key)) for key in ("value", "target", "residual")]
    return [
        Safe(f"{tag('code', name)} {mark(view, 'fitted')}<small>{text(view.say.parameter(name))}</small>"),
        *numbers,
        tag("code", entry.get("command", "")),
    ]


def plain(value: object) -> str:
    """Return a number with as many digits as it needs, a list joined, nothing as a dash."""
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (f"{value:,.{DIGITS}g}" if abs(value) < 10**DIGITS else f"{value:,.0f}").replace("-", "\u2212")
    return str(value)


def _changed(view: View, data: DistrictData) -> bool:
    """Tell whether the district's files are other than those that the experiment ran with."""
    ran = view.results.manifest.get("inputs", {}).get("districts", {}).get(data.name)
    return ran is not None and ran != district_digest(data)


def parameters_used(view: View) -> Safe:
    """Return every parameter with value, range, unit, kind and source: the most
    influential first if known, else the least sure.
    """
    data = _district(view)
    known = parameters.load() if data is None else _known(data)
    entries = sorted(known.values(), key=_influence(view))
    entries = [entry for entry in entries if not entry.rule]
    counts = {kind: sum(entry.kind == kind for entry in entries) for kind in KIND_ORDER}
    summary = joined(
        [
            Safe(view.say.html("parameters.count", n=len(entries))),
            *(Safe(f" {mark(view, kind)} {n}") for kind, n in counts.items() if n),
        ]
    )
    headings = [
        view.say(f"parameters.{key}") for key in ("name", "value", "range", "unit", "kind", "confidence", "source")
    ]
    rows = [_parameter_row(view, entry) for entry in entries]
    whole = html_table(headings, rows, words=(0, 3, 4, 5, 6))
    elsewhere = data is not None and data.name != default_district()
    note = [tag("p", view.say("parameters.elsewhere"))] if elsewhere else []
    return joined([tag("p", summary), *note, details(view.say("parameters.show"), whole, annex=True)])


def _known(data: DistrictData) -> parameters.Parameters:
    """Return all parameters as a district has them: those that it sets, and those of its fitted block, which are fitted
    only where the block says so.
    """
    block, values = data.spec.get("fitted") or {}, data.fitted()
    drawn = {} if data.factual is None else priors_of(data)
    fits = {name: value for name, value in values.items() if was_fitted(block[name]) and name not in drawn}
    own = {name: value for name, value in values.items() if name not in fits and name not in drawn}
    return parameters.load().own(data.own_parameters() | own).fitted(fits)


def _influence(view: View) -> Callable[[parameters.Parameter], tuple[float, int, int, str]]:
    """Return the order of parameters: by how far they move a primary outcome, in units of what matters, where a
    screening of these inputs tells (`simsim sensitivity`), then by confidence and kind.
    """
    measured: dict[str, float] = {}
    table = table_for(view.results, view.focus, view.base)
    if table is not None:
        limits = table["indicator"].map({name: entry.matters for name, entry in indicators().items()})
        strongest = (table["mu_star"] / limits).groupby(table["parameter"]).max()
        measured = {str(name): float(value) for name, value in strongest.items()}
    return lambda p: (
        -measured.get(p.name, 0.0),
        CONFIDENCE_ORDER.index(p.confidence),
        KIND_ORDER.index(p.kind),
        p.name,
    )


def _parameter_row(view: View, entry: parameters.Parameter) -> list[object]:
    label = view.say.parameter(entry.name)
    span = "–" if entry.low is None else view.say("interval", low=plain(entry.low), high=plain(entry.high))
    name = Safe(f"{tag('code', entry.name)}<small>{text(label)}</small>")
    confidence = view.say.either("confidence", entry.confidence or "none")
    return [
        name,
        plain(entry.value),
        span if entry.uncertain else f"{span} {view.say(_not_drawn(entry))}".strip("– "),
        view.say.either("unit", entry.unit),
        mark(view, entry.kind),
        confidence,
        cited(view, entry),
    ]


def cited(view: View, entry: parameters.Parameter) -> Safe:
    """Return the source as it names itself, in its own language; for a judgement in Chinese the words for that."""
    if view.lang == "zh" and entry.kind == JUDGEMENT:
        return text(view.say("parameters.judged"))
    return foreign(view, entry.source)


def foreign(view: View, source: object) -> Safe:
    """Return a source in the page's language where the catalogue has it; else as it is written, in English, which a
    Chinese page says of it.
    """
    known = view.say.either("source", str(source))
    return tag("cite", source, lang="en") if view.lang == "zh" and known == str(source) else text(known)


def _not_drawn(entry: parameters.Parameter) -> str:
    """Return the word for why a parameter is not drawn."""
    return "parameters.claimed" if entry.claimed else "parameters.fixed"


def scenarios(view: View) -> Safe:
    """Return what every scenario is, in its own words, and which judged effects it assumes."""
    effects = assumed(view.results)
    rows = [
        [view.title(name), tag("code", name), joined([text(view.description(name)), _assumed(view, effects.get(name))])]
        for name in view.scenarios
    ]
    headings = [view.say("scenario"), view.say("scenarios.name"), view.say("scenarios.what")]
    return html_table(headings, rows, words=(0, 1, 2))


def _assumed(view: View, effects: list[str] | None) -> Safe:
    """Return the line on the effects that a scenario assumes; nothing where it assumes none."""
    names = view.say("list").join(map(view.say.parameter, effects or ()))
    return tag("small", view.say("scenarios.assume", names=names)) if effects else Safe("")


def provenance(view: View) -> Safe:
    """Return what was run: scenarios and seeds, code and library versions, digests of inputs."""
    manifest, say = view.results.manifest, view.say
    seeds = view.results.replications(view.focus)
    versions = ", ".join(f"{name} {number}" for name, number in sorted(manifest.get("versions", {}).items()))
    inputs = manifest.get("inputs", {})
    rows: list[list[object]] = [
        [say("provenance.name"), tag("code", manifest.get("name", "–"))],
        [say("provenance.seeds"), say("provenance.seeds_value", n=len(seeds), first=min(seeds), last=max(seeds))],
        [say("provenance.years"), say("outlook.span", first=view.first, last=view.last)],
        [say("provenance.draws"), say("provenance.fixed" if manifest.get("fixed_parameters") else "provenance.drawn")],
        [say("provenance.code"), tag("code", str(manifest.get("code", "–"))[:SHORT])],
        [say("provenance.inputs"), tag("code", ", ".join(f"{k} {str(v)[:SHORT]}" for k, v in _flat(inputs)))],
        [say("provenance.versions"), tag("code", versions)],
        [say("provenance.data"), say("synthetic.long", district=district_label(view))],
    ]
    return html_table(["", ""], rows, css="provenance", words=(0, 1))


def _flat(inputs: Document) -> list[tuple[str, str]]:
    """Return the digests of inputs as (name, digest)."""
    nested = [
        (f"{key}/{name}", value)
        for key, part in inputs.items()
        if isinstance(part, Mapping)
        for name, value in part.items()
    ]
    return nested + [(key, value) for key, value in inputs.items() if isinstance(value, str)]


def district_label(view: View) -> str:
    """Return the name of the district."""
    data = _district(view)
    return (
        str(view.results.manifest.get("districts", {}).get(view.focus, ""))
        if data is None
        else str(data.spec.get("title", {}).get(view.lang, data.name))
    )


def failures(view: View) -> pd.DataFrame:
    """Return the runs that failed, if there is a table of them."""
    return view.results.frame("failures") if "failures" in view.results.tables else pd.DataFrame()


TABLES = {
    "limits": Exhibit(limits),
    "fitted": Exhibit(fitted),
    "parameters": Exhibit(parameters_used),
    "scenarios": Exhibit(scenarios),
    "provenance": Exhibit(provenance),
}
