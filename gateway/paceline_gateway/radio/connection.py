"""One connection to one wearable: frames out by writes, frames in by notifications."""

import asyncio
import logging

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection
from paceline_protocol.errors import LinkError
from paceline_protocol.gatt import CONTROL_UUID, DATA_UUID, INFO_UUID, SERVICE_UUID, parse_info
from paceline_protocol.messages import LINK_VERSION

from paceline_gateway.errors import RadioError
from paceline_gateway.radio import attribute_cache
from paceline_gateway.radio.sighting import Sighting

MOST_WAITING = 1024
"""Frames that may wait here: far above the window of credits, so that only a wearable that ignores it loses some."""
STEP_S = 20.0
ATTEMPTS = 2
"""Few, as others wait meanwhile; a wearable that goes on advertising is tried again anyway."""
CONNECT_S = 25.0
"""For all attempts: an adapter makes one connection at a time, so that one out of reach would keep all others out."""
_FAILURES = (BleakError, OSError, EOFError, TimeoutError)


log = logging.getLogger(__name__)


class Connection:
    """See connect. Every method raises RadioError when the link is gone."""

    def __init__(self, address: str, frames: "asyncio.Queue[bytes]", lost: asyncio.Event) -> None:
        self.address = address
        self._client: BleakClient | None = None
        self._frames = frames
        self._lost = lost

    @property
    def client(self) -> BleakClient:
        """Bleak's client while connected."""
        if self._client is None or self._lost.is_set():
            raise RadioError(self.address, "the connection was lost")
        return self._client

    async def open(self, sighting: Sighting) -> None:
        """Connect and find the services, with the retries that real adapters need."""
        # The client is fresh for each connection: a reused one may call back twice.
        self._client = await establish_connection(
            BleakClientWithServiceCache,
            sighting.device,
            sighting.name,
            disconnected_callback=lambda _client: self._lost.set(),
            max_attempts=ATTEMPTS,
            services=[SERVICE_UUID],
        )

    async def alias(self) -> bytes:
        """Return what the wearable says of itself: a claim, which the handshake proves."""
        try:
            async with asyncio.timeout(STEP_S):
                info = parse_info(bytes(await self.client.read_gatt_char(INFO_UUID)))
        except (BleakGATTProtocolError, LinkError) as error:
            raise await self._not_info(_reason(error)) from error
        except _FAILURES as error:
            raise RadioError(self.address, f"info could not be read: {_reason(error)}") from error
        if info.version != LINK_VERSION:
            raise await self._not_info(f"it begins with {info.version}, link version {LINK_VERSION} is spoken here")
        return info.alias

    async def subscribe(self) -> None:
        """Let notifications come; only then the first frame may be sent."""
        try:
            async with asyncio.timeout(STEP_S):
                # BlueZ: AcquireNotify keeps every notification apart, where StartNotify may merge them. What it loses
                # before it is ready does not matter: the wearable is silent until the greeting.
                await self.client.start_notify(DATA_UUID, self._notified, bluez={"use_start_notify": False})
        except _FAILURES as error:
            raise RadioError(self.address, f"no subscription: {_reason(error)}") from error

    async def send(self, frame: bytes, reliable: bool) -> None:
        """Write the frame; `reliable` waits for the wearable's response."""
        try:
            async with asyncio.timeout(STEP_S):
                await self.client.write_gatt_char(CONTROL_UUID, frame, response=reliable)
        except _FAILURES as error:
            raise RadioError(self.address, f"write failed: {_reason(error)}") from error

    async def receive(self, timeout_s: float) -> bytes | None:
        """Return the next frame, None when none comes in time; frames that came before a loss are still given."""
        if not self._frames.empty():  # a timeout for each frame would cost more than opening it
            return self._frames.get_nowait()
        if self._lost.is_set():
            raise RadioError(self.address, "the connection was lost")
        try:
            async with asyncio.timeout(timeout_s):
                return await self._frames.get()
        except TimeoutError:
            return None

    async def close(self) -> None:
        """Disconnect; never raises."""
        client, self._client = self._client, None
        if client is not None:
            try:
                async with asyncio.timeout(STEP_S):
                    await client.disconnect()
            except _FAILURES:
                return

    async def _not_info(self, why: str) -> RadioError:
        """Another value than INFO was read: another version, or BlueZ knows another attribute table than there is."""
        await attribute_cache.forget(self.address)
        return RadioError(self.address, f"this is no info of a wearable: {why}")

    def _notified(self, _characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        if not self._frames.full():  # a lost frame is asked for again, memory is not
            self._frames.put_nowait(bytes(value))


async def connect(sighting: Sighting, limit_s: float = CONNECT_S) -> Connection:
    """Return an open connection, not yet subscribed; RadioError when the wearable is not reached in that time."""
    connection = Connection(sighting.address, asyncio.Queue(MOST_WAITING), asyncio.Event())
    try:
        async with asyncio.timeout(limit_s):
            await connection.open(sighting)
    except _FAILURES as error:
        raise RadioError(sighting.address, _reason(error)) from error
    return connection


async def reach(sighting: Sighting) -> tuple[Connection, Sighting]:
    """Connect over the adapter that hears best, and when that fails over the others; return how it was reached.

    RadioError when no adapter reaches the wearable.
    """
    ways = (sighting, *sighting.others)
    for number, way in enumerate(ways, 1):
        try:
            return await connect(way), way
        except RadioError as error:
            if number == len(ways):
                raise
            log.info("%s: not reached (%s): %s; the next adapter is tried", way.name, way.signal, error.problem)
    raise AssertionError


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
