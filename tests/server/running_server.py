"""A real server in the test's event loop, and people who use it."""

import atexit
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from argon2 import PasswordHasher
from paceline_server.app import make_app, make_runner
from paceline_server.config import Config
from paceline_server.keys import USERS, WORKER
from paceline_server.platform.apart.caller import Apart, Limits
from paceline_server.platform.passwords import Passwords
from server.answers_checked import AnswersChecked
from server.journal_builder import DEVICE_ID, EPOCH
from server.postgres import all_bytes

PASSWORD = "correct horse battery"
NOW_S = 1_760_100_000.0


class StandingClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def __call__(self) -> float:
        return self.now_s


def cheap_passwords() -> Passwords:
    """Argon2 at its lowest cost."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@cache
def shared_apart() -> Apart:
    """Return the one process for heavy work of all servers of a test run: starting it takes as long as many a test."""
    made = Apart(Limits(niceness=0))
    atexit.register(made.close)
    return made


@dataclass
class Person:
    """A user and an API token."""

    owner_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this user carries."""
        return {"Authorization": f"Bearer {self.token}"}


class RunningServer:
    """A server process's inside, in this event loop; `stop` and `start` again over the same folder."""

    def __init__(self, data: Path, clock: StandingClock, database_url: str | None = None) -> None:
        self.data = data
        self.clock = clock
        self.config = Config(data=data, database_url=database_url, requests_per_minute=1_000_000)

    async def start(self) -> None:
        """Listen on a free port."""
        self.app = make_app(self.config, clock=self.clock, passwords=cheap_passwords(), apart=shared_apart())
        self.answers = AnswersChecked()
        self.app.on_response_prepare.append(self.answers.check)
        self._runner = make_runner(self.app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.http = ClientSession(self.url, timeout=ClientTimeout(total=90))

    async def stop(self) -> None:
        """Stop listening and close everything."""
        await self.http.close()
        await self._runner.cleanup()
        assert self.answers.faults == []

    @property
    def place(self) -> tuple[str, ...]:
        """What tells a command that it is about this server."""
        return "--data", str(self.data), "--database-url", self.config.url

    def kept(self) -> bytes:
        """Return the database's bytes."""
        if self.config.one_process:
            return b"".join(path.read_bytes() for path in self.data.glob("paceline.sqlite3*"))
        return all_bytes(self.config.url)

    async def put(self, person: Person, data: bytes, position: int, **headers: str) -> tuple[int, dict[str, Any]]:
        """Upload journal bytes; return status and answer."""
        url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position={position}"
        async with self.http.put(url, data=BytesIO(data), headers=person.headers | headers) as response:
            return response.status, await response.json()

    async def get(self, person: Person, path: str) -> tuple[int, dict[str, Any]]:
        """Ask for something under /api/v1; return status and answer."""
        async with self.http.get(f"/api/v1{path}", headers=person.headers) as response:
            return response.status, await response.json()

    async def settled(self) -> None:
        """Wait until what was uploaded is made into activities."""
        await self.app[WORKER].idle()

    async def activities(self, person: Person) -> list[dict[str, Any]]:
        """Return the user's activities in full, the latest first."""
        await self.settled()
        _, answer = await self.get(person, f"/users/{person.owner_id}/activities")
        return [(await self.get(person, f"/activities/{a['activity_id']}"))[1] for a in answer["activities"]]


def make_person(server: RunningServer, name: str) -> Person:
    """Make a user."""
    user, token = server.app[USERS].create(name, PASSWORD)
    return Person(user.owner_id, token)


async def log_in(server: RunningServer, person: Person) -> Person:
    """Return the person with a session in place of the API token."""
    user = await server.app[USERS].get(person.owner_id)
    body = {"username": user.username, "password": PASSWORD}
    async with server.http.post("/api/v1/auth/login", json=body) as response:
        return Person(person.owner_id, (await response.json())["access_token"])
