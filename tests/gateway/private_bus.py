"""A D-Bus of the test's own, and on it the face of bluetoothd: adapters, and a scan that hears nobody."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from conftest import missing
from dbus_fast import BusType, PropertyAccess, Variant
from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.annotations import DBusBool, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_property, method

SETTINGS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>{more}</policy>
</busconfig>"""


@dataclass
class Facts:
    """What an adapter tells of itself."""

    powered: bool = True
    power_state: str = "on"
    roles: tuple[str, ...] = ("central", "peripheral")
    modalias: str = "usb:v1D6Bp0246d0552"


class Adapter(ServiceInterface):
    """org.bluez.Adapter1, as far as a scan and the doctor need it."""

    def __init__(self, facts: Facts) -> None:
        super().__init__("org.bluez.Adapter1")
        self._facts = facts

    @dbus_property(access=PropertyAccess.READ)
    def Address(self) -> DBusStr:
        return "AA:BB:CC:00:00:01"

    @dbus_property(access=PropertyAccess.READ)
    def Powered(self) -> DBusBool:
        return self._facts.powered

    @dbus_property(access=PropertyAccess.READ)
    def PowerState(self) -> DBusStr:
        return self._facts.power_state

    @dbus_property(access=PropertyAccess.READ)
    def Roles(self) -> Annotated[list[str], DBusSignature("as")]:
        return list(self._facts.roles)

    @dbus_property(access=PropertyAccess.READ)
    def Modalias(self) -> DBusStr:
        return self._facts.modalias

    @method()
    def SetDiscoveryFilter(self, _properties: Annotated[dict[str, Variant], DBusSignature("a{sv}")]) -> None:
        return

    @method()
    def StartDiscovery(self) -> None:
        return

    @method()
    def StopDiscovery(self) -> None:
        return


@contextlib.asynccontextmanager
async def private_bus(folder: Path, adapters: list[Facts] | None = None, *, denied: bool = False) -> AsyncIterator[str]:
    """Run a D-Bus; give its address. `adapters` are those of a BlueZ on it, None: there is no BlueZ."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        missing("dbus-daemon is absent (apt install dbus-daemon)")
        raise AssertionError
    settings = folder / "bus.conf"
    more = '<deny send_destination="org.bluez"/>' if denied else ""
    settings.write_text(SETTINGS.format(path=folder / "bus", more=more))
    process = await asyncio.create_subprocess_exec(
        daemon, f"--config-file={settings}", "--nofork", "--print-address", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            address = (await process.stdout.readline()).decode().strip()
        async with _bluez(address, adapters):
            yield address
    finally:
        process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def _bluez(address: str, adapters: list[Facts] | None) -> AsyncIterator[None]:
    if adapters is None:
        yield
        return
    bus = await MessageBus(bus_address=address, bus_type=BusType.SYSTEM).connect()
    try:
        for number, facts in enumerate(adapters):
            bus.export(f"/org/bluez/hci{number}", Adapter(facts))
        await bus.request_name("org.bluez")
        yield
    finally:
        bus.disconnect()
        with contextlib.suppress(OSError, EOFError):
            await bus.wait_for_disconnect()


def environment(address: str) -> dict[str, str]:
    """Return this process's environment with that bus in the system bus's place."""
    return {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address}
