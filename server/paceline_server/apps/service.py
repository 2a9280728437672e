"""Rules of the apps."""

import base64
import hashlib
import hmac
from collections.abc import Callable

from paceline_server.apps import store
from paceline_server.apps.model import LONGEST_NAME, App
from paceline_server.apps.redirects import checked_redirects
from paceline_server.errors import ConflictError, InvalidError, NotFoundError
from paceline_server.platform.database import Database
from paceline_server.platform.ids import is_id, new_id
from paceline_server.platform.paging import Page
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import APP

MOST_APPS = 50
ALL = Page(MOST_APPS)


class AppService:
    """Registers apps and knows them again; a secret is shown once and kept as its hash."""

    def __init__(self, database: Database, clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._random_bytes = random_bytes
        self._made = SharedLimit(database, APP, clock)

    async def register(self, owner_id: str, name: str, redirect_uris: list[str], kind: str) -> tuple[App, str | None]:
        """Register an app and return it with its secret, None for a public one; ConflictError when there are many."""
        called = name.strip()
        if not 0 < len(called) <= LONGEST_NAME or not called.isprintable():
            raise InvalidError("field", f"name must be a text of 1 to {LONGEST_NAME} characters.", field="name")
        uris = checked_redirects(redirect_uris)
        await self._made.take(owner_id)
        secret = base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()
        kept = _hash(secret) if kind == "confidential" else None
        now = self._clock()
        app = App(owner_id, new_id(now, self._random_bytes), called, uris, kept, now)
        if not await self._database.write(store.add, app, MOST_APPS):
            raise ConflictError("too_many_apps", f"An account has at most {MOST_APPS} apps.")
        return app, secret if kept is not None else None

    async def find(self, client_id: str) -> App | None:
        """Return the app of an id that a request names."""
        return await self._database.read(store.find, client_id) if is_id(client_id) else None

    async def own(self, owner_id: str, page: Page = ALL) -> list[App]:
        """Return what an owner has registered: all, or a page of it and one more if there is another."""
        return await self._database.read(store.list_for, owner_id, page)

    async def remove(self, owner_id: str, client_id: str) -> None:
        """Forget an app: nothing that was let in by it is renewed any more. NotFoundError when it is not there."""
        if not is_id(client_id) or not await self._database.write(store.remove, owner_id, client_id):
            raise NotFoundError("not_found", "There is no such app.")


def secret_fits(app: App, secret: str) -> bool:
    """Tell whether this is a confidential app's secret."""
    return app.secret_hash is not None and hmac.compare_digest(app.secret_hash, _hash(secret))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
