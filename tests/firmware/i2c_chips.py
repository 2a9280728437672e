"""Chips on an I²C bus at register level, written from their datasheets; for driver tests on both interpreters."""

import errno


class Chip:
    """Registers that a burst walks through; subclasses override what is special."""

    def __init__(self) -> None:
        self.registers = bytearray(256)
        self.writes: list[tuple[int, int]] = []

    def read(self, register: int, count: int) -> bytes:
        """Return `count` registers from here on."""
        return bytes(self.registers[register : register + count])

    def write(self, register: int, data: bytes) -> None:
        """Set registers from here on."""
        for i, value in enumerate(data):
            self.writes.append((register + i, value))
            self.written(register + i, value)

    def written(self, register: int, value: int) -> None:
        """Set one register."""
        self.registers[register] = value


class Bus:
    """An I²C master with the calls that drivers use; `chips` maps addresses to chips."""

    def __init__(self, chips: dict[int, Chip]) -> None:
        self.chips = chips

    def _chip(self, address: int) -> Chip:
        if address not in self.chips:
            raise OSError(errno.ENODEV)  # no acknowledge
        return self.chips[address]

    def readfrom_mem_into(self, address: int, register: int, buffer: "bytearray | memoryview") -> None:
        buffer[:] = self._chip(address).read(register, len(buffer))

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        self._chip(address).write(register, bytes(data))


class Max30101(Chip):
    """The FIFO of 32 samples behind register 7, its pointers, and a reset that takes a few reads."""

    def __init__(self, part_id: int = 0x15) -> None:
        super().__init__()
        self.part_id = part_id
        self.ring = [0] * 32
        self._unread = 0
        self._resetting = 0

    def expose(self, sample: int) -> None:
        """Measure one sample."""
        registers = self.registers
        self.ring[registers[4]] = sample
        registers[4] = (registers[4] + 1) & 31
        if self._unread == 32:
            registers[5] = min(registers[5] + 1, 31)
            registers[6] = registers[4]
        else:
            self._unread += 1

    def read(self, register: int, count: int) -> bytes:
        if register == 0xFF:
            return bytes((self.part_id,))
        if register == 9 and self._resetting:
            self._resetting -= 1
            return bytes((0x40,))
        if register != 7:
            return super().read(register, count)
        data = b""
        for _ in range(count // 3):
            data += self.ring[self.registers[6]].to_bytes(3, "big")
            self.registers[6] = (self.registers[6] + 1) & 31
        self._unread -= count // 3
        self.registers[5] = 0
        return data

    def written(self, register: int, value: int) -> None:
        if register == 9 and value & 0x40:
            for i in range(256):
                self.registers[i] = 0
            self._resetting = 3
            self._unread = 0
            return
        super().written(register, value)


class Lsm6dsox(Chip):
    """WHO_AM_I, reset, and a FIFO of tagged words behind register 0x78."""

    def __init__(self) -> None:
        super().__init__()
        self.registers[0x0F] = 0x6C
        self.words: list[bytes] = []
        self.overrun = False

    def move(self, x: int, y: int, z: int, tag: int = 2) -> None:
        """Measure one sample."""
        word = bytes((tag << 3,))
        for value in (x, y, z):
            word += (value & 0xFFFF).to_bytes(2, "little")
        self.words.append(word)
        if len(self.words) > 512:
            self.words.pop(0)
            self.overrun = True

    def read(self, register: int, count: int) -> bytes:
        if register == 0x3A:
            waiting = len(self.words)
            status = bytes((waiting & 0xFF, waiting >> 8 | (0x08 if self.overrun else 0)))
            self.overrun = False
            return status[:count]
        if register != 0x78:
            return super().read(register, count)
        words = count // 7
        data = b"".join(self.words[:words])
        self.words = self.words[words:]
        return data

    def written(self, register: int, value: int) -> None:
        if register == 0x12:
            value &= 0xFE  # the reset bit clears itself
        super().written(register, value)
