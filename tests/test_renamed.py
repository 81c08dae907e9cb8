"""A Python name that moved still works, and says where it is now; every public name is where it is said to be."""

from __future__ import annotations

import importlib

import pytest

import simsim
from simsim import actions
from simsim.inputs.renamed import MODULES, moved


@pytest.mark.parametrize("name", simsim.__all__)
def test_every_public_name_is_there(name):
    assert getattr(simsim, name) is not None


@pytest.mark.parametrize(("old", "new"), [("fill_openings", "fill_vacated"), ("take_openings", "take_vacated")])
def test_an_old_name_is_served_with_a_warning_that_says_the_new_one(old, new):
    with pytest.warns(DeprecationWarning, match=f"simsim.actions.{old} is simsim.actions.{new} now") as told:
        assert getattr(actions, old) is getattr(actions, new)
    assert told[0].filename == __file__


@pytest.mark.parametrize("name", MODULES)
def test_an_old_module_is_served_as_an_attribute_of_the_package(name):
    with pytest.warns(DeprecationWarning, match=f"simsim.{name} is {MODULES[name]} now") as told:
        assert getattr(simsim, name) is importlib.import_module(MODULES[name])
    assert told[0].filename == __file__


def test_a_name_that_never_was_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute nothing"):
        moved("simsim.actions", {"old": "simsim.actions:hire"})("nothing")
    with pytest.raises(AttributeError, match="has no attribute nothing"):
        _ = simsim.nothing
