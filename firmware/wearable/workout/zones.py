"""Zones of the heart rate, and the watch over what shall stay in a range."""

_PERCENT = b"\x32\x3c\x46\x50\x5a"  # of the highest heart rate, where a profile has no zones: 50, 60, 70, 80, 90
_ZONES = 5
_HIGHEST = 255

_GRACE_S = 10  # outside in a row, before it is told
_AGAIN_S = 30

LOWEST_CONFIDENCE = 2  # a heart rate of less is unsure


def zones_of(zones_bpm: bytes, highest_bpm: int) -> bytes:
    """Return the lowest heart rates of the zones 1–5: those of a profile, or parts of the highest heart rate."""
    if zones_bpm[_ZONES - 1]:
        return zones_bpm
    return bytes([(highest_bpm * percent + 99) // 100 for percent in _PERCENT])


def zone_of(heart_rate_bpm: int, zones_bpm: bytes) -> int:
    """Return the zone 1–5 of a heart rate, 0 below all of them."""
    zone = 0
    while zone < _ZONES and zones_bpm[zone] and heart_rate_bpm >= zones_bpm[zone]:
        zone += 1
    return zone


def highest_of(zone: int, zones_bpm: bytes) -> int:
    """Return the highest heart rate of a zone 1–5."""
    return zones_bpm[zone] - 1 if zone < _ZONES else _HIGHEST


class Watch:
    """Tells once in a while that a figure is outside of its range, after it has been so for some seconds.

    Who is outside is inside again only by the slack, so that a figure that trembles at the edge tells nothing twice.
    """

    def __init__(self) -> None:
        self._side = 0
        self._outside_s = 0
        self._quiet_s = 0

    def restart(self) -> None:
        """Begin with another range: its first seconds tell nothing."""
        self._side = self._outside_s = self._quiet_s = 0

    def second(self, value: int, low: int, high: int, slack: int) -> int:
        """Take the figure once a second, 0 when it is unsure; return −1 when too low shall be told, 1 for too high."""
        if self._quiet_s:
            self._quiet_s -= 1
        side = self._side
        if value == 0:
            side = 0
        elif value < low + (slack if side < 0 else 0):
            side = -1
        elif value > high - (slack if side > 0 else 0):
            side = 1
        else:
            side = 0
        self._outside_s = self._outside_s + 1 if side and side == self._side else 1 if side else 0
        self._side = side
        if self._outside_s < _GRACE_S or self._quiet_s:
            return 0
        self._quiet_s = _AGAIN_S
        return side
