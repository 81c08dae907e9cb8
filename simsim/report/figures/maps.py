"""Schematic maps: every school with the part of the district that is nearer to it than
to any other (Voronoi), clipped to the hull.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from scipy.spatial import ConvexHull, Voronoi

from simsim.base.arrays import Floats
from simsim.districts.files import load_district
from simsim.experiments.decision import spread
from simsim.inputs.errors import InputError
from simsim.report.exhibit import Exhibit
from simsim.report.figures.schools import over_capacity
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, INK, PAPER, headline, stage_title, stamp
from simsim.report.view import View
from simsim.report.words import half_characters

Points = Floats
OPEN_IN = 0.5
FAR = 1000.0
MARGIN_KM = 0.8
CORNERS = 24
MAP_POINTS = np.array([264.0, 150.0])
"""Width and height that a map takes at most on the page, in points (estimated: the layout comes later)."""
NAME_SIZE, LINE, NAME_GAP = 9.5, 1.3, 2.0
"""Points of a school's name, its lines' height in sizes, and the points between it and its dot."""
RING = 90
"""What the ring of a new school adds to the area of its dot, in square points."""
SIDES = [(1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8)]
AREA_OF_A_PUPIL = 0.085
CLASSES = (0.0, 0.8, 0.9, 1.0, 1.1, 1.25)
FILLS = ("#2166ac", "#67a9cf", "#d1e5f0", "#fddbc7", "#ef8a62", "#b2182b")


def cells(points: Points, hull: Points) -> list[Points]:
    """Return for each point (n, 2) the polygon of what is nearest to it inside a convex hull (corners, 2)."""
    around = FAR * np.column_stack([np.cos(_angles()), np.sin(_angles())])
    diagram = Voronoi(np.vstack([points, points.mean(axis=0) + around]))
    regions = [diagram.vertices[diagram.regions[diagram.point_region[i]]] for i in range(len(points))]
    return [clipped(_sorted(region), hull) for region in regions]


def _angles() -> Points:
    return np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)


def _sorted(polygon: Points) -> Points:
    """Put the corners of a convex polygon in order."""
    away = polygon - polygon.mean(axis=0)
    return polygon[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]


def clipped(polygon: Points, hull: Points) -> Points:
    """Cut a convex polygon to a convex hull whose corners run anticlockwise (Sutherland and Hodgman)."""
    for start, end in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        polygon = _cut(polygon, start, end - start)
    return polygon


def _cut(polygon: Points, start: Points, edge: Points) -> Points:
    """Keep what lies to the left of an edge."""
    if not len(polygon):
        return polygon
    away = polygon - start
    side = edge[0] * away[:, 1] - edge[1] * away[:, 0]
    kept: list[Points] = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if side[i] >= 0:
            kept.append(polygon[i])
        if (side[i] >= 0) != (side[j] >= 0):
            kept.append(polygon[i] + side[i] / (side[i] - side[j]) * (polygon[j] - polygon[i]))
    return np.array(kept).reshape(-1, 2)


def hull_of(view: View) -> Points:
    """Return the hull of the district (corners, 2), anticlockwise: its
    neighbourhoods with their radius, and its schools.
    """
    schools = view.schools[["x_km", "y_km"]].to_numpy(float)
    discs = [schools + MARGIN_KM * np.array([np.cos(a), np.sin(a)]) for a in _angles()]
    places = _neighbourhoods(view)
    if places is not None:
        at, radius = places[["x_km", "y_km"]].to_numpy(float), places[["radius_km"]].to_numpy(float)
        discs += [at + radius * np.array([np.cos(a), np.sin(a)]) for a in _angles()]
    everything = np.vstack(discs)
    return everything[ConvexHull(everything).vertices]


def _neighbourhoods(view: View) -> pd.DataFrame | None:
    """Return the neighbourhoods that the district manages, if its files are at hand."""
    name = view.results.manifest.get("districts", {}).get(view.focus)
    try:
        table = load_district(name).neighbourhoods if name else None
    except (InputError, OSError):
        return None
    return None if table is None else table[table["included"].astype(bool)]


def schools(view: View) -> Figure:
    """The focus in the first and the last year, by stage: catchments, size (area
    of the dot) and pupils per seat (colour).
    """
    return schools_in(view, (view.first, view.last))


@drawn
def schools_in(view: View, years: Sequence[int]) -> Figure:
    """The focus in some years, by stage: see `schools`."""
    hull = hull_of(view)
    figure, axes = sheet(len(view.stages), len(years), 0.3 + 3.0 * len(view.stages), sharex=True, sharey=True)
    norm = BoundaryNorm(CLASSES, len(FILLS), extend="max")
    palette = LinearSegmentedColormap.from_list("seat use", FILLS, N=len(FILLS))
    for row, stage in zip(axes, view.stages, strict=True):
        for ax, year in zip(row, years, strict=True):
            dots = _map(ax, view, stage, year, hull, norm, palette)
            ax.set_title(view.say("map.title", stage=stage_title(view, stage), year=year))
    bar = figure.colorbar(dots, ax=axes, location="bottom", shrink=0.6, aspect=40, pad=0.02, extend="max")
    bar.set_label(view.say("map.colour"))
    bar.ax.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: view.say.number(value, 2)))
    stamp(figure, view.say("synthetic.stamp"))
    headline(figure, view, _finding(view, years))
    return figure


def placed(view: View, stage: str, year: int) -> pd.DataFrame:
    """Return place, name, pupils and pupils per seat of the schools that teach a stage in most replications."""
    table = view.schools_in(view.focus, year)
    numbers = {name: view.by_school(view.focus, name, stage, year)["median"] for name in ("pupils", "seat_use")}
    table = table.join(pd.DataFrame(numbers), how="inner")
    return table[table["open"] >= OPEN_IN]


def _map(
    ax: Axes, view: View, stage: str, year: int, hull: Points, norm: Normalize, palette: Colormap
) -> PathCollection:
    table = placed(view, stage, year)
    before = placed(view, stage, view.first)
    points = table[["x_km", "y_km"]].to_numpy(float)
    for polygon, use in zip(cells(points, hull), table["seat_use"], strict=True):
        ax.add_patch(Polygon(polygon, closed=True, facecolor=palette(norm(use)), edgecolor=PAPER, lw=1.2, alpha=0.55))
    ax.add_patch(Polygon(hull, closed=True, fill=False, edgecolor=FAINT, lw=1))
    size = AREA_OF_A_PUPIL * table["pupils"]
    dots = ax.scatter(
        points[:, 0],
        points[:, 1],
        s=size,
        c=table["seat_use"],
        cmap=palette,
        norm=norm,
        edgecolor=INK,
        lw=0.7,
        zorder=3,
    )
    changed = [key for key in table.index if key not in before.index or _moved(before.loc[key], table.loc[key])]
    rings = dict(zip(table.index, size.where(~table.index.isin(changed), size + RING), strict=True))
    for key in changed:
        x, y = table.loc[key, "x_km"], table.loc[key, "y_km"]
        ax.scatter(x, y, s=rings[key], facecolor="none", edgecolor=INK, lw=1.4, ls=":", zorder=4)
    dots_at = np.column_stack([points, np.sqrt([rings[key] for key in table.index]) / 2])
    rows = [list(table.index).index(key) for key in changed]
    for row, away in zip(rows, names_beside(dots_at, rows, list(map(str, table["name"])), hull), strict=True):
        _name(ax, str(table["name"].iloc[row]), points[row], away)
    _frame(ax, view, hull)
    return dots


def names_beside(dots: Points, rows: Sequence[int], names: Sequence[str], hull: Points) -> list[Points]:
    """Return for the dots in `rows` where the middle of their names stands, in points from the dot's: the side on
    which a name covers least of dots (n, 3: x and y in km, radius in points) and of the names before it.
    """
    scale = min(MAP_POINTS / np.ptp(hull, axis=0))
    middle = hull.mean(axis=0)
    boxes = [np.array([*(scale * dot[:2] - dot[2]), *(scale * dot[:2] + dot[2])]) for dot in dots]
    found = []
    for row in rows:
        at, radius = scale * dots[row, :2], dots[row, 2] + NAME_GAP
        half = np.array([half_characters(names[row]) * NAME_SIZE / 4, NAME_SIZE * LINE / 2])
        ways = [np.array([x, y]) * (half + radius) for x, y in SIDES]
        inward = [float(np.dot(way, middle - dots[row, :2])) for way in ways]
        covered = [
            sum(_overlap(np.array([*(at + way - half), *(at + way + half)]), box) for box in boxes) for way in ways
        ]
        best = min(range(len(ways)), key=lambda way: (round(covered[way]), -inward[way]))
        boxes.append(np.array([*(at + ways[best] - half), *(at + ways[best] + half)]))
        found.append(ways[best])
    return found


def _overlap(one: Points, other: Points) -> float:
    """Return the area that two boxes (left, bottom, right, top) share."""
    return float(np.prod(np.maximum(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0)))


def _name(ax: Axes, name: str, at: Points, away: Points) -> None:
    """Write a school's name beside its dot."""
    text = ax.annotate(
        name, (at[0], at[1]), xytext=(away[0], away[1]), textcoords="offset points", fontsize=NAME_SIZE,
        ha="center", va="center", zorder=5,
    )  # fmt: skip
    text.set_bbox({"facecolor": PAPER, "alpha": 0.75, "pad": 0.6, "lw": 0})


