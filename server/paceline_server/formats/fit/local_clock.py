"""What the clock of who recorded a FIT file stood east of UTC (FIT profile, message `activity`: local_timestamp)."""

import numpy as np

from paceline_server.formats.fit.messages import Messages, field
from paceline_server.formats.recording import Column, is_utc_offset

QUARTER_S = 900
SLACK_S = 60
"""Devices write both times a few seconds apart; zones differ by whole quarters of an hour."""
FURTHEST_FROM_SUN_S = 4 * 3600
"""The clocks of western China and of Spain in summer are about three hours ahead of the sun."""


def utc_offset_s(activities: Messages, start_utc_s: float, longitude_deg: Column) -> int | None:
    """Return seconds east of UTC, or None where the file does not say or cannot mean what it says.

    Of a chained file the first `activity` that was saved after the start counts. Programs that know no zone write the
    UTC twice, so 0 counts only where positions are near Greenwich; any offset has to fit the sun over the positions.
    """
    saved, local = field(activities, "timestamp"), field(activities, "local_timestamp")
    told = np.flatnonzero(np.isfinite(saved) & np.isfinite(local))
    if not len(told):
        return None
    after = told[saved[told] >= start_utc_s]
    number = int(after[0] if len(after) else told[-1])
    away_s = float(local[number] - saved[number])
    quarters = round(away_s / QUARTER_S)
    found = quarters * QUARTER_S
    if abs(away_s - found) > SLACK_S or not is_utc_offset(found):
        return None
    return found if _fits_sun(found, longitude_deg) else None


def _fits_sun(offset_s: int, longitude_deg: Column) -> bool:
    known = longitude_deg[np.isfinite(longitude_deg)]
    if not len(known):
        return offset_s != 0
    sun_s = float(known[0]) * 240.0
    return abs((offset_s - sun_s + 43200) % 86400 - 43200) <= FURTHEST_FROM_SUN_S
