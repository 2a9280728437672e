"""An SSD1306 as its driver uses it, and a cell, for tests on both interpreters."""

import errno

from wearable.drivers import ssd1306


class Panel:
    """An I²C bus with the display's memory, written through windows of whole pages; `gone` takes it off the bus."""

    def __init__(self) -> None:
        self.memory = bytearray(b"\xaa" * 1024)
        self.lit = False
        self.contrast = 0
        self.pages: list[int] = []
        self.gone = False
        self._page = 0

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        if self.gone or address != ssd1306.ADDRESS:
            raise OSError(errno.ENODEV)
        data = bytes(data)
        if register == 0x40:
            assert len(data) == 128
            self.memory[128 * self._page : 128 * self._page + 128] = data
            self.pages.append(self._page)
        elif data[0] == 0x21:
            self._page = data[4]
        elif data[0] == 0x81:
            self.contrast = data[1]
        elif len(data) <= 3:
            self.lit = data[-1] == 0xAF


class Battery:
    """A measured cell."""

    millivolt = 3900
    percent = 64
