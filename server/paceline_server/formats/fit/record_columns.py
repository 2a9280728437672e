"""The rows of a FIT file: its record messages, and what other messages say of the same seconds."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from paceline_server.formats.fit.heart_rates import heart_rate_at
from paceline_server.formats.fit.messages import DEVELOPERS, FitMessages, field
from paceline_server.formats.recording import Column

DEVELOPER_POWER, DEVELOPER_HEART_RATE = DEVELOPERS
FIELDS: Mapping[str, tuple[str, ...]] = {
    "time_s": ("timestamp",),
    "latitude_deg": ("position_lat",),
    "longitude_deg": ("position_long",),
    "altitude_m": ("altitude", "enhanced_altitude"),
    "speed_m_s": ("speed", "enhanced_speed"),
    "heart_rate_bpm": ("heart_rate", DEVELOPER_HEART_RATE),
    "distance_m": ("distance",),
    "power_w": ("power", DEVELOPER_POWER),
}
"""Our column → the fields of a record message that hold it; the first one that has a value counts.

The plain field comes first: where the file has only that, fitfast derives the enhanced one and may lose 1 mm/s by it.
"""

UNPACKED = frozenset({"distance", "speed", "position_lat"})
ROLL_M = 256.0  # compressed distance counts 12 bits of 1/16 m


def record_columns(messages: FitMessages) -> dict[str, Column]:
    """Return the columns of FIELDS and `cadence_spm` in the order of the file; time is Unix seconds."""
    records = messages.columns("record")
    columns = {name: field(records, *fields) for name, fields in FIELDS.items()}
    columns["cadence_spm"] = field(records, "cadence") + np.nan_to_num(field(records, "fractional_cadence"))
    if messages.may_be_packed and not records.keys() & UNPACKED:
        speed_m_s, distance_m = _compressed(messages.rows("record"))
        if not np.isnan(distance_m).all():
            columns["speed_m_s"], columns["distance_m"] = speed_m_s, distance_m
    if np.isnan(columns["heart_rate_bpm"]).all():
        columns["heart_rate_bpm"] = heart_rate_at(columns["time_s"], messages)
    return columns


def _compressed(rows: list[dict[str, Any]]) -> tuple[Column, Column]:
    """Speed and distance of `compressed_speed_distance`: 12 bits of 1/100 m/s, 12 of 1/16 m that roll over."""
    speed, distance = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    last_m, total_m = 0.0, 0.0
    for number, row in enumerate(rows):
        packed = row.get("compressed_speed_distance")
        if not isinstance(packed, bytes | tuple | list) or len(packed) != 3:
            continue
        first, second, third = packed
        speed[number] = (first | (second & 0x0F) << 8) / 100
        here_m = (second >> 4 | third << 4) / 16
        total_m += (here_m - last_m) % ROLL_M
        last_m, distance[number] = here_m, total_m
    return speed, distance
