"""`machine.RTC`, `WDT` and `Timer`."""

import time

from silicon import bench, power

_timers = []


class RTC:
    """The real-time clock: 2000-01-01 at power-on, kept through resets."""

    def __init__(self, id: int = 0) -> None:
        pass

    def datetime(self, datetimetuple=None):
        """Read or set (year, month, day, weekday, hours, minutes, seconds, microseconds)."""
        if datetimetuple is None:
            now = bench.rtc_us()
            year, month, day, hour, minute, second, weekday, _ = time.gmtime(now // 1_000_000)
            return (year, month, day, weekday, hour, minute, second, now % 1_000_000)
        year, month, day, _, hour, minute, second, microsecond = datetimetuple
        bench.set_rtc_us(time.mktime((year, month, day, hour, minute, second, 0, 0)) * 1_000_000 + microsecond)
        return None

    def memory(self, data=None):
        """Read or set up to 2048 bytes that survive a reset."""
        if data is None:
            return bench.rtc_memory()
        if len(data) > 2048:
            raise ValueError("buffer too long")
        bench.rtc_memory(data)
        return None


class WDT:
    """The watchdog: once started it resets a program that does not feed it, as far as that program ever sleeps."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        self._timeout_us = timeout * 1000
        if bench.watchdog is None:
            bench.every_rest(_bite)
        bench.watchdog = self
        self.feed()

    def feed(self) -> None:
        """Show that the program lives."""
        self.due_us = bench.clock.now_us() + self._timeout_us


def _bite() -> None:
    if bench.clock.now_us() > bench.watchdog.due_us:
        print("watchdog: not fed in time")
        power.stop(power.RESET_SIGNAL)


class Timer:
    """A timer whose callback runs while the program sleeps, like a soft interrupt."""

    ONE_SHOT = 0
    PERIODIC = 1

    def __init__(self, id: int, **settings) -> None:
        self._due_us = None
        if settings:
            self.init(**settings)

    def init(self, *, mode: int = PERIODIC, freq: float = -1, period: int = -1, callback=None) -> None:
        """Start: `period` in ms, or `freq` in Hz."""
        self._period_us = int(1_000_000 / freq) if freq > 0 else period * 1000
        self._mode = mode
        self._callback = callback
        self._due_us = bench.clock.now_us() + self._period_us
        if self not in _timers:
            if not _timers:
                bench.every_rest(_run)
            _timers.append(self)
            bench.alarms.append(self.next_event_us)

    def deinit(self) -> None:
        """Stop."""
        self._due_us = None

    def next_event_us(self):
        """Return when the callback is due, or None."""
        return self._due_us

    def run(self) -> None:
        """Call back if it is time."""
        while self._due_us is not None and self._due_us <= bench.clock.now_us():
            self._due_us = self._due_us + self._period_us if self._mode == self.PERIODIC else None
            self._callback(self)


def _run() -> None:
    for timer in _timers:
        timer.run()
