"""bleak's scanner on a Bumble device (bleak 3.1: `BaseBleakScanner`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement, Device

if TYPE_CHECKING:
    from bleak.backends.scanner import AdvertisementDataCallback

    from paceline_tools.radio.bleak_backend import VirtualAdapter

_Type = AdvertisingData.Type
_SERVICE_LISTS = (
    _Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    _Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    _Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    _Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)
_SERVICE_DATA = (_Type.SERVICE_DATA_16_BIT_UUID, _Type.SERVICE_DATA_128_BIT_UUID)


def uuid_string(uuid: UUID) -> str:
    """A Bumble UUID as bleak writes it: 128 bits, lower case."""
    return normalize_uuid_str(uuid.to_hex_str("-"))


class VirtualScanner(BaseBleakScanner):
    """Reports advertisements of the virtual radio, merged with their scan responses as BlueZ does."""

    adapter: ClassVar[VirtualAdapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        **_platform_options: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._device: Device | None = None

    async def start(self) -> None:
        """Begin to listen; devices seen earlier are forgotten."""
        self.seen_devices = {}
        self._device = await self.adapter.listen(self._active)
        self._device.on("advertisement", self._on_advertisement)

    async def stop(self) -> None:
        """Stop listening; a second call does nothing."""
        device, self._device = self._device, None
        if device is not None:
            device.remove_listener("advertisement", self._on_advertisement)
            await self.adapter.listen_no_more()

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        key = str(advertisement.address)
        known = self.seen_devices.get(key)
        heard = _advertisement_data(advertisement, known[1] if known else None)
        if not self.is_allowed_uuid(heard.service_uuids):
            return
        details = {"address": advertisement.address}
        device = self.create_or_update_device(
            key, advertisement.address.to_string(False), heard.local_name, details, heard
        )
        self.call_detection_callbacks(device, heard)


def _advertisement_data(advertisement: Advertisement, known: AdvertisementData | None) -> AdvertisementData:
    data = advertisement.data
    name = data.get(_Type.COMPLETE_LOCAL_NAME) or data.get(_Type.SHORTENED_LOCAL_NAME)
    listed = [uuid_string(uuid) for kind in _SERVICE_LISTS for uuids in data.get_all(kind) for uuid in uuids]
    service_data = {uuid_string(uuid): bytes(value) for kind in _SERVICE_DATA for uuid, value in data.get_all(kind)}
    manufacturer = {int(company): bytes(value) for company, value in data.get_all(_Type.MANUFACTURER_SPECIFIC_DATA)}
    return AdvertisementData(
        local_name=str(name) if name else (known.local_name if known else None),
        manufacturer_data=manufacturer or (known.manufacturer_data if known else {}),
        service_data=service_data or (known.service_data if known else {}),
        service_uuids=list(dict.fromkeys(listed)) or (known.service_uuids if known else []),
        tx_power=None,
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )
