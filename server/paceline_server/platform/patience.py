"""How long a body may take to come: who sends a byte now and then is not waited for (the slow-loris attack).

The head of a request has `HEAD_S` for itself, by aiohttp's keep-alive time-out.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

HEAD_S = 75.0
LOOK_S = 20.0
LEAST_BYTES_S = 250.0  # 2 kbit/s: slower than the slowest net that a phone is in


class TooSlowError(TimeoutError):
    """The body does not come."""


@contextmanager
def waited_for(request: web.Request, look_s: float = LOOK_S) -> Iterator[None]:
    """Let reading the body raise TooSlowError once less than the least has come within `look_s`.

    Handlers read what comes within that time: a body that nobody reads does not come either.
    """
    content = request.content
    if not request.body_exists or content.is_eof():
        yield
        return
    loop = asyncio.get_running_loop()
    seen = content.total_bytes

    def look() -> None:
        nonlocal timer, seen
        if content.is_eof() or content.exception() is not None:
            return
        if content.total_bytes - seen < LEAST_BYTES_S * look_s:
            content.set_exception(TooSlowError())
            return
        seen = content.total_bytes
        timer = loop.call_later(look_s, look)

    timer = loop.call_later(look_s, look)
    try:
        yield
    finally:
        timer.cancel()
