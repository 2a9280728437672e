"""Laps that nobody pressed for: rounds on a course, found where it comes by the same place again and again.

A place of the course is chosen such that the rounds between its passings are alike; a passing is the point nearest to
it on each visit to within 25 m. Limits: at least three rounds of 200 m to 20 km and a minute each, alike within 8 %;
there and back on the same way makes no rounds, as the directions differ.
"""

from itertools import pairwise

import numpy as np

from paceline_server.analysis.by_row import between, known_rows
from paceline_server.analysis.distance import EARTH_RADIUS_M
from paceline_server.formats.recording import Column

NEAR_M = 25.0
SHORTEST_M, LONGEST_M, SHORTEST_S = 200.0, 20_000.0, 60.0
LEAST, ALIKE = 3, 0.08
AHEAD_M = 20.0
MOST_ROWS = 1000  # for longer ones every so many rows: rounds are found to some seconds
_PLACES = np.array([0.02, 0.15, 0.3, 0.45, 0.6])  # parts of the way


def found_laps(
    time_s: Column, latitude_deg: Column, longitude_deg: Column, distance_m: Column
) -> list[tuple[float, float]]:
    """Return from which to which second each round was, in order."""
    known = known_rows(latitude_deg)
    if len(known) < 10 or distance_m[known[-1]] - distance_m[known[0]] < LEAST * SHORTEST_M:
        return []
    known = known[:: max(1, len(known) // MOST_ROWS)]
    # A plane is near enough for what lies within one course.
    east = np.radians(longitude_deg[known] - longitude_deg[known[0]]) * np.cos(np.radians(latitude_deg[known[0]]))
    north = np.radians(latitude_deg[known] - latitude_deg[known[0]])
    place = EARTH_RADIUS_M * (east + 1j * north)
    way, seconds = distance_m[known], time_s[known]
    best: list[int] = []
    for at in way.searchsorted(way[0] + _PLACES * (way[-1] - way[0])).tolist():
        passed = _passings(place, way, at)
        if len(passed) > max(len(best), LEAST) and _are_rounds(way[passed], seconds[passed]):
            best = passed
    return [(float(seconds[first]), float(seconds[last])) for first, last in pairwise(best)]


def _passings(place: np.ndarray, way: Column, at: int) -> list[int]:
    """Return the rows nearest to the place of row `at`, one for each visit in its direction."""
    away = np.abs(place - place[at])
    near = (away <= NEAR_M).nonzero()[0]
    if np.count_nonzero(between(way[near]) > SHORTEST_M / 2) < LEAST:
        return []  # most places are passed once
    ahead = np.minimum(np.searchsorted(way, way + AHEAD_M), len(way) - 1)
    heading = place[ahead] - place
    same = (heading[near] * np.conj(heading[at])).real > 0
    near = near[same]
    if len(near) == 0:
        return []
    begins = np.concatenate([[0], np.flatnonzero(between(way[near]) > SHORTEST_M / 2) + 1])
    if len(begins) < LEAST + 1:
        return []
    visits = zip(begins.tolist(), [*begins[1:].tolist(), len(near)], strict=True)
    return [int(near[first + int(away[near[first:last]].argmin())]) for first, last in visits]


def _are_rounds(way: Column, seconds: Column) -> bool:
    rounds, took = np.diff(way), np.diff(seconds)
    usual = float(np.median(rounds))
    fits = SHORTEST_M <= usual <= LONGEST_M and float(took.min()) >= SHORTEST_S
    return bool(fits and np.abs(rounds / usual - 1).max() <= ALIKE)
