"""A program with bleak that knows nothing of the virtual radio; runs in another process under virtual_gateway."""

import asyncio
from collections.abc import Sequence

from bleak import BleakClient, BleakScanner


def main(arguments: Sequence[str]) -> int:
    """Connect to the named device, read a characteristic, say so, and stay connected if asked to."""
    name, characteristic, stay = arguments
    return asyncio.run(_visit(name, characteristic, stay == "stay"))


async def _visit(name: str, characteristic: str, stay: bool) -> int:
    device = await BleakScanner.find_device_by_name(name, timeout=10)
    if device is None:
        print("not found", flush=True)
        return 3
    async with BleakClient(device) as client:
        print("read", bytes(await client.read_gatt_char(characteristic)), client.mtu_size, flush=True)
        if stay:
            await asyncio.Event().wait()
    return 0
