"""u-blox M10 receiver on a UART: made to send UBX-NAV-PVT once a second and nothing else, then read without waiting."""

import asyncio

from micropython import const

from . import nav_pvt
from . import ublox_settings as settings
from .ubx import UbxParser, pack_frame

FAST_BAUD = const(115200)
BAUDS = (38400, FAST_BAUD, 9600)  # as delivered; kept by its backup battery; older receivers

SILENT = const(0)  # nothing that speaks UBX at any speed
REFUSES = const(1)  # it does, but refuses to send solutions
READY = const(2)

_CFG_CLASS = const(0x06)
_CFG_VALSET = const(0x8A)
_ACK_CLASS = const(0x05)
_RXM_CLASS = const(0x02)
_RXM_PMREQ = const(0x41)
_MGA_CLASS = const(0x13)
_MGA_ACK = const(0x60)
_MGA_USED = const(1)
_LAYER_RAM = const(0x01)

_NO_ANSWER = const(-1)
_NAK = const(0)  # the ids of the answers
_ACK = const(1)

_TRIES = 3
_ACK_POLLS = const(15)
_POLL_MS = const(100)
_CHUNK = const(256)
_BUFFERED = const(8)  # chunks of the UART's buffer
_STANDBY_MS = const(1_300)  # a receiver that is still awake would have sent a solution
_WAKING_MS = const(200)
_WAKE = b"\xff"  # any edge will do; what is sent while it wakes is lost


class Ublox:
    """The receiver; `pvt` is the newest solution, `frames` counts the solutions read.

    `refused` names the groups of settings that it did not take at the last start. `assisted` counts the answers to
    assistance messages, `assistance_id` and `assistance_used` are of the newest.
    """

    def __init__(self, uart) -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK)
        self._parser = UbxParser()
        self._answer = _NO_ANSWER
        self._starting = False
        self.pvt = nav_pvt.NavPvt()
        self.frames = 0
        self.baud = 0
        self.refused: "list[str]" = []
        self.power_saved = False
        self.assisted = 0
        self.assistance_id = 0
        self.assistance_used = False

    async def start(self) -> int:
        """Configure the receiver, at whatever speed it listens: READY, or why not."""
        self._starting = True
        self.power_saved = False
        found = await self._find()
        if found == READY:
            await self._speed_up()
            self.refused = []
            for name, group in settings.WANTED:
                if await self._set(group, _TRIES) != _ACK:
                    self.refused.append(name)
        self._starting = False
        return found

    def read(self) -> bool:
        """Return True when one more solution was read into `pvt`; call again until False."""
        parser = self._parser
        while True:
            while parser.next_frame():
                if self._take():
                    return True
            count = self._uart.readinto(self._chunk) if self._uart.any() else None
            if not count:
                return False
            parser.put(self._chunk, count)

    async def save_power(self, saved: bool) -> bool:
        """Track in cycles, or all the time; False when it refused. read() must be called meanwhile."""
        group = settings.SAVED_POWER if saved else settings.FULL_POWER
        if await self._set(group, _TRIES) != _ACK:
            return False
        if not saved:
            await self._set(settings.SIGNALS, _TRIES)
        self.power_saved = saved
        return True

    async def stand_by(self) -> bool:
        """Send the receiver to sleep until the next start(), which sets it anew; False when it goes on talking."""
        for _ in range(_TRIES):
            self._uart.write(pack_frame(_RXM_CLASS, _RXM_PMREQ, settings.STANDBY))
            await asyncio.sleep_ms(_POLL_MS)
            self._drain()
            await asyncio.sleep_ms(_STANDBY_MS)
            if not self._drain():
                return True
        return False

    def assist(self, frame: bytes) -> None:
        """Send a whole UBX-MGA frame; its answer is found by read()."""
        self._uart.write(frame)

    def _take(self) -> bool:
        """Take the frame that was read; True for a solution."""
        parser = self._parser
        kind = parser.frame_class
        payload = parser.payload
        if kind == nav_pvt.FRAME_CLASS:
            if parser.frame_id != nav_pvt.FRAME_ID or parser.length < nav_pvt.LENGTH:
                return False
            self.pvt.decode(payload)
            self.frames += 1
            return True
        if kind == _ACK_CLASS:
            if parser.length == 2 and payload[0] == _CFG_CLASS and payload[1] == _CFG_VALSET:
                self._answer = parser.frame_id
        elif kind == _MGA_CLASS and parser.frame_id == _MGA_ACK and parser.length == 8:
            self.assistance_used = payload[0] == _MGA_USED
            self.assistance_id = payload[3]
            self.assisted += 1
        return False

    def _drain(self) -> int:
        count = 0
        for _ in range(_BUFFERED):
            if not self._uart.any():
                break
            count += self._uart.readinto(self._chunk) or 0
        return count

    async def _find(self) -> int:
        self._uart.write(_WAKE)
        await asyncio.sleep_ms(_WAKING_MS)
        for baud in BAUDS + BAUDS:
            self._listen(baud)
            answer = await self._set(settings.OUTPUT, 1)
            if answer != _NO_ANSWER:
                return READY if answer == _ACK else REFUSES
        return SILENT

    async def _speed_up(self) -> None:
        slow = self.baud
        if slow == FAST_BAUD:
            return
        # The acknowledgement of a new speed comes at the old or at the new one: ask again at the new one instead.
        self._command(((settings.UART1_BAUDRATE, FAST_BAUD),))
        await asyncio.sleep_ms(_POLL_MS)
        self._listen(FAST_BAUD)
        if await self._set(settings.OUTPUT, 2) != _ACK:
            self._listen(slow)

    def _listen(self, baud: int) -> None:
        self.baud = baud
        self._uart.init(baudrate=baud)

    def _command(self, group) -> None:
        payload = bytes((0, _LAYER_RAM, 0, 0)) + settings.pack(group)
        self._uart.write(pack_frame(_CFG_CLASS, _CFG_VALSET, payload))

    async def _set(self, group, tries: int) -> int:
        """Send a group of settings until it is answered; a refusal is not asked again."""
        for _ in range(tries):
            self._answer = _NO_ANSWER
            self._command(group)
            for _ in range(_ACK_POLLS):
                await asyncio.sleep_ms(_POLL_MS)
                while self._starting and self.read():
                    pass  # solutions of the start are of no use
                if self._answer != _NO_ANSWER:
                    return self._answer
        return _NO_ANSWER
