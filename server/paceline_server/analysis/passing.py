"""Whether a route passes a place: has a point in a box, or within a circle."""

import numpy as np

from paceline_server.analysis.distance import EARTH_RADIUS_M
from paceline_server.analysis.polyline import decode_polyline

MOST_POINTS = 1_000_000
Box = tuple[float, float, float, float]  # south, west, north, east in degrees


def passes(polyline: str, box: Box, centre: tuple[float, float] | None, radius_m: float) -> bool:
    """Tell whether a point of the route lies in the box and, with a centre, at most so far from it."""
    latitude_deg, longitude_deg = np.array(decode_polyline(polyline, MOST_POINTS)).reshape(-1, 2).T
    south, west, north, east = box
    inside = (latitude_deg >= south) & (latitude_deg <= north) & (longitude_deg >= west) & (longitude_deg <= east)
    if centre is None or not inside.any():
        return bool(inside.any())
    latitude, longitude = np.radians(latitude_deg[inside]), np.radians(longitude_deg[inside])
    middle, meridian = np.radians(centre)
    half_chord = (
        np.sin((latitude - middle) / 2) ** 2
        + np.cos(latitude) * np.cos(middle) * np.sin((longitude - meridian) / 2) ** 2
    )
    return bool((2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half_chord)) <= radius_m).any())
