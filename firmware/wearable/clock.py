"""Device time: `t_s` since boot out of wrapping milliseconds, and the anchor that ties it to UTC.

The offset of the anchor, UTC = t_s + offset, is fixed when a CLOCK record is written. From then on GPS does not move
the offset but the device's seconds: they are pulled gently onto GPS seconds, so that a crystal's drift neither doubles
nor skips one. All times are 2020 seconds (see calendar).
"""

GPS = 1
GATEWAY = 2
RTC = 3
PHONE = 4  # unauthenticated: only for a clock that nobody else has set

_JUMP_S = 2  # an anchor that is off by this or more is replaced
_BELIEVED_BEHIND = 30  # solutions; no backlog in the UART's buffer is as long
_NAV_DELAY_MS = 200  # a solution is read about this long after the second it tells
_PULL = 8  # part of the difference taken off at each solution …
_MOST_MS = 20  # … up to this, a thousand times the drift of a crystal


class Clock:
    """Seconds since boot and UTC; `ticks_ms` and `ticks_diff` are those of `time`, `on_anchor()` runs at a new one."""

    def __init__(self, ticks_ms, ticks_diff) -> None:
        self._ticks_ms = ticks_ms
        self._ticks_diff = ticks_diff
        self._last_ticks = ticks_ms()
        self._s = 0
        self._ms = 0
        self._latest_t_s = 0
        self._offset_s = 0
        self._behind = 0
        self.source = 0  # of the anchor, 0 before the first
        self.on_anchor = _nobody

    def t_s(self) -> int:
        """Return the device second; call at least once in six days. It never goes back."""
        self._advance()
        self._latest_t_s = max(self._latest_t_s, self._s)
        return self._latest_t_s

    def utc_2020_s(self) -> int:
        """Return UTC now, 0 before the first anchor."""
        return self.t_s() + self._offset_s if self.source else 0

    def gps_t_s(self, time_2020_s: int) -> int:
        """Return the device second of a GPS second, once the source is GPS."""
        return time_2020_s - self._offset_s

    def gps(self, time_2020_s: int) -> None:
        """Take the second of a solution that was just read: the first one anchors, later ones discipline.

        A solution may be read late, never early. So GPS time ahead of ours is believed at once, and GPS time far behind
        only when it stays there.
        """
        self._advance()
        away_s = time_2020_s - self._offset_s - self._s
        if self.source != GPS or away_s >= _JUMP_S:
            self._anchor(time_2020_s - self._s, GPS)
        elif away_s <= -_JUMP_S:
            self._behind += 1
            if self._behind >= _BELIEVED_BEHIND:
                self._anchor(time_2020_s - self._s, GPS)
        else:
            self._behind = 0
            away_ms = away_s * 1000 + _NAV_DELAY_MS - self._ms
            self._shift(min(max(away_ms // _PULL, -_MOST_MS), _MOST_MS))

    def told(self, time_2020_s: int, source: int) -> bool:
        """Take the time that somebody else has; False when a better source rules, or this one says nothing new."""
        self._advance()
        away_s = time_2020_s - self._offset_s - self._s
        if self.source and (source > self.source or (source == self.source and -_JUMP_S < away_s < _JUMP_S)):
            return False
        self._anchor(time_2020_s - self._s, source)
        return True

    def _anchor(self, offset_s: int, source: int) -> None:
        self._offset_s = offset_s
        self._behind = 0
        self.source = source
        self.on_anchor()

    def _advance(self) -> None:
        now = self._ticks_ms()
        self._shift(self._ticks_diff(now, self._last_ticks))
        self._last_ticks = now

    def _shift(self, ms: int) -> None:
        self._ms += ms
        if self._ms < 0 or self._ms >= 1000:
            self._s += self._ms // 1000
            self._ms %= 1000


def _nobody() -> None:
    pass
