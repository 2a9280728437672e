"""The task of the barometer, where one is fitted: heights during a workout, an ENVIRONMENT record every ten minutes."""

import asyncio

from micropython import const
from paceline_protocol.records import ENVIRONMENT, pack_fields

from .drivers.lps22hb import Lps22hb
from .signal.pressure_height import PressureHeight

_READ_MS = const(1_000)
_IDLE_READ_MS = const(10_000)
_RECORD_EVERY_S = const(600)


class AirSense:
    """Hands a PressureHeight to the recorder once the sensor was found; a board without one is left as it is."""

    def __init__(self, i2c, recorder, journal, clock, outage) -> None:
        self._sensor = Lps22hb(i2c)
        self._recorder = recorder
        self._journal = journal
        self._clock = clock
        self._outage = outage
        self._recorded_t_s = -_RECORD_EVERY_S

    async def run(self) -> None:
        """Serve the sensor for ever."""
        try:
            self._sensor.start()
        except OSError:
            await asyncio.Event().wait()  # none is fitted: nothing to tell, nothing to do
        height = self._recorder.height = PressureHeight()
        while True:
            try:
                self._sensor.start()
                await self._follow(height)
            except OSError:
                pass  # told below
            height.lost()
            await asyncio.sleep_ms(self._outage.failed())

    async def _follow(self, height: PressureHeight) -> None:
        sensor = self._sensor
        await asyncio.sleep_ms(2 * _READ_MS)  # the first measurement is under way
        while True:
            sensor.read()
            self._outage.works()
            height.put(sensor.pressure_pa)
            now_s = self._clock.t_s()
            if now_s - self._recorded_t_s >= _RECORD_EVERY_S:
                self._recorded_t_s = now_s
                fields = pack_fields(ENVIRONMENT, now_s, sensor.pressure_pa, sensor.temperature_dk)
                self._journal.append(ENVIRONMENT, fields)
            await asyncio.sleep_ms(_READ_MS if self._recorder.state else _IDLE_READ_MS)
