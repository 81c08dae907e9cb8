"""Structural switches: whether a conclusion survives when the model assumes otherwise, one assumption at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from simsim.base.calendar import SEPTEMBER
from simsim.districts.files import DistrictData
from simsim.experiments.experiment import Experiment
from simsim.experiments.request import Asked, Place, districts_of, scenarios_of
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import count, indicators, known, primary_outcomes
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios.scenario import Scenario

SEEDS = 20
PREFIX = "structure."
MOST_VALUES = 6
BUILT = "as-built"
ALL = "all"
FIRST = "first"
AS_BUILT = {"en": "as built", "zh": "现有结构"}


@dataclass(frozen=True)
class Switch:
    """Another structure: its name, its words, and what it sets in every scenario."""

    name: str
    words: Mapping[str, str]
    parameters: Mapping[str, float]
    policies: Mapping[str, Document]


def switches() -> list[Switch]:
    """Return every switch: those of parameters/structures.yaml, and the alternatives of every parameter structure.*."""
    written = [
        Switch(
            str(row["name"]), {k: str(row[k]) for k in ("en", "zh")}, row.get("parameters", {}), row.get("policies", {})
        )
        for row in _file()["structures"]
    ]
    return [*written, *_of_parameters()]


@cache
def _file() -> Draft:
    return read_yaml(resource("parameters") / "structures.yaml")


def _of_parameters() -> Iterator[Switch]:
    for name, p in parameters.load().items():
        if name.startswith(PREFIX):
            for value in alternatives(p):
                plain = f"{name.removeprefix(PREFIX).replace('_', '-').replace('.', '-')}-{value:g}".replace(".", "_")
                words = dict.fromkeys(("en", "zh"), f"{name} = {value:g} ({p.value:g})")
                yield Switch(plain, words, {name: value}, {})


def alternatives(p: parameters.Parameter) -> list[float]:
    """Return the other values of a structural parameter: whole numbers within its limits, or both ends of them."""
    ends = [p.least, p.most]
    few = p.whole and p.most - p.least < MOST_VALUES
    values = [float(n) for n in range(int(p.least), int(p.most) + 1)] if few else ends
    return [value for value in values if value != p.value]


def variant(scenario: Scenario, switch: Switch, data: DistrictData) -> Scenario:
    """Return a scenario under a switch; InputError when it cannot be combined with what the scenario has."""
    content, first = scenario.to_dict(), int(data.spec["first_year"]) + 1
    dated = {key: {**entry, "from": f"{first}-{SEPTEMBER:02d}-01"} if entry.get("from") == FIRST else dict(entry)
             for key, entry in switch.policies.items()}  # fmt: skip
    name = f"{scenario.name}--{switch.name}"
    return Scenario.load(
        {
            **content,
            "name": name,
            "parameters": {**content["parameters"], **switch.parameters},
            "policies": {**content["policies"], **dated},
        }
    )


def structures(
    a: Asked,
    b: Asked,
    indicators: str | Iterable[str] | None = None,
    seeds: int | Iterable[int] = SEEDS,
    to: int | None = None,
    district: Place = None,
    jobs: int = 1,
    out: str | Path | None = None,
    progress: bool = True,
    replace: bool = False,
) -> pd.DataFrame:
    """Return the paired differences `a` minus `b` in the last year under every structural switch, one at a time.

    A row for each switch (the first is the model as built), indicator (by default the primary outcomes) and stage: what
    `Results.paired` says, words of the switch, and survives (the same verdict as built, or the same direction). A
    switch that cannot be combined with a scenario is left out. All are runs of one experiment, resumed as any.
    InputError for names that are not there.
    """
    asked = [indicators] if isinstance(indicators, str) else None if indicators is None else list(indicators)
    names = known(asked) or list(primary_outcomes())
    pair = scenarios_of([a, b], district)
    data = districts_of(pair, district)
    used = [(switch, both) for switch in switches() if (both := _both(pair, switch, data)) is not None]
    everything = [*pair, *(one for _, both in used for one in both)]
    experiment = Experiment(
        everything, seeds=seeds, to=to, district=district, name=f"structures-{pair[0].name}-{pair[1].name}"
    )
    results = experiment.run(jobs=jobs, out=out, progress=progress, replace=replace)
    rows = [_rows(results, pair[0].name, pair[1].name, names, BUILT, AS_BUILT)]
    rows += [_rows(results, one.name, other.name, names, switch.name, switch.words) for switch, (one, other) in used]
    return _survival(pd.concat(rows, ignore_index=True))


def _both(pair: list[Scenario], switch: Switch, data: Mapping[str, DistrictData]) -> tuple[Scenario, Scenario] | None:
    """Return both scenarios under a switch, or None where it cannot be combined with one of them."""
    try:
        one, other = (variant(scenario, switch, data[scenario.name]) for scenario in pair)
        return one, other
    except InputError:
        return None


def _rows(results: Results, a: str, b: str, names: list[str], switch: str, words: Mapping[str, str]) -> pd.DataFrame:
    last = results.years[-1]
    there = [name for name in names if name in set(results.frame("district_year")["indicator"].unique())]
    found = results.paired(a, b, there, group=ALL, years=last)
    apart = set(found.loc[found["stage"] != ALL, "indicator"])
    found = found[(found["stage"] != ALL) | ~found["indicator"].isin(apart)]
    order = {name: place for place, name in enumerate(names)}
    found = found.sort_values("indicator", key=lambda column: column.map(order), kind="stable")
    return found.assign(switch=switch, switch_en=words["en"], switch_zh=words["zh"])


def _survival(table: pd.DataFrame) -> pd.DataFrame:
    """Add whether each verdict points where that of the model as built does."""
    built = table[table["switch"] == BUILT].set_index(["indicator", "stage"])["verdict"].map(direction)
    here = pd.MultiIndex.from_frame(table[["indicator", "stage"]])
    table["survives"] = table["verdict"].map(direction).to_numpy() == built.reindex(here).to_numpy()
    front = ["switch", "switch_en", "switch_zh", "indicator", "stage"]
    return table[[*front, *(name for name in table.columns if name not in front)]]


def direction(verdict: str) -> str:
    """Return what a verdict concludes: higher, lower, or the verdict itself."""
    return verdict.rsplit("_", 1)[-1]


def headline_table(table: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """Return headlines by switches as text: the mean difference, the worlds with its sign, and the word."""
    labels = indicators()
    cells = [
        f"{row['mean']:+z,.{labels[row['indicator']].decimals}f} ({count(row['with_sign'], row['n'], lang)}) "
        f"{row[f'words_{lang}']}"
        for row in table.to_dict("records")
    ]
    shown = table.assign(cell=cells, headline=table["indicator"].map(lambda name: labels[name].label[lang]))
    wide = shown.pivot(index=["headline", "stage"], columns=f"switch_{lang}", values="cell")
    order = list(dict.fromkeys(shown[f"switch_{lang}"]))
    rows = pd.MultiIndex.from_frame(shown[["headline", "stage"]].drop_duplicates())
    return wide.reindex(index=rows, columns=order).reset_index()
