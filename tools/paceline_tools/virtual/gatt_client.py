"""The board as GATT client of a central that is connected to it: Bumble's client, answered by events."""

import asyncio

from bumble import att
from bumble.core import UUID, BaseBumbleError
from bumble.device import Connection, Peer
from bumble.gatt_client import ServiceProxy

from paceline_tools.virtual.gatt_table import Interrupts

_CHARACTERISTIC_RESULT, _CHARACTERISTIC_DONE, _READ_RESULT, _READ_DONE = 11, 12, 15, 16
_ATT_ERROR = 0x100  # NimBLE's BLE_HS_ERR_ATT_BASE
_TIMED_OUT = 13  # BLE_HS_ETIMEOUT
_ANY_SERVICE = UUID.from_16_bits(0x1800)


class ClientOfCentral:
    """One connection's client; each procedure ends with its event of completion and NimBLE's status."""

    def __init__(self, connection: Connection, interrupts: Interrupts) -> None:
        self._handle = connection.handle
        self._client = Peer(connection).gatt_client
        self._interrupts = interrupts

    async def discover_characteristics(self, start: int, end: int, uuid: str | None) -> None:
        """Tell of the characteristics with values in the range, those with this UUID or all."""
        status = 0
        try:
            range_of_handles = ServiceProxy(self._client, start, end, _ANY_SERVICE)
            wanted = [UUID(uuid)] if uuid else []
            for found in await self._client.discover_characteristics(wanted, range_of_handles):
                digits = found.uuid.to_hex_str("").lower()
                values = [self._handle, found.end_group_handle, found.handle, int(found.properties), digits]
                self._interrupts.interrupt(_CHARACTERISTIC_RESULT, values)
        except (BaseBumbleError, asyncio.CancelledError, TimeoutError) as error:
            status = _status(error)
        self._interrupts.interrupt(_CHARACTERISTIC_DONE, [self._handle, status])

    async def read(self, handle: int) -> None:
        """Tell what a value is."""
        status = 0
        try:
            value = bytes(await self._client.read_value(handle))
            self._interrupts.interrupt(_READ_RESULT, [self._handle, handle, value])
        except (BaseBumbleError, asyncio.CancelledError, TimeoutError) as error:
            status = _status(error)
        self._interrupts.interrupt(_READ_DONE, [self._handle, handle, status])


def _status(error: BaseException) -> int:
    return _ATT_ERROR + int(error.error_code) if isinstance(error, att.ATT_Error) else _TIMED_OUT
