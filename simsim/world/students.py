"""Pupils: the columns of one, and how a year turns them a grade up."""

from __future__ import annotations

import numpy as np

from simsim.world.person import Person

# ses, knowledge, score: SD of the first year; home and distance: km; class_draw: the keyed place in the class
# lists; severity: rank among the disabled (0 mildest, 1 most severe; 0 for others); provision: codes of development.py;
# fitness: share of all pupils above the line; sport, music, art: skills of a kind, whole when learnt
COLUMNS: dict[str, type] = {
    "female": np.bool_,
    "neighbourhood": np.int16,
    "home_x": np.float32,
    "home_y": np.float32,
    "ses": np.float64,
    "migrant": np.bool_,
    "entitled": np.bool_,
    "disabled": np.bool_,
    "severity": np.float32,
    "provision": np.int8,
    "poor": np.bool_,
    "aided": np.bool_,
    "after_school": np.bool_,
    "fitness": np.float32,
    "sport": np.float32,
    "music": np.float32,
    "art": np.float32,
    "grade": np.int8,
    "school": np.int16,
    "class_row": np.int32,
    "class_draw": np.float64,
    "knowledge": np.float64,
    "transitory": np.float64,
    "score": np.float64,
    "years_in_school": np.int8,
    "moved": np.bool_,
    "displaced": np.bool_,
    "over_capacity": np.bool_,
    "distance_km": np.float32,
    "route": np.int8,
}


class Student(Person):
    """One pupil of the district; `school` is 0 while a migrant child waits for a seat."""

    @property
    def stage(self) -> int:
        """Stage code of the pupil's grade."""
        return int(self.model.system.stage_of(self.grade))
