"""PMTiles files for tests: every tile of some zooms, each a picture of one colour."""

import struct
import zlib
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

GREEN = (90, 160, 90)
MAKERS = '<a href="https://example.org/copyright">&copy; The map&rsquo;s makers</a>'


def png(colour: tuple[int, int, int], side: int = 256) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes(colour) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + packed


def write_archive(
    path: Path,
    places: list[tuple[int, int, int]],
    *,
    tile: bytes | None = None,
    kind: TileType = TileType.PNG,
    coding: Compression = Compression.NONE,
    attribution: str | None = MAKERS,
) -> Path:
    """Write an archive that has a tile at each (zoom, x, y)."""
    with write(str(path)) as archive:
        for number in sorted(zxy_to_tileid(*place) for place in places):
            # Each a little other than the one before: what is alike lies in an archive once.
            archive.write_tile(number, tile or png((GREEN[0], GREEN[1], number % 250), 1))
        archive.finalize(
            {"tile_type": kind, "tile_compression": coding}, {} if attribution is None else {"attribution": attribution}
        )
    return path
