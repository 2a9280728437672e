"""A gateway of few lines for tests: bleak below, the protocol's gateway side above."""

import asyncio
from collections.abc import Callable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from paceline_protocol import gatt, messages
from paceline_protocol.alias import recognise
from paceline_protocol.handshake import GatewayHandshake
from paceline_protocol.layout import Fields
from paceline_protocol.secure_channel import SecureChannel
from protocol.both.aes import aes_ecb

DEVICE_ID = bytes(range(1, 9))
DEVICE_KEY = bytes(range(32))
_PATIENCE_S = 90


class AirGateway:
    """One connection's gateway; `frames` holds what it was told and nobody has taken, `sent` what it said."""

    def __init__(self, client: BleakClient) -> None:
        self.frames: asyncio.Queue[bytes] = asyncio.Queue()
        self.sent: list[bytes] = []
        self.status: Fields
        self._client = client
        self._handshake = GatewayHandshake(b"\x07" * 16, lambda alias: recognise(alias, {DEVICE_ID: DEVICE_KEY}))
        self._channel: SecureChannel | None = None

    async def subscribe(self) -> None:
        """Take notifications."""

        def take(_: BleakGATTCharacteristic, value: bytearray) -> None:
            self.frames.put_nowait(bytes(value))

        await self._client.start_notify(gatt.DATA_UUID, take)

    async def hello(self) -> bytes:
        """Greet and return the answer."""
        await self._write(self._handshake.start())
        return await asyncio.wait_for(self.frames.get(), _PATIENCE_S)

    async def connect(self) -> None:
        """Subscribe, shake hands, take the status."""
        await self.subscribe()
        await self._write(self._handshake.receive(await self.hello()))
        self._channel = self._handshake.channel(aes_ecb)
        kind, self.status = await self.next()
        assert kind == messages.STATUS

    async def ask(self, message_kind: int, **fields: object) -> None:
        """Send a message."""
        assert self._channel is not None
        await self._write(self._channel.seal(messages.encode(message_kind, **fields)))

    async def next(self) -> tuple[int, Fields]:
        """Return the next message."""
        assert self._channel is not None
        return messages.decode(self._channel.open(await asyncio.wait_for(self.frames.get(), _PATIENCE_S)))

    async def read_until(self, enough: Callable[[bytes], bool]) -> bytes:
        """Return the journal from 0 on, once it is enough."""
        data = b""
        while not enough(data):
            kind, fields = await self.next()
            assert kind == messages.DATA and fields.position == len(data)
            data += fields.data
        return data

    async def _write(self, frame: bytes) -> None:
        self.sent.append(frame)
        await self._client.write_gatt_char(gatt.CONTROL_UUID, frame, response=False)
