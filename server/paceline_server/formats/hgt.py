"""Elevation tiles as the Shuttle Radar Topography Mission gives them (USGS, SRTM documentation 2.1, "SRTM_Topo").

A tile N46E007.hgt is a degree of latitude and of longitude north and east of the corner in its name: rows from north
to south, in each from west to east, of metres above the geoid as big-endian i16, -32768 where nothing is known; 1201 by
1201 (90 m) or 3601 by 3601 (30 m), the edges shared with the neighbours.
Servers give them as they are, by gzip or in a zip.
"""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

VOID = -32768
LOWEST_M, HIGHEST_M = -500, 9000  # of the ground anywhere; beyond lies what is no height
LARGEST_BYTES = 2 * 3601 * 3601
_SIDES = {2 * side * side: side for side in (1201, 3601)}
_LEAST_PLAUSIBLE = 0.99


def tile_name(south_deg: int, west_deg: int) -> str:
    """Return the name of the tile whose south-western corner is at whole degrees."""
    north, east = "N" if south_deg >= 0 else "S", "E" if west_deg >= 0 else "W"
    return f"{north}{abs(south_deg):02}{east}{abs(west_deg):03}.hgt"


def read_tile(path: Path) -> NDArray[np.int16] | None:
    """Return a tile, read as it is looked at; None when there is none, or a file of another size."""
    try:
        side = _SIDES.get(path.stat().st_size)
        return None if side is None else np.memmap(path, ">i2", "r", shape=(side, side))
    except OSError:
        return None


def heights_m(tile: NDArray[np.int16], south_deg: int, west_deg: int, latitude: Column, longitude: Column) -> Column:
    """Return the heights between the four points around each place of a tile; NaN where one of them is not known."""
    last = tile.shape[0] - 1
    down, right = (south_deg + 1 - latitude) * last, (longitude - west_deg) * last
    row, column = (np.clip(part.astype(np.intp), 0, last - 1) for part in (down, right))
    down, right = down - row, right - column
    corners = [tile[row + below, column + beside].astype(np.float64) for below in (0, 1) for beside in (0, 1)]
    for corner in corners:
        corner[(corner < LOWEST_M) | (corner > HIGHEST_M)] = np.nan
    north = corners[0] * (1 - right) + corners[1] * right
    south = corners[2] * (1 - right) + corners[3] * right
    return north * (1 - down) + south * down


def unpacked(body: bytes) -> bytes:
    """Return the tile in what a server gave; ValueError says why there is none. No more is unpacked than a tile."""
    if body.startswith(b"PK"):
        body = _unzipped(body)
    elif body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(31).decompress(body, LARGEST_BYTES + 1)
        except zlib.error as error:
            raise ValueError(f"the gzip is damaged ({error})") from None
    if len(body) not in _SIDES:
        raise ValueError(f"{len(body)} bytes are no tile of 1201 or 3601 points a side")
    heights = np.frombuffer(body, ">i2")
    known = heights[heights != VOID]
    if np.count_nonzero((known >= LOWEST_M) & (known <= HIGHEST_M)) < _LEAST_PLAUSIBLE * len(known):
        raise ValueError("what is in it are no heights of the earth")
    return body


def _unzipped(body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            names = [name for name in pack.namelist() if name.lower().endswith(".hgt")]
            if len(names) != 1:
                raise ValueError(f"the zip holds {len(names)} tiles")
            with pack.open(names[0]) as file:
                return file.read(LARGEST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"the zip is damaged ({type(error).__name__})") from None
