"""Heights of a route out of elevation tiles, in place of altitudes that nobody recorded, or a receiver badly.

Limits: heights are of a grid of 30 or 90 m, so bridges, tunnels and cuttings are climbed over, steep slopes are cut
off, and what is built or grows on the ground counts as ground.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.hgt import heights_m
from paceline_server.formats.recording import Column

TileAt = Callable[[int, int], NDArray[Any] | None]
"""Gives the tile whose south-western corner is at whole degrees, None where there is none."""
LEAST_KNOWN = 0.9  # of the positions; with less the climbs in the gaps would be missing


def corners_of(latitude_deg: Column, longitude_deg: Column) -> list[tuple[int, int]]:
    """Return the south-western corners, in whole degrees, of the tiles that a route needs, in order."""
    known = ~np.isnan(latitude_deg)
    corners = np.floor(np.column_stack([latitude_deg[known], longitude_deg[known]])).astype(np.intp)
    return [(south_deg, west_deg) for south_deg, west_deg in np.unique(corners, axis=0).tolist()]


def heights_along(latitude_deg: Column, longitude_deg: Column, tile_at: TileAt) -> Column:
    """Return the height of every row, NaN without a position or a tile."""
    heights = np.full(len(latitude_deg), np.nan)
    known = np.flatnonzero(~np.isnan(latitude_deg))
    corners = np.floor(np.column_stack([latitude_deg[known], longitude_deg[known]])).astype(np.intp)
    for south_deg, west_deg in corners_of(latitude_deg, longitude_deg):
        tile = tile_at(south_deg, west_deg)
        if tile is not None:
            rows = known[(corners == (south_deg, west_deg)).all(axis=1)]
            heights[rows] = heights_m(tile, south_deg, west_deg, latitude_deg[rows], longitude_deg[rows])
    return heights


def with_heights(columns: Mapping[str, Column], tile_at: TileAt) -> dict[str, Column] | None:
    """Return the columns with heights for altitudes; None where too few of the positions have one."""
    heights = heights_along(columns["latitude_deg"], columns["longitude_deg"], tile_at)
    positions = int((~np.isnan(columns["latitude_deg"])).sum())
    if positions < 2 or int((~np.isnan(heights)).sum()) < LEAST_KNOWN * positions:
        return None
    return dict(columns) | {"altitude_m": heights}
