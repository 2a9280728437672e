"""The receiver on the UART, of whatever make: u-blox over UBX, any other by its NMEA sentences."""

import asyncio

from ..drivers.nmea import NmeaParser
from ..drivers.ublox import BAUDS, READY, Ublox
from .solution import Solution

NOTHING = 0
UBX = 1
NMEA = 2

_LISTEN_MS = 2_300  # a receiver that sends once a second is heard twice
_POLL_MS = 100
_CHUNK = 128


class Receiver:
    """`solution` is the newest, `language` NOTHING, UBX or NMEA, `ublox` the driver behind UBX."""

    def __init__(self, uart) -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK)
        self._count = 0
        self._at = -1
        self._nmea = NmeaParser(Solution())
        self.ublox = Ublox(uart)
        self.solution: Solution = self.ublox.pvt
        self.language = NOTHING

    async def start(self) -> bool:
        """Find out what is there and make it send solutions; False when nothing is heard at any speed."""
        self.language = NOTHING
        found = await self.ublox.start()
        if found == READY:
            self.solution = self.ublox.pvt
            self.language = UBX
            return True
        # One that knows UBX but refuses is heard where it answered, so that speed comes first.
        for baud in (self.ublox.baud,) + BAUDS:
            if await self._hears_nmea(baud):
                self.solution = self._nmea.solution
                self.language = NMEA
                return True
        return False

    def read(self) -> bool:
        """Return True when one more solution was read into `solution`; call again until False."""
        if self.language == UBX:
            return self.ublox.read()
        return self.language == NMEA and self._read_nmea()

    def _read_nmea(self) -> bool:
        while True:
            if self._at >= 0:
                self._at = self._nmea.put(self._chunk, self._at, self._count)
                if self._at >= 0:
                    return True
            count = self._uart.readinto(self._chunk) if self._uart.any() else None
            if not count:
                return False
            self._count = count
            self._at = 0

    async def _hears_nmea(self, baud: int) -> bool:
        self._uart.init(baudrate=baud)
        self._at = -1
        before = self._nmea.sentence.read
        for _ in range(_LISTEN_MS // _POLL_MS):
            await asyncio.sleep_ms(_POLL_MS)
            while self._read_nmea():
                pass
            if self._nmea.sentence.read >= before + 2:  # noise passes for one sentence of 256 at most
                return True
        return False
