"""Rules of the devices."""

import re
from collections.abc import Callable

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.devices.sealed import KEY_SIZE, DeviceKeys
from paceline_server.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from paceline_server.platform.database import Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import CLAIM
from paceline_server.words.speech import N_

NOT_OFFERED = N_("This code alone claims no wearable: look at it again, have its owner pass it on, or give its key.")
_DEVICE_ID = re.compile(r"[0-9a-f]{16}")


class DeviceService:
    """Claims wearables and finds an owner's; `claim` does as store.claim, and tells who has to hear of it."""

    def __init__(
        self,
        database: Database,
        keys: DeviceKeys,
        clock: Callable[[], float],
        claim: Callable[..., None] = store.claim,
    ) -> None:
        self._database = database
        self._keys = keys
        self._claim = claim
        self._clock = clock
        self._claims = SharedLimit(database, CLAIM, clock)

    async def owned(self, owner_id: str, device_id: str) -> Device:
        """Return an owner's device; NotFoundError when it is unknown or another's."""
        device = None
        if _DEVICE_ID.fullmatch(device_id):
            device = await self._database.read(store.get, owner_id, device_id)
        if device is None:
            raise NotFoundError("not_found", "There is no such device, or it is not yours.")
        return device

    async def held(self, owner_id: str, device_id: str) -> Device:
        """Return a device that an owner has now; NotFoundError as `owned`, and when it was released."""
        device = await self.owned(owner_id, device_id)
        if device.released_at_s is not None:
            raise NotFoundError("not_found", "There is no such device, or it is not yours.")
        return device

    async def carried(self, owner_id: str, device_id: str) -> Device:
        """Return an owner's device for whom carries for it; ForbiddenError when its key is revoked, and as `owned`."""
        device = await self.held(owner_id, device_id)
        if device.revoked_at_s is not None:
            raise ForbiddenError("device_revoked", "This wearable's key was revoked: nothing of it is taken.")
        return device

    async def change(
        self, owner_id: str, device_id: str, *, name: str | None, revoked: bool | None, condition: Condition = ANY
    ) -> Device:
        """Name a device, revoke its key or trust it again; None leaves a thing as it is. Answers as `owned`.

        PreconditionError when it is not what the condition demands.
        """
        device = await self.owned(owner_id, device_id)
        values: dict[str, object] = {}
        if name is not None:
            values["name"] = " ".join(name.split())
        if revoked is not None and revoked != (device.revoked_at_s is not None):
            values["revoked_at_s"] = self._clock() if revoked else None
        return await self._database.write(store.change, owner_id, device_id, values, condition) or device

    async def release(self, owner_id: str, device_id: str, *, offer: bool = False) -> None:
        """Let go of a device: whoever has its key may claim it; what it recorded for the owner stays his.

        With `offer` whoever reads the code on its screen may for a week, without the key, which is kept. ForbiddenError
        for one that is revoked: a thief must not be able to claim it; ConflictError when its key is not known here.
        """
        device = await self.carried(owner_id, device_id)
        if offer:
            self.key_of(device)
        await self._database.write(store.release, owner_id, device.device_id, self._clock(), offer=offer)

    def key_of(self, device: Device) -> bytes:
        """Return a device's key."""
        return self._keys.of(device)

    async def list_for(self, owner_id: str) -> list[Device]:
        """Return the devices that an owner has; those released are another's by now, or nobody's."""
        devices = await self._database.read(store.list_for, owner_id)
        return [device for device in devices if device.released_at_s is None]

    async def passed_on(self, owner_id: str) -> list[tuple[Device, float]]:
        """Return the devices that an owner passes on and nobody has yet, and until when each can be claimed."""
        return [(one, one.offer_ends_s) for one in await self._database.read(store.offered_by, owner_id)]

    async def take(self, owner_id: str, device_id: str, device_key: bytes) -> bool:
        """Make the device the owner's and return whether it is newly so; it may be the owner's already, with this key.

        ConflictError when it is another's, or claimed with another key; TooManyError over the limit.
        """
        await self._claims.take(owner_id)
        device = self._checked(owner_id, device_id, device_key)
        held = await self._database.read(store.get, owner_id, device.device_id)
        if held is not None and not self._keys.fits(held, device_key):
            raise ConflictError("device_claimed", f"You claimed the device {device.device_id} with another key.")
        anew = held is not None and not self._keys.is_whole(held)
        try:
            await self._database.write(self._claim, device, anew=anew)
        except ConflictError:
            if held is None or held.released_at_s is not None:
                raise
            return False
        return True

    async def take_offered(self, owner_id: str, device_id: str) -> bool:
        """Make a device the owner's that somebody passes on, and return whether it is newly so.

        Who passes it on may take it back as long as nobody has it. ConflictError when it is another's, not passed on,
        or was so too long ago, one for all; TooManyError over the limit.
        """
        offered = await self._database.read(store.offered, device_id)
        if offered is not None and offered.owner_id != owner_id and offered.offer_ends_s <= self._clock():
            offered = None
        try:
            if offered is None:
                await self._claims.take(owner_id)
                await self.held(owner_id, device_id)
                return False
            return await self.take(owner_id, device_id, self.key_of(offered))
        except (ConflictError, NotFoundError):
            raise ConflictError("claim_code", NOT_OFFERED, field="code") from None

    def claim(self, owner_id: str, device_id: str, device_key: bytes) -> Device:
        """Make the device the owner's; blocks. ConflictError when it is claimed, also by the owner."""
        device = self._checked(owner_id, device_id, device_key)
        held = self._database.read_now(store.get, owner_id, device.device_id)
        anew = held is not None and not self._keys.is_whole(held)
        if held is not None and anew and not self._keys.fits(held, device_key):
            raise ConflictError("device_claimed", f"The journals of {device.device_id} were sealed with another key.")
        self._database.write_now(store.claim, device, anew=anew)
        return device

    def _checked(self, owner_id: str, device_id: str, device_key: bytes) -> Device:
        device_id = device_id.lower()
        if not _DEVICE_ID.fullmatch(device_id):
            raise InvalidError("device_id", "A device id has 16 hex digits.", field="device_id")
        if len(device_key) != KEY_SIZE:
            raise InvalidError("device_key", f"A device key has {KEY_SIZE} bytes, not {len(device_key)}.", field="key")
        return Device(owner_id, device_id, self._keys.sealed(owner_id, device_id, device_key), self._clock())
