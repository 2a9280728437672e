"""The telemetry of an activity: named columns ⇄ one blob, exact at the journal's precision.

    "PLT" 1 · rows u32 · columns u8 · directory · for each column: its missing mask, its values
    directory entry: column number u8 · presence u8 (0 none missing, 1 mask) · mask length u32 · values length u32

A column that is all missing is left out. A mask is one bit per row (1 missing, numpy.packbits), deflated. Values are
the present ones as integers of the column's unit, compressed by pcodec. All numbers are little-endian.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike
from pcodec import ChunkConfig, standalone  # pyright: ignore[reportAttributeAccessIssue] (an extension module)

from paceline_server.formats.recording import Column

MAGIC = b"PLT\x01"
LEVEL = 8


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    per_unit: int  # steps of the kept integer in one unit of the column
    dtype: DTypeLike


# A column's number is its place here: only ever append.
_COLUMNS = (
    _Kept("time_s", 1000, np.int64),
    _Kept("latitude_deg", 1_000_000, np.int32),
    _Kept("longitude_deg", 1_000_000, np.int32),
    _Kept("altitude_m", 5, np.int32),
    _Kept("speed_m_s", 100, np.int32),
    _Kept("heart_rate_bpm", 1, np.int32),
    _Kept("heart_rate_confidence", 1, np.int32),
    _Kept("cadence_spm", 1, np.int32),
    _Kept("distance_m", 100, np.int64),
    _Kept("power_w", 1, np.int32),
)
COLUMN_NAMES = tuple(kept.name for kept in _COLUMNS)
_HEAD = struct.Struct("<4sIB")
_ENTRY = struct.Struct("<BBII")


class TelemetryError(ValueError):
    """Bytes that are no telemetry blob of a version that is known."""


def pack_columns(columns: Mapping[str, Column]) -> bytes:
    """Return the blob of columns of equal length; a name of COLUMN_NAMES that is absent counts as all missing."""
    rows = len(columns["time_s"])
    directory, bodies = [], []
    for number, kept in enumerate(_COLUMNS):
        column = columns.get(kept.name)
        if column is None:
            continue
        missing = np.isnan(column)
        absent = int(missing.sum())
        if absent == rows:
            continue
        mask = zlib.compress(np.packbits(missing).tobytes(), 6) if absent else b""
        present = column[~missing] if absent else column
        numbers = np.rint(present * kept.per_unit).astype(kept.dtype)
        values = standalone.simple_compress(numbers, ChunkConfig(compression_level=LEVEL))
        directory.append(_ENTRY.pack(number, 1 if absent else 0, len(mask), len(values)))
        bodies += [mask, values]
    return b"".join([_HEAD.pack(MAGIC, rows, len(directory)), *directory, *bodies])


def as_kept(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return columns as they come out of a blob, rounded to its steps."""
    steps = {kept.name: kept.per_unit for kept in _COLUMNS}
    return {name: np.rint(column * steps[name]) / steps[name] for name, column in columns.items()}


def unpack_columns(blob: bytes, names: Iterable[str] = COLUMN_NAMES) -> dict[str, Column]:
    """Return the named columns, decoding only those; TelemetryError when the blob is none of ours."""
    try:
        return _unpack(blob, tuple(names))
    except (struct.error, zlib.error, RuntimeError, IndexError) as error:
        raise TelemetryError(f"the telemetry is damaged: {error}") from error


def no_columns(names: Iterable[str]) -> dict[str, Column]:
    """Return the named columns without any row."""
    return {name: np.empty(0) for name in names}


def without(columns: Mapping[str, Column], names: Iterable[str]) -> dict[str, Column]:
    """Return the columns, those of these names all missing."""
    gone = frozenset(names)
    return {name: np.full(len(column), np.nan) if name in gone else column for name, column in columns.items()}


def row_count(blob: bytes) -> int:
    """Return the number of rows."""
    magic, rows, _ = _HEAD.unpack_from(blob)
    if magic != MAGIC:
        raise TelemetryError("this is no telemetry of a version that is known")
    return rows


def _unpack(blob: bytes, names: tuple[str, ...]) -> dict[str, Column]:
    rows = row_count(blob)
    entries = blob[_HEAD.size - 1]
    columns = {name: np.full(rows, np.nan) for name in names}
    at = _HEAD.size + entries * _ENTRY.size
    for entry in range(entries):
        number, masked, mask_length, length = _ENTRY.unpack_from(blob, _HEAD.size + entry * _ENTRY.size)
        kept = _COLUMNS[number]
        if kept.name in columns:
            values = standalone.simple_decompress(blob[at + mask_length : at + mask_length + length])
            if values is None:
                raise TelemetryError(f"column {kept.name} holds nothing")
            real = values / kept.per_unit
            if masked:
                bits = np.frombuffer(zlib.decompress(blob[at : at + mask_length]), np.uint8)
                columns[kept.name][np.unpackbits(bits, count=rows) == 0] = real
            elif len(real) != rows:
                raise TelemetryError(f"column {kept.name} has {len(real)} values for {rows} rows")
            else:
                columns[kept.name] = real
        at += mask_length + length
    return columns
