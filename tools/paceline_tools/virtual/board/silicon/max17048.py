"""MAX17048 fuel gauge at register level (Maxim 19-6171 rev 7), address 0x36: a cell that drains with time."""

ADDRESS = 0x36
_DEFAULTS = {0x06: 0x0000, 0x08: 0x0012, 0x0A: 0x8030, 0x0C: 0x971C, 0x14: 0x00FF, 0x18: 0x9600, 0x1A: 0x0100}
_VCELL, _SOC, _CRATE, _COMMAND = 0x02, 0x04, 0x16, 0xFE
_DRAIN_PERCENT_PER_HOUR = 2
_EMPTY_UV, _FULL_UV = 3_450_000, 4_150_000


class Max17048:
    """The chip; `charge_percent` is the cell's charge now, which a test may set."""

    def __init__(self, now_us, charge_percent: float = 90) -> None:
        self._now_us = now_us
        self.set_charge(charge_percent)
        self._reset()

    def set_charge(self, percent: float) -> None:
        """Put the cell at that charge."""
        self._full_at = self._now_us()
        self._charge = percent

    def write(self, data) -> None:
        """An I²C write: register pointer, then 16-bit values, high byte first."""
        self._pointer = data[0]
        for at in range(1, len(data) - 1, 2):
            value = data[at] << 8 | data[at + 1]
            if self._pointer == _COMMAND and value == 0x5400:
                self._reset()
            elif self._pointer in (0x06, 0x0A, 0x0C, 0x14, 0x18, 0x1A):
                self._registers[self._pointer] = value
            self._pointer = (self._pointer + 2) & 0xFF

    def read_into(self, buffer) -> None:
        """An I²C read from the pointer on."""
        for i in range(len(buffer)):
            value = self._value(self._pointer & 0xFE)
            buffer[i] = value & 0xFF if self._pointer & 1 else value >> 8
            self._pointer = (self._pointer + 1) & 0xFF

    def _value(self, register: int) -> int:
        hours = (self._now_us() - self._full_at) / 3_600_000_000
        percent = max(0, self._charge - hours * _DRAIN_PERCENT_PER_HOUR)
        if register == _SOC:
            return int(percent * 256)
        if register == _VCELL:
            return int(_EMPTY_UV + (_FULL_UV - _EMPTY_UV) * percent / 100) * 64 // 5000  # 78.125 uV
        if register == _CRATE:
            return (-_DRAIN_PERCENT_PER_HOUR * 1000 // 208) & 0xFFFF  # 0.208 %/h
        return self._registers.get(register, 0)

    def _reset(self) -> None:
        self._registers = dict(_DEFAULTS)
        self._pointer = 0
