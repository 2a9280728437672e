"""`python -m paceline_tools.bench.server [--users N] [--activities N] [--database-url URL]`: a server, measured.

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
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from aiohttp import ClientSession
from paceline_protocol.page import PAGE_SIZE
from paceline_server.config import Config

from paceline_tools.bench.server_data import cpu_s, fill, journal_pages, resident_bytes

GOAL_START_S = 2.0
GOAL_RESIDENT_BYTES = 120 << 20
GOAL_READ_CPU_S = 0.010
GOAL_LIGHT_P99_S = 0.050
READS = 200
UPLOADERS = 4
UPLOAD_S = 15.0
PAUSE_S = 0.02
EPOCHS = 60  # more than are uploaded in the time


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="paceline_tools.bench.server")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--activities", type=int, default=2000)
    parser.add_argument("--database-url", help="an empty PostgreSQL database (default: SQLite)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data=Path(folder) / "data", database_url=options.database_url)
        began = time.perf_counter()
        user = fill(config, options.users, options.activities, UPLOADERS)
        rows = options.users * options.activities
        engine = "SQLite" if config.one_process else "PostgreSQL"
        took_s = time.perf_counter() - began
        print(
            f"{engine}, {options.users} users with {options.activities} activities each: {rows} rows in {took_s:.0f} s"
        )
        return 0 if asyncio.run(_measure(config, *user)) else 1


async def _measure(config: Config, owner_id: str, token: str, devices: list[str]) -> bool:
    process, url, start_s = await _start(config)
    try:
        async with ClientSession(url, headers={"Authorization": f"Bearer {token}"}) as http:
            await _get(http, "/healthz")
            met = [
                _said("start", start_s, GOAL_START_S, "s"),
                _said("resident memory, idle", resident_bytes(process.pid) / 2**20, GOAL_RESIDENT_BYTES / 2**20, "MiB"),
            ]
            for path in await _reads(http, owner_id):
                met.append(await _measure_reads(http, process.pid, path, owner_id))
            met.append(await _measure_light(http, process.pid, owner_id, devices))
            print(f"  resident memory after it all {resident_bytes(process.pid) / 2**20:.0f} MiB")
    finally:
        process.terminate()
        await process.wait()
    return all(met)


async def _start(config: Config) -> tuple[Process, str, float]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "paceline_server", "serve", "--data", str(config.data), "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, "--database-url", config.url, stdout=PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.search(r"http://\S+?(?=/ )", line)
    if found is None:
        raise SystemExit(f"the server did not start: {line}")
    return process, found.group(), time.perf_counter() - began


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


async def _measure_reads(http: ClientSession, pid: int, path: str, owner_id: str) -> bool:
    for _ in range(10):
        await _get(http, path)
    before, walls = cpu_s(pid), list[float]()
    for _ in range(READS):
        walls.append(await _get(http, path))
    name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path.replace(owner_id, "…"))
    each_s = (cpu_s(pid) - before) / READS
    wall_ms = statistics.median(walls) * 1e3
    return _said(f"GET {name}, wall {wall_ms:.1f} ms, CPU", each_s * 1e3, GOAL_READ_CPU_S * 1e3, "ms")


async def _measure_light(http: ClientSession, pid: int, owner_id: str, devices: list[str]) -> bool:
    journals = [journal_pages(epoch) for epoch in range(1, EPOCHS + 1)]
    first, device_id = journals.pop(), devices[0]
    uploading = [asyncio.create_task(_upload(http, device_id, [first], math.inf, EPOCHS))]
    walls = [await _get(http, f"/api/v1/users/{owner_id}")]
    while not await _is_idle(http) or not uploading[0].done():  # the first journal loads the decoder
        walls.append(await _get(http, f"/api/v1/users/{owner_id}"))
    print(f"  a light request while the first journal loads the decoder: worst {max(walls) * 1e3:.0f} ms, once a start")
    until = time.perf_counter() + UPLOAD_S
    before = cpu_s(pid)
    uploading = [asyncio.create_task(_upload(http, device_id, journals, until)) for device_id in devices]
    walls = list[float]()
    began = time.perf_counter()
    while not all(task.done() for task in uploading):
        walls.append(await _get(http, f"/api/v1/users/{owner_id}"))
        await asyncio.sleep(PAUSE_S)
    took_s = time.perf_counter() - began
    hours = sum(await asyncio.gather(*uploading))
    while not await _is_idle(http):  # noqa: ASYNC110 (another process gets idle)
        await asyncio.sleep(0.2)
    walls.sort()
    spent_s = cpu_s(pid) - before
    print(f"  {UPLOADERS} uploaders: {hours:.1f} h of recording in {took_s:.1f} s, {spent_s / hours:.2f} s CPU each")
    print(
        f"  a light request beside them: median {statistics.median(walls) * 1e3:.1f} ms, worst {walls[-1] * 1e3:.1f} ms"
    )
    return _said("  its 99th percentile", walls[int(len(walls) * 0.99)] * 1e3, GOAL_LIGHT_P99_S * 1e3, "ms")


async def _upload(
    http: ClientSession, device_id: str, journals: list[list[bytes]], until: float, first_epoch: int = 1
) -> float:
    """Upload journals page by page, epoch after epoch; return how many hours of recording that were."""
    hours = 0.0
    for epoch, pages in enumerate(journals, first_epoch):
        for number, page in enumerate(pages):
            if time.perf_counter() >= until:
                return hours
            url = f"/api/v1/devices/{device_id}/journal/{epoch}?position={number * PAGE_SIZE}"
            async with http.put(url, data=page) as response:
                response.raise_for_status()
            hours += 1 / len(pages)
    return hours


async def _is_idle(http: ClientSession) -> bool:
    async with http.get("/metrics") as response:
        return "\npaceline_events_due 0\n" in await response.text()


async def _get(http: ClientSession, path: str) -> float:
    began = time.perf_counter()
    async with http.get(path) as response:
        response.raise_for_status()
        await response.read()
    return time.perf_counter() - began


def _said(name: str, value: float, goal: float, unit: str) -> bool:
    met = value <= goal
    print(f"  {name:<58} {value:>8.2f} {unit:<4} goal ≤ {goal:g}: {'met' if met else 'MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
