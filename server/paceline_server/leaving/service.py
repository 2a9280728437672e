"""Rules of leaving."""

from collections.abc import Callable

from paceline_server.leaving import store
from paceline_server.platform.database import Database
from paceline_server.users.service import UserService


class LeavingService:
    """Deletes accounts; `notify` wakes who deletes the files."""

    def __init__(
        self, database: Database, users: UserService, clock: Callable[[], float], notify: Callable[[], None]
    ) -> None:
        self._database = database
        self._users = users
        self._clock = clock
        self._notify = notify

    async def leave(self, owner_id: str, password: str, address: str) -> None:
        """Delete an account with all that is its; ForbiddenError for a wrong password, TooManyError over the limit.

        On return nobody can log in to it or read it; the files are gone within moments.
        """
        await self._users.confirm(owner_id, password, address)
        await self._database.write(store.leave, owner_id, self._clock())
        self._notify()
