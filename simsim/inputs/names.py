"""What parameters are called where a reader sees them, in English and Chinese: parameters/names.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from simsim.inputs.documents import Draft
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

FILE = "names.yaml"
WITH_STAGE = {"en": "{name} ({stage})", "zh": "{name}（{stage}）"}


def called(parameter: str) -> Mapping[str, str]:
    """Return a parameter's name by language; of a pair for two stages the name of both with the stage, of a parameter
    that is none of simsim's own nothing.

    >>> called("building_months")["en"], called("class_size.target.junior")["en"]
    ('months of building', 'class target (junior secondary)')
    """
    names, (both, _, stage) = _file()["names"], parameter.rpartition(".")
    if parameter in names:
        return dict(names[parameter])
    words = _file()["stages"].get(stage)
    if words is None or both not in names:
        return {}
    return {lang: WITH_STAGE[lang].format(name=name, stage=words[lang]) for lang, name in names[both].items()}


@cache
def _file() -> Draft:
    return read_yaml(resource("parameters") / FILE)