def _moved(before: pd.Series, now: pd.Series) -> bool:
    return bool(np.hypot(before["x_km"] - now["x_km"], before["y_km"] - now["y_km"]) > 0.01)


def _frame(ax: Axes, view: View, hull: Points) -> None:
    """Set the scale, take the axes away, draw a scale bar and say that this is no map of real places."""
    ax.set_aspect("equal")
    ax.set_xlim(hull[:, 0].min() - 0.3, hull[:, 0].max() + 0.3)
    ax.set_ylim(hull[:, 1].min() - 1.6, hull[:, 1].max() + 0.3)
    ax.set_axis_off()
    right, low = hull[:, 0].max(), hull[:, 1].min() - 0.9
    ax.plot([right - 5, right], [low, low], color=INK, lw=2, solid_capstyle="butt")
    ax.text(right - 2.5, low + 0.25, view.say("map.scale"), ha="center", fontsize=9)
    ax.text(hull[:, 0].min(), low, view.say("map.mark"), fontsize=9.5, color=FAINT)


def _finding(view: View, years: Sequence[int]) -> str:
    """Say how many schools have more pupils than seats in the first and in the last year."""
    first, last = years[0], years[-1]
    counts = {year: _over(view, year) for year in (first, last)}
    there = {year: view.schools_in(view.focus, year) for year in counts}
    schools = {year: int((table["open"] >= OPEN_IN).sum()) for year, table in there.items()}
    words = {"first": first, "last": last, "full_first": counts[first], "full_last": counts[last]}
    if first == last:
        return view.say("map.finding_one", title=view.title(view.focus), year=last, n=schools[last], full=counts[last])
    return view.say("map.finding", title=view.title(view.focus), n_first=schools[first], n_last=schools[last], **words)


def _over(view: View, year: int) -> str:
    """Return the median number of school stages over capacity, with its range where worlds differ."""
    median, low, high = spread(over_capacity(view, view.focus, year))
    said = view.say.number(median)
    ends = view.say.interval(*map(view.say.number, (low, high)))
    return said if low == high else view.say("map.over", n=said, range=ends)


def no_places(view: View) -> str:
    """Return the words for a district of whose schools no place is known: all stand in one point."""
    at = view.schools[["x_km", "y_km"]].to_numpy(float)
    return "" if len(at) < 2 or np.ptp(at, axis=0).any() else "none.places"


FIGURES = {"map": Exhibit(schools, no_places)}
