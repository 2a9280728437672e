"""Heights of a route out of elevation tiles, in place of altitudes that nobody recorded, and the climb by them.

Limits: heights are of a grid of 30 or 90 m, so bridges, tunnels and cuttings are climbed over, steep slopes are cut
off, and what is built or grows on the ground counts as ground.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.ascent import cumulative_climb_m
from paceline_server.analysis.distance import cumulative_distance_m
from paceline_server.formats.hgt import heights_m
from paceline_server.formats.recording import Column

TileAt = Callable[[int, int], NDArray[Any] | None]
"""Gives the tile whose south-western corner is at whole degrees, None where there is none."""
LEAST_KNOWN = 0.9  # of the positions; with less the climbs in the gaps would be missing


def heights_along(latitude_deg: Column, longitude_deg: Column, tile_at: TileAt) -> Column:
    """Return the height of every row, NaN without a position or a tile."""
    heights = np.full(len(latitude_deg), np.nan)
    known = np.flatnonzero(~np.isnan(latitude_deg))
    corners = np.floor(np.column_stack([latitude_deg[known], longitude_deg[known]])).astype(np.intp)
    for south_deg, west_deg in np.unique(corners, axis=0).tolist():
        tile = tile_at(south_deg, west_deg)
        if tile is not None:
            rows = known[(corners == (south_deg, west_deg)).all(axis=1)]
            heights[rows] = heights_m(tile, south_deg, west_deg, latitude_deg[rows], longitude_deg[rows])
    return heights


def climb_by_tiles_m(columns: Mapping[str, Column], tile_at: TileAt) -> tuple[float, float] | None:
    """Return (metres up, metres down) of a recording; None where too few of its positions have a height."""
    latitude = columns["latitude_deg"]
    positions = int((~np.isnan(latitude)).sum())
    heights = heights_along(latitude, columns["longitude_deg"], tile_at)
    if positions < 2 or int((~np.isnan(heights)).sum()) < LEAST_KNOWN * positions:
        return None
    climb = cumulative_climb_m(heights, cumulative_distance_m(columns))
    return None if climb is None else (float(climb.ascent_m[-1]), float(climb.descent_m[-1]))
