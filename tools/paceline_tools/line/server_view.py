"""The server as its user sees it, through the API: to know when a workout has arrived."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp

from paceline_tools.line.errors import LineError

POLL_S = 0.25
Summary = Mapping[str, Any]


class ServerView:
    """A logged-in user of the server; use it as an asynchronous context manager."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self._account = {"username": username, "password": password}
        self._session: aiohttp.ClientSession
        self._user_id = ""

    async def __aenter__(self) -> "ServerView":
        timeout = aiohttp.ClientTimeout(total=10)
        self._session = aiohttp.ClientSession(f"{self.url}/", timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def answers(self, timeout_s: float) -> None:
        """Wait until the server answers; LineError when it does not in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    if await self._healthy():
                        return
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise LineError(f"The server did not answer at {self.url} within {timeout_s:.0f} s") from None

    async def log_in(self) -> None:
        """Log in with the user's name and password."""
        async with self._session.post("api/v1/auth/login", json=self._account) as response:
            if response.status != 200:
                raise LineError(f"The server refused the login: {(await response.text())[:200]}")
            body = await response.json()
        self._user_id = body["user_id"]
        self._session.headers["Authorization"] = f"Bearer {body['access_token']}"

    async def activities(self) -> list[Summary]:
        """The user's activities, the latest first."""
        async with self._session.get(f"api/v1/users/{self._user_id}/activities") as response:
            response.raise_for_status()
            return (await response.json())["activities"]

    async def activity(self, activity_id: str) -> Summary:
        """One activity in full."""
        async with self._session.get(f"api/v1/activities/{activity_id}") as response:
            response.raise_for_status()
            return await response.json()

    async def streams(self, activity_id: str) -> Mapping[str, list[float | None]]:
        """An activity's samples by column."""
        async with self._session.get(f"api/v1/activities/{activity_id}/streams") as response:
            response.raise_for_status()
            return await response.json()

    async def set_up(self, device_id: str, settings: Mapping[str, Any]) -> int:
        """Set what a wearable should know (PUT settings) and return the version that the server gives it."""
        async with self._session.put(f"api/v1/devices/{device_id}/settings", json=settings) as response:
            response.raise_for_status()
            return (await response.json())["version"]

    async def plan(self, device_id: str, plans: Sequence[Mapping[str, Any]]) -> int:
        """Set the workouts that a wearable should offer (PUT plan) and return their version."""
        async with self._session.put(f"api/v1/devices/{device_id}/plan", json={"plans": plans}) as response:
            response.raise_for_status()
            return (await response.json())["version"]

    async def want(self, device_id: str, kind: str, blob: bytes) -> int:
        """Say what blob should be on a wearable (PUT desired) and return its version."""
        async with self._session.put(f"api/v1/devices/{device_id}/desired/{kind}", data=blob) as response:
            response.raise_for_status()
            return (await response.json())["version"]

    async def wanted(self, device_id: str) -> list[str]:
        """The kinds of blobs that should be on a wearable."""
        async with self._session.get(f"api/v1/devices/{device_id}/desired") as response:
            response.raise_for_status()
            return [row["kind"] for row in (await response.json())["blobs"]]

    async def walk(self, steps: int, start_utc_s: float, end_utc_s: float) -> None:
        """Say that the user walked so many steps between two moments."""
        times = [datetime.fromtimestamp(at_s, UTC).isoformat() for at_s in (start_utc_s, end_utc_s)]
        count = {"metric": "steps", "start_time": times[0], "end_time": times[1], "value": steps}
        body = {"source": "phone", "time": times[1], "counts": [count]}
        async with self._session.post("api/v1/workouts", json=body) as response:
            response.raise_for_status()

    async def device_status(self, device_id: str) -> Mapping[str, Any]:
        """What a wearable said of itself last, as the server heard it from a gateway; empty before."""
        async with self._session.get(f"api/v1/devices/{device_id}/status") as response:
            response.raise_for_status()
            return (await response.json())["status"] or {}

    async def wait_for_status(
        self, device_id: str, wanted: Callable[[Mapping[str, Any]], bool], timeout_s: float
    ) -> Mapping[str, Any]:
        """Wait until what a wearable says of itself is as wanted and return it; LineError when it is not in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    status = await self.device_status(device_id)
                    if status and wanted(status):
                        return status
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise LineError(f"The wearable {device_id} did not say so within {timeout_s:.0f} s") from None

    async def wait_for(self, wanted: Callable[[Summary], bool], what: str, timeout_s: float) -> Summary:
        """Wait until an activity is as wanted and return it; LineError with `what` when none is in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    for summary in await self.activities():
                        if wanted(summary):
                            return summary
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise LineError(f"{what} did not reach the server within {timeout_s:.0f} s") from None

    async def _healthy(self) -> bool:
        try:
            async with self._session.get("healthz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False
