"""A route with corners at even distances, which tells where somebody went, but not how fast."""

import numpy as np

from paceline_server.analysis.distance import haversine_m
from paceline_server.analysis.polyline import decode_polyline, encode_polyline

MOST_POINTS = 200_000


def evenly_spaced(polyline: str, step_m: float) -> str:
    """Return an encoded polyline with a corner for every `step_m` of its length, and its first and last point."""
    points = np.array(decode_polyline(polyline, MOST_POINTS)).reshape(-1, 2)
    if len(points) < 2:
        return polyline
    latitude_deg, longitude_deg = points[:, 0], np.unwrap(points[:, 1], period=360)
    way_m = np.concatenate([[0.0], np.cumsum(haversine_m(latitude_deg, longitude_deg))])
    marks_m = np.append(np.arange(0.0, way_m[-1], step_m), way_m[-1])
    latitude = np.interp(marks_m, way_m, latitude_deg)
    longitude = (np.interp(marks_m, way_m, longitude_deg) + 180) % 360 - 180
    return encode_polyline(latitude, longitude)
