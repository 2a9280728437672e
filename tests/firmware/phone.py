"""A phone with a sensor app on the virtual radio: Bumble's host and GATT client, no code of ours but the radio."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Service
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink

PATIENCE_S = 90
Values = dict[str, Any]
RUNNING_SPEED_AND_CADENCE = b"\x14\x18"


class Phone:
    """One connection of a phone; `lost` is set when it ends."""

    def __init__(self, device: Device, connection: Connection) -> None:
        self.device = device
        self.connection = connection
        self.peer = Peer(connection)
        self.lost = asyncio.Event()
        connection.on("disconnection", lambda _reason: self.lost.set())

    async def discover(self) -> None:
        """Learn all services and characteristics."""
        await self.peer.discover_services()
        for service in self.peer.services:
            await service.discover_characteristics()

    def characteristic(self, uuid: Any) -> "CharacteristicProxy[bytes]":
        """Return the only characteristic with this UUID."""
        (found,) = self.peer.get_characteristics_by_uuid(uuid)
        return found

    async def follow(self, uuid: Any) -> "asyncio.Queue[bytes]":
        """Subscribe and return where the notifications go."""
        told: asyncio.Queue[bytes] = asyncio.Queue()
        await self.characteristic(uuid).subscribe(lambda value: told.put_nowait(bytes(value)))
        return told

    async def read(self, uuid: Any) -> bytes:
        """Read a value."""
        return bytes(await self.characteristic(uuid).read_value())


async def next_where(
    told: "asyncio.Queue[bytes]", parse: Callable[[bytes], Values], true: Callable[[Values], bool]
) -> Values:
    """Return the next parsed notification of which something is true; each one must parse."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            read = parse(await told.get())
            if true(read):
                return read


async def sensor_address(device: Device) -> Address:
    """Scan for a sensor of running speed and cadence, as an app does, and return where it is."""
    found: asyncio.Future[Address] = asyncio.get_running_loop().create_future()

    def heard(advertisement: Advertisement) -> None:
        kind = AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
        listed = advertisement.data.get(kind, raw=True)
        if isinstance(listed, bytes) and RUNNING_SPEED_AND_CADENCE in listed and not found.done():
            found.set_result(advertisement.address)

    device.on("advertisement", heard)
    await device.start_scanning(filter_duplicates=False)
    try:
        return await asyncio.wait_for(found, PATIENCE_S)
    finally:
        device.remove_listener("advertisement", heard)
        await device.stop_scanning()


@asynccontextmanager
async def phone(link: RadioLink, number: int, *services: Service) -> AsyncIterator[Phone]:
    """Switch a phone on that offers these services itself, and connect it to the sensor that it finds."""
    device, controller = make_device(link, f"phone {number}", f"C0:C1:C2:C3:C5:{number:02X}")
    for service in services:
        device.add_service(service)
    await device.power_on()
    connected = Phone(device, await device.connect(await sensor_address(device), timeout=PATIENCE_S))
    try:
        yield connected
    finally:
        link.leave(controller)
