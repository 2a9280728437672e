"""On MicroPython only: the receiver's driver finds its speed, configures it and reads solutions, over a byte line."""

import struct

from wearable.drivers.ublox import Ublox
from wearable.drivers.ubx import UbxParser, pack_frame

_BAUD_KEY = 0x40520001


class Line:
    """A UART with a receiver at its end; bytes sent at another speed than the receiver's are noise."""

    def __init__(self, baud: int, answers: bool = True, fastest: int = 921_600) -> None:
        self.receiver_baud = baud
        self.baud = 0
        self.answers = answers
        self.fastest = fastest
        self.configured: list[int] = []
        self.waiting = b"$GNRMC,,V,,,,,,,,,,N*4D\r\n"

    def init(self, baudrate: int) -> None:
        self.baud = baudrate
        self.waiting = b""

    def write(self, data: bytes) -> None:
        if self.baud != self.receiver_baud or not self.answers:
            return
        parser = UbxParser()
        parser.put(data, len(data))
        while parser.next_frame():
            assert (parser.frame_class, parser.frame_id) == (0x06, 0x8A)
            payload = bytes(parser.payload[: parser.length])
            assert payload[:4] == b"\x00\x01\x00\x00"
            self._configure(payload[4:])

    def _configure(self, settings: bytes) -> None:
        while settings:
            key = struct.unpack("<I", settings[:4])[0]
            size = (0, 1, 1, 2, 4)[key >> 28 & 7]
            value = int.from_bytes(settings[4 : 4 + size], "little")
            settings = settings[4 + size :]
            self.configured.append(key)
            if key == _BAUD_KEY and value <= self.fastest:
                self.receiver_baud = value
                return  # its acknowledgement is lost in the change
        self.waiting += pack_frame(0x05, 0x01, b"\x06\x8a")

    def any(self) -> int:
        return len(self.waiting)

    def readinto(self, buffer: bytearray) -> int:
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count


async def test_a_receiver_as_delivered_ends_at_the_fast_speed() -> None:
    line = Line(38_400)
    assert await Ublox(line).start()
    assert line.baud == line.receiver_baud == 115_200
    assert 0x20910007 in line.configured and 0x10740002 in line.configured


async def test_a_receiver_that_kept_its_speed_is_found() -> None:
    for baud in (115_200, 9_600):
        line = Line(baud)
        assert await Ublox(line).start()
        assert line.baud == line.receiver_baud == 115_200


async def test_a_receiver_that_stays_slow_is_used_slowly() -> None:
    line = Line(38_400, fastest=38_400)
    assert await Ublox(line).start()
    assert line.baud == line.receiver_baud == 38_400


async def test_a_silent_receiver_is_reported() -> None:
    assert not await Ublox(Line(38_400, answers=False)).start()


async def test_every_solution_is_read_once() -> None:
    line = Line(38_400)
    receiver = Ublox(line)
    assert await receiver.start()
    for second in range(1, 30):
        payload = bytearray(92)
        payload[4], payload[5], payload[6], payload[7] = 0xE8, 0x07, 6, 9
        payload[10], payload[11], payload[20], payload[21] = second, 7, 3, 1
        line.waiting += pack_frame(1, 7, payload) + b"noise" + pack_frame(1, 0x35, bytes(40))
    seen = []
    while receiver.read():
        seen.append(receiver.pvt.time_2020_s % 60)
    assert seen == list(range(1, 30))
