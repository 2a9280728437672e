"""Columns ⇄ a blob of the second version, by coder/ in C; one of the first version is read too."""

from collections.abc import Iterable, Mapping

import numpy as np

from paceline_server.formats.recording import Column
from paceline_server.telemetry.columns import COLUMN_NAMES, is_fine

try:
    from paceline_server.telemetry import native
except ImportError as error:
    raise ImportError(
        "paceline_server.telemetry.native is not built: run `make env`, which needs a C compiler"
    ) from error

FIRST_MAGIC = b"PLT\x01"


class TelemetryError(ValueError):
    """Bytes that are no telemetry blob of a version that is known."""


def pack_columns(columns: Mapping[str, Column]) -> bytes:
    """Return the blob of columns of equal length; a name of COLUMN_NAMES that is absent counts as all missing.

    ValueError for a value that has 48 bits in steps of its column, and for more than 4,000,000 rows.
    """
    arrays = tuple(
        None if (column := columns.get(name)) is None else np.require(column, np.float64, ("C_CONTIGUOUS", "ALIGNED"))
        for name in COLUMN_NAMES
    )
    return native.pack(arrays, is_fine(columns))


def unpack_columns(blob: bytes, names: Iterable[str] = COLUMN_NAMES) -> dict[str, Column]:
    """Return the named columns, decoding only those and what they need; TelemetryError when the blob is none of ours.

    Memory: at most 11 bytes for each row and column, and 32 for each row. There are at most 4,000,000
    rows, and 16,384 for each byte.
    """
    names = tuple(names)
    if blob[:4] == FIRST_MAGIC:
        # pcodec comes with it, which a server that has only new blobs does without.
        from paceline_server.telemetry.first_blob import FirstBlobError, unpack_first  # noqa: PLC0415

        try:
            return unpack_first(blob, names)
        except FirstBlobError as error:
            raise TelemetryError(f"the telemetry is damaged: {error}") from error
    numbers = {name: COLUMN_NAMES.index(name) for name in names}
    try:
        found = native.unpack(blob, sum(1 << number for number in numbers.values()))
    except ValueError as error:
        raise TelemetryError(f"the telemetry is damaged: {error}") from error
    return {name: np.frombuffer(found[number] or b"", np.float64) for name, number in numbers.items()}


def row_count(blob: bytes) -> int:
    """Return the number of rows that the head says; TelemetryError when there cannot be as many."""
    if blob[:4] == FIRST_MAGIC and len(blob) > 8:
        return int.from_bytes(blob[4:8], "little")
    return _sizes(blob)[0]


def column_sizes(blob: bytes) -> dict[str, int]:
    """Return the bytes of each column of a blob of the second version."""
    return dict(zip(COLUMN_NAMES, _sizes(blob)[1:], strict=True))


def _sizes(blob: bytes) -> tuple[int, ...]:
    try:
        return native.sizes(blob)
    except ValueError as error:
        raise TelemetryError(f"the telemetry is damaged: {error}") from error
