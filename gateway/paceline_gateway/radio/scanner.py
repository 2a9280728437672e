"""The one scanner of the gateway: tells of every advertisement with our service."""

from collections.abc import Callable
from dataclasses import dataclass

from bleak import BleakScanner
from bleak.args.bluez import BlueZScannerArgs
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from paceline_protocol.gatt import ADVERTISED_NAME_PREFIX, SERVICE_UUID

from paceline_gateway.errors import RadioError


class FromAir(str):
    """A name that came from the air: anybody's, so that it does not stand in logs that name nobody."""


@dataclass(frozen=True)
class Sighting:
    """A wearable that advertises; `device` is bleak's, for connection.connect."""

    device: BLEDevice
    address: str
    name: FromAir
    rssi_dbm: int


class Scanner:
    """Scans between start and stop; both may be called again and again. `on_seen` is called on the event loop."""

    def __init__(self, on_seen: Callable[[Sighting], None]) -> None:
        self._on_seen = on_seen
        self._scanner: BleakScanner | None = None

    async def start(self) -> None:
        """Begin to scan; RadioError when there is no usable adapter."""
        if self._scanner is not None:
            return
        # BlueZ: without duplicates a wearable that was refused or lost would not be told of a second time.
        bluez: BlueZScannerArgs = {"filters": {"DuplicateData": True}}
        try:
            scanner = BleakScanner(self._detected, service_uuids=[SERVICE_UUID], bluez=bluez)
            await scanner.start()
        except ImportError as error:  # Android: bleak's backend lives in an app's Java, which Termux is not
            raise RadioError(
                "scanner", f"Bluetooth cannot be used: Python has none on this system ({error})"
            ) from error
        except (BleakError, OSError, EOFError, TimeoutError) as error:
            raise RadioError("scanner", f"Bluetooth cannot be used: {error}") from error
        self._scanner = scanner

    async def stop(self) -> None:
        """Stop scanning; never raises, since there is nothing to be done about it."""
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            try:
                await scanner.stop()
            except (BleakError, OSError, EOFError, TimeoutError):
                return

    def _detected(self, device: BLEDevice, data: AdvertisementData) -> None:
        # A name comes from the air: what is shown is short and printable.
        stated = data.local_name or device.name or ""
        name = "".join(character for character in stated if character.isprintable())[:32]
        known_as = FromAir(name or f"{ADVERTISED_NAME_PREFIX} {device.address}")
        self._on_seen(Sighting(device, device.address, known_as, data.rssi))
