"""`machine.Pin`, `Signal`, `ADC` and `PWM`."""

from silicon.pins import line


class Pin:
    """A pin of the ESP32-S3; input, output and interrupts on edges."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_UP = 2
    PULL_DOWN = 1
    IRQ_RISING = 1
    IRQ_FALLING = 2
    WAKE_LOW = 4
    WAKE_HIGH = 5
    DRIVE_0 = 0
    DRIVE_1 = 1
    DRIVE_2 = 2
    DRIVE_3 = 3

    def __init__(self, id, mode: int = -1, pull: int = -1, *, value=None, drive: int = 0, hold: bool = False) -> None:
        if not isinstance(id, int) or not 0 <= id <= 48 or 22 <= id <= 25:
            raise ValueError("invalid pin")
        self._line = line(id)
        self._handler = None
        self.init(mode, pull, value=value)

    def init(self, mode: int = -1, pull: int = -1, *, value=None, drive: int = 0) -> None:
        """Configure the pin again."""
        if pull != -1:
            self._line.pull = pull
        if mode == self.IN:
            self._line.output = None
        elif mode in (self.OUT, self.OPEN_DRAIN):
            self._line.output = self._line.output or 0
        if value is not None:
            self.value(value)

    def value(self, x=None):
        """Read the level, or set it."""
        if x is None:
            return self._line.level()
        self._line.output = int(bool(x))
        return None

    __call__ = value

    def on(self) -> None:
        """Set the pin high."""
        self.value(1)

    def off(self) -> None:
        """Set the pin low."""
        self.value(0)

    def toggle(self) -> None:
        """Change the level."""
        self.value(not self.value())

    def irq(self, handler=None, trigger: int = 3, *, wake=None, hard: bool = False):
        """Call handler(pin) on the edges; None stops it."""
        self._handler = handler
        self._trigger = trigger
        self._line.edge_handler = self._edge if handler else None
        return self

    def _edge(self, level: int) -> None:
        if self._trigger & (self.IRQ_RISING if level else self.IRQ_FALLING):
            self._handler(self)


class Signal:
    """A pin that may be active low."""

    def __init__(self, pin, *, invert: bool = False) -> None:
        self._pin = pin
        self._invert = invert

    def value(self, x=None):
        """Read or set the logical level."""
        if x is None:
            return int(self._pin.value() ^ self._invert)
        return self._pin.value(bool(x) ^ self._invert)

    def on(self) -> None:
        """Make it active."""
        self.value(1)

    def off(self) -> None:
        """Make it inactive."""
        self.value(0)


class ADC:
    """An analogue input; reads half of its range."""

    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3

    def __init__(self, pin, *, atten: int = 0) -> None:
        self._pin = pin

    def read_u16(self) -> int:
        """Return the voltage as a part of 65535."""
        return 32768

    def read_uv(self) -> int:
        """Return the voltage in microvolts."""
        return 1_650_000


class PWM:
    """A pulsed output; what it was told can be read back."""

    def __init__(self, dest, freq: int = 5000, *, duty_u16: int = 0) -> None:
        self._pin = dest
        self._freq = freq
        self._duty = duty_u16

    def freq(self, value: int = None):
        """Read or set the frequency in Hz."""
        if value is None:
            return self._freq
        self._freq = value
        return None

    def duty_u16(self, value: int = None):
        """Read or set the duty as a part of 65535."""
        if value is None:
            return self._duty
        self._duty = value
        return None

    def deinit(self) -> None:
        """Stop."""
        self._duty = 0
