"""The route as an SVG picture: a path on a square grid in metres, drawn by the server from its own data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

METRES_PER_DEGREE = 111_195.0
MOST_POINTS = 400

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoutePicture:
    """Coordinates in a box of `width` × `height` units; `step_m` is the size of a square of the grid."""

    width: int
    height: int
    path: str
    start: Point
    finish: Point
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    step_m: int


def decode_polyline(text: str) -> list[Point]:
    """Decode the encoded polyline format (precision 5) into latitude and longitude in degrees.

    A text cut short or damaged gives the points before the damage.
    """
    points: list[Point] = []
    totals = [0, 0]
    axis = value = shift = 0
    for character in text:
        chunk = ord(character) - 63
        if not 0 <= chunk < 64 or shift > 30:
            break
        value |= (chunk & 31) << shift
        shift += 5
        if chunk & 32:
            continue
        totals[axis] += ~(value >> 1) if value & 1 else value >> 1
        value = shift = 0
        if axis == 1:
            points.append((totals[0] / 1e5, totals[1] / 1e5))
        axis = 1 - axis
    return points


def draw_route(points: Sequence[Point], width: int, height: int, margin: int) -> RoutePicture | None:
    """Fit the points into the box, north up; None for less than two points."""
    if len(points) < 2:
        return None
    thinned = [*points[:: math.ceil(len(points) / MOST_POINTS)], points[-1]]
    shrink = max(0.01, math.cos(math.radians(points[0][0])))
    xs = [_near(longitude, points[0][1]) * shrink * METRES_PER_DEGREE for _, longitude in thinned]
    ys = [-latitude * METRES_PER_DEGREE for latitude, _ in thinned]
    span_m = (max(max(xs) - min(xs), 50.0), max(max(ys) - min(ys), 50.0))
    scale = min((width - 2 * margin) / span_m[0], (height - 2 * margin) / span_m[1])
    left = width / 2 - (max(xs) + min(xs)) / 2 * scale
    top = height / 2 - (max(ys) + min(ys)) / 2 * scale
    drawn = [(round(x * scale + left, 1), round(y * scale + top, 1)) for x, y in zip(xs, ys, strict=True)]
    step_m = nice_step(36 / scale)
    return RoutePicture(
        width,
        height,
        "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn),
        drawn[0],
        drawn[-1],
        _grid(left, step_m * scale, width),
        _grid(top, step_m * scale, height),
        int(step_m),
    )


def nice_step(value: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is not below the value; at least 1."""
    power = 10.0 ** math.floor(math.log10(max(1.0, value)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * 0.999999)


def _near(longitude: float, reference: float) -> float:
    """Return a longitude without the jump at the antimeridian."""
    return reference + (longitude - reference + 180) % 360 - 180


def _grid(origin: float, step: float, size: int) -> tuple[float, ...]:
    first = math.ceil(-origin / step)
    return tuple(round(origin + (first + n) * step, 1) for n in range(int(size / step) + 1))
