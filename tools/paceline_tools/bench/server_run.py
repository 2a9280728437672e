"""A server in a process of its own, as a benchmark sees it: by HTTP, and by what the kernel counts."""

import asyncio
import re
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientSession
from paceline_server.config import Config

from paceline_tools.bench.server_data import cpu_s


async def start(config: Config, *words: str) -> tuple[Process, str, float]:
    """Start a server; return it, its URL and the seconds until it answers. Whoever asks is not paced."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "paceline_server", "serve", "--data", str(config.data), "--port", "0"]
    command += ["--requests-per-minute", "1000000000"]  # one client asks for all
    process = await asyncio.create_subprocess_exec(*command, "--database-url", config.url, *words, stdout=PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.search(r"http://\S+?(?=/ )", line)
    if found is None:
        raise SystemExit(f"the server did not start: {line}")
    return process, found.group(), time.perf_counter() - began


def all_cpu_s(pid: int) -> float:
    """Return the CPU time of a server and of the processes that work for it."""
    return cpu_s(pid) + sum(cpu_s(child) for child in _children(pid))


def _children(pid: int) -> Iterator[int]:
    # The kernel keeps them by the thread that started them.
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from (int(child) for child in listed.read_text().split())


async def is_idle(http: ClientSession) -> bool:
    """Tell whether no event is due."""
    async with http.get("/metrics") as response:
        return "\npaceline_events_due 0\n" in await response.text()


async def until_idle(http: ClientSession) -> None:
    """Wait until no event is due."""
    while not await is_idle(http):  # noqa: ASYNC110 (another process gets idle)
        await asyncio.sleep(0.2)


async def fetch(http: ClientSession, path: str) -> float:
    """Get a path; return the seconds that it took."""
    began = time.perf_counter()
    async with http.get(path) as response:
        response.raise_for_status()
        await response.read()
    return time.perf_counter() - began
