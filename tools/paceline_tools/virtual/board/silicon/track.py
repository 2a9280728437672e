"""The recording that the sensors play: a TRACK file, read as time goes on, with little memory.

File: b"PTRK", u32 rows, then rows '<IiiiHBBBB': second, latitude_e7, longitude_e7, altitude_mm, speed_mm_s,
fix 0/2/3, heart_rate_bpm, cadence_spm, 0; seconds ascend from 0. Second 0 is `start_utc_us`.
"""

import struct

_ROW = "<IiiiHBBBB"
_ROW_SIZE = 22
_HEAD_SIZE = 8
_KEPT = 16  # seconds: the lazily filled FIFOs look back a little


class Moment:
    """What the body does in one second."""

    def __init__(self, fix: int, place: tuple, speed_mm_s: int, heart_rate_bpm: int, cadence_spm: int) -> None:
        self.fix = fix
        self.latitude_e7, self.longitude_e7, self.altitude_mm = place
        self.speed_mm_s = speed_mm_s
        self.heart_rate_bpm = heart_rate_bpm
        self.cadence_spm = cadence_spm


NOTHING = Moment(0, (0, 0, 0), 0, 0, 0)


class Track:
    """A recording on the world's time. Before its start one stands at its first position, after its end at its last.

    A second without a row has no fix and no steps, and keeps the heart rate.
    """

    def __init__(self, path: str, start_utc_us: int) -> None:
        self.start_utc_us = start_utc_us
        self._file = open(path, "rb")
        magic, self.rows = struct.unpack("<4sI", self._file.read(_HEAD_SIZE))
        if magic != b"PTRK" or not self.rows:
            raise ValueError("%s is not a track with rows" % path)
        self._first = self._row(0)
        self._last = self._row(self.rows - 1)
        self.last_second = self._last[0]
        self._kept = [(None, None)] * _KEPT
        self._index = 0
        self._current = self._first

    def second(self, utc_us: int) -> int:
        """Return the track's second at a time; negative before the start."""
        return (utc_us - self.start_utc_us) // 1_000_000

    def at(self, second: int) -> Moment:
        """Return the moment of a second."""
        if second < 0:
            return _moment(self._first, standing=True)
        if second > self.last_second:
            return _moment(self._last, standing=True)
        kept, moment = self._kept[second % _KEPT]
        if kept != second:
            moment = self._find(second)
            self._kept[second % _KEPT] = (second, moment)
        return moment

    def _find(self, second: int) -> Moment:
        if not self._current[0] <= second < self._current[0] + 60:
            self._seek(second)
        while self._index + 1 < self.rows:
            following = self._row(self._index + 1)
            if following[0] > second:
                break
            self._index += 1
            self._current = following
        return _moment(self._current, absent=self._current[0] != second)

    def _seek(self, second: int) -> None:
        low, high = 0, self.rows - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._row(middle)[0] <= second:
                low = middle
            else:
                high = middle - 1
        self._index = low
        self._current = self._row(low)

    def _row(self, index: int) -> tuple:
        self._file.seek(_HEAD_SIZE + index * _ROW_SIZE)
        return struct.unpack(_ROW, self._file.read(_ROW_SIZE))


def _moment(row: tuple, standing: bool = False, absent: bool = False) -> Moment:
    _, latitude, longitude, altitude, speed, fix, heart_rate, cadence, _ = row
    if standing:
        speed = cadence = 0
    if absent:
        fix = speed = cadence = 0
    return Moment(fix, (latitude, longitude, altitude), speed, heart_rate, cadence)
