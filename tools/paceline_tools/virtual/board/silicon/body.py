"""The wearer: heart and legs as phases that run on with the track, so that any FIFO can be filled after the fact.

A phase is 16 bits a cycle. Waves come from tables of 256 values between 0 and 255.
"""

import math

from silicon.track import NOTHING

_CYCLE = 1 << 16


def _pulse_table() -> bytes:
    # A volume pulse: steep rise, systolic peak at 0.16, dicrotic wave at 0.42, then decay (as wrist recordings show).
    values = []
    for i in range(256):
        x = i / 256
        systole = math.exp(-(((x - 0.16) / 0.085) ** 2)) + math.exp(-(((x - 1.16) / 0.085) ** 2))
        diastole = 0.38 * math.exp(-(((x - 0.42) / 0.13) ** 2))
        values.append(systole + diastole)
    low, high = min(values), max(values)
    return bytes(int(255 * (value - low) / (high - low)) for value in values)


def _step_table() -> bytes:
    # One step: an impact with its rebound.
    values = []
    for i in range(256):
        x = i / 256
        values.append(math.sin(2 * math.pi * x) + 0.35 * math.sin(4 * math.pi * x + 0.6))
    low, high = min(values), max(values)
    return bytes(int(255 * (value - low) / (high - low)) for value in values)


PULSE = _pulse_table()
STEP = _step_table()


class Rhythm:
    """One phase that advances at a rate per minute which may change every second. Ask with ascending times."""

    def __init__(self, rate_at) -> None:
        self._rate_at = rate_at
        self._second = None
        self._phase = 0
        self.rate = 0

    def phase(self, utc_us: int) -> int:
        """Return the phase, 0 … 65535, at a time not much before the last one asked for."""
        second = utc_us // 1_000_000
        if second != self._second:
            self._advance(second)
        return (self._phase + (utc_us - second * 1_000_000) * self.rate * _CYCLE // 60_000_000) & (_CYCLE - 1)

    def _advance(self, second: int) -> None:
        known = self._second
        if known is None or not 0 < second - known <= 120:
            known = second  # far away: continuity of the phase means nothing there
        else:
            for passed in range(known, second):
                self._phase = (self._phase + self._rate_at(passed) * _CYCLE // 60) & (_CYCLE - 1)
        self._second = second
        self.rate = self._rate_at(second)


class Body:
    """The wearer on the world's time; without a track nobody wears the device and it lies still."""

    def __init__(self, track=None) -> None:
        self.wear(track)

    def wear(self, track) -> None:
        """Play another track, or none."""
        self.track = track
        self.heart = Rhythm(lambda second: self._at(second).heart_rate_bpm)
        self.legs = Rhythm(lambda second: self._at(second).cadence_spm)

    def at(self, utc_us: int):
        """Return the moment of a time."""
        return self._at(utc_us // 1_000_000)

    def _at(self, utc_s: int):
        if self.track is None:
            return NOTHING
        return self.track.at(self.track.second(utc_s * 1_000_000))
