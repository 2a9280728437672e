"""Blobs of the first version, which are read and no longer written.

    "PLT" 1 · rows u32 · columns u8 · directory · for each column: its missing mask, its values
    directory entry: column number u8 · presence u8 (0 none missing, 1 mask) · mask length u32 · values length u32

A column that is all missing is left out; the time is never. A mask is one bit per row (1 missing, numpy.packbits),
deflated. Values are the present ones as integers of the column's steps (the distance in cm), compressed by pcodec. All
numbers are little-endian.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from pcodec import standalone  # pyright: ignore[reportAttributeAccessIssue] (an extension module)

from paceline_server.formats.recording import Column
from paceline_server.telemetry.columns import COLUMNS, FINE_PER_M

TIME, DISTANCE = 0, 8
_HEAD = struct.Struct("<4sIB")
_ENTRY = struct.Struct("<BBII")


class FirstBlobError(ValueError):
    """Bytes that are no blob of the first version."""


def unpack_first(blob: bytes, names: tuple[str, ...]) -> dict[str, Column]:
    """Return the named columns; FirstBlobError when the blob is damaged.

    The time is read first, whichever are named: room is made only for rows that it really has.
    """
    try:
        return _unpack(blob, names)
    except (struct.error, zlib.error, RuntimeError, IndexError) as error:
        raise FirstBlobError(str(error)) from error


def _unpack(blob: bytes, names: tuple[str, ...]) -> dict[str, Column]:
    _, rows, entries = _HEAD.unpack_from(blob)
    bodies: dict[int, tuple[bytes, bytes]] = {}
    at = _HEAD.size + entries * _ENTRY.size
    for entry in range(entries):
        number, masked, mask_length, length = _ENTRY.unpack_from(blob, _HEAD.size + entry * _ENTRY.size)
        values_at = at + mask_length
        bodies[number] = (blob[at:values_at] if masked else b"", blob[values_at : values_at + length])
        at = values_at + length
    times = len(_values(bodies[TIME][1])) if TIME in bodies else 0
    if times != rows:
        raise FirstBlobError(f"column time_s has {times} values for {rows} rows")
    columns = {name: np.full(rows, np.nan) for name in names}
    for number, (mask, body) in bodies.items():
        kept = COLUMNS[number]
        if kept.name not in columns:
            continue
        real = _values(body) / (FINE_PER_M if number == DISTANCE else kept.per_unit)
        present = _present(mask, rows) if mask else np.ones(rows, np.bool_)
        if len(real) != np.count_nonzero(present):
            raise FirstBlobError(f"column {kept.name} has {len(real)} values for {rows} rows")
        columns[kept.name][present] = real
    return columns


def _values(body: bytes) -> NDArray[np.integer]:
    values = standalone.simple_decompress(body)
    if values is None or values.dtype.kind != "i":
        raise FirstBlobError("a column holds no whole numbers")
    return values


def _present(mask: bytes, rows: int) -> NDArray[np.bool_]:
    inflate = zlib.decompressobj()
    bits = inflate.decompress(mask, rows // 8 + 1)
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=rows) == 0
