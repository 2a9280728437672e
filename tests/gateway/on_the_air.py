"""The whole gateway over bleak on a virtual radio: its settings, its life, what a server on loopback holds of it."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from gateway.journal_server import JournalServer
from gateway.radio_wearable import RadioWearable
from gateway.stand_in import Wearable
from paceline_gateway.actions import Instant
from paceline_gateway.config import Config, Server
from paceline_gateway.config import Wearable as Settings
from paceline_gateway.daemon import run
from paceline_gateway.visits import World

LIMIT_S = 180
Start = Callable[[Wearable], Awaitable[RadioWearable]]


def id_of(number: int) -> bytes:
    return bytes([0xA0 + number]) * 8


def key_of(number: int) -> bytes:
    return bytes([number + 1]) * 32


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def world() -> World:
    return World(lambda: Instant(time.monotonic(), time.time_ns() // 1_000_000), lambda: 0.0)


def config(folder: Path, numbers: list[int], server: Server | None = None, connections: int = 3) -> Config:
    wearables = {id_of(number): Settings(id_of(number), key_of(number), f"W{number}") for number in numbers}
    return Config(folder / "gateway.toml", folder / "spool", server, wearables, connections)


@contextlib.asynccontextmanager
async def running(settings: Config) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(run(settings, world(), stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT_S):
            await task


async def server_holds(server: JournalServer, radio: RadioWearable, size: int | None = None) -> None:
    want = len(radio.wearable.journal) if size is None else size
    key = (radio.wearable.device_id.hex(), radio.wearable.epoch)
    async with asyncio.timeout(LIMIT_S):
        while len(server.held.get(key, b"")) < want:
            server.asked.clear()
            await server.asked.wait()
    assert server.held[key] == radio.wearable.journal[: len(server.held[key])]
