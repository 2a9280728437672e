"""The board's sensors: one task each, which gives the recorder what it found.

A sensor that fails is started anew after a while (see supervision_sensor); a workout goes on without it.
"""

import asyncio
import time

from paceline_protocol.records import BATTERY, pack_fields

from .air_sense import AirSense
from .battery import Battery
from .drivers.max17048 import Max17048
from .gps.service import Gps
from .heart_sense import HeartSense
from .interrupt_line import InterruptLine
from .link.blobs import BlobStore
from .motion_sense import MotionSense
from .supervision_sensor import BAROMETER, GAUGE, GPS, HEART, MOTION, Outage

_BATTERY_MS = 60_000
_BATTERY_RECORD_EVERY = 10


class Sensors:
    """The board's sensors; each coroutine reads one of them for ever."""

    def __init__(self, board, recorder, journal, clock) -> None:
        self._board = board
        self._journal = journal
        self._clock = clock
        blobs = BlobStore(board.BLOB_FOLDER)
        self.gps = Gps(board.gps_uart, recorder.solution, clock, blobs, Outage(GPS, journal, clock))
        self.battery = Battery()
        heart_line = _line(board, board.heart_interrupt)
        motion_line = _line(board, board.motion_interrupt)
        i2c = board.i2c
        self.pulse = HeartSense(i2c, heart_line, motion_line, recorder, Outage(HEART, journal, clock))
        self.heart = self.pulse.heart
        self.motion = MotionSense(i2c, motion_line, self.heart, recorder, clock, Outage(MOTION, journal, clock))
        self.cadence = self.motion.cadence
        self.air = AirSense(i2c, recorder, journal, clock, Outage(BAROMETER, journal, clock))
        self._gauge_outage = Outage(GAUGE, journal, clock)

    @property
    def steps(self) -> int:
        """Steps since the boot."""
        return self.cadence.steps

    def tick(self) -> None:
        """Read what an interrupt should have called for by now; to be called twice a second."""
        self.pulse.line.tick()
        self.motion.line.tick()

    async def read_gps(self) -> None:
        """Solutions → clock and samples."""
        await self.gps.run()

    def take_solutions(self) -> None:
        """Give the recorder all solutions that have come."""
        self.gps.take()

    async def read_heart(self) -> None:
        """PPG → heart rate."""
        await self.pulse.run()

    async def read_motion(self) -> None:
        """Acceleration → cadence, and what the heart rate must not take for a pulse."""
        await self.motion.run()

    async def read_air(self) -> None:
        """Pressure → heights, where a barometer is fitted."""
        await self.air.run()

    async def read_battery(self) -> None:
        """Fuel gauge → status, and a BATTERY record every ten minutes."""
        gauge = Max17048(self._board.i2c)
        battery = self.battery
        minute = 0
        while True:
            try:
                battery.read(gauge)
            except OSError:
                await asyncio.sleep_ms(self._gauge_outage.failed())
                continue
            self._gauge_outage.works()
            if minute % _BATTERY_RECORD_EVERY == 0:
                payload = pack_fields(BATTERY, self._clock.t_s(), battery.millivolt, battery.percent)
                self._journal.append(BATTERY, payload)
            minute += 1
            await asyncio.sleep_ms(_BATTERY_MS)


def _line(board, pin) -> InterruptLine:
    return InterruptLine(pin, board.INTERRUPT_EDGE, time.ticks_ms, time.ticks_diff)
