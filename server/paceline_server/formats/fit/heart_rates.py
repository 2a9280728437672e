"""Heart rate in messages of its own (`hr`): what a chest strap kept under water and gave to the watch afterwards.

Profile.xlsx, message 132; the time stamps' packing as in the FIT SDK's plug-in "HR to record messages": the first
message ties `event_timestamp` (1/1024 s since the strap began) to the clock, the others carry its low 12 bits, two in
three bytes.
"""

from typing import Any

import numpy as np

from paceline_server.formats.fit.messages import FitMessages
from paceline_server.formats.recording import Column

PER_SECOND = 1024
ROLL = 1 << 12
LONGEST_GAP_S = 10.0  # further from any beat nothing is known


def heart_rate_at(time_s: Column, messages: FitMessages) -> Column:
    """Return the heart rate at times (Unix seconds); NaN where the file's `hr` messages, if any, tell none."""
    unknown = np.full(len(time_s), np.nan)
    if not len(messages.columns("hr")):
        return unknown
    times, bpm = _beats(messages.rows("hr"))
    if len(times) < 2:
        return unknown
    order = np.argsort(times, kind="stable")
    times, bpm = times[order], bpm[order]
    after = np.clip(np.searchsorted(times, time_s), 1, len(times) - 1)
    away = np.minimum(np.abs(time_s - times[after - 1]), np.abs(times[after] - time_s))
    return np.where(away <= LONGEST_GAP_S, np.interp(time_s, times, bpm), np.nan)


def _beats(rows: list[dict[str, Any]]) -> tuple[Column, Column]:
    times: list[float] = []
    bpm: list[float] = []
    event, origin_s = 0, None
    for row in rows:
        stamps = row.get("event_timestamp")
        if stamps is not None:
            first = stamps[0] if isinstance(stamps, list | tuple) else stamps
            event = round(first * PER_SECOND)
            if "timestamp" in row:
                origin_s = row["timestamp"] + row.get("fractional_timestamp", 0.0) - first
            events = [event]
        else:
            events = _unpacked(row.get("event_timestamp_12", b""), event)
            event = events[-1] if events else event
        rates = row.get("filtered_bpm", ())
        if origin_s is None:
            continue
        for when, rate in zip(events, rates if isinstance(rates, list | tuple) else (rates,), strict=False):
            if rate:
                times.append(origin_s + when / PER_SECOND)
                bpm.append(float(rate))
    return np.array(times), np.array(bpm)


def _unpacked(packed: bytes | list[int] | tuple[int, ...], event: int) -> list[int]:
    events: list[int] = []
    for at in range(0, len(packed) - 2, 3):
        first, second, third = packed[at : at + 3]
        for low in (first | (second & 0x0F) << 8, second >> 4 | third << 4):
            event += (low - event) % ROLL
            events.append(event)
    return events
