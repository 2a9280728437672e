"""Rules of what should be on wearables: who may set it, what is taken, in which version."""

import io
import json
from collections.abc import Callable
from typing import Any

from paceline_protocol import wrist_plan, wrist_settings
from paceline_protocol.bundle import Bundle, BundleError
from paceline_protocol.code_tables import BLOB_KINDS

from paceline_server.desired import composer, store
from paceline_server.desired.model import DesiredBlob, DeviceStatus
from paceline_server.desired.wrist_fields import settings_blob
from paceline_server.devices.service import DeviceService
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.events import store as events
from paceline_server.events.declared import WEARABLE_CHANGED
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition

LARGEST_BLOB = 1 << 20  # what gateways keep
KINDS = {name.replace(" ", "-"): kind for kind, name in enumerate(BLOB_KINDS) if name}
_FIRMWARE, _NOTICES = KINDS["firmware"], KINDS["notices"]
_CHECKS = {KINDS["settings"]: wrist_settings.check, KINDS["plan"]: wrist_plan.check}
_PIECE = 4096


class DesiredService:
    """Takes, gives and versions the blobs of an owner's wearables; `notify` wakes who composes settings."""

    def __init__(
        self, database: Database, devices: DeviceService, clock: Callable[[], float], notify: Callable[[], None]
    ) -> None:
        self._database = database
        self._devices = devices
        self._clock = clock
        self._notify = notify

    async def blobs(self, owner_id: str, device_id: str) -> list[DesiredBlob]:
        """Return what should be on the device; NotFoundError when it is unknown or another's."""
        await self._devices.owned(owner_id, device_id)
        return [blob for blob in await self._database.read(store.blobs, owner_id, device_id) if blob.data]

    async def carried(self, owner_id: str, device_id: str) -> list[DesiredBlob]:
        """Do as `blobs` for who carries them to the device; ForbiddenError when its key is revoked."""
        await self._devices.carried(owner_id, device_id)
        return await self.blobs(owner_id, device_id)

    async def blob(self, owner_id: str, device_id: str, name: str) -> DesiredBlob:
        """Return one blob by the name of its kind; NotFoundError when there is none."""
        for blob in await self.blobs(owner_id, device_id):
            if blob.kind == KINDS.get(name):
                return blob
        raise NotFoundError("not_found", "There is nothing of this kind for the device.")

    async def want(
        self, owner_id: str, device_id: str, name: str, data: bytes, condition: Condition = ANY
    ) -> DesiredBlob:
        """Set a blob as the wearable takes it, empty data for none; InvalidError when it would refuse.

        PreconditionError when the one before is not what the condition demands.
        """
        device = await self._devices.carried(owner_id, device_id)
        kind = KINDS.get(name)
        if kind is None:
            raise NotFoundError("not_found", f"There is no such kind; there are {', '.join(KINDS)}.")
        if kind == _NOTICES:
            raise InvalidError("notices", "What is told on a wearable is made of its wearers' notifications alone.")
        version = _checked(kind, data, self._devices.key_of(device)) if data else None
        key, now_s = (owner_id, device_id, kind), self._clock()
        return await self._database.write(_want, *key, data, version, now_s, condition)

    async def set_settings(
        self, owner_id: str, device_id: str, fields: dict[str, Any], condition: Condition = ANY
    ) -> DesiredBlob:
        """Set settings by hand and return the blob, in which what is not set is as the wearers' profiles say.

        InvalidError when a wearable would refuse what is set, PreconditionError as `want`.
        """
        await self._devices.carried(owner_id, device_id)
        settings_blob(fields)
        text = json.dumps(fields, separators=(",", ":"), sort_keys=True)
        blob = await self._database.write(_set_settings, owner_id, device_id, text, self._clock(), condition)
        self._notify()
        return blob

    async def settings_by_hand(self, owner_id: str, device_id: str) -> bytes:
        """Return the settings blob of what was set by hand alone; NotFoundError when nothing was."""
        await self._devices.owned(owner_id, device_id)
        by_hand = await self._database.read(store.by_hand, owner_id, device_id)
        if by_hand.whole:
            return (await self.blob(owner_id, device_id, "settings")).data
        if by_hand.text is None:
            raise NotFoundError("not_found", "Nothing was set by hand for the device.")
        return settings_blob(by_hand.fields)

    async def is_composed(self, owner_id: str, device_id: str) -> bool:
        """Tell whether the settings follow the wearers' profiles and goals."""
        return not (await self._database.read(store.by_hand, owner_id, device_id)).whole

    async def heard(self, owner_id: str, device_id: str, said: DeviceStatus) -> None:
        """Keep what a gateway heard from the device."""
        await self._devices.carried(owner_id, device_id)
        await self._database.write(store.heard, owner_id, device_id, said)

    async def status(self, owner_id: str, device_id: str) -> DeviceStatus | None:
        """Return what the device said last, None when no gateway has told."""
        await self._devices.owned(owner_id, device_id)
        return await self._database.read(store.status, owner_id, device_id)


def _want(
    connection: Connection,
    owner_id: str,
    device_id: str,
    kind: int,
    data: bytes,
    version: int | None,
    now_s: float,
    condition: Condition,
) -> DesiredBlob:
    if kind == composer.SETTINGS:
        store.set_by_hand(connection, owner_id, device_id, None)
    return store.want(connection, owner_id, device_id, kind, data, version, now_s, condition)


def _set_settings(
    connection: Connection, owner_id: str, device_id: str, text: str, now_s: float, condition: Condition
) -> DesiredBlob:
    store.demand(connection, owner_id, device_id, composer.SETTINGS, condition)
    store.set_by_hand(connection, owner_id, device_id, text)
    found = composer.made(connection, owner_id, device_id, now_s)
    if found is None:  # released at this moment
        raise NotFoundError("not_found", "There is no such device, or it is not yours.")
    composer.keep(connection, owner_id, device_id, found, now_s)
    events.emit(connection, WEARABLE_CHANGED, owner_id, device_id, now_s)
    return {blob.kind: blob for blob in store.blobs(connection, owner_id, device_id)}[composer.SETTINGS]


def _checked(kind: int, data: bytes, device_key: bytes) -> int | None:
    """Return the version that the blob itself states, None for most; InvalidError when a wearable would refuse it."""
    if kind in _CHECKS and (wrong := _CHECKS[kind](data)):
        raise InvalidError(BLOB_KINDS[kind], f"The wearable would refuse this: {wrong}.")
    if kind != _FIRMWARE:
        return None
    try:
        bundle = Bundle(io.BytesIO(data), bytearray(_PIECE))
        bundle.check_tag(device_key)
        bundle.data_offset()
    except BundleError as error:
        raise InvalidError("firmware", f"The wearable would refuse this: {error}.") from error
    return int.from_bytes(bundle.header.firmware, "big")
