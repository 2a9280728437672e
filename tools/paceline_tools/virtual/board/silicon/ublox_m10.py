"""u-blox M10 receiver on a UART (interface description SPG 5.10, UBX-21035062).

At power-on 38400 baud, NMEA each second. Answers CFG-VALSET with ACK or NAK, CFG-VALGET and MON-VER, and MGA messages
with MGA-ACK-DATA0 once that is enabled; sends NAV-PVT once it is enabled. A new baud rate holds at once, so that the
acknowledgement of its own change comes at the new one. RXM-PMREQ puts it into software standby, where it is silent; an
edge on its UART wakes it after a while, with its RAM lost (integration manual UBX-20053088, 2.7.3.2). In power save
mode it has no fix while BeiDou B1C is enabled, which that mode does not know (2.7.2): harsher than the real one.
"""

import struct

from silicon import ubx
from silicon.track import NOTHING

BAUD = 0x40520001
IN_UBX, OUT_UBX, OUT_NMEA = 0x10730001, 0x10740001, 0x10740002
NAV_PVT_UART1 = 0x20910007
RATE_MEAS, RATE_NAV = 0x30210001, 0x30210002
ACK_AIDING = 0x10110025
_DEFAULTS = {BAUD: 38400, IN_UBX: 1, OUT_UBX: 1, OUT_NMEA: 1, NAV_PVT_UART1: 0, ACK_AIDING: 0}
_DEFAULTS.update({RATE_MEAS: 1000, RATE_NAV: 1})
# Groups (bits 16–23 of a key) that may be set without an effect here: SBAS/SIGNAL, NAVSPG, PM, MSGOUT, ITFM and UART1.
_GROUPS = (0x31, 0x36, 0x11, 0xD0, 0x91, 0x41, 0x52)
_VALUE_SIZES = (0, 1, 1, 2, 4, 8)
_LATENCY_US = 60_000  # from the second to the first byte of its solution
_MAX_FRAME = 1024
_PM_OPERATEMODE, _BDS_ENA, _BDS_B1C_ENA = 0x20D00001, 0x10310022, 0x1031000F
_PMREQ = (0x02, 0x41)
_WAKES_AFTER_US = 100_000
_MGA = 0x13
_MGA_INI_TIME_UTC = (0x40, 0x10)  # id and type
_MGA_ACK = 0x60


