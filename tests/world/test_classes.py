"""The classes of a year as columns of one length."""

from __future__ import annotations

import dataclasses

import numpy as np

from simsim.world.classes import Classes
from tests.one_district import founded, lived


def columns(classes):
    return [getattr(classes, field.name) for field in dataclasses.fields(classes)]


def test_before_the_first_september_there_are_no_classes():
    none = Classes.none()
    assert len(none) == 0 and all(len(column) == 0 for column in columns(none))
    assert len(founded().classes) == 0 and none.team.dtype == np.float64 and none.size.dtype == np.int64


def test_there_are_as_many_classes_as_rows():
    classes = lived().classes
    assert len(classes) > 0 and {len(column) for column in columns(classes)} == {len(classes)}
