"""A whole server in this process, filled through its real ingest API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from paceline_server.app import make_app, make_runner
from paceline_server.config import Config
from paceline_server.keys import DEVICES, USERS
from web.workout import Journal, Second, run

USERNAME = "mira"
PASSWORD = "pedal-softly-7"
DEVICE_ID = "00000000000000a1"
DEVICE_KEY = bytes(range(32))
START_UTC_S = 1_715_494_440  # 2024-05-12 06:14:00 UTC
FIRST_DAY = "Sun 12 May 2024"  # of the run that a site has from the beginning; other tests add other days
WAIT_S = 120.0


@dataclass
class Site:
    """A running server, its user, and a client that uploads as the user's gateway does."""

    address: str
    owner_id: str
    client: ClientSession
    app: web.Application

    async def upload(self, epoch: int, position: int, data: bytes) -> None:
        """PUT a range of a journal."""
        path = f"/api/v1/devices/{DEVICE_ID}/journal/{epoch}?position={position}"
        async with self.client.put(path, data=data) as answer:
            assert answer.status == 200, await answer.text()

    async def wait_for(self, start_utc_s: int, status: str, points: int) -> dict[str, Any]:
        """Wait until the activity of this start has the status and as many points; bounded."""
        async with asyncio.timeout(WAIT_S):
            while True:
                async with self.client.get(f"/api/v1/users/{self.owner_id}/activities") as answer:
                    found = (await answer.json())["activities"]
                for activity in found:
                    same = (activity["start_utc_s"], activity["status"]) == (start_utc_s, status)
                    if same and activity["points_count"] >= points:
                        return activity
                await asyncio.sleep(0.05)


@asynccontextmanager
async def running_site(data: Path, **settings: Any) -> AsyncIterator[Site]:
    """Serve from an empty data folder on loopback, with one user, the admin, who owns one device."""
    chosen: dict[str, Any] = {"log_in_attempts_per_minute": 1000, "requests_per_minute": 100_000} | settings
    runner = make_runner(make_app(Config(data=data, **chosen)))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        app = runner.app
        user, token = await asyncio.to_thread(app[USERS].create, USERNAME, PASSWORD)
        await asyncio.to_thread(app[DEVICES].claim, user.owner_id, DEVICE_ID, DEVICE_KEY)
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with ClientSession(address, headers={"Authorization": f"Bearer {token}"}) as client:
            yield Site(address, user.owner_id, client, app)
    finally:
        await runner.cleanup()


async def add_finished_run(site: Site, epoch: int, seconds: int, seed: int, start_utc_s: int) -> dict[str, Any]:
    """Upload a finished run and wait until the server has made its activity."""
    route = list(run(seed, seconds))
    journal = Journal(DEVICE_KEY, epoch)
    journal.start(1, start_utc_s, 0)
    journal.samples(route)
    journal.finish(1, route, length_m(route))
    await site.upload(epoch, 0, journal.data)
    return await site.wait_for(start_utc_s, "finished", seconds)


def length_m(route: list[Second]) -> int:
    """Distance by speed: what the wearable's own totals say."""
    return sum(second.speed_cm_s for second in route) // 100
