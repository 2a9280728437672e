"""The Bluetooth stack under the board's `bluetooth` module: Bumble answers its calls and raises its events.

One object lives as long as the board's process; its device leaves the air with it.
"""

import asyncio
import secrets
from typing import Any

from bumble.core import BaseBumbleError
from bumble.device import Connection, Device
from bumble.gatt import Characteristic
from bumble.hci import Address, HCI_Error, HCI_LE_Set_Random_Address_Command

from paceline_tools.radio.controller import RadioController
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.gatt_client import ClientOfCentral
from paceline_tools.virtual.gatt_table import GattTable, Interrupts

ENOMEM, EINVAL, ENOTCONN = 12, 22, 128  # as the ESP32 port numbers them
_CONNECT, _DISCONNECT, _INDICATE_DONE, _MTU, _ENCRYPTION = 1, 2, 20, 21, 28
_PUBLIC, _RESOLVABLE = 0, 2  # address modes
_RENEWED_MS = 200
_WAITING_PACKETS = 24  # beyond which NimBLE's buffers are exhausted
# A full radio answers late, so that a firmware that sleeps in virtual time does not spin on it.
_FULL_S = 0.002

Result = tuple[Any, bytes]


class Peripheral:
    """The stack of one board. `notified` and `refused` count gatts_notify calls taken and answered with ENOMEM."""

    def __init__(self, link: RadioLink, address: str, interrupts: Interrupts) -> None:
        self._link = link
        self._address = address
        self._interrupts = interrupts
        self._settings: dict[str, Any] = {"mtu": 256, "gap_name": "MPY ESP32", "rxbuf": 256, "bond": False}
        self._settings["addr_mode"] = _PUBLIC
        self._key = secrets.token_bytes(16)
        self._radio: tuple[Device, RadioController] | None = None
        self._connections: dict[int, Connection] = {}
        self._table = GattTable(interrupts)
        self._tasks: set[asyncio.Task[None]] = set()
        self.notified = 0
        self.refused = 0

    async def call(self, method: str, arguments: list[Any], payload: bytes) -> Result:
        """Answer one call of the board's module; OSError carries the number the firmware sees."""
        answer = getattr(self, f"on_{method}", None)
        if answer is None:
            raise OSError(EINVAL, f"no such call: {method}")
        return await answer(payload, *arguments)

    def leave(self) -> None:
        """Lose the power: no more advertisements, and peers see a supervision timeout."""
        if self._radio is not None:
            self._link.leave(self._radio[1])
        self._radio = None
        self._connections.clear()

    @property
    def _device(self) -> Device:
        if self._radio is None:
            raise OSError(19, "the radio is off")
        return self._radio[0]

    async def on_active(self, _payload: bytes, on: bool) -> Result:
        """Switch the radio."""
        if not on:
            self.leave()
            return None, b""
        self._radio = make_device(self._link, self._settings["gap_name"], self._address)
        self._table = GattTable(self._interrupts)
        device = self._radio[0]
        device.on("connection", self._on_connection)
        await device.power_on()
        device.gatt_server.max_mtu = self._settings["mtu"]
        return None, b""

    async def on_set_config(self, _payload: bytes, name: str, value: Any) -> Result:
        """Change a setting; the MTU counts from the next exchange on."""
        if name == "addr_mode":
            await self._set_address_mode(value)
        self._settings[name] = value
        if name == "mtu":
            self._device.gatt_server.max_mtu = value
        return None, b""

    async def renew_address(self) -> None:
        """Do what a controller with resolvable private addresses does every few minutes."""
        device = self._device
        advertising = device.is_advertising
        if advertising:
            await device.stop_advertising()
        await self._take_address(Address.generate_private_address(self._key))
        if advertising:
            await device.start_advertising(
                advertising_interval_min=_RENEWED_MS, advertising_interval_max=_RENEWED_MS, auto_restart=False
            )

    async def _set_address_mode(self, mode: int) -> None:
        if mode == self._settings["addr_mode"]:
            return
        if mode not in (_PUBLIC, _RESOLVABLE):
            raise OSError(EINVAL, f"address mode {mode} is not modelled")
        if mode == _RESOLVABLE:
            await self.renew_address()
        else:
            if self._device.is_advertising:
                await self._device.stop_advertising()
            await self._take_address(Address(self._address))

    async def _take_address(self, address: Address) -> None:
        await self._device.send_command(HCI_LE_Set_Random_Address_Command(random_address=address))
        self._device.random_address = address

    async def on_get_config(self, _payload: bytes, name: str) -> Result:
        """Read a setting."""
        if name == "mac":
            if self._settings["addr_mode"] == _RESOLVABLE:
                raise OSError(EINVAL, "a private address is the controller's own business")
            return 1, bytes(self._device.random_address)[::-1]
        if name not in self._settings:
            raise OSError(EINVAL, name)
        value = self._settings[name]
        return (None, value.encode()) if isinstance(value, str) else (value, b"")

    async def on_advertise(
        self, payload: bytes, interval_us: int | None, lengths: list[int], connectable: bool
    ) -> Result:
        """Advertise with new data, or stop."""
        device = self._device
        if device.is_advertising:
            await device.stop_advertising()
        advertisement, response = lengths
        if max(lengths) > 31:
            raise OSError(EINVAL, "advertising data beyond 31 bytes")
        if advertisement >= 0:
            device.advertising_data = payload[:advertisement]
        if response >= 0:
            device.scan_response_data = payload[max(advertisement, 0) :]
        if interval_us is None or not connectable:
            return None, b""
        # The virtual advertiser takes 0.625 ms units for milliseconds.
        interval_ms = max(interval_us, 20_000) / 1000
        await device.start_advertising(
            advertising_interval_min=interval_ms, advertising_interval_max=interval_ms, auto_restart=False
        )
        return None, b""

    async def on_disconnect(self, _payload: bytes, handle: int) -> Result:
        """End a connection; the event follows."""
        connection = self._connections.get(handle)
        if connection is None:
            return False, b""
        self._spawn(_quietly(connection.disconnect()))
        return True, b""

    async def on_pair(self, _payload: bytes, handle: int) -> Result:
        """Ask the central to pair."""
        self._device.request_pairing(self._connection(handle))
        return None, b""

    async def on_register(self, _payload: bytes, services: list[Any]) -> Result:
        """Register the services, once for each activation."""
        return self._table.register(self._device, services), b""

    async def on_write(self, payload: bytes, handle: int, send_update: bool) -> Result:
        """Set a local value."""
        attribute = self._table.attribute(handle)
        attribute.set_local(payload)
        if send_update and attribute.characteristic is not None:
            await self._device.notify_subscribers(attribute.characteristic, payload)
        return len(payload), b""

    async def on_set_buffer(self, _payload: bytes, handle: int, room: int, append: bool) -> Result:
        """Make room."""
        self._table.attribute(handle).set_buffer(room, append)
        return None, b""

    async def on_notify(self, payload: bytes, connection_handle: int, handle: int) -> Result:
        """Notify, subscribed or not, as NimBLE does; ENOMEM while the queue is full."""
        connection = self._connection(connection_handle)
        characteristic = self._table.characteristic(handle)
        queue = self._device.host.get_data_packet_queue(connection_handle)
        if queue is not None and queue.pending > _WAITING_PACKETS:
            self.refused += 1
            await asyncio.sleep(_FULL_S)
            raise OSError(ENOMEM, "the radio is full")
        self.notified += 1
        await self._device.gatt_server.notify_subscriber(connection, characteristic, payload, force=True)
        return None, b""

    async def on_indicate(self, payload: bytes, connection_handle: int, handle: int) -> Result:
        """Indicate; the confirmation comes as an event."""
        connection = self._connection(connection_handle)
        self._spawn(self._indicate(connection, self._table.characteristic(handle), payload, handle))
        return None, b""

    async def on_discover_characteristics(
        self, _payload: bytes, connection_handle: int, start: int, end: int, uuid: str | None
    ) -> Result:
        """Look for characteristics of the central; they come as events."""
        client = ClientOfCentral(self._connection(connection_handle), self._interrupts)
        self._spawn(client.discover_characteristics(start, end, uuid))
        return None, b""

    async def on_read(self, _payload: bytes, connection_handle: int, handle: int) -> Result:
        """Read a value of the central; it comes as an event."""
        self._spawn(ClientOfCentral(self._connection(connection_handle), self._interrupts).read(handle))
        return None, b""

    async def _indicate(
        self, connection: Connection, characteristic: Characteristic[bytes], payload: bytes, handle: int
    ) -> None:
        status = 0
        try:
            await self._device.gatt_server.indicate_subscriber(connection, characteristic, payload, force=True)
        except (BaseBumbleError, TimeoutError, OSError):
            status = 13  # BLE_HS_ETIMEOUT
        self._interrupts.interrupt(_INDICATE_DONE, [connection.handle, handle, status])

    def _on_connection(self, connection: Connection) -> None:
        handle = connection.handle
        peer = [handle, int(connection.peer_address.address_type), bytes(connection.peer_address)[::-1]]
        self._connections[handle] = connection

        def gone(_reason: int) -> None:
            if self._connections.pop(handle, None) is not None:
                self._interrupts.interrupt(_DISCONNECT, peer)

        def encryption() -> None:
            self._interrupts.interrupt(_ENCRYPTION, [handle, bool(connection.is_encrypted), False, False, 16])

        connection.on("disconnection", gone)
        connection.on(
            "connection_att_mtu_update", lambda: self._interrupts.interrupt(_MTU, [handle, connection.att_mtu])
        )
        connection.on("connection_encryption_change", encryption)
        self._interrupts.interrupt(_CONNECT, peer)

    def _connection(self, handle: int) -> Connection:
        connection = self._connections.get(handle)
        if connection is None:
            raise OSError(ENOTCONN, f"no connection {handle}")
        return connection

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Any) -> None:
    try:
        await work
    except (BaseBumbleError, HCI_Error):
        return  # the link was lost meanwhile: what was wanted
