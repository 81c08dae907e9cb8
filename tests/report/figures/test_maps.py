"""Maps: the cells share out the district."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.report.figures import maps


def area(polygon):
    x, y = polygon[:, 0], polygon[:, 1]
    return 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def test_the_cells_of_a_map_share_out_the_whole_district():
    hull = np.array([[0.0, 0.0], [10.0, 0.0], [12.0, 5.0], [10.0, 9.0], [0.0, 8.0]])
    points = np.array([[1.0, 1.0], [5.0, 5.0], [9.0, 2.0], [8.0, 7.5], [2.0, 6.0]])
    cells = maps.cells(points, hull)
    assert sum(map(area, cells)) == pytest.approx(area(hull))


def test_two_schools_share_a_square_evenly():
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    assert [area(cell) for cell in maps.cells(np.array([[1.0, 2.0], [3.0, 2.0]]), square)] == pytest.approx([8.0, 8.0])
