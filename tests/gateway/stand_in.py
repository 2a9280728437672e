"""The lowest level, in bytes: a wearable that answers frames, a wire that loses and cuts, a clock that is a number.

Everything above is the real gateway: Syncer, Pull, Spool.
"""

import random
from collections import deque
from collections.abc import Callable

from paceline_gateway.actions import Instant
from paceline_gateway.crypto import aes_ecb
from paceline_gateway.errors import RadioError
from paceline_gateway.push import REFUSED
from paceline_protocol.alias import make_alias
from paceline_protocol.errors import LinkError
from paceline_protocol.handshake import DeviceHandshake
from paceline_protocol.layout import Fields
from paceline_protocol.messages import (
    ACK,
    CREDIT,
    DATA,
    ERROR,
    GET_STATUS,
    PUT,
    PUT_OK,
    READ,
    SET_TIME,
    STATUS,
    decode,
    encode,
    encode_error,
)
from paceline_protocol.secure_channel import SecureChannel

DEVICE_ID = bytes.fromhex("00112233445566ff")
KEY = bytes(range(32))
EPOCH = 0x5EED1234
MTU = 247
UTC_MS = 1_790_000_000_000


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.utc_ahead_s = 0

    def __call__(self) -> Instant:
        return Instant(self.now_s, UTC_MS + int((self.now_s - 1000.0 + self.utc_ahead_s) * 1000))


class Wearable:
    """The wearable's side of docs/PROTOCOL.md over a journal in memory; it remembers what it was told."""

    def __init__(self, journal: bytes, key: bytes = KEY, device_id: bytes = DEVICE_ID) -> None:
        self.device_id = device_id
        self.key = key
        self.alias = make_alias(key, b"salt")
        self.epoch = EPOCH
        self.journal = bytearray(journal)
        self.start = 0
        self.utc_s = UTC_MS // 1000
        self.recording = 0
        self.acks: list[Fields] = []
        self.times_ms: list[int] = []
        self.most_credits = 0
        self.blobs: dict[int, tuple[int, bytes]] = {}
        self.parts: dict[int, tuple[int, int, bytearray]] = {}
        self.refuses: dict[int, int] = {}
        self.refuses_whole: set[int] = set()  # kinds of which a whole blob does not pass
        self.firmware = bytes(3)
        self.puts = 0
        self.on_ack: Callable[[Fields], None] = lambda _ack: None
        self._nonces = random.Random(7)
        self._handshake: DeviceHandshake | None = None
        self._channel: SecureChannel | None = None
        self._cursor: int | None = None
        self._credits = 0

    def connected(self) -> None:
        """A fresh connection: nothing is remembered of the last one."""
        self._handshake = DeviceHandshake(self.alias, self.key, self._nonces.randbytes(16), MTU)
        self._channel, self._cursor, self._credits = None, None, 0

    def receive(self, frame: bytes) -> list[bytes]:
        """Take one frame; return what is notified for it."""
        assert self._handshake is not None
        if self._channel is None:
            return self._greet(self._handshake, frame)
        try:
            kind, fields = decode(self._channel.open(frame))
            return self._obey(kind, fields)
        except LinkError as error:
            return [] if error.code == "replayed" else [self.seal(encode_error(error))]

    def stream(self, most: int) -> list[bytes]:
        """Return up to `most` DATA frames that credits allow."""
        frames: list[bytes] = []
        while self._cursor is not None and self._credits and self._cursor < len(self.journal) and len(frames) < most:
            piece = bytes(self.journal[self._cursor : self._cursor + MTU - 20])
            frames.append(self.seal(encode(DATA, position=self._cursor, data=piece)))
            self._cursor += len(piece)
            self._credits -= 1
        return frames

    def seal(self, message: bytes) -> bytes:
        """Return the sealed frame of a message."""
        assert self._channel is not None
        return self._channel.seal(message)

    def status(self) -> bytes:
        """Return the STATUS message."""
        return encode(
            STATUS,
            epoch=self.epoch,
            start=self.start,
            end=len(self.journal),
            confirmed=max((ack.confirmed for ack in self.acks), default=0),
            t_s=5,
            utc_s=self.utc_s,
            battery_percent=80,
            battery_millivolt=3900,
            recording=self.recording,
            session=1,
            firmware=self.firmware,
            fix=0,
            user=0,
            settings_version=self.blobs.get(1, (0,))[0],
            plan_version=self.blobs.get(2, (0,))[0],
            assistance_version=self.blobs.get(3, (0,))[0],
        )

    def _greet(self, handshake: DeviceHandshake, frame: bytes) -> list[bytes]:
        try:
            answer = handshake.receive(frame)
        except LinkError as error:
            return [encode_error(error)]
        if not handshake.done:
            return [answer]
        self._channel = handshake.channel(aes_ecb)
        return [self.seal(self.status())]

    def _obey(self, kind: int, fields: Fields) -> list[bytes]:
        if kind == GET_STATUS:
            return [self.seal(self.status())]
        if kind == READ:
            if fields.epoch != self.epoch:
                raise LinkError("wrong_epoch", 0)
            if not self.start <= fields.position <= len(self.journal):
                raise LinkError("not_held", self.start)
            self._cursor, self._credits = fields.position, fields.credits
        elif kind == CREDIT:
            self._credits += fields.credits
        elif kind == ACK:
            self.acks.append(fields)
            self.on_ack(fields)
        elif kind == PUT:
            return [self.seal(self._put(fields))]
        elif kind == SET_TIME:
            self.times_ms.append(fields.utc_ms)
            self.utc_s = fields.utc_ms // 1000
        self.most_credits = max(self.most_credits, self._credits)
        return []

    def _put(self, fields: Fields) -> bytes:
        self.puts += 1
        kind, version, total = fields.kind, fields.version, fields.total
        if kind in self.refuses:
            return encode(ERROR, code=self.refuses[kind], position=0, text="no")
        if self.blobs.get(kind, (0,))[0] != version:
            if self.parts.get(kind, (0, 0))[:2] != (version, total):
                self.parts[kind] = version, total, bytearray()
            held = self.parts[kind][2]
            if fields.offset == len(held):
                held += fields.data
            if len(held) < total:
                return encode(PUT_OK, kind=kind, version=version, offset=len(held))
            if kind in self.refuses_whole:
                return encode(ERROR, code=REFUSED, position=0, text="no")
            self.blobs[kind] = version, bytes(held)
        return encode(PUT_OK, kind=kind, version=version, offset=total)


