"""The route as an SVG picture: a path on a square grid in metres, drawn by the server from its own data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from paceline_server.analysis.polyline import decode_polyline
from paceline_server.pages.shading import Shading, Values
from paceline_server.words import quantities

METRES_PER_DEGREE = 111_195.0
CARD_POINTS, MOST_POINTS = 64, 400

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoutePicture:
    """Coordinates in a box of `width` × `height` units; `step_m` is the size of a square of the grid, in metres."""

    width: int
    height: int
    path: str
    start: Point
    finish: Point
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    step_m: float
    strands: tuple[tuple[str, str], ...] = ()  # class and path of what has each colour, where it is coloured


def card_picture(polyline: str) -> RoutePicture | None:
    """Return the small picture of a route, for lists."""
    return draw_route(decode_polyline(polyline, CARD_POINTS), 104, 144, 14)


def page_picture(polyline: str) -> RoutePicture | None:
    """Return the large picture of a route."""
    return draw_route(decode_polyline(polyline, MOST_POINTS), 720, 420, 36)


def coloured_picture(latitudes: Values, longitudes: Values, values: Values, shading: Shading) -> RoutePicture | None:
    """Return the large picture of the rows that have a place, each line in the colour of the value at its end."""
    rows = [
        (latitude, longitude, shading.shade(value))
        for latitude, longitude, value in zip(latitudes, longitudes, values, strict=True)
        if latitude is not None and longitude is not None
    ]
    picture = draw_route([(latitude, longitude) for latitude, longitude, _ in rows], 720, 420, 36)
    if picture is None:
        return None
    corners = picture.path[1:].split("L")
    paths: dict[str, list[str]] = {}
    last = ""
    for before, at, (_, _, shade) in zip(corners, corners[1:], rows[1:], strict=False):
        name = "shade-none" if shade is None else f"shade-{shade}"
        paths.setdefault(name, []).append(f"L{at}" if name == last else f"M{before}L{at}")
        last = name
    return replace(picture, strands=tuple((name, "".join(parts)) for name, parts in sorted(paths.items())))


def draw_route(points: Sequence[Point], width: int, height: int, margin: int) -> RoutePicture | None:
    """Fit the points into the box, north up; None for less than two points."""
    if len(points) < 2:
        return None
    shrink = max(0.01, math.cos(math.radians(points[0][0])))
    xs = [_near(longitude, points[0][1]) * shrink * METRES_PER_DEGREE for _, longitude in points]
    ys = [-latitude * METRES_PER_DEGREE for latitude, _ in points]
    span_m = (max(max(xs) - min(xs), 50.0), max(max(ys) - min(ys), 50.0))
    scale = min((width - 2 * margin) / span_m[0], (height - 2 * margin) / span_m[1])
    left = width / 2 - (max(xs) + min(xs)) / 2 * scale
    top = height / 2 - (max(ys) + min(ys)) / 2 * scale
    drawn = [(round(x * scale + left, 1), round(y * scale + top, 1)) for x, y in zip(xs, ys, strict=True)]
    step_m = _step_m(36 / scale)
    return RoutePicture(
        width,
        height,
        "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn),
        drawn[0],
        drawn[-1],
        _grid(left, step_m * scale, width),
        _grid(top, step_m * scale, height),
        step_m,
    )


def nice_step(value: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is not below the value; at least 1."""
    power = 10.0 ** math.floor(math.log10(max(1.0, value)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * 0.999999)


def _step_m(least_m: float) -> float:
    """Return a step that is round in metres and kilometres, or feet and miles, and not below so many metres."""
    size = quantities.unit_si(_kind(2 * least_m))
    return nice_step(least_m / size) * size


def _kind(length_m: float) -> str:
    return "height" if length_m < 0.99 * quantities.unit_si("distance") else "distance"


def _near(longitude: float, reference: float) -> float:
    """Return a longitude without the jump at the antimeridian."""
    return reference + (longitude - reference + 180) % 360 - 180


def _grid(origin: float, step: float, size: int) -> tuple[float, ...]:
    first = math.ceil(-origin / step)
    return tuple(round(origin + (first + n) * step, 1) for n in range(int(size / step) + 1))


def grid_step(step_m: float) -> str:
    """Say how wide a square of the grid is: a round number of the reader's units."""
    kind = _kind(step_m)
    return f"{quantities.count(step_m / quantities.unit_si(kind))} {quantities.unit(kind)}"
