"""Numbers that can hardly be true: a wrong unit (元 for 万元) makes a school ten thousand times as rich as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simsim.assessment.words import show
from simsim.inputs.paths import resource
from simsim.inputs.standards import Standard
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.words import say

SHOWN = 3


def implausible(parts: pd.DataFrame, standard: Standard) -> Iterator[object]:
    """Yield what must be said of values per pupil outside the range in which schools have them; 0 is a number of its
    own.
    """
    told = read_yaml(resource("parameters") / "templates" / "plausible.yaml")
    large = parts[parts["pupils"] >= told["fewest_pupils"]]
    for name, indicator in standard.indicators.items():
        if name not in told["per_pupil"]:
            continue
        low, high = told["per_pupil"][name]
        values = large[name] / large["pupils"]
        odd = large[((values > 0) & (values < low)) | (values > high)]
        if len(odd):
            shown = zip(odd["school"], odd[f"value_{name}"], strict=True)
            some = tuple(f"{school} {show(value)}" for school, value in list(shown)[:SHOWN])
            about = {"low": f"{low * indicator.per:g}", "high": f"{high * indicator.per:g}"}
            yield say("implausible", indicator=indicator.label, n=len(odd), some=some, **about)