class Wire:
    """A connection in memory (paceline_gateway.sync.Link). Its faults are functions of a frame, or numbers.

    `spoil(frame)` gives the notifications that arrive for one that was sent; `loses(frame)` tells whether an unreliable
    write is lost; after `cut_after` frames in both directions the link is gone. The frame of the cut is lost; a write
    arrives when the cut `delivers`. A cut that `drains` lets what was notified before it still be received.
    """

    def __init__(self, wearable: Wearable, clock: Clock) -> None:
        self.wearable = wearable
        self.clock = clock
        self.spoil: Callable[[bytes], list[bytes]] = lambda frame: [frame]
        self.loses: Callable[[bytes], bool] = lambda _frame: False
        self.cut_after: int | None = None
        self.delivers = self.drains = False
        self.passed = 0
        self._air: deque[bytes] = deque()
        wearable.connected()

    @property
    def is_cut(self) -> bool:
        """Whether the link is gone."""
        return self.cut_after is not None and self.passed >= self.cut_after

    async def send(self, frame: bytes, reliable: bool) -> None:
        if self.is_cut and self.delivers:
            self.delivers = False
            self.wearable.receive(frame)
        self._pass()
        if reliable or not self.loses(frame):
            self._notify(self.wearable.receive(frame))

    async def receive(self, timeout_s: float) -> bytes | None:
        if len(self._air) < 8 and not self.is_cut:
            self._notify(self.wearable.stream(8))
        if not self._air and not self.is_cut:
            self.clock.now_s += timeout_s
            return None
        if not (self.is_cut and self.drains and self._air):
            self._pass()
        self.clock.now_s += 0.002
        return self._air.popleft()

    def _notify(self, frames: list[bytes]) -> None:
        for frame in frames:
            self._air += self.spoil(frame)

    def _pass(self) -> None:
        if self.is_cut:
            raise RadioError("wire", "the connection was lost")
        self.passed += 1
