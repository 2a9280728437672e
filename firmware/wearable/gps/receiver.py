"""The receiver on the UART, of whatever make: u-blox over UBX, any other by its NMEA sentences."""

from ..drivers.ublox import BAUDS, READY, Ublox
from .solution import Solution

NOTHING = 0
UBX = 1
NMEA = 2


class Receiver:
    """`solution` is the newest, `language` NOTHING, UBX or NMEA, `ublox` the driver behind UBX."""

    def __init__(self, uart) -> None:
        self._uart = uart
        self.ublox = Ublox(uart)
        self._heard = self.ublox
        self.solution: Solution = self.ublox.pvt
        self.language = NOTHING

    async def start(self) -> bool:
        """Find out what is there and make it send solutions; False when nothing is heard at any speed."""
        self.language = NOTHING
        found = await self.ublox.start()
        if found == READY:
            self._heard = self.ublox
            self.solution = self.ublox.pvt
            self.language = UBX
            return True
        from .nmea_receiver import NmeaReceiver

        nmea = NmeaReceiver(self._uart)
        # One that knows UBX but refuses is heard where it answered, so that speed comes first.
        for baud in (self.ublox.baud,) + BAUDS:
            if await nmea.hears(baud):
                self._heard = nmea
                self.solution = nmea.solution
                self.language = NMEA
                return True
        return False

    def read(self) -> bool:
        """Return True when one more solution was read into `solution`; call again until False."""
        return self.language != NOTHING and self._heard.read()
