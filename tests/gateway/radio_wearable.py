"""The stand-in wearable as a Bumble peripheral: what it answers in bytes goes over a virtual radio."""

import asyncio
import contextlib

from bumble import att
from bumble.core import AdvertisingData, BaseBumbleError
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from gateway.stand_in import Wearable
from paceline_protocol.gatt import CONTROL_UUID, DATA_UUID, INFO_UUID, SERVICE_UUID, pack_info
from paceline_protocol.messages import LINK_VERSION
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink


class RadioWearable:
    """Advertises and serves one Wearable; `grow` appends to its journal."""

    def __init__(self, link: RadioLink, wearable: Wearable, address: str) -> None:
        self.wearable = wearable
        self.connections = 0
        self.device, self.controller = make_device(link, "wearable", address)
        self._connection: Connection | None = None
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._more = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        flags = Characteristic.Properties
        permissions = att.Attribute.Permissions
        self._data = Characteristic(DATA_UUID, flags.NOTIFY, permissions.READABLE, b"")
        info = Characteristic(INFO_UUID, flags.READ, permissions.READABLE, pack_info(LINK_VERSION, wearable.alias))
        control = Characteristic(
            CONTROL_UUID,
            flags.WRITE | flags.WRITE_WITHOUT_RESPONSE,
            permissions.WRITEABLE,
            CharacteristicValue(write=self._written),
        )
        self.device.add_service(Service(SERVICE_UUID, [info, control, self._data]))
        self.device.gatt_server.max_mtu = 247
        self.device.on("connection", self._connected)

    async def start(self) -> None:
        """Power on and advertise, again after each disconnection."""
        await self.device.power_on()
        kind = AdvertisingData.Type
        uuid = bytes.fromhex(SERVICE_UUID.replace("-", ""))[::-1]
        fields = [(kind.FLAGS, bytes([6])), (kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuid)]
        self.device.advertising_data = bytes(AdvertisingData(fields))
        name = b"Paceline-" + self.wearable.device_id.hex()[-4:].upper().encode()
        self.device.scan_response_data = bytes(AdvertisingData([(kind.COMPLETE_LOCAL_NAME, name)]))
        await self.device.start_advertising(advertising_interval_min=20, advertising_interval_max=20, auto_restart=True)
        self._task = asyncio.create_task(self._talk())

    async def stop(self) -> None:
        """Say nothing any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def grow(self, data: bytes) -> None:
        """Record more."""
        self.wearable.journal += data
        self._more.set()

    def _connected(self, connection: Connection) -> None:
        self.connections += 1
        self._connection = connection
        self._answers = asyncio.Queue()
        self.wearable.connected()
        connection.on("disconnection", lambda _reason: self._lost(connection))

    def _lost(self, connection: Connection) -> None:
        if self._connection is connection:
            self._connection = None

    def _written(self, _connection: Connection, frame: bytes) -> None:
        for answer in self.wearable.receive(bytes(frame)):
            self._answers.put_nowait(answer)
        self._more.set()

    async def _talk(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while (connection := self._connection) is not None:
                frames = [self._answers.get_nowait()] if not self._answers.empty() else self.wearable.stream(1)
                if not frames:
                    break
                with contextlib.suppress(BaseBumbleError):
                    await self.device.notify_subscriber(connection, self._data, frames[0])
