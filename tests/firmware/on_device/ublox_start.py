"""On MicroPython only: the receiver's driver finds its speed, configures it and reads solutions, over a byte line."""

import asyncio
import struct

from firmware.quick_loop import quick
from wearable.drivers import ublox_settings as settings
from wearable.drivers.ublox import READY, REFUSES, SILENT, Ublox
from wearable.drivers.ubx import UbxParser, pack_frame

_BAUD_KEY = 0x40520001


class Line:
    """A UART with a receiver at its end; bytes sent at another speed than the receiver's are noise."""

    def __init__(
        self, baud: int, answers: bool = True, fastest: int = 921_600, refused: "tuple[int, ...]" = (), deaf: int = 0
    ) -> None:
        self.receiver_baud = baud
        self.baud = 0
        self.answers = answers
        self.fastest = fastest
        self.refused = refused  # keys
        self.deaf = deaf  # commands that are not heard, from the second on
        self.configured: list[int] = []
        self.waiting = b"$GNRMC,,V,,,,,,,,,,N*4D\r\n"
        self.sleeps = self.talks = False
        self.asked_to_sleep = 0

    def init(self, baudrate: int) -> None:
        self.baud = baudrate
        self.waiting = b""

    def write(self, data: bytes) -> None:
        if self.baud != self.receiver_baud or not self.answers:
            return
        parser = UbxParser()
        parser.put(data, len(data))
        while parser.next_frame():
            if self.sleeps:
                assert (parser.frame_class, parser.frame_id, parser.length) == (0x02, 0x41, 16)
                self.asked_to_sleep += 1
                continue
            assert (parser.frame_class, parser.frame_id) == (0x06, 0x8A)
            payload = bytes(parser.payload[: parser.length])
            assert payload[:4] == b"\x00\x01\x00\x00"
            self._configure(payload[4:])

    def _configure(self, settings: bytes) -> None:
        if self.configured and self.deaf:
            self.deaf -= 1
            return
        answer = 0x01
        while settings:
            key = struct.unpack("<I", settings[:4])[0]
            size = (0, 1, 1, 2, 4)[key >> 28 & 7]
            value = int.from_bytes(settings[4 : 4 + size], "little")
            settings = settings[4 + size :]
            self.configured.append(key)
            if key in self.refused:
                answer = 0x00
            if key == _BAUD_KEY and value <= self.fastest:
                self.receiver_baud = value
                return  # its acknowledgement is lost in the change
        self.waiting += pack_frame(0x05, answer, b"\x06\x8a")

    def any(self) -> int:
        if self.talks:
            self.waiting += b"$GNRMC"
            return min(len(self.waiting), 6)
        return len(self.waiting)

    def readinto(self, buffer: bytearray) -> int:
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count


@quick
async def test_a_receiver_as_delivered_ends_at_the_fast_speed() -> None:
    line = Line(38_400)
    assert await Ublox(line).start() == READY
    assert line.baud == line.receiver_baud == 115_200
    assert 0x20910007 in line.configured and 0x10740002 in line.configured


@quick
async def test_a_receiver_that_kept_its_speed_is_found() -> None:
    for baud in (115_200, 9_600):
        line = Line(baud)
        assert await Ublox(line).start() == READY
        assert line.baud == line.receiver_baud == 115_200


@quick
async def test_a_receiver_that_stays_slow_is_used_slowly() -> None:
    line = Line(38_400, fastest=38_400)
    assert await Ublox(line).start() == READY
    assert line.baud == line.receiver_baud == 38_400


@quick
async def test_a_silent_receiver_is_reported() -> None:
    assert await Ublox(Line(38_400, answers=False)).start() == SILENT


@quick
async def test_every_solution_is_read_once() -> None:
    line = Line(38_400)
    receiver = Ublox(line)
    assert await receiver.start() == READY
    for second in range(1, 30):
        payload = bytearray(92)
        payload[4], payload[5], payload[6], payload[7] = 0xE8, 0x07, 6, 9
        payload[10], payload[11], payload[20], payload[21] = second, 7, 3, 1
        line.waiting += pack_frame(1, 7, payload) + b"noise" + pack_frame(1, 0x35, bytes(40))
    seen = []
    while receiver.read():
        seen.append(receiver.pvt.time_2020_s % 60)
    assert seen == list(range(1, 30))


@quick
async def test_what_is_declared_is_set() -> None:
    line = Line(38_400)
    receiver = Ublox(line)
    assert await receiver.start() == READY
    assert receiver.refused == []
    for group in (settings.OUTPUT, settings.RATE, settings.NAVIGATION, settings.ASSISTANCE, settings.SIGNALS):
        assert all(key in line.configured for key, _ in group)


@quick
async def test_a_command_that_was_not_heard_is_sent_again() -> None:
    line = Line(115_200, deaf=2)
    receiver = Ublox(line)
    assert await receiver.start() == READY
    assert receiver.refused == []


@quick
async def test_a_receiver_that_refuses_what_is_only_better_is_used_without() -> None:
    receiver = Ublox(Line(38_400, refused=(settings.NAVSPG_DYNMODEL, settings.SIGNAL_BDS_B1C_ENA)))
    assert await receiver.start() == READY
    assert receiver.refused == ["navigation", "signals"]


@quick
async def test_a_receiver_that_refuses_to_send_solutions_is_told_apart() -> None:
    receiver = Ublox(Line(9_600, refused=(settings.MSGOUT_UBX_NAV_PVT_UART1,)))
    assert await receiver.start() == REFUSES
    assert receiver.baud == 9_600


@quick
async def test_power_is_saved_when_the_receiver_agrees() -> None:
    for refused, saved in (((), True), ((settings.PM_OPERATEMODE,), False)):
        line = Line(115_200, refused=refused)
        receiver = Ublox(line)
        assert await receiver.start() == READY
        reading = asyncio.create_task(_read_on(receiver))
        assert await receiver.save_power(True) == saved
        assert receiver.power_saved == saved
        assert settings.SIGNAL_BDS_B1C_ENA in line.configured[-4:], "the mode does not know B1C"
        if saved:
            assert await receiver.save_power(False) and not receiver.power_saved
            assert line.configured[-len(settings.SIGNALS) :] == [key for key, _ in settings.SIGNALS]
        reading.cancel()


@quick
async def test_a_receiver_stands_by_or_goes_on_talking() -> None:
    for talks in (False, True):
        line = Line(115_200)
        receiver = Ublox(line)
        assert await receiver.start() == READY
        line.sleeps = True
        line.talks = talks
        assert await receiver.stand_by() != talks
        assert line.asked_to_sleep == (3 if talks else 1)


async def _read_on(receiver: Ublox) -> None:
    while True:
        receiver.read()
        await asyncio.sleep_ms(20)
