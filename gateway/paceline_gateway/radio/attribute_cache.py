"""BlueZ's memory of a device's attributes. It outlives connections and, for a device that is not bonded, every change.

A wearable whose firmware gave its services other handles is then read at the old ones: nothing, or another value.
"""

from bleak.exc import BleakError
from bleak_retry_connector import clear_cache


async def forget(address: str) -> None:
    """Let BlueZ forget the device, which ends its connection; the next sighting is a new one. Never raises."""
    try:
        await clear_cache(address)
    except (BleakError, OSError, EOFError, TimeoutError):
        return  # nothing was forgotten, so the next connection will tell the same again
