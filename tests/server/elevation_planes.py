"""Elevation tiles for tests: a plane of 10 m of height for each hundredth of a degree north, 5 m for each east."""

from pathlib import Path

import numpy as np
from paceline_server.formats.hgt import tile_name

SIDE = 1201


def plane(side: int = SIDE) -> bytes:
    """A tile of the plane, 100 m in its south-western corner."""
    north, east = np.linspace(1, 0, side)[:, None], np.linspace(0, 1, side)[None, :]
    return np.rint(100 + 1000 * north + 500 * east).astype(">i2").tobytes()


def put_plane(folder: Path, south_deg: int, west_deg: int) -> None:
    """Write it as the tile of a place."""
    (folder / tile_name(south_deg, west_deg)).write_bytes(plane())
