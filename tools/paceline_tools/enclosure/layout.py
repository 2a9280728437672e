"""hardware/enclosure.toml: where each part lies in the case, and what must hold of it. Millimetres."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from paceline_tools.stage import SOURCE

DESCRIPTION = SOURCE / "hardware" / "enclosure.toml"
THINNEST_MM = 1.2  # that a printer of 0.4 mm makes tight: three lines
_UNPLACED = ("Q1", "D1", "R1", "R2")  # soldered into the wires, in shrinking tube
_SIDES = {"left": -1, "right": 1}

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Body:
    """A part's room: its size, its middle in x and y, its underside in z."""

    size: Point
    at: Point

    @property
    def low(self) -> Point:
        """The corner with the least coordinates."""
        return self.at[0] - self.size[0] / 2, self.at[1] - self.size[1] / 2, self.at[2]

    @property
    def high(self) -> Point:
        """The corner with the greatest."""
        return self.at[0] + self.size[0] / 2, self.at[1] + self.size[1] / 2, self.at[2] + self.size[2]


@dataclass(frozen=True)
class Opening:
    """A hole in a wall, with its size and middle in that wall's two directions, for a part behind it."""

    wall: str
    part: str
    size: tuple[float, float]
    at: tuple[float, float]


@dataclass(frozen=True)
class Case:
    """The whole description."""

    inside: Point
    inner_radius: float
    wall: float
    floor: float
    lid: float
    lip_depth: float
    lip_wall: float
    lip_gap: float
    clearance: float
    strap: Mapping[str, float]
    bodies: Mapping[str, Body]
    openings: Mapping[str, Opening]

    @property
    def outside(self) -> Point:
        """What the closed case measures, without lugs."""
        x, y, z = self.inside
        return x + 2 * self.wall, y + 2 * self.wall, z + self.floor + self.lid


def read_case(path: Path = DESCRIPTION) -> Case:
    """Read the description; KeyError, TypeError and ValueError as they come from a file that is none."""
    return case_of(tomllib.loads(path.read_text()))


def case_of(raw: Mapping[str, Any]) -> Case:
    """Return the case of a file's tables."""
    bodies = {ref: Body(_point(body["size"]), _point(body["at"])) for ref, body in raw["bodies"].items()}
    openings = {
        name: Opening(each["wall"], each["part"], _pair(each["size"]), _pair(each["at"]))
        for name, each in raw["openings"].items()
    }
    rest = {name: value for name, value in raw["case"].items() if name != "inside"}
    return Case(_point(raw["case"]["inside"]), **rest, strap=raw["strap"], bodies=bodies, openings=openings)


def _point(values: list[float]) -> Point:
    x, y, z = values
    return x, y, z


def _pair(values: list[float]) -> tuple[float, float]:
    one, other = values
    return one, other


def violations(case: Case, refs: set[str]) -> list[str]:
    """Return everything that is wrong; `refs` are the parts of the circuit."""
    return [*_complete(case, refs), *_inside(case), *_apart(case), *_walls(case), *_opened(case), *_worn(case)]


def _complete(case: Case, refs: set[str]) -> Iterator[str]:
    yield from (f"{ref} has no place" for ref in sorted(refs - case.bodies.keys() - set(_UNPLACED)))
    yield from (f"{ref} is no part of the circuit" for ref in sorted(case.bodies.keys() - refs))


def _inside(case: Case) -> Iterator[str]:
    half_x, half_y = case.inside[0] / 2, case.inside[1] / 2
    for ref, body in case.bodies.items():
        reach_x = max(abs(body.low[0]), abs(body.high[0])) + case.clearance
        reach_y = max(abs(body.low[1]), abs(body.high[1])) + case.clearance
        if reach_x > half_x + 1e-9 or reach_y > half_y + 1e-9:
            yield f"{ref} reaches into a wall"
        in_x, in_y = reach_x - (half_x - case.inner_radius), reach_y - (half_y - case.inner_radius)
        if min(in_x, in_y) > 0 and math.hypot(in_x, in_y) > case.inner_radius + case.clearance:
            yield f"{ref} reaches into a rounded corner"
        if body.low[2] < 0 or body.high[2] > case.inside[2] - case.lip_depth:
            yield f"{ref} reaches into floor or lid"


def _apart(case: Case) -> Iterator[str]:
    for (ref, body), (other_ref, other) in combinations(case.bodies.items(), 2):
        gap = max(max(body.low[axis] - other.high[axis], other.low[axis] - body.high[axis]) for axis in range(3))
        if gap < case.clearance - 1e-9:
            yield f"{ref} and {other_ref} are {gap:.2f} mm apart, less than {case.clearance}"


def _walls(case: Case) -> Iterator[str]:
    for name in ("wall", "floor", "lid", "lip_wall"):
        if getattr(case, name) < THINNEST_MM:
            yield f"{name} of {getattr(case, name)} mm is thinner than {THINNEST_MM}"


def _opened(case: Case) -> Iterator[str]:
    for name, hole in case.openings.items():
        body = case.bodies.get(hole.part)
        if body is None or hole.wall not in {"floor", "lid", *_SIDES}:
            yield f"{name} is in no wall, or for no part"
            continue
        axes = (1, 2) if hole.wall in _SIDES else (0, 1)
        for axis, size, middle in zip(axes, hole.size, hole.at, strict=True):
            if not body.low[axis] <= middle <= body.high[axis]:
                yield f"{name} does not lie before {hole.part}"
            low, high = (
                (0, case.inside[2] - case.lip_depth) if axis == 2 else (-case.inside[axis] / 2, case.inside[axis] / 2)
            )
            if middle - size / 2 < low or middle + size / 2 > high:
                yield f"{name} cuts into an edge of the case"
        if (gap := _behind(case, hole, body)) > 3:
            yield f"{hole.part} lies {gap:.1f} mm behind {name}"


def _behind(case: Case, hole: Opening, body: Body) -> float:
    """How far behind the wall the part begins."""
    if hole.wall in _SIDES:
        reach = body.high[0] if hole.wall == "right" else -body.low[0]
        return case.inside[0] / 2 - reach
    return body.low[2] if hole.wall == "floor" else case.inside[2] - body.high[2]


def _worn(case: Case) -> Iterator[str]:
    outside_x = case.outside[0]
    lugs = case.strap["width"] + 2 * case.strap["lug_width"]
    if lugs > outside_x:
        yield f"the lugs take {lugs} mm, the case is {outside_x} wide"
    if case.strap["lug_height"] < case.strap["pin_diameter"] + 2 * THINNEST_MM:
        yield "the lugs are too low for their pin"
    antenna = case.bodies.get("AE1")
    if antenna and any(
        ref != "AE1" and body.low[2] >= antenna.high[2] and _covers(body, antenna) for ref, body in case.bodies.items()
    ):
        yield "something lies above the antenna"


def _covers(body: Body, other: Body) -> bool:
    return all(body.low[axis] < other.high[axis] and other.low[axis] < body.high[axis] for axis in (0, 1))
