"""Every parameter has a name in both languages that says which one it is."""

from __future__ import annotations

from simsim.inputs import parameters
from simsim.inputs.names import _file, called
from tests.report.chinese import english, half_width


def test_every_parameter_has_its_own_name_in_both_languages():
    names = {name: parameter.label for name, parameter in parameters.load().items()}
    assert not [name for name, label in names.items() if set(label) != {"en", "zh"}], "add it to parameters/names.yaml"
    for lang in ("en", "zh"):
        said = [label[lang] for label in names.values()]
        assert all(said) and sorted(said) == sorted(set(said)), "two parameters with the same name"


def test_the_chinese_names_have_no_english_and_no_half_width_marks():
    said = [label["zh"] for label in (p.label for p in parameters.load().values())]
    assert not english(said) and not half_width(said)


def test_no_name_is_kept_for_a_parameter_that_is_gone():
    known = {part for name in parameters.load() for part in (name, name.rpartition(".")[0])}
    assert not set(_file()["names"]) - known


def test_an_unknown_parameter_has_no_name():
    assert called("no_such") == called("no.primary") == {}
