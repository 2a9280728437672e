"""An SSD1306 as its driver uses it, and a cell, for tests on both interpreters."""

import errno

from wearable.drivers import ssd1306


class Panel:
    """An I²C bus with the display's memory, written block by block; `gone` takes it off the bus."""

    def __init__(self) -> None:
        self.memory = bytearray(b"\xaa" * 1024)
        self.lit = False
        self.contrast = 0
        self.blocks: list[int] = []
        self.gone = False
        self._block = 0

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        if self.gone or address != ssd1306.ADDRESS:
            raise OSError(errno.ENODEV)
        data = bytes(data)
        if register == 0x40:
            assert len(data) == ssd1306.BLOCK
            at = ssd1306.BLOCK * self._block
            self.memory[at : at + ssd1306.BLOCK] = data
            self.blocks.append(self._block)
        elif data[0] == 0x21:
            assert data[2] - data[1] == ssd1306.BLOCK - 1
            self._block = (128 * data[4] + data[1]) // ssd1306.BLOCK
        elif data[0] == 0x81:
            self.contrast = data[1]
        elif len(data) <= 3:
            self.lit = data[-1] == 0xAF


class Battery:
    """A measured cell."""

    millivolt = 3900
    percent = 64
    hours_left = 20
