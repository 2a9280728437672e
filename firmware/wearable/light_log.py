"""What the light says in detail, into the journal while the settings ask for it: beats always, counts in a workout.

Batches fill a record; no count is lost when a page ends, because the record then goes to the next one (docs/DAILY.md).
"""

from array import array

from micropython import const
from paceline_protocol.records import PPG, RR

from .drivers.max3010x import FIFO_DEPTH, SAMPLE_RATE_HZ

_MOST_INTERVALS = const(96)
_BATCH_S = const(60)
_COUNTS = const(80)  # a record holds 83
_HEAD = const(5)  # t_s, rate_hz
_LOST = const(0xFFFFFF)


class BeatLog:
    """Takes the times between beats; `send(interval)` passes each on to who listens live."""

    def __init__(self, journal, clock, users, send) -> None:
        self._journal = journal
        self._clock = clock
        self._users = users
        self._send = send
        self._intervals = array("H", [0] * _MOST_INTERVALS)
        self._count = 0
        self._began_t_s = self._last_t_s = 0

    def found(self, interval: int) -> None:
        """Take a time between beats in 1/1024 s, 0 when it is not sure."""
        self._send(interval)
        count = self._count
        if not self._users.record_rr or not (interval or (count and self._intervals[count - 1])):
            return  # one 0 stands for a row of them
        self._last_t_s = self._clock.t_s()
        if count == 0:
            self._began_t_s = self._last_t_s
        self._intervals[count] = interval
        self._count = count + 1
        if self._count == _MOST_INTERVALS:
            self._write()

    def tick(self) -> None:
        """Write what is a minute old."""
        if self._count and self._clock.t_s() - self._began_t_s >= _BATCH_S:
            self._write()

    def _write(self) -> None:
        payload = bytearray(4 + 2 * self._count)
        _put_u32(payload, self._last_t_s)
        for i in range(self._count):
            payload[4 + 2 * i] = self._intervals[i] & 0xFF
            payload[5 + 2 * i] = self._intervals[i] >> 8
        self._count = 0
        _append(self._journal, RR, payload)


class LightLog:
    """Takes the sensor's counts as they were measured."""

    def __init__(self, journal, clock, users, recorder) -> None:
        self._journal = journal
        self._clock = clock
        self._users = users
        self._recorder = recorder
        self._payload = bytearray(0)  # with room while counts are recorded
        self._count = 0
        self._lost = 0  # of the sensor, as last seen

    def take(self, samples, count: int, lost: int) -> None:
        """Take the first `count` samples; `lost` is what the sensor lost in all, ahead of these."""
        missing = lost - self._lost
        self._lost = lost
        if not self._users.record_ppg or not self._recorder.state:
            self.end()
            return
        if not self._payload:
            self._payload = bytearray(_HEAD + 3 * _COUNTS)
            self._payload[4] = SAMPLE_RATE_HZ
            missing = 0
        for _ in range(min(missing, FIFO_DEPTH)):
            self._put(_LOST)
        for i in range(count):
            self._put(samples[i])

    def end(self) -> None:
        """Write what there is: no more counts come, or nobody asks for them."""
        if self._payload:
            self._write()
            self._payload = bytearray(0)

    def _put(self, sample: int) -> None:
        at = _HEAD + 3 * self._count
        payload = self._payload
        payload[at] = sample & 0xFF
        payload[at + 1] = sample >> 8 & 0xFF
        payload[at + 2] = sample >> 16
        self._count += 1
        if self._count == _COUNTS:
            self._write()

    def _write(self) -> None:
        count, self._count = self._count, 0
        if count:
            _put_u32(self._payload, self._clock.t_s())
            _append(self._journal, PPG, memoryview(self._payload)[: _HEAD + 3 * count])


def _append(journal, kind: int, payload) -> None:
    # The sensor's task is no place to fall for a flash that refuses: t_s shows the gap, and the recorder meets it too.
    try:
        journal.append(kind, payload)
    except OSError:
        pass


def _put_u32(into: bytearray, value: int) -> None:
    for i in range(4):
        into[i] = value >> 8 * i & 0xFF