class UbloxM10:
    """The receiver; `now_us()` is the world's time, `body` gives the position. send() and receive() carry bytes."""

    def __init__(self, now_us, body, configuration: dict = None) -> None:
        self._now_us = now_us
        self._body = body
        # JSON made the keys strings.
        self._configuration = {int(key): value for key, value in (configuration or {}).items()}
        self.standby = False
        self._awake_at = 0
        self._default()
        self._input = b""
        self._queue = []  # (first bit at, baud, bytes)
        self._free_at = 0
        self._next_s = now_us() // 1_000_000 + 1
        self._time_told = False
        self.assisted = 0  # MGA messages used

    def receive(self, data: bytes, baud: int) -> None:
        """Take bytes of the host; at another baud rate they are noise."""
        self.run()
        if self.standby:
            self._wake()
        if baud != self._settings[BAUD] or self._now_us() < self._awake_at:
            return
        self._input += data
        self._parse()

    def next_event_us(self) -> int:
        """Return when the next solution begins to be sent."""
        return self._next_s * 1_000_000 + _LATENCY_US

    def run(self) -> None:
        """Send the solutions of the seconds that have passed."""
        now = self._now_us()
        if self.standby:
            self._next_s = now // 1_000_000 + 1
            return
        newest = (now - _LATENCY_US) // 1_000_000
        if newest - self._next_s > 20:
            self._next_s = newest - 20  # nobody listened: older ones would not fit the UART's buffer either
        while self._next_s <= newest:
            self._solution(self._next_s)
            self._next_s += max(1, self._settings[RATE_MEAS] * self._settings[RATE_NAV] // 1000)

    def take(self) -> list:
        """Return the (time of first bit, baud, bytes) that were sent since the last call."""
        self.run()
        sent, self._queue = self._queue, []
        return sent

    def _default(self) -> None:
        self._settings = dict(_DEFAULTS)
        self._settings.update(self._configuration)

    def _wake(self) -> None:
        self.standby = False
        self._awake_at = self._now_us() + _WAKES_AFTER_US
        self._next_s = self._awake_at // 1_000_000 + 1
        self._input = b""
        self._default()

    def saving(self) -> bool:
        """Whether it tracks in cycles."""
        return self._settings.get(_PM_OPERATEMODE, 0) == 2

    def _solution(self, utc_s: int) -> None:
        moment = self._body.at(utc_s * 1_000_000) if self._body.track else NOTHING
        if self.saving() and self._settings.get(_BDS_ENA, 1) and self._settings.get(_BDS_B1C_ENA, 1):
            moment = NOTHING
        at = utc_s * 1_000_000 + _LATENCY_US
        if self._settings[OUT_NMEA]:
            self._send(ubx.nmea(utc_s, moment), at)
        if self._settings[OUT_UBX] and self._settings[NAV_PVT_UART1]:
            # Once it has had a fix the receiver knows the time, also through a tunnel.
            known = self._body.track is not None
            self._send(ubx.frame(0x01, 0x07, ubx.nav_pvt(utc_s, moment, known)), at)

    def _send(self, data: bytes, at: int) -> None:
        baud = self._settings[BAUD]
        begin = max(at, self._free_at)
        self._free_at = begin + len(data) * 10_000_000 // baud
        self._queue.append((begin, baud, data))

    def _parse(self) -> None:
        while True:
            start = self._input.find(b"\xb5\x62")
            if start < 0:
                self._input = self._input[-1:] if self._input[-1:] == b"\xb5" else b""
                return
            data = self._input = self._input[start:]
            if len(data) < 8:
                return
            message_class, message_id, length = struct.unpack_from("<BBH", data, 2)
            if length > _MAX_FRAME:
                self._input = data[2:]
                continue
            if len(data) < 8 + length:
                return
            if ubx.checksum(data[2 : 6 + length]) != data[6 + length : 8 + length]:
                self._input = data[2:]
                continue
            self._input = data[8 + length :]
            if self._settings[IN_UBX]:
                self._handle(message_class, message_id, data[6 : 6 + length])

    def _handle(self, message_class: int, message_id: int, payload: bytes) -> None:
        now = self._now_us()
        kind = (message_class, message_id)
        if kind == (0x0A, 0x04):
            version = b"ROM SPG 5.10 (7b202e)" + bytes(9) + b"000A0000\0\0" + b"PROTVER=34.10" + bytes(17)
            self._send(ubx.frame(0x0A, 0x04, version), now)
            return
        if kind == _PMREQ and len(payload) == 16:
            flags, sources = struct.unpack_from("<II", payload, 8)
            self.standby = flags & 0x02 != 0 and sources & 0x08 != 0  # backup, woken by the UART
            return
        if message_class == _MGA:
            self._assist(message_id, payload, now)
        if message_class != 0x06:
            return
        accepted = False
        if kind == (0x06, 0x8A):
            accepted = self._set(payload)
        elif kind == (0x06, 0x8B):
            accepted = self._get(payload, now)
        self._send(ubx.frame(0x05, int(accepted), bytes(kind)), now)

    def _assist(self, message_id: int, payload: bytes, now: int) -> None:
        if message_id == _MGA_ACK or len(payload) < 4:
            return
        self._time_told = self._time_told or (message_id, payload[0]) == _MGA_INI_TIME_UTC
        # 3.13: not used, as the receiver does not know the time (info code 1), or used.
        known = self._time_told or self._body.track is not None
        self.assisted += known
        if self._settings[ACK_AIDING]:
            answer = bytes((int(known), 0, int(not known), message_id)) + payload[:4]
            self._send(ubx.frame(_MGA, _MGA_ACK, answer), now)

    def _set(self, payload: bytes) -> bool:
        if len(payload) < 8 or payload[0] > 1:
            return False
        changes = {}
        at = 4
        while at < len(payload):
            if at + 4 > len(payload):
                return False
            key = struct.unpack_from("<I", payload, at)[0]
            size = _VALUE_SIZES[key >> 28 & 7] if (key >> 28 & 7) < 6 else 0
            if not size or at + 4 + size > len(payload) or not _known(key):
                return False
            changes[key] = int.from_bytes(payload[at + 4 : at + 4 + size], "little")
            at += 4 + size
        if changes.get(BAUD, 9600) not in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600):
            return False
        if payload[1] & 0x01:  # only the RAM layer acts at once
            self._settings.update(changes)
        return True

    def _get(self, payload: bytes, now: int) -> bool:
        if len(payload) < 8 or len(payload) % 4:
            return False
        answer = b"\x01" + payload[1:4]
        for at in range(4, len(payload), 4):
            key = struct.unpack_from("<I", payload, at)[0]
            if key not in self._settings:
                return False
            answer += payload[at : at + 4] + self._settings[key].to_bytes(_VALUE_SIZES[key >> 28 & 7], "little")
        self._send(ubx.frame(0x06, 0x8B, answer), now)
        return True


def _known(key: int) -> bool:
    return key in _DEFAULTS or key >> 16 & 0xFF in _GROUPS
