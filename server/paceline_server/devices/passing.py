"""Who passed a wearable on by the code on its screen is told when somebody takes it."""

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.notifications import store as notices
from paceline_server.notifications.model import PASSED_ON, Tale
from paceline_server.platform.database import Connection
from paceline_server.profile.store import written_for
from paceline_server.words.speech import gettext as _


def claim(connection: Connection, device: Device, *, anew: bool = False) -> None:
    """Add a device as store.claim does, and tell who had passed it on that somebody has it."""
    before = store.offered(connection, device.device_id)
    store.claim(connection, device, anew=anew)
    if before is not None and before.owner_id != device.owner_id:
        with written_for(connection, before.owner_id):
            tale = _tale(before)
        notices.tell(connection, before.owner_id, tale, device.claimed_at_s)


def _tale(before: Device) -> Tale:
    title = _("%(name)s has a new owner", name=before.name or _("Wearable %(id)s", id=before.device_id))
    text = _("You passed it on, and somebody claimed it by its code. What it recorded for you stays yours.")
    return Tale(PASSED_ON, f"{before.device_id} {before.released_at_s or 0.0:.0f}", title, text, "/devices")
