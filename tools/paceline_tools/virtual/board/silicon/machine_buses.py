"""`machine.I2C` and `machine.UART`."""

import io

from silicon import bench

_ENODEV = 19
_MP_STREAM_POLL = 3
_POLL_RD, _POLL_WR = 1, 4


class I2C:
    """The I²C bus with the bench's chips; an address where nothing is answers OSError(ENODEV) as on the ESP32."""

    def __init__(self, id: int, *, scl=None, sda=None, freq: int = 400_000, timeout: int = 50_000) -> None:
        bench.check_wiring("i2c", (scl, sda))

    def scan(self) -> list:
        """Return the addresses that answer."""
        return sorted(bench.i2c_devices)

    def writeto(self, addr: int, buf, stop: bool = True) -> int:
        """Write; returns the number of acknowledged bytes."""
        _chip(addr).write(buf)
        return len(buf)

    def writevto(self, addr: int, vector, stop: bool = True) -> int:
        """Write the parts of a vector as one."""
        data = b"".join(bytes(part) for part in vector)
        return self.writeto(addr, data)

    def readfrom_into(self, addr: int, buf, stop: bool = True) -> None:
        """Fill the buffer."""
        _chip(addr).read_into(buf)

    def readfrom(self, addr: int, nbytes: int, stop: bool = True) -> bytes:
        """Read."""
        data = bytearray(nbytes)
        self.readfrom_into(addr, data)
        return bytes(data)

    def readfrom_mem_into(self, addr: int, memaddr: int, buf, *, addrsize: int = 8) -> None:
        """Fill the buffer from a register on."""
        chip = _chip(addr)
        chip.write(bytes((memaddr,)))
        chip.read_into(buf)

    def readfrom_mem(self, addr: int, memaddr: int, nbytes: int, *, addrsize: int = 8) -> bytes:
        """Read from a register on."""
        data = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, data)
        return bytes(data)

    def writeto_mem(self, addr: int, memaddr: int, buf, *, addrsize: int = 8) -> None:
        """Write to a register and those behind it."""
        _chip(addr).write(bytes((memaddr,)) + bytes(buf))


class SoftI2C(I2C):
    """The same bus, driven in software."""

    def __init__(self, scl, sda, *, freq: int = 400_000, timeout: int = 50_000) -> None:
        super().__init__(-1, scl=scl, sda=sda, freq=freq, timeout=timeout)


def _chip(address: int):
    chip = bench.i2c_devices.get(address)
    if chip is None:
        raise OSError(_ENODEV)
    return chip


class UART(io.IOBase):
    """A serial line to the receiver on the bench: bytes come at its baud rate; what nobody reads in time is lost."""

    def __init__(self, id: int, baudrate: int = 115200, bits: int = 8, parity=None, stop: int = 1, **settings) -> None:
        self._buffer = bytearray()
        self._coming = []
        self._rxbuf = 256
        self.overruns = 0
        self.init(baudrate, bits, parity, stop, **settings)

    def init(
        self, baudrate: int = 115200, bits: int = 8, parity=None, stop: int = 1,
        *, tx=None, rx=None, txbuf: int = 256, rxbuf: int = None, timeout: int = 0, timeout_char: int = 0, **other,
    ) -> None:  # fmt: skip
        """Configure the line again; what was received is dropped."""
        bench.check_wiring("uart", (tx, rx))
        self._receive()
        self._baud = baudrate
        self._rxbuf = rxbuf or self._rxbuf
        self._timeout_ms = timeout
        self._buffer = bytearray()

    def deinit(self) -> None:
        """Let go of the line."""

    def any(self) -> int:
        """Return how many bytes wait."""
        self._receive()
        return len(self._buffer)

    def read(self, nbytes: int = None):
        """Return waiting bytes, or None when there are none within the timeout."""
        if not self.any() and self._timeout_ms:
            bench.sleep_us(self._timeout_ms * 1000)
            self._receive()
        count = len(self._buffer) if nbytes is None else min(nbytes, len(self._buffer))
        data = bytes(self._buffer[:count])
        self._buffer = self._buffer[count:]
        return data or None

    def readinto(self, buf, nbytes: int = None):
        """Fill the buffer with what waits; return the number of bytes or None."""
        data = self.read(len(buf) if nbytes is None else min(nbytes, len(buf)))
        if data is None:
            return None
        buf[: len(data)] = data
        return len(data)

    def readline(self):
        """Return a line when a whole one waits, else what there is."""
        self._receive()
        end = self._buffer.find(b"\n")
        return self.read(end + 1 if end >= 0 else None)

    def write(self, buf) -> int:
        """Send."""
        bench.uart_peer.receive(bytes(buf), self._baud)
        return len(buf)

    def flush(self) -> None:
        """Wait until everything is sent: it is."""

    def txdone(self) -> bool:
        """Whether everything is sent."""
        return True

    def ioctl(self, request: int, argument: int) -> int:
        """Answer select.poll and asyncio's streams."""
        if request != _MP_STREAM_POLL:
            return 0
        ready = _POLL_WR if argument & _POLL_WR else 0
        return ready | _POLL_RD if argument & _POLL_RD and self.any() else ready

    def _receive(self) -> None:
        now = bench.clock.utc_us()
        self._coming += bench.uart_peer.take()
        while self._coming:
            begin, baud, data = self._coming[0]
            arrived = max(0, min(len(data), (now - begin) * baud // 10_000_000))
            if not arrived:
                return
            part = data[:arrived]
            room = self._rxbuf - len(self._buffer)
            if arrived > room:
                self.overruns += 1
            self._buffer += _heard(part[: max(0, room)], baud, self._baud)
            if arrived < len(data):
                self._coming[0] = (begin + arrived * 10_000_000 // baud, baud, data[arrived:])
                return
            self._coming = self._coming[1:]


def _heard(data: bytes, sent_baud: int, heard_baud: int) -> bytes:
    if sent_baud == heard_baud:
        return data
    # Another baud rate: other bytes, and fewer or more of them; noise is all a parser needs to see.
    return bytes((byte * 37 + 91) & 0xFF | 0x80 for byte in data[: len(data) // 2])
