"""A receiver of any make that is heard by its NMEA sentences; apart, because a u-blox never needs it: 7 kB of heap."""

import asyncio

from ..drivers.nmea import NmeaParser
from .solution import Solution

_LISTEN_MS = 2_300  # a receiver that sends once a second is heard twice
_POLL_MS = 100
_CHUNK = 128


class NmeaReceiver:
    """`solution` is the newest."""

    def __init__(self, uart) -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK)
        self._count = 0
        self._at = -1
        self._parser = NmeaParser(Solution())
        self.solution = self._parser.solution

    async def hears(self, baud: int) -> bool:
        """Listen at this speed; True when sentences come."""
        self._uart.init(baudrate=baud)
        self._at = -1
        before = self._parser.sentence.read
        for _ in range(_LISTEN_MS // _POLL_MS):
            await asyncio.sleep_ms(_POLL_MS)
            while self.read():
                pass
            if self._parser.sentence.read >= before + 2:  # noise passes for one sentence of 256 at most
                return True
        return False

    def read(self) -> bool:
        """Return True when one more solution was read into `solution`; call again until False."""
        while True:
            if self._at >= 0:
                self._at = self._parser.put(self._chunk, self._at, self._count)
                if self._at >= 0:
                    return True
            count = self._uart.readinto(self._chunk) if self._uart.any() else None
            if not count:
                return False
            self._count = count
            self._at = 0
