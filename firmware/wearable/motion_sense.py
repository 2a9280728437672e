"""The task of the accelerometer: steps, what the heart rate must not take for a pulse, and when anything last moved."""

import asyncio

from micropython import const

from .drivers.lsm6dsox import Lsm6dsox
from .signal.cadence import Cadence

LIVE_SAMPLES = const(52)  # 2 s
IDLE_SAMPLES = const(260)  # 10 s of the 19 that the FIFO holds
_LIVE_PATIENCE_MS = const(2_500)
_IDLE_PATIENCE_MS = const(12_500)
_SILENT_READS = const(4)
_MOVED = const(246)  # 0.06 g between the ends of a burst


class MotionSense:
    """`cadence` counts; `moved_t_s` is the device second of the last movement. `heart` takes the samples as well."""

    def __init__(self, i2c, line, heart, recorder, clock, outage) -> None:
        self._sensor = Lsm6dsox(i2c)
        self._heart = heart
        self._recorder = recorder
        self._clock = clock
        self._outage = outage
        self._as_wanted = False
        self.line = line
        self.cadence = Cadence()
        self.live = True
        self.moved_t_s = 0

    def want(self, live: bool) -> None:
        """Be told whether steps are wanted every two seconds, and well measured, or every ten."""
        if live != self.live:
            self.live = live
            self._as_wanted = False
            self.line.call()

    async def run(self) -> None:
        """Serve the sensor for ever."""
        while True:
            try:
                await self._follow()
            except OSError:
                pass  # told below
            self._recorder.cadence_spm = 0
            await asyncio.sleep_ms(self._outage.failed())

    async def _follow(self) -> None:
        self._sensor.start()
        self._as_wanted = False
        self.cadence.restart()
        silent = 0
        while silent < _SILENT_READS:
            if not self._as_wanted:
                self._as_wanted = True
                self._sensor.save_power(not self.live)
                self._sensor.call_at(LIVE_SAMPLES if self.live else IDLE_SAMPLES)
            await self.line.wait(_LIVE_PATIENCE_MS if self.live else _IDLE_PATIENCE_MS)
            count = self._sensor.read()
            silent = 0 if count else silent + 1
            if count:
                self._outage.works()
            while count:
                self._take(count)
                await asyncio.sleep_ms(0)  # ten seconds of samples take a while
                count = self._sensor.read()
            self._recorder.cadence_spm = self.cadence.spm

    def _take(self, count: int) -> None:
        # Objects, not their bound methods, are at hand here: those would be taken from the heap each time.
        cadence, heart, recorder = self.cadence, self._heart, self._recorder
        samples = self._sensor.samples
        end = 3 * count
        for axis in range(3):
            if not -_MOVED < samples[end - 3 + axis] - samples[axis] < _MOVED:
                self.moved_t_s = self._clock.t_s()
        for i in range(0, end, 3):
            x, y, z = samples[i], samples[i + 1], samples[i + 2]
            cadence.put(x, y, z)
            heart.move(x, y, z)
            recorder.move(x, y, z)
