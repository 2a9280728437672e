"""The other end of the gateway's benchmark, in bytes: a wearable with a long journal, and one that only notifies."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from bumble import att
from bumble.core import AdvertisingData, BaseBumbleError
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from paceline_protocol.alias import make_alias
from paceline_protocol.gatt import CONTROL_UUID, DATA_UUID, INFO_UUID, SERVICE_UUID, pack_info
from paceline_protocol.handshake import DeviceHandshake
from paceline_protocol.messages import (
    ACK,
    CREDIT,
    DATA,
    GET_STATUS,
    LINK_VERSION,
    READ,
    SET_TIME,
    STATUS,
    decode,
    encode,
)
from paceline_protocol.secure_channel import FRAME_OVERHEAD, SecureChannel

from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink

MTU = 247
DATA_BYTES = MTU - 3 - FRAME_OVERHEAD - 5
EPOCH = 0x5EED0024
RAW_MARK = b"raw"
"""Written instead of a greeting it asks for that many (u32) bytes of bare notifications."""


class JournalPeer:
    """docs/PROTOCOL.md from the wearable's side over a journal in memory; `utc_s` is what its clock shows."""

    def __init__(self, device_id: bytes, key: bytes, journal: bytes, utc_s: int) -> None:
        self.device_id = device_id
        self.key = key
        self.journal = journal
        self.alias = make_alias(key, b"salt")
        self.confirmed = 0
        self._utc_s = utc_s
        self._raw = 0
        self.connected()

    def connected(self) -> None:
        """Forget the last connection."""
        self._handshake = DeviceHandshake(self.alias, self.key, bytes(16), MTU)
        self._channel: SecureChannel | None = None
        self._cursor, self._credits = len(self.journal), 0

    def receive(self, frame: bytes) -> list[bytes]:
        """Take a frame; return what is notified for it."""
        if frame.startswith(RAW_MARK):
            self._raw = int.from_bytes(frame[len(RAW_MARK) :], "little")
            return []
        if self._channel is None:
            answer = self._handshake.receive(frame)
            if not self._handshake.done:
                return [answer]
            self._channel = self._handshake.channel(_aes_ecb)
            return [self._channel.seal(self._status())]
        kind, fields = decode(self._channel.open(frame))
        if kind == READ:
            self._cursor, self._credits = fields.position, fields.credits
        elif kind == CREDIT:
            self._credits += fields.credits
        elif kind == ACK:
            self.confirmed = max(self.confirmed, fields.confirmed)
        elif kind == SET_TIME:
            self._utc_s = fields.utc_ms // 1000
        return [self._channel.seal(self._status())] if kind == GET_STATUS else []

    def next_frame(self) -> bytes | None:
        """Return the next frame of the stream, None when none may be sent."""
        if self._raw:
            part = min(self._raw, MTU - 3)
            self._raw -= part
            return bytes(part)
        if self._channel is None or not self._credits or self._cursor >= len(self.journal):
            return None
        piece = self.journal[self._cursor : self._cursor + DATA_BYTES]
        frame = self._channel.seal(encode(DATA, position=self._cursor, data=piece))
        self._cursor += len(piece)
        self._credits -= 1
        return frame

    def _status(self) -> bytes:
        return encode(
            STATUS,
            epoch=EPOCH,
            start=0,
            end=len(self.journal),
            confirmed=self.confirmed,
            t_s=86_400,
            utc_s=self._utc_s,
            battery_percent=80,
            battery_millivolt=3900,
            recording=0,
            session=1,
            firmware=bytes(3),
            fix=0,
            user=0,
            settings_version=0,
            plan_version=0,
            assistance_version=0,
        )


class Peripheral:
    """A JournalPeer on the virtual radio; `told` is called at each connection, frame written and disconnection."""

    def __init__(self, link: RadioLink, peer: JournalPeer, address: str, told: Callable[[], None]) -> None:
        self.peer = peer
        self.visits = 0
        self._told = told
        self._device, _controller = make_device(link, "wearable", address)
        self._connection: Connection | None = None
        self._answers: deque[bytes] = deque()
        self._more = asyncio.Event()
        flags, permissions = Characteristic.Properties, att.Attribute.Permissions
        self._data = Characteristic(DATA_UUID, flags.NOTIFY, permissions.READABLE, b"")
        info = Characteristic(INFO_UUID, flags.READ, permissions.READABLE, pack_info(LINK_VERSION, peer.alias))
        writes = flags.WRITE | flags.WRITE_WITHOUT_RESPONSE
        taken = CharacteristicValue(write=self._written)
        control = Characteristic(CONTROL_UUID, writes, permissions.WRITEABLE, taken)
        self._device.add_service(Service(SERVICE_UUID, [info, control, self._data]))
        self._device.gatt_server.max_mtu = MTU
        self._device.on("connection", self._connected)

    async def run(self) -> None:
        """Power on, advertise and answer for ever."""
        await self._device.power_on()
        kind = AdvertisingData.Type
        uuid = bytes.fromhex(SERVICE_UUID.replace("-", ""))[::-1]
        fields = [(kind.FLAGS, bytes([6])), (kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuid)]
        self._device.advertising_data = bytes(AdvertisingData(fields))
        name = b"Paceline-" + self.peer.device_id.hex()[-4:].upper().encode()
        self._device.scan_response_data = bytes(AdvertisingData([(kind.COMPLETE_LOCAL_NAME, name)]))
        await self._device.start_advertising(
            advertising_interval_min=100, advertising_interval_max=100, auto_restart=True
        )
        while True:
            await self._more.wait()
            self._more.clear()
            while (connection := self._connection) is not None:
                frame = self._answers.popleft() if self._answers else self.peer.next_frame()
                if frame is None:
                    break
                with contextlib.suppress(BaseBumbleError):
                    await self._device.notify_subscriber(connection, self._data, frame)

    def _connected(self, connection: Connection) -> None:
        self.visits += 1
        self._connection = connection
        self._answers.clear()
        self.peer.connected()
        connection.on("disconnection", lambda _reason: self._lost(connection))
        self._told()

    def _lost(self, connection: Connection) -> None:
        if self._connection is connection:
            self._connection = None
        self._told()

    def _written(self, _connection: Connection, frame: bytes) -> None:
        self._answers.extend(self.peer.receive(bytes(frame)))
        self._more.set()
        self._told()


def _aes_ecb(key: bytes) -> Callable[[bytes], bytes]:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update  # noqa: S305 (CTR is built from it)
