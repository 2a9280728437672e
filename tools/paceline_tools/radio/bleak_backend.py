"""bleak on the virtual radio: production code keeps using BleakScanner and BleakClient and knows nothing of it."""

import asyncio
import functools
from collections.abc import Awaitable, Callable

import bleak
from bumble.device import Device

from paceline_tools.radio.bleak_client import VirtualClient
from paceline_tools.radio.bleak_scanner import VirtualScanner


class VirtualAdapter:
    """A Bluetooth adapter: the Bumble device under every scanner and client of this process.

    `open_device` gives the device, powered on, on the loop that first needs it. `mtu` is what a client asks for when it
    connects (BlueZ asks for 517). Bumble has one scan state for each device where bleak allows many scanners: the
    adapter listens while any of them does.
    """

    def __init__(self, open_device: Callable[[], Awaitable[Device]], mtu: int = 517) -> None:
        self.mtu = mtu
        self._open_device = open_device
        self._device: Device | None = None
        self._opening = asyncio.Lock()
        self._scanners = 0

    async def device(self) -> Device:
        """The Bumble device, opened on first use."""
        async with self._opening:
            if self._device is None:
                self._device = await self._open_device()
            return self._device

    async def listen(self, active: bool) -> Device:
        """One more scanner listens."""
        device = await self.device()
        self._scanners += 1
        if self._scanners == 1:
            await device.start_scanning(active=active, filter_duplicates=False)
        return device

    async def listen_no_more(self) -> None:
        """One scanner fewer listens."""
        self._scanners -= 1
        if self._scanners == 0:
            await (await self.device()).stop_scanning()


def install(device: Device, mtu: int = 517) -> Callable[[], None]:
    """Make `device` (powered on) the adapter of this process; the result puts the platform's adapter back."""

    async def ready() -> Device:
        return device

    return install_adapter(VirtualAdapter(ready, mtu))


def install_adapter(adapter: VirtualAdapter) -> Callable[[], None]:
    """Make `adapter` the one of this process; the result puts the platform's adapter back."""
    scanner = type("VirtualAdapterScanner", (VirtualScanner,), {"adapter": adapter})
    client = type("VirtualAdapterClient", (VirtualClient,), {"adapter": adapter, "scanner_class": scanner})
    names = ("get_platform_scanner_backend_type", "get_platform_client_backend_type")
    before = [getattr(bleak, name) for name in names]
    for name, backend in zip(names, (scanner, client), strict=True):
        setattr(bleak, name, functools.partial(_backend_type, backend))

    def uninstall() -> None:
        for name, function in zip(names, before, strict=True):
            setattr(bleak, name, function)

    return uninstall


def _backend_type(backend: type) -> tuple[type, str]:
    return backend, "paceline-virtual"
