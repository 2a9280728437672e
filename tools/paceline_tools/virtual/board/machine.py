"""The board's `machine`: the part of the ESP32 port that the firmware uses, on the bench's hardware."""

from silicon import bench, power
from silicon.machine_buses import I2C, UART, SoftI2C
from silicon.machine_pins import ADC, PWM, Pin, Signal
from silicon.machine_time import RTC, WDT, Timer

__all__ = (
    "ADC", "I2C", "PWM", "RTC", "UART", "WDT", "Pin", "Signal", "SoftI2C", "Timer",
    "deepsleep", "disable_irq", "enable_irq", "freq", "idle", "lightsleep",
    "reset", "reset_cause", "soft_reset", "unique_id", "wake_reason",
)  # fmt: skip

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5
PIN_WAKE = 2
EXT0_WAKE = 2
EXT1_WAKE = 3
TIMER_WAKE = 4


def reset() -> None:
    """Restart the processor: the process ends and the host starts it again."""
    power.stop(power.RESET_SIGNAL)


def soft_reset() -> None:
    """Restart the interpreter; here the same as reset()."""
    reset()


def reset_cause() -> int:
    """Why the processor started."""
    return bench.config["reset_cause"]


def wake_reason() -> int:
    """Why it woke up from sleep: it did not."""
    return 0


def unique_id() -> bytes:
    """The six bytes of the factory's MAC address."""
    return bytes.fromhex(bench.config["mac"])


def freq(hz: int = None):
    """The processor's clock in Hz; setting it changes nothing."""
    return 160_000_000 if hz is None else None


def idle() -> None:
    """Wait for an interrupt: a millisecond here."""
    bench.sleep_us(1000)


def lightsleep(time_ms: int = 0) -> None:
    """Sleep with the memory kept."""
    bench.sleep_us(time_ms * 1000)


def deepsleep(time_ms: int = 0) -> None:
    """Sleep without memory, then restart."""
    bench.sleep_us(time_ms * 1000)
    reset()


def disable_irq() -> int:
    """Interrupts come only while the program sleeps: nothing to do."""
    return 0


def enable_irq(state: int) -> None:
    """See disable_irq()."""
