"""u-blox M10 receiver on a UART: made to send UBX-NAV-PVT once a second and nothing else, then read without waiting."""

import asyncio
import struct

from micropython import const

from . import nav_pvt
from .ubx import UbxParser, pack_frame

FAST_BAUD = const(115200)
_BAUDS = (38400, FAST_BAUD, 9600)  # as delivered; kept by its backup battery; older receivers

_CFG_CLASS = const(0x06)
_CFG_VALSET = const(0x8A)
_ACK_CLASS = const(0x05)
_ACK_ACK = const(0x01)
_LAYER_RAM = const(0x01)

# Configuration keys (interface description 4.9); the top nibble tells the size of the value.
_UART1_BAUDRATE = const(0x40520001)
_UART1OUTPROT_UBX = const(0x10740001)
_UART1OUTPROT_NMEA = const(0x10740002)
_MSGOUT_NAV_PVT_UART1 = const(0x20910007)
_RATE_MEAS = const(0x30210001)

_ACK_POLLS = const(15)
_POLL_MS = const(100)
_CHUNK = const(256)


class Ublox:
    """The receiver; `pvt` is the newest solution, `frames` counts the solutions read."""

    def __init__(self, uart) -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK)
        self._parser = UbxParser()
        self.pvt = nav_pvt.NavPvt()
        self.frames = 0

    async def start(self) -> bool:
        """Configure the receiver, at whatever speed it listens; False when it acknowledged at none."""
        for baud in _BAUDS:
            self._uart.init(baudrate=baud)
            if await self._set(_messages()):
                break
        else:
            self._uart.init(baudrate=_BAUDS[0])
            return False
        if baud == FAST_BAUD:
            return True
        # The acknowledgement of a new speed comes at the old or at the new one: ask again at the new one instead.
        self._command(struct.pack("<II", _UART1_BAUDRATE, FAST_BAUD))
        await asyncio.sleep_ms(_POLL_MS)
        self._uart.init(baudrate=FAST_BAUD)
        if not await self._set(_messages()):
            self._uart.init(baudrate=baud)
            return await self._set(_messages())
        return True

    def read(self) -> bool:
        """Return True when one more solution was read into `pvt`; call again until False."""
        parser = self._parser
        while True:
            while parser.next_frame():
                if self._is_solution():
                    self.pvt.decode(parser.payload)
                    self.frames += 1
                    return True
            count = self._uart.readinto(self._chunk) if self._uart.any() else None
            if not count:
                return False
            parser.put(self._chunk, count)

    def _is_solution(self) -> bool:
        parser = self._parser
        return (
            parser.frame_class == nav_pvt.FRAME_CLASS
            and parser.frame_id == nav_pvt.FRAME_ID
            and parser.length >= nav_pvt.LENGTH
        )

    def _command(self, keys_and_values: bytes) -> None:
        self._uart.write(pack_frame(_CFG_CLASS, _CFG_VALSET, bytes((0, _LAYER_RAM, 0, 0)) + keys_and_values))

    async def _set(self, keys_and_values: bytes) -> bool:
        self._command(keys_and_values)
        for _ in range(_ACK_POLLS):
            await asyncio.sleep_ms(_POLL_MS)
            while self._uart.any():
                count = self._uart.readinto(self._chunk)
                if not count:
                    break
                self._parser.put(self._chunk, count)
            while self._parser.next_frame():
                payload = self._parser.payload
                if self._parser.frame_class == _ACK_CLASS and payload[0] == _CFG_CLASS and payload[1] == _CFG_VALSET:
                    return self._parser.frame_id == _ACK_ACK
        return False


def _messages() -> bytes:
    return (
        struct.pack("<IB", _UART1OUTPROT_UBX, 1)
        + struct.pack("<IB", _UART1OUTPROT_NMEA, 0)
        + struct.pack("<IB", _MSGOUT_NAV_PVT_UART1, 1)
        + struct.pack("<IH", _RATE_MEAS, 1000)
    )
