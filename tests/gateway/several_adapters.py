"""Adapters by name on the virtual radio, each with its own signal strength; bleak asks for one as it does on BlueZ."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import bleak
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from bumble.device import Device
from paceline_tools.radio.bleak_backend import VirtualAdapter
from paceline_tools.radio.bleak_client import VirtualClient
from paceline_tools.radio.bleak_scanner import VirtualScanner


@dataclass
class Adapter:
    """One of them. `present`: plugged in; `connects`: its connections succeed."""

    device: Device
    rssi_dbm: int
    present: bool = True
    connects: bool = True
    connections: int = 0


def install_adapters(adapters: Mapping[str, Adapter]) -> Callable[[], None]:
    """Make them this process's; the result puts the platform's back."""
    backends = {name: _backends(name, adapter) for name, adapter in adapters.items()}

    def scanner(*arguments: Any, **options: Any) -> VirtualScanner:
        return backends[options["bluez"]["adapter"]][0](*arguments, **options)

    def client(device: BLEDevice, **options: Any) -> VirtualClient:
        return backends[device.details["adapter"]][1](device, **options)

    names = {"get_platform_scanner_backend_type": scanner, "get_platform_client_backend_type": client}
    before = {name: getattr(bleak, name) for name in names}
    for name, backend in names.items():
        setattr(bleak, name, functools.partial(_type, backend))

    def uninstall() -> None:
        for name, function in before.items():
            setattr(bleak, name, function)

    return uninstall


def _type(backend: object) -> tuple[object, str]:
    return backend, "paceline-virtual"


def _backends(name: str, adapter: Adapter) -> tuple[type[VirtualScanner], type[VirtualClient]]:
    async def ready() -> Device:
        return adapter.device

    under = VirtualAdapter(ready)

    class Scanner(VirtualScanner):
        async def start(self) -> None:
            if not adapter.present:
                raise BleakError(f"adapter '{name}' not found")
            await super().start()

        def call_detection_callbacks(self, device: BLEDevice, advertisement_data: AdvertisementData) -> None:
            device.details["adapter"] = name
            if adapter.present:
                super().call_detection_callbacks(device, advertisement_data._replace(rssi=adapter.rssi_dbm))

    class Client(VirtualClient):
        async def connect(self, pair: bool, **options: Any) -> None:
            if not (adapter.present and adapter.connects):
                raise BleakError("br-connection-unknown")
            await super().connect(pair, **options)
            adapter.connections += 1

    Scanner.adapter = under
    Client.adapter, Client.scanner_class = under, Scanner
    return Scanner, Client
