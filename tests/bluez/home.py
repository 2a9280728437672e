"""A home: the guest with its BlueZ, a gateway in it, and a wearable with the real firmware on the same air."""

import asyncio
import functools
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bluez.lossy_air import LossyAir
from bluez.recorded_pages import recorded_pages
from paceline_protocol.page import PAGE_SIZE
from paceline_tools.guest.machine import PYTHON, Guest
from paceline_tools.virtual.provision import provision
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

JOURNAL_BYTES = 256 * 1024
JOURNAL_PAGES = JOURNAL_BYTES // PAGE_SIZE + 1
FLASH_PAGES = 128
EPOCH = 0x51A1
BLUETOOTHD = ("/usr/libexec/bluetooth/bluetoothd", "-n")
LIMIT_S = 60
REVIVED_S = 0.5
Test = Callable[["Home"], Awaitable[None]]
LONGEST_LOG = 6000
GATEWAY_USER = "paceline"
"""As a service: no rights but those of the group bluetooth."""
LOGS = ("dmesg", "gateway", "bluetoothd", "relay", "dbus")


def within(limit_s: float) -> Callable[[Test], Test]:
    """Give a test its own time-out, far above what it takes on a busy machine."""

    def limited(test: Test) -> Test:
        @functools.wraps(test)
        async def run(home: "Home") -> None:
            async with asyncio.timeout(limit_s):
                await test(home)

        return run

    return limited


class Home:
    """See the module. The gateway's files in the guest are below `/home/NUMBER`, new for each test."""

    def __init__(self, guest: Guest, air: LossyAir, folder: Path) -> None:
        self.guest = guest
        self.air = air
        self._folder = folder
        self._number = 0
        self._worn: VirtualWearable | None = None
        self._manager: asyncio.Task[None] | None = None

    async def boot(self) -> None:
        """Bring BlueZ up."""
        await self.guest.start("dbus", ["/usr/bin/dbus-daemon", "--system", "--nofork", "--nopidfile"])
        await self.guest.plug_adapter()
        await self.guest.start("bluetoothd", BLUETOOTHD)
        self._manager = asyncio.create_task(self._keep_bluetoothd())

    async def shut_down(self) -> None:
        """Let nobody look after BlueZ any more."""
        if self._manager is not None:
            self._manager.cancel()
            await asyncio.gather(self._manager, return_exceptions=True)

    async def _keep_bluetoothd(self) -> None:
        """Start it again when it has died, as D-Bus and systemd do for who calls it: 5.66 now and then segfaults."""
        while True:
            if await self.guest.status("bluetoothd") is not None:
                await self.guest.start("bluetoothd", BLUETOOTHD)
            await asyncio.sleep(REVIVED_S)

    async def tidy(self) -> None:
        """After a test that failed: let the next one begin with everything in its place."""
        await self.guest.stop("gateway", signal.SIGKILL)
        self.air.cut_all()
        await self.guest.unplug_adapter()
        await self.guest.plug_adapter()
        await self.guest.send_signal("bluetoothd", signal.SIGKILL)

    @asynccontextmanager
    async def wearable(self, pages: int = JOURNAL_PAGES) -> AsyncIterator[VirtualWearable]:
        """Wear a wearable of which nothing was pulled yet, and let a new gateway know it."""
        self._number += 1
        identity = Identity(bytes([0xB0 + self._number]) * 8, bytes([self._number]) * 32)
        state = self._folder / f"wearable-{self._number}"
        settings = BoardSettings(utc_s=int(time.time()), journal_bytes=FLASH_PAGES * PAGE_SIZE)
        wearable = VirtualWearable(self.air, state, identity, settings)
        await asyncio.to_thread(provision, state, identity, settings.journal_bytes)
        with wearable.flash_path.open("r+b") as flash:
            flash.write(recorded_pages(identity.device_key, EPOCH, pages))
        await self._introduce(identity)
        self._worn = wearable
        await wearable.switch_on()
        try:
            yield wearable
        finally:
            await wearable.switch_off()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Run the gateway as a service."""
        await self.start_gateway("run")
        try:
            yield
        finally:
            await self.guest.stop("gateway")

    async def start_gateway(self, *arguments: str) -> None:
        """Start the gateway's own program."""
        command = [PYTHON, "-m", "paceline_gateway", "--config", self.config, *arguments]
        await self.guest.start("gateway", command, GATEWAY_USER)

    async def spooled(self) -> bytes:
        """Return what the gateway holds of the wearable."""
        paths = await self.guest.paths(f"{self._home}/spool/**/*.journal")
        return await self.guest.read(paths[0]) if paths else b""

    async def held_bytes(self) -> int:
        """Return how much the gateway holds of the wearable."""
        paths = await self.guest.paths(f"{self._home}/spool/**/*.journal")
        return await self.guest.size(paths[0]) if paths else 0

    async def holds(self, size: int, limit_s: float = LIMIT_S) -> None:
        """Wait until the gateway holds so many bytes."""

        async def there() -> bool:
            return await self.held_bytes() >= size

        await self.guest.until(there, limit_s, f"the gateway does not hold {size} bytes")

    async def follows(self, wearable: VirtualWearable, limit_s: float = LIMIT_S) -> None:
        """See that what the wearable records now comes to the gateway: a workout is begun, once."""
        size = await self.held_bytes()
        await wearable.press("start")
        await self.holds(size + 20, limit_s)
        await self.assert_equal(wearable, size + 20)

    async def assert_equal(self, wearable: VirtualWearable, at_least: int = JOURNAL_BYTES) -> None:
        """Compare, byte by byte, what the gateway holds with the wearable's flash."""
        held = await self.spooled()
        assert len(held) >= at_least
        assert held == wearable.flash_path.read_bytes()[: len(held)]

    async def logs(self) -> str:
        """Return what everybody in the guest said, for a person who looks for a fault."""
        await self.guest.start("dmesg", ["/usr/sbin/dmesg"])
        await self.guest.ended("dmesg", LIMIT_S)
        texts = [f"--- console\n{self.guest.console()}"]
        texts += [f"--- {name}\n{(await self.guest.log(name))[-LONGEST_LOG:]}" for name in LOGS]
        texts += ["--- wearable", *(self._worn.lines if self._worn else ())]
        return "\n".join(texts)

    @property
    def config(self) -> str:
        """The gateway's settings file in the guest."""
        return f"{self._home}/gateway.toml"

    @property
    def _home(self) -> str:
        return f"/home/{self._number}"

    async def _introduce(self, identity: Identity) -> None:
        await self.guest.write(f"{self._home}/key", identity.device_key.hex(), user=GATEWAY_USER)
        settings = f'[wearables.{identity.device_id.hex()}]\nkey_file = "key"\nname = "W{self._number}"\n'
        await self.guest.write(self.config, settings, user=GATEWAY_USER)
