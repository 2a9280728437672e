"""bleak's client on a Bumble device (bleak 3.1: `BaseBleakClient`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import bleak
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble import core, hci
from bumble.device import Connection, Peer
from bumble.hci import Address

from paceline_tools.radio.bleak_services import discovered, gatt_operation

if TYPE_CHECKING:
    from bleak.args import SizedBuffer

    from paceline_tools.radio.bleak_backend import VirtualAdapter
    from paceline_tools.radio.bleak_scanner import VirtualScanner


class VirtualClient(BaseBleakClient):
    """One connection over the virtual radio."""

    adapter: ClassVar[VirtualAdapter]
    scanner_class: ClassVar[type[VirtualScanner]]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None = None,
        timeout: float = 30,
        services: set[str] | None = None,
        **_platform_options: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._known = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._wanted = services
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The advertised name, or the address with dashes."""
        return (self._known and self._known.name) or self.address.replace(":", "-")

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._connection is not None

    @property
    def mtu_size(self) -> int:
        """The ATT MTU; 23 before a connection."""
        return self._connection.att_mtu if self._connection else 23

    async def connect(self, pair: bool, **_options: Any) -> None:
        """Connect, exchange the MTU and discover services; `TimeoutError` when the device does not answer."""
        if self._connection:
            raise BleakError("already connected")
        self._connection = connection = await self._open(await self._address())
        self._peer = Peer(connection)
        connection.on("disconnection", lambda _reason: self._on_disconnection(connection))
        try:
            if pair:
                await self.pair()
            await gatt_operation(self._peer.request_mtu(self.adapter.mtu))
            self.services = await discovered(self._peer, self._wanted, lambda: self.mtu_size - 3)
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """Close the link; nothing when there is none."""
        connection = self._connection
        if connection is None:
            return
        try:
            async with asyncio.timeout(self._timeout):
                await connection.disconnect()
        except (core.BaseBumbleError, hci.HCI_Error, TimeoutError):
            self._on_disconnection(connection)

    async def pair(self, *_args: Any, **_options: Any) -> None:
        """Pair when the link is not yet encrypted."""
        connection = self._link()
        if not connection.is_encrypted:
            await gatt_operation(connection.pair())

    async def unpair(self) -> None:
        """Forget a bond; this adapter keeps none."""

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_options: Any
    ) -> bytearray:
        """Read a characteristic's value."""
        self._link()
        return bytearray(await gatt_operation(characteristic.obj.read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_options: Any
    ) -> bytearray:
        """Read a descriptor's value."""
        self._link()
        return bytearray(await gatt_operation(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write a value; without response it must fit one packet."""
        self._link()
        value = bytes(data)
        if not response and len(value) > self.mtu_size - 3:
            raise BleakError(f"{len(value)} bytes without response exceed the MTU of {self.mtu_size} less 3")
        await gatt_operation(characteristic.obj.write_value(value, with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor's value."""
        self._link()
        await gatt_operation(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_options: Any
    ) -> None:
        """Subscribe; notifications are preferred to indications."""
        self._link()
        if characteristic.handle in self._subscribers:
            raise BleakError("Characteristic notifications already started")

        def subscriber(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = subscriber
        try:
            await gatt_operation(characteristic.obj.subscribe(subscriber, prefer_notify=True))
        except BaseException:
            self._subscribers.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe; nothing when there was no subscription."""
        self._link()
        subscriber = self._subscribers.pop(characteristic.handle, None)
        if subscriber:
            await gatt_operation(characteristic.obj.unsubscribe(subscriber))

    def _link(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def _address(self) -> Address:
        if self._known is None:
            self._known = await bleak.BleakScanner.find_device_by_address(
                self.address, timeout=self._timeout, backend=self.scanner_class
            )
        if self._known is None:
            raise BleakDeviceNotFoundError(self.address, f"Device with address {self.address} was not found.")
        return self._known.details["address"]

    async def _open(self, address: Address) -> Connection:
        device = await self.adapter.device()
        try:
            # With a bond Bumble first searches for the peer's private address without a limit: hence the outer one.
            async with asyncio.timeout(self._timeout + 1):
                return await device.connect(address, timeout=self._timeout)
        except asyncio.CancelledError:
            # As BlueZ does it: no connection comes that nobody waits for.
            await device.send_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            raise
        except core.TimeoutError as error:
            raise TimeoutError(f"no connection to {self.address} within {self._timeout} s") from error
        except (core.BaseBumbleError, hci.HCI_Error) as error:
            raise BleakError(f"{type(error).__name__}: {error}") from error

    def _on_disconnection(self, connection: Connection) -> None:
        if self._connection is not connection:
            return
        self._connection = self._peer = self.services = None
        self._subscribers.clear()
        if self._disconnected_callback:
            asyncio.get_running_loop().call_soon(self._disconnected_callback)
