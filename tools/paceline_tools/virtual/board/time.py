"""The board's `time`: MicroPython's, on virtual time and with the widths and the epoch (2000) of the ESP32 port."""

from utime import gmtime as _gmtime
from utime import mktime as _mktime

from silicon import bench

_PERIOD = 1 << 30  # MICROPY_PY_TIME_TICKS_PERIOD: ticks wrap there
_HALF = _PERIOD >> 1
_MASK = _PERIOD - 1
_EPOCH_2000_S = 946684800  # in Unix seconds


def ticks_us() -> int:
    """Microseconds that wrap at 2^30."""
    return bench.ticks_us() & _MASK


def ticks_ms() -> int:
    """Milliseconds that wrap at 2^30."""
    return bench.ticks_us() // 1000 & _MASK


def ticks_cpu() -> int:
    """A fast counter; microseconds here."""
    return bench.ticks_us() & _MASK


def ticks_add(ticks: int, delta: int) -> int:
    """Offset a ticks value."""
    return (ticks + delta) & _MASK


def ticks_diff(end: int, start: int) -> int:
    """Return end − start as a signed number."""
    return ((end - start + _HALF) & _MASK) - _HALF


def sleep_us(us: int) -> None:
    """Sleep."""
    bench.sleep_us(us)


def sleep_ms(ms: int) -> None:
    """Sleep."""
    bench.sleep_us(ms * 1000)


def sleep(seconds: float) -> None:
    """Sleep."""
    bench.sleep_us(int(seconds * 1000000))


def time() -> int:
    """Seconds of the real-time clock since 2000-01-01: from 0 at power-on until someone sets it."""
    return bench.rtc_us() // 1000000


def time_ns() -> int:
    """Nanoseconds of the real-time clock since 2000-01-01."""
    return bench.rtc_us() * 1000


def gmtime(secs: int = None):
    """Seconds since 2000 as (year, month, day, hour, minute, second, weekday, yearday)."""
    return _gmtime((time() if secs is None else int(secs)) + _EPOCH_2000_S)[:8]


localtime = gmtime


def mktime(local_time) -> int:
    """A time tuple as seconds since 2000."""
    return int(_mktime(tuple(local_time)[:8])) - _EPOCH_2000_S
