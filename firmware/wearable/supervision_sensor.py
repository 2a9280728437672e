"""A sensor's outages: tried again with back-off, told once each by an ALERT."""

from paceline_protocol.code_tables import ALERTS
from paceline_protocol.records import ALERT, pack_fields

HEART = 1
MOTION = 2
GPS = 3
GAUGE = 4
BAROMETER = 5

SENSOR_FAILED = ALERTS.index("sensor failed")

FIRST_PAUSE_MS = 10_000
LONGEST_PAUSE_MS = 160_000
_SOUND_READS = 25  # so many good ones in a row end an outage


class Outage:
    """One sensor (`number`, the ALERT's value); `failures` counts since boot."""

    def __init__(self, number: int, journal, clock) -> None:
        self._number = number
        self._journal = journal
        self._clock = clock
        self._pause_ms = 0
        self._sound = 0
        self.failures = 0

    @property
    def lasts(self) -> bool:
        """The sensor has failed and not yet shown that it works again."""
        return self._pause_ms > 0

    def failed(self) -> int:
        """Take note and return the milliseconds after which to try again; the first failure of an outage is told."""
        self.failures += 1
        self._sound = 0
        if not self._pause_ms:
            self._pause_ms = FIRST_PAUSE_MS
            payload = pack_fields(ALERT, self._clock.t_s(), SENSOR_FAILED, self._number)
            self._journal.append(ALERT, payload)
        else:
            self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)
        return self._pause_ms

    def works(self) -> None:
        """Take note of a good read."""
        if self._pause_ms:
            self._sound += 1
            if self._sound >= _SOUND_READS:
                self._pause_ms = 0
