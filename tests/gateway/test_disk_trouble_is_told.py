"""A running gateway whose disk makes trouble for one wearable: one message for a person, and the others go on."""

import asyncio
import errno
import logging
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, server_holds, some_bytes
from gateway.radio_wearable import RadioWearable
from gateway.stand_in import EPOCH, Wearable
from paceline_gateway.config import Server

LARGE, SMALL = 300_000, 8000
LIMIT = 100_000
TRIES = 2


def told(caplog: pytest.LogCaptureFixture, path: Path) -> list[str]:
    """What is said of the path to somebody who looks for errors."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.ERROR and str(path) in record.getMessage()
    ]


@pytest.fixture
async def two(wear: Start) -> tuple[RadioWearable, RadioWearable]:
    """The wearable in trouble, and another."""
    large = await wear(Wearable(some_bytes(LARGE, 0), key_of(0), id_of(0)))
    return large, await wear(Wearable(some_bytes(SMALL, 1), key_of(1), id_of(1)))


async def connected_again(radio: RadioWearable, times: int = TRIES) -> None:
    async with asyncio.timeout(LIMIT_S):
        while radio.connections < times:  # noqa: ASYNC110 -- only asking tells
            await asyncio.sleep(0.01)


async def goes_on(server: JournalServer, radio: RadioWearable) -> None:
    """What this wearable records now comes to the server."""
    radio.grow(some_bytes(500, 77))
    await server_holds(server, radio)


def journal_path(folder: Path, number: int) -> Path:
    return folder / "spool" / id_of(number).hex() / f"{EPOCH:08x}.journal"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel refuses to write beyond that size, as it refuses on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_file_that_may_not_grow_is_told_once_and_grows_when_it_may(
    tmp_path: Path,
    two: tuple[RadioWearable, RadioWearable],
    server: tuple[JournalServer, Server],
    caplog: pytest.LogCaptureFixture,
) -> None:
    large, small = two
    path = journal_path(tmp_path, 0)
    async with running(config(tmp_path, [0, 1], server[1])):
        with files_of_at_most(LIMIT):
            await connected_again(large)
            await goes_on(server[0], small)
            assert path.stat().st_size == LIMIT
            assert max(ack.position for ack in large.wearable.acks) <= LIMIT
            (message,) = told(caplog, path)
            assert f"{path}: File too large; next try in" in message
        await server_holds(server[0], large)
    assert path.read_bytes() == bytes(large.wearable.journal)
    assert len(told(caplog, path)) == 1


@pytest.mark.parametrize(("call", "number"), [("pwrite", errno.EROFS), ("fsync", errno.EIO)])
async def test_a_disk_that_turns_read_only_is_told_once_and_used_again_when_it_is_mended(
    tmp_path: Path,
    two: tuple[RadioWearable, RadioWearable],
    server: tuple[JournalServer, Server],
    caplog: pytest.LogCaptureFixture,
    call: str,
    number: int,
) -> None:
    large, small = two
    path = journal_path(tmp_path, 0)
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, call, number, path)
        async with running(config(tmp_path, [0, 1], server[1])):
            await connected_again(large)
            await goes_on(server[0], small)
            (message,) = told(caplog, path)
            assert f"{path}: {os.strerror(number)}; next try in" in message
            assert not any(ack.position for ack in large.wearable.acks)
            patch.undo()
            await server_holds(server[0], large)
    assert path.read_bytes() == bytes(large.wearable.journal)


def refuse(patch: pytest.MonkeyPatch, call: str, number: int, path: Path) -> None:
    """The kernel refuses this call for the file."""
    real: Callable[..., Any] = getattr(os, call)

    def refusing(descriptor: int, *rest: Any) -> Any:
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            raise OSError(number, os.strerror(number))
        return real(descriptor, *rest)

    patch.setattr(os, call, refusing)


async def test_a_spool_file_that_is_none_is_told_once_and_the_others_go_on(
    tmp_path: Path,
    two: tuple[RadioWearable, RadioWearable],
    server: tuple[JournalServer, Server],
    caplog: pytest.LogCaptureFixture,
) -> None:
    large, small = two
    path = journal_path(tmp_path, 0)
    path.mkdir(parents=True)
    async with running(config(tmp_path, [0, 1], server[1])):
        await connected_again(large)
        await goes_on(server[0], small)
        messages = told(caplog, path)
        assert len(messages) <= 2, messages  # by the visit, and by who uploads
        assert all(f"{path}: Is a directory" in message for message in messages)
        path.rmdir()
        await server_holds(server[0], large)


async def test_a_spool_file_that_was_cut_short_is_pulled_again_from_there(
    tmp_path: Path, two: tuple[RadioWearable, RadioWearable], server: tuple[JournalServer, Server]
) -> None:
    large, _ = two
    path = journal_path(tmp_path, 0)
    async with running(config(tmp_path, [0, 1], server[1])):
        await server_holds(server[0], large)
    os.truncate(path, 12_345)
    async with running(config(tmp_path, [0, 1], server[1])):
        await goes_on(server[0], large)
    assert path.read_bytes() == bytes(large.wearable.journal)


async def test_a_spool_file_with_more_than_the_wearable_has_is_told_once_and_the_others_go_on(
    tmp_path: Path,
    two: tuple[RadioWearable, RadioWearable],
    server: tuple[JournalServer, Server],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The wearable's word stands against the file's: nothing is overwritten, a person decides."""
    large, small = two
    path = journal_path(tmp_path, 0)
    async with running(config(tmp_path, [0, 1], server[1])):
        await server_holds(server[0], large)
    path.write_bytes(path.read_bytes() + b"more than the wearable has")
    async with running(config(tmp_path, [0, 1], server[1])):
        await connected_again(large, large.connections + TRIES)
        await goes_on(server[0], small)
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len([message for message in messages if f"shrunk at {LARGE}" in message]) == 1, messages
