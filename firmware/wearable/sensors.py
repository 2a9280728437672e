"""The tasks that read the sensors and give the recorder what they found.

A sensor that fails is started anew after a while (see supervision_sensor); a workout goes on without it.
"""

import asyncio

from paceline_protocol.records import BATTERY, pack_fields

from .drivers.lsm6dsox import Lsm6dsox
from .drivers.max3010x import Max3010x
from .drivers.max17048 import Max17048
from .gps.service import Gps
from .link.blobs import BlobStore
from .signal.cadence import Cadence
from .signal.heart_rate import HeartRate
from .supervision_sensor import GAUGE, GPS, HEART, MOTION, Outage

_FIFO_MS = 400  # the FIFOs hold more than a second
_SILENT_READS = 12
_BATTERY_MS = 60_000
_BATTERY_RECORD_EVERY = 10


class Battery:
    """The cell as last measured; 0 mV means not measured."""

    def __init__(self) -> None:
        self.millivolt = 0
        self.percent = 0


class Sensors:
    """The board's sensors; each coroutine reads one of them for ever."""

    def __init__(self, board, recorder, journal, clock) -> None:
        self._board = board
        self._recorder = recorder
        self._journal = journal
        self._clock = clock
        blobs = BlobStore(board.BLOB_FOLDER)
        self.gps = Gps(board.gps_uart, recorder.solution, clock, blobs, Outage(GPS, journal, clock))
        self.battery = Battery()
        self.heart = HeartRate()
        self.cadence = Cadence()
        self._heart_outage = Outage(HEART, journal, clock)
        self._motion_outage = Outage(MOTION, journal, clock)
        self._gauge_outage = Outage(GAUGE, journal, clock)

    @property
    def steps(self) -> int:
        """Steps since the boot."""
        return self.cadence.steps

    async def read_gps(self) -> None:
        """Solutions → clock and samples."""
        await self.gps.run()

    def take_solutions(self) -> None:
        """Give the recorder all solutions that have come."""
        self.gps.take()

    async def read_heart(self) -> None:
        """PPG → heart rate."""
        while True:
            try:
                await self._follow_heart(Max3010x(self._board.i2c))
            except OSError:
                pass  # told below
            self._recorder.heart_rate_bpm = self._recorder.heart_rate_confidence = 0
            await asyncio.sleep_ms(self._heart_outage.failed())

    async def _follow_heart(self, sensor: Max3010x) -> None:
        sensor.start()
        heart = self.heart
        recorder = self._recorder
        silent = 0
        while silent < _SILENT_READS:
            count = sensor.read()
            if count:
                silent = 0
                self._heart_outage.works()
            else:
                silent += 1
            for i in range(count):
                heart.put(sensor.samples[i])
            recorder.heart_rate_bpm = heart.bpm
            recorder.heart_rate_confidence = heart.confidence
            await asyncio.sleep_ms(_FIFO_MS)

    async def read_motion(self) -> None:
        """Acceleration → cadence, and what the heart rate must not take for a pulse."""
        while True:
            try:
                await self._follow_motion(Lsm6dsox(self._board.i2c))
            except OSError:
                pass  # told below
            self._recorder.cadence_spm = 0
            await asyncio.sleep_ms(self._motion_outage.failed())

    async def _follow_motion(self, sensor: Lsm6dsox) -> None:
        sensor.start()
        cadence = self.cadence
        cadence.restart()
        heart = self.heart
        samples = sensor.samples
        silent = 0
        while silent < _SILENT_READS:
            count = sensor.read()
            if count:
                silent = 0
                self._motion_outage.works()
            else:
                silent += 1
            while count:
                for i in range(0, 3 * count, 3):
                    cadence.put(samples[i], samples[i + 1], samples[i + 2])
                    heart.move(samples[i], samples[i + 1], samples[i + 2])
                count = sensor.read()
            self._recorder.cadence_spm = cadence.spm
            await asyncio.sleep_ms(_FIFO_MS)

    async def read_battery(self) -> None:
        """Fuel gauge → status, and a BATTERY record every ten minutes."""
        gauge = Max17048(self._board.i2c)
        battery = self.battery
        minute = 0
        while True:
            try:
                battery.millivolt, battery.percent = gauge.millivolt(), gauge.percent()
            except OSError:
                await asyncio.sleep_ms(self._gauge_outage.failed())
                continue
            self._gauge_outage.works()
            if minute % _BATTERY_RECORD_EVERY == 0:
                payload = pack_fields(BATTERY, self._clock.t_s(), battery.millivolt, battery.percent)
                self._journal.append(BATTERY, payload)
            minute += 1
            await asyncio.sleep_ms(_BATTERY_MS)
