"""The baseline of the gateway's benchmark: bleak and nothing more takes bare notifications of the same wearables.

Run by virtual_gateway as `main([bytes, connections, name …])`: each wearable is connected to, asked and left.
"""

import asyncio
from collections.abc import Sequence

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from paceline_protocol.gatt import CONTROL_UUID, DATA_UUID, SERVICE_UUID

from paceline_tools.bench.gateway_peer import RAW_MARK

LIMIT_S = 240


def main(arguments: Sequence[str]) -> int:
    """Take the bytes of every wearable named; 0 when all came."""
    asyncio.run(_take_in_time(int(arguments[0]), int(arguments[1]), list(arguments[2:])))
    return 0


async def _take_in_time(size: int, connections: int, names: list[str]) -> None:
    async with asyncio.timeout(LIMIT_S):
        await _take_all(size, connections, names)


async def _take_all(size: int, connections: int, names: list[str]) -> None:
    found: dict[str, BLEDevice] = {}
    async with BleakScanner() as scanner:
        async for device, advertisement in scanner.advertisement_data():
            if advertisement.local_name in names:
                found[advertisement.local_name] = device
            if len(found) == len(names):
                break
    slots, connecting = asyncio.Semaphore(connections), asyncio.Lock()
    await asyncio.gather(*(_take(device, size, slots, connecting) for device in found.values()))


async def _take(device: BLEDevice, size: int, slots: asyncio.Semaphore, connecting: asyncio.Lock) -> None:
    async with slots:
        client = BleakClient(device, services=[SERVICE_UUID])
        async with connecting:
            await client.connect()
        whole, taken = asyncio.Event(), 0

        def take(_: BleakGATTCharacteristic, value: bytearray) -> None:
            nonlocal taken
            taken += len(value)
            if taken >= size:
                whole.set()

        await client.start_notify(DATA_UUID, take)
        await client.write_gatt_char(CONTROL_UUID, RAW_MARK + size.to_bytes(4, "little"), response=False)
        await whole.wait()
        await client.disconnect()
