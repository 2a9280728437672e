"""A server that is told to stop while uploads run: what it acknowledged is there, what it began is done later."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout
from paceline_protocol.page import PAGE_SIZE
from paceline_tools.bench.server_data import DEVICE_KEY, journal_pages

DEVICE_ID = "0011223344556677"
EPOCHS: tuple[int, ...] = (11, 12, 13)
WAIT_S = 90.0
BEFORE_STOP = 6


async def serve(data: Path) -> tuple[Process, str]:
    """Start a server in a process group of its own."""
    command = (sys.executable, "-m", "paceline_server", "serve", "--data", str(data), "--port", "0")
    words = ("--requests-per-minute", "100000000")
    server = await asyncio.create_subprocess_exec(*command, *words, stdout=PIPE, stderr=DEVNULL, start_new_session=True)
    assert server.stdout is not None
    async with asyncio.timeout(WAIT_S):
        line = (await server.stdout.readline()).decode()
    found = re.search(r"http://\S+?(?=/ )", line)
    assert found is not None, line
    return server, found.group()


class Uploads:
    """Uploads journals page by page, each on and on; remembers up to where the server acknowledged them."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http
        self.pages = {epoch: journal_pages(epoch) for epoch in EPOCHS}
        self.acknowledged = dict.fromkeys(EPOCHS, 0)
        self.statuses = list[int]()
        self.enough = asyncio.Event()

    async def run(self, url: str, epoch: int) -> None:
        """Upload from where the journal stands to its end, or until the server is gone."""
        at = self.acknowledged[epoch]
        while at < len(self.pages[epoch]) * PAGE_SIZE:
            page = self.pages[epoch][at // PAGE_SIZE]
            path = f"{url}/api/v1/devices/{DEVICE_ID}/journal/{epoch}?position={at}"
            try:
                async with self.http.put(path, data=page) as response:
                    self.statuses.append(response.status)
                    at = (await response.json())["position"]
            except (ClientError, OSError):
                return
            self.acknowledged[epoch] = at
            if len(self.statuses) >= BEFORE_STOP:
                self.enough.set()


async def test_what_was_acknowledged_is_there_after_a_stop_under_load(tmp_path: Path) -> None:
    data = tmp_path / "data"
    setup = (sys.executable, "-m", "paceline_server", "setup", "--data", str(data), "--username", "ann")
    made = await asyncio.create_subprocess_exec(*setup, stdout=PIPE)
    said = (await made.communicate())[0].decode()
    token, owner_id = said.rsplit(": ", 1)[1].strip(), said.split("user id: ")[1].split()[0]
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(headers=headers, timeout=ClientTimeout(total=WAIT_S)) as http:
        server, url = await serve(data)
        claim = {"device_id": DEVICE_ID, "device_key": DEVICE_KEY.hex()}
        async with http.post(f"{url}/api/v1/devices", json=claim) as response:
            assert response.status == 201, await response.text()
        uploads = Uploads(http)
        running = [asyncio.create_task(uploads.run(url, epoch)) for epoch in EPOCHS]
        async with asyncio.timeout(WAIT_S):
            await uploads.enough.wait()
            os.killpg(server.pid, signal.SIGTERM)  # all of its processes, as a terminal or a supervisor may do
            await asyncio.gather(*running)
            assert await server.wait() == 0
        assert set(uploads.statuses) == {200}
        server, url = await serve(data)
        for epoch in EPOCHS:
            async with http.get(f"{url}/api/v1/devices/{DEVICE_ID}/journal/{epoch}") as response:
                assert (await response.json())["position"] >= uploads.acknowledged[epoch]
        await asyncio.gather(*(uploads.run(url, epoch) for epoch in EPOCHS))
        async with asyncio.timeout(WAIT_S):
            while (found := await activities(http, url, owner_id)) != [3600] * len(EPOCHS):
                assert len(found) <= len(EPOCHS)
                await asyncio.sleep(0.2)
        server.terminate()
        async with asyncio.timeout(WAIT_S):
            assert await server.wait() == 0


async def activities(http: ClientSession, url: str, owner_id: str) -> list[int]:
    """Return how many rows each activity has."""
    async with http.get(f"{url}/api/v1/users/{owner_id}/activities") as response:
        return [one["points_count"] for one in (await response.json())["activities"]]
