"""SSD1306 display of 128 × 64 pixels at command level (Solomon Systech, rev 1.1), address 0x3C: its RAM can be seen."""

ADDRESS = 0x3C
WIDTH, PAGES = 128, 8

_HORIZONTAL, _VERTICAL, _BY_PAGE = 0, 1, 2
# Parameter bytes of the commands that have some (section 9).
_PARAMETERS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1,
    0xA3: 2, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
_COMMAND_STREAM, _DATA_STREAM = 0x00, 0x40


class Ssd1306:
    """The display; `ram` is its GDDRAM, byte page × 128 + column. After power-on it holds noise, as the real one's."""

    def __init__(self) -> None:
        self.ram = bytearray((i * 73 + 41) & 0xFF for i in range(WIDTH * PAGES))
        self.written = 0  # data bytes since power-on
        self.contrast = 0x7F
        self._on = False
        self._pump = False
        self._mode = _BY_PAGE
        self._columns = [0, WIDTH - 1]
        self._pages = [0, PAGES - 1]
        self._column = 0
        self._page = 0
        self._pending = []

    def lit(self) -> bool:
        """Whether anything can be seen: switched on, and the charge pump gives the panel its voltage."""
        return self._on and self._pump

    def write(self, data) -> None:
        """An I²C write: a control byte, then commands or data."""
        if data[0] == _COMMAND_STREAM:
            for byte in data[1:]:
                self._command(byte)
        elif data[0] == _DATA_STREAM:
            for byte in data[1:]:
                self._store(byte)
        else:
            raise ValueError("control byte 0x%02x is neither a stream of commands nor of data" % data[0])

    def read_into(self, buffer) -> None:
        """An I²C read: the status byte, bit 6 is 1 while the display is off."""
        for i in range(len(buffer)):
            buffer[i] = 0x03 if self._on else 0x43

    def _command(self, byte: int) -> None:
        self._pending.append(byte)
        first = self._pending[0]
        if len(self._pending) <= _PARAMETERS.get(first, 0):
            return
        parameters, self._pending = self._pending[1:], []
        if first == 0x20:
            self._mode = parameters[0] & 3
        elif first == 0x21:
            self._columns = [value & 0x7F for value in parameters]
            self._column = self._columns[0]
        elif first == 0x22:
            self._pages = [value & 7 for value in parameters]
            self._page = self._pages[0]
        elif first == 0x81:
            self.contrast = parameters[0]
        elif first == 0x8D:
            self._pump = parameters[0] & 4 != 0
        elif first in (0xAE, 0xAF):
            self._on = first == 0xAF
        elif 0xB0 <= first <= 0xB7:
            self._page = first & 7
        elif first < 0x10:
            self._column = self._column & 0x70 | first
        elif first < 0x20:
            self._column = (first & 7) << 4 | self._column & 0x0F

    def _store(self, byte: int) -> None:
        self.ram[self._page * WIDTH + self._column] = byte
        self.written += 1
        if self._mode == _VERTICAL:
            if self._turned("_page", self._pages):
                self._turned("_column", self._columns)
        elif self._mode == _BY_PAGE:
            self._column = (self._column + 1) % WIDTH
        elif self._turned("_column", self._columns):
            self._turned("_page", self._pages)

    def _turned(self, pointer: str, bounds: list) -> bool:
        value = getattr(self, pointer)
        setattr(self, pointer, bounds[0] if value == bounds[1] else value + 1)
        return value == bounds[1]
