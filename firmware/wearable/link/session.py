"""The wearable's side of one connection (docs/PROTOCOL.md): handshake, sealed frames, requests, the journal's stream.

It knows no Bluetooth: frames come by receive(), and leave by the coroutine function `send`, which returns when the
radio has taken the frame and raises OSError when the connection is gone.
"""

import asyncio
from collections import deque

from paceline_protocol import messages
from paceline_protocol.errors import LinkError
from paceline_protocol.handshake import DeviceHandshake
from paceline_protocol.secure_channel import FRAME_OVERHEAD

_INBOX = 16
_ATT_OVERHEAD = 3
_DATA_OVERHEAD = 5
_MAX_CREDITS = 0xFFFF
_LARGEST_VALUE = 512  # of an attribute (Bluetooth Core, Vol 3 Part F, 3.2.9)


class LinkSession:
    """One connection; `mtu()` tells its ATT MTU, `wearable` answers requests (see link/requests.py)."""

    def __init__(self, wearable, send, mtu, nonce: bytes, aes_ecb) -> None:
        self._wearable = wearable
        self._send = send
        self._mtu = mtu
        self._nonce = nonce
        self._aes_ecb = aes_ecb
        self._inbox: "deque[bytes]" = deque((), _INBOX)  # noqa: RUF037 (MicroPython's form)
        self._wake = asyncio.Event()
        self._handshake = None
        self._channel = None
        self._cursor = 0
        self._credits = 0
        self._reading = False  # between a READ with credits and one without
        self._data = bytearray(0)
        self.closed = False
        self.refused = False  # closed by this side; the ERROR that tells why may still wait in the radio
        self.dropped = 0  # frames that came faster than they could be answered

    @property
    def greeted(self) -> bool:
        """A frame has come."""
        return self._handshake is not None

    @property
    def authenticated(self) -> bool:
        """The gateway has proved that it knows the device key."""
        return self._channel is not None

    @property
    def following(self) -> bool:
        """The gateway has all there is and credits for more."""
        return self._credits > 0 and self._cursor >= self._wearable.journal.end

    def receive(self, frame: bytes) -> None:
        """Queue a frame that the gateway wrote."""
        if len(self._inbox) >= _INBOX:
            self.dropped += 1
            return
        self._inbox.append(frame)
        self._wake.set()

    def journal_grew(self) -> None:
        """Let the stream go on."""
        if self._credits:
            self._wake.set()

    def close(self) -> None:
        """End run()."""
        self.closed = True
        self._wake.set()

    async def run(self) -> None:
        """Answer and stream until the connection is closed or refused; OSError when it breaks."""
        while not self.closed:
            if self._inbox:
                await self._answer(self._inbox.popleft())
            elif self._credits and self._cursor < self._wearable.journal.end:
                await self._stream()
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _answer(self, frame: bytes) -> None:
        try:
            if self._channel is None:
                await self._greet(frame)
                return
            kind, fields = messages.decode(self._channel.open(frame))
            reply = self._dispatch(kind, fields)
        except LinkError as error:
            if error.code == "replayed":  # some hosts deliver twice
                return
            await self._send_message(messages.encode_error(error))
            if error.code == "unauthenticated":
                self.refused = True
                self.close()
            return
        if reply:
            await self._send_message(reply)

    async def _greet(self, frame: bytes) -> None:
        if self._handshake is None:
            wearable = self._wearable
            self._handshake = DeviceHandshake(wearable.alias, wearable.device_key, self._nonce, self._mtu())
        answer = self._handshake.receive(frame)
        if answer:
            await self._send(answer)
        if self._handshake.done:
            self._channel = self._handshake.channel(self._aes_ecb)
            room = min(self._mtu() - _ATT_OVERHEAD, _LARGEST_VALUE) - FRAME_OVERHEAD - _DATA_OVERHEAD
            self._data = bytearray(room)
            await self._send_message(self._wearable.status())

    def _dispatch(self, kind: int, fields) -> "bytes | None":
        if kind == messages.READ:
            return self._read(fields)
        if kind == messages.CREDIT:
            if self._reading:
                self._credits = min(self._credits + fields.credits, _MAX_CREDITS)
            return None
        return self._wearable.request(kind, fields)

    def _read(self, fields) -> None:
        self._wearable.check_epoch(fields.epoch)
        self._hold(fields.position)
        self._cursor = fields.position
        self._credits = fields.credits
        self._reading = fields.credits > 0

    def _hold(self, position: int) -> None:
        journal = self._wearable.journal
        if not journal.start <= position <= journal.end:
            nearest = min(max(position, journal.start), journal.end)
            raise LinkError("not_held", nearest, f"held are {journal.start} to {journal.end}")

    async def _stream(self) -> None:
        data = self._data
        journal = self._wearable.journal
        try:
            self._hold(self._cursor)
        except LinkError as error:  # the ring has overwritten what was to come next
            self._credits = 0
            self._reading = False
            await self._send_message(messages.encode_error(error))
            return
        count = 0
        while count < len(data) and self._cursor + count < journal.end:
            count += journal.read(self._cursor + count, memoryview(data)[count:])
        message = messages.encode(messages.DATA, position=self._cursor, data=memoryview(data)[:count])
        self._cursor += count
        self._credits -= 1
        await self._send_message(message)

    async def _send_message(self, message: bytes) -> None:
        await self._send(message if self._channel is None else self._channel.seal(message))
