"""Connections that an earlier life of the gateway left open: BlueZ keeps them when the process dies.

A wearable that is still connected does not advertise, so nobody would ever find it again.
"""

from collections.abc import Iterable

from bleak.exc import BleakError
from bleak_retry_connector import close_stale_connections_by_address


async def close_stale(addresses: Iterable[str]) -> None:
    """Disconnect these addresses; does nothing where there is no BlueZ, and never raises."""
    for address in addresses:
        try:
            await close_stale_connections_by_address(address)
        except (BleakError, OSError, EOFError, TimeoutError):
            return  # no usable adapter: the scanner is about to say so
