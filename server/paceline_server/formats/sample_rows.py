"""Decoded samples as an array of integers, one row each in the order of the protocol's COLUMNS."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from paceline_protocol.errors import JournalError
from paceline_protocol.sample import COLUMNS

from paceline_server.errors import told
from paceline_server.formats.recording import Column

Rows = NDArray[np.int64]

_AT = {name: index for index, (name, _, _) in enumerate(COLUMNS)}
# A Recording's column, the sample's, and how many of its units make one of the column's.
_SCALES = (
    ("latitude_deg", "latitude_udeg", 1_000_000),
    ("longitude_deg", "longitude_udeg", 1_000_000),
    ("altitude_m", "altitude_2dm", 5),
    ("speed_m_s", "speed_cm_s", 100),
    ("heart_rate_bpm", "heart_rate_bpm", 1),
    ("heart_rate_confidence", "heart_rate_confidence", 1),
    ("cadence_spm", "cadence_spm", 1),
)
_NEEDS_FIX = frozenset({"latitude_deg", "longitude_deg", "altitude_m", "speed_m_s"})


def no_rows() -> Rows:
    """Return an array of no samples."""
    return np.empty((0, len(COLUMNS)), np.int64)


def row_count(payloads: Sequence[bytes]) -> int:
    """Return how many samples payloads claim to hold, before anything is decoded."""
    return sum(payload[1] for payload in payloads if len(payload) > 1)


def decode_page(payloads: tuple[bytes, ...]) -> tuple[Rows, str]:
    """Decode the SAMPLES payloads of one page and boot; a trouble (else "") says why those behind it are left out."""
    try:
        return _decoded(payloads), ""
    except JournalError as error:
        trouble = told(f"samples cannot be decoded: {error.detail}")
    good, bad = 0, len(payloads)  # the first `good` can be decoded, the first `bad` cannot
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            _decoded(payloads[:middle])
            good = middle
        except JournalError:
            bad = middle
    return _decoded(payloads[:good]), trouble


def _decoded(payloads: tuple[bytes, ...]) -> Rows:
    if not payloads:
        return no_rows()
    # Here, not above: the compiler's memory and its second of start are for servers to which journals come.
    from paceline_server.formats.sample_chunks import decode_chunks  # noqa: PLC0415

    columns = decode_chunks(payloads)
    return np.stack([columns[name] for name, _, _ in COLUMNS], axis=1).astype(np.int64)


def rows_in_order(rows: Rows) -> tuple[Rows, int]:
    """Return the rows whose seconds ascend strictly, and how many others there were."""
    if len(rows) < 2:
        return rows, 0
    highest_before = np.concatenate([[-1], np.maximum.accumulate(rows[:-1, 0])])
    good = rows[:, 0] > highest_before
    return rows[good], int(len(rows) - good.sum())


def sample_columns(rows: Rows) -> dict[str, Column]:
    """Return a Recording's columns but time_s: NaN where there was no fix, or no heart rate."""
    no_fix = rows[:, _AT["fix"]] == 0
    columns: dict[str, Column] = {}
    for name, source, units in _SCALES:
        column = rows[:, _AT[source]] / units
        if name in _NEEDS_FIX:
            column[no_fix] = np.nan
        elif name == "heart_rate_bpm":
            column[column == 0] = np.nan
        columns[name] = column
    return columns
