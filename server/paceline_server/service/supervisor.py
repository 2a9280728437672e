"""What systemd is told of a service of Type=notify: that it is ready, that it lives, that it stops (sd_notify(3))."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Mapping

_log = logging.getLogger("paceline.service")


@contextlib.asynccontextmanager
async def supervised(environment: Mapping[str, str]) -> AsyncIterator[None]:
    """Tell the supervisor, if there is one, as long as the event loop turns."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        yield
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.setblocking(False)
        _tell(line, address, "READY=1")
        living = asyncio.create_task(_live(line, address, _period_s(environment)))
        try:
            yield
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            _tell(line, address, "STOPPING=1")


def _period_s(environment: Mapping[str, str]) -> float | None:
    """Return how often to say that we live: thrice as often as is asked for."""
    text = environment.get("WATCHDOG_USEC", "")
    return int(text) / 3e6 if text.isdigit() and int(text) else None


async def _live(line: socket.socket, address: str, period_s: float | None) -> None:
    while period_s is not None:
        _tell(line, address, "WATCHDOG=1")
        await asyncio.sleep(period_s)


def _tell(line: socket.socket, address: str, word: str) -> None:
    try:
        line.sendto(word.encode("ascii"), address)
    except OSError as error:
        _log.warning("the supervisor is not told %s: %s", word, error.strerror or error)
