"""The task of the heart rate sensor: sleeps until the FIFO calls, or for as long as nobody wants a heart rate."""

import asyncio

from micropython import const

from .drivers.max3010x import Max3010x
from .signal.heart_rate import SAMPLE_RATE_HZ, HeartRate
from .signal.led_current import LedCurrent

_PATIENCE_MS = const(710)  # 17 samples of a chip that is slow by 4 %
_SILENT_READS = const(7)  # 5 s
_TOGETHER_MS = const(2)


class HeartSense:
    """`heart` is the filter, without an answer while it is not wanted; `worn` is what was last seen.

    `line` is the sensor's InterruptLine, `motion_line` that of motion, which is read first: the filter compares them.
    """

    def __init__(self, i2c, line, motion_line, recorder, outage) -> None:
        self._sensor = Max3010x(i2c)
        self._led = LedCurrent()
        self._motion_line = motion_line
        self._recorder = recorder
        self._outage = outage
        self.line = line
        self.heart = HeartRate()
        self.log = None  # takes what the sensor measured
        self.wanted = True
        self.worn = False

    def want(self, wanted: bool) -> None:
        """Be told whether a heart rate is wanted."""
        if wanted != self.wanted:
            self.wanted = wanted
            self.line.call()

    async def run(self) -> None:
        """Serve the sensor for ever."""
        while True:
            try:
                await self._serve()
            except OSError:
                pass  # told below
            self._nothing()
            await asyncio.sleep_ms(self._outage.failed())

    async def _serve(self) -> None:
        while True:
            self._sensor.start()
            await self._follow()
            if self.wanted:
                return  # it is silent
            self._sensor.sleep()
            self._nothing()
            while not self.wanted:
                await self.line.wait(0)

    async def _follow(self) -> None:
        sensor, led = self._sensor, self._led
        heart, recorder = self.heart, self._recorder
        led.restart()
        silent = taken = 0
        while silent < _SILENT_READS:
            await self.line.wait(_PATIENCE_MS)
            if not self.wanted:
                return
            self._motion_line.call()
            await asyncio.sleep_ms(_TOGETHER_MS)
            count = sensor.read()
            silent = 0 if count else silent + 1
            if not count:
                continue
            self._outage.works()
            samples = sensor.samples
            if self.log:
                self.log.take(samples, count, sensor.lost)
            for i in range(count):
                heart.put(led.put(samples[i]))
            if led.decide(heart.worn):
                sensor.light(led.current)
            taken += count
            if taken >= SAMPLE_RATE_HZ:  # it has answered: until then what was last seen holds
                self.worn = heart.worn
            recorder.heart_rate_bpm = heart.bpm
            recorder.heart_rate_confidence = heart.confidence

    def _nothing(self) -> None:
        if self.log:
            self.log.end()
        heart = self.heart
        heart.bpm = heart.confidence = 0
        heart.worn = False  # so that it begins anew
        self._recorder.heart_rate_bpm = self._recorder.heart_rate_confidence = 0
