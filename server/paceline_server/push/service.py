"""Rules of push subscriptions."""

import base64
import binascii
from collections.abc import Callable

from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.platform.database import Database
from paceline_server.push import store
from paceline_server.push.encryption import AUTH_SIZE, public_key
from paceline_server.push.keeping import Keeper
from paceline_server.push.model import Receiver, Subscription
from paceline_server.push.places import Places


class PushService:
    """An owner's browsers; `server_key` makes the public key by which they know this server (it may read a file)."""

    def __init__(
        self,
        database: Database,
        keeper: Keeper,
        places: Places,
        clock: Callable[[], float],
        server_key: Callable[[], str],
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._places = places
        self._clock = clock
        self.server_key = server_key

    async def add(self, owner_id: str, name: str, endpoint: str, public: str, auth: str) -> tuple[Subscription, bool]:
        """Keep a browser, over what was kept of the same endpoint, and tell whether it is new.

        InvalidError names what cannot be: an endpoint of a push service that is not known, keys that are none.
        """
        if not self._places.allow(endpoint):
            raise InvalidError("field", "This push service is not one of those that may be asked.", field="endpoint")
        receiver = Receiver(endpoint, _decoded(public, "keys.p256dh"), _decoded(auth, "keys.auth"))
        try:
            public_key(receiver.public_key)
        except ValueError as error:
            raise InvalidError("field", "This is no public key of P-256.", field="keys.p256dh") from error
        if len(receiver.auth) != AUTH_SIZE:
            raise InvalidError("field", "The secret has 16 bytes.", field="keys.auth")
        kept = self._keeper.subscription(owner_id, name, receiver, self._clock())
        return kept, await self._database.write(store.add, kept)

    async def every(self, owner_id: str) -> list[Subscription]:
        """Return an owner's browsers, in the order in which they were added."""
        return await self._database.read(store.every, owner_id)

    async def remove(self, owner_id: str, subscription_id: str) -> None:
        """Forget a browser; NotFoundError when there is none."""
        if not await self._database.write(store.remove, owner_id, subscription_id):
            raise NotFoundError("not_found", "There is no such browser, or it is not yours.")


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise InvalidError("field", f"{name} is base64url.", field=name) from error
