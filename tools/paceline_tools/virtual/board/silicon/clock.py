"""Virtual time: runs at real speed while the program computes and `speed` times as fast while it sleeps.

A sleep of d lets exactly d of virtual time pass, however long the host really took: a busy machine makes the replay
slower, never a FIFO overflow that the wearable would not have had. `speed` is therefore an upper bound, kept by pacing
sleeps against the host's clock.
"""

import utime


class Clock:
    """Microseconds since this boot, and the world's UTC. Nothing here wraps; `time` cuts it to the board's widths."""

    def __init__(self, speed: float, utc_us: int) -> None:
        self.speed = speed
        self._utc_at_boot_us = utc_us
        self._now_us = 0
        self._mark = utime.ticks_us()
        self._anchor()

    def now_us(self) -> int:
        """Return the time since the process started."""
        return self._now_us + utime.ticks_diff(utime.ticks_us(), self._mark)

    def utc_us(self) -> int:
        """Return the world's time, which the firmware may only learn from its sensors and peers."""
        return self._utc_at_boot_us + self.now_us()

    def set_speed(self, speed: float) -> None:
        """Change the pace from now on; below 1 is not meant."""
        self.speed = max(1, speed)
        self._now_us = self.now_us()
        self._mark = utime.ticks_us()
        self._anchor()

    def rest(self, wanted_us: int, poll) -> None:
        """Let `wanted_us` pass (less when woken; without bound when negative). poll(real_ms) waits, true when woken."""
        begin = utime.ticks_us()
        now = self._now_us + utime.ticks_diff(begin, self._mark)
        if wanted_us < 0:
            wait_ms = -1
        else:
            due = self._anchor_real + int((now + wanted_us - self._anchor_virtual) / self.speed)
            wait_ms = max(0, due - begin) // 1000
        woken = poll(wait_ms)
        end = utime.ticks_us()
        passed = int((end - begin) * self.speed)
        if wanted_us >= 0 and (passed > wanted_us or not woken):
            passed = wanted_us
        self._now_us = now + passed
        self._mark = end

    def _anchor(self) -> None:
        self._anchor_real = self._mark
        self._anchor_virtual = self._now_us
