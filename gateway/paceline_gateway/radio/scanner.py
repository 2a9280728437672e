"""The one scanner of the gateway, on one adapter or several: tells of every advertisement with our service."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from paceline_protocol.gatt import ADVERTISED_NAME_PREFIX, SERVICE_UUID

from paceline_gateway.errors import RadioError
from paceline_gateway.radio.best_adapter import GATHER_S, BestAdapter
from paceline_gateway.radio.sighting import FromAir, Sighting

_FAILURES = (BleakError, OSError, EOFError, TimeoutError)

log = logging.getLogger(__name__)


class Scanner:
    """Scans between start and stop; both may be called again and again. `on_seen` is called on the event loop.

    With several adapters each of them listens, and a sighting is told once, as the one that hears best has it. One that
    fails is left out, said once, and tried again at the next start. No adapters: the system chooses one.
    """

    def __init__(self, on_seen: Callable[[Sighting], None], adapters: Sequence[str] = ()) -> None:
        self._on_seen = on_seen
        self._adapters = tuple(adapters) or ("",)
        self._scanners: dict[str, BleakScanner] = {}
        self._failed: set[str] = set()
        self._best = BestAdapter()
        self._choices: set[asyncio.TimerHandle] = set()

    async def start(self) -> None:
        """Begin to scan; RadioError when there is no usable adapter."""
        if self._scanners:
            return
        errors: dict[str, RadioError] = {}
        for adapter in self._adapters:
            try:
                self._scanners[adapter] = await self._begun(adapter)
            except RadioError as error:
                errors[adapter] = error
        if errors and not self._scanners:
            raise next(iter(errors.values()))
        for adapter in errors.keys() - self._failed:
            log.error("%s; the other adapters go on", errors[adapter])
        for adapter in self._failed - errors.keys():
            log.info("%s: Bluetooth can be used again", adapter)
        self._failed = set(errors)

    async def stop(self) -> None:
        """Stop scanning; never raises, since there is nothing to be done about it."""
        scanners, self._scanners = self._scanners, {}
        for choice in self._choices:
            choice.cancel()
        self._choices.clear()
        self._best.forget()
        for scanner in scanners.values():
            try:
                await scanner.stop()
            except _FAILURES:
                continue

    async def _begun(self, adapter: str) -> BleakScanner:
        # BlueZ: without duplicates a wearable that was refused or lost would not be told of a second time.
        bluez: BlueZScannerArgs = {"filters": {"DuplicateData": True}}
        if adapter:
            bluez["adapter"] = adapter
        where = adapter or "scanner"
        try:
            scanner = BleakScanner(partial(self._detected, adapter), service_uuids=[SERVICE_UUID], bluez=bluez)
            await scanner.start()
        except ImportError as error:  # Android: bleak's backend lives in an app's Java, which Termux is not
            raise RadioError(where, f"Bluetooth cannot be used: Python has none on this system ({error})") from error
        except _FAILURES as error:
            raise RadioError(where, f"Bluetooth cannot be used: {error}") from error
        return scanner

    def _detected(self, adapter: str, device: BLEDevice, data: AdvertisementData) -> None:
        # A name comes from the air: what is shown is short and printable.
        stated = data.local_name or device.name or ""
        name = "".join(character for character in stated if character.isprintable())[:32]
        known_as = FromAir(name or f"{ADVERTISED_NAME_PREFIX} {device.address}")
        sighting = Sighting(device, device.address, known_as, data.rssi, adapter)
        if len(self._adapters) < 2:
            self._on_seen(sighting)
            return
        loop = asyncio.get_running_loop()
        if self._best.heard(sighting, loop.time()):
            choice = loop.call_later(GATHER_S, lambda: self._choose(sighting.address, choice))
            self._choices.add(choice)

    def _choose(self, address: str, choice: asyncio.TimerHandle) -> None:
        self._choices.discard(choice)
        best = self._best.choose(address, asyncio.get_running_loop().time())
        if best is not None:
            self._on_seen(best)
