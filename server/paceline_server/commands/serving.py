"""`serve` and `worker`: run until told to stop, then end in order."""

import asyncio
import fcntl
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from paceline_server.app import make_app, make_runner
from paceline_server.backstage import make_backstage
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.tracing import Tracing, close, open_database
from paceline_server.service.supervisor import supervised
from paceline_server.tls.kept import KEEPER
from paceline_server.tls.place import PLACE, Place
from paceline_server.tls.plain import make_plain_app

if TYPE_CHECKING:
    from paceline_server.tls.keeper import TlsKeeper


Say = Callable[[str], None]


def serve(config: Config, say: Say) -> None:
    """Answer requests; say where."""
    if config.one_process and not config.work:
        raise UsageError("on SQLite the server itself works events off: leave `work` true")
    if config.secure:
        config = replace(config, secure_cookies=True)
    with locked(config.data, alone=config.one_process):
        asyncio.run(_serve(config, say))


def work(config: Config, say: Say) -> None:
    """Work events off, beside servers that do not or that need help."""
    if config.one_process:
        raise UsageError("on SQLite the server itself works events off; worker processes need PostgreSQL")
    with locked(config.data, alone=False):
        asyncio.run(_work(config, say))


@contextmanager
def locked(data: Path, *, alone: bool) -> Iterator[None]:
    """Hold the data folder: servers in one would write over each other's journals, but where PostgreSQL orders them."""
    with (data / "server.lock").open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another server runs in {data}") from None
        yield


def _told() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    return told


async def _serve(config: Config, say: Say) -> None:
    told = _told()
    app = make_app(config)
    runner = make_runner(app)
    keeper, place, mark = None, None, ""
    if config.secure:
        from paceline_server.tls.listening import make_keeper, make_place  # noqa: PLC0415 (only where it is wanted)

        keeper, mark = await asyncio.to_thread(make_keeper, config, time.time)
        place = app[PLACE] = make_place(keeper)
        app[KEEPER] = keeper
    await runner.setup()
    try:
        context = keeper.context if keeper is not None else None
        await web.TCPSite(runner, config.host, config.port, ssl_context=context).start()
        bound_port = runner.addresses[0][1]
        shown = f"[{config.host}]" if ":" in config.host else config.host
        scheme = "http" if keeper is None else "https"
        async with _plain_port(app, place, config, bound_port):
            say(f"Paceline serves {scheme}://{shown}:{bound_port}/ from {config.data}")
            if mark and place is not None:
                say(f"Phones and gateways come to trust it by {place.install(config.host)}, if this is the same there:")
                say(mark)
            async with (
                _renewed(keeper),
                _announced(config.mdns, config.host, bound_port, scheme),
                supervised(os.environ),
            ):
                await told.wait()
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _plain_port(
    app: web.Application, place: Place | None, config: Config, secure_port: int
) -> AsyncIterator[None]:
    """Answer on the plain port while the block runs, where there is TLS and such a port is wanted."""
    if place is None:
        yield
        return
    place.secure_port = secure_port
    if config.install_port < 0:
        yield
        return
    runner = make_runner(make_plain_app(app, place, os.urandom))
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.install_port).start()
        place.plain_port = runner.addresses[0][1]
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _renewed(keeper: "TlsKeeper | None") -> AsyncIterator[None]:
    """Renew the certificate in time while the block runs."""
    if keeper is None:
        yield
        return
    keeping = asyncio.create_task(keeper.run())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


@asynccontextmanager
async def _announced(mdns: str | None, host: str, port: int, scheme: str) -> AsyncIterator[None]:
    """Announce the server while the block runs, when that is wanted; `mdns` is its URL, or "here" for host and port."""
    if mdns is None:
        yield
        return
    try:
        from paceline_server.announcement import announced, url_of  # noqa: PLC0415 (zeroconf is an extra)
    except ImportError as error:
        raise UsageError(f"--mdns needs {error.name}: pip install 'paceline-server[mdns]'") from error
    try:
        async with announced(url_of(host, port, scheme) if mdns == "here" else mdns, host):
            yield
    except ValueError as error:
        raise UsageError(f"--mdns: {error}") from error


async def _work(config: Config, say: Say) -> None:
    told = _told()
    tracing = Tracing(config.otel_endpoint) if config.otel_endpoint is not None else None
    database = await asyncio.to_thread(open_database, config.url, tracing)
    pool, apart = ThreadPoolExecutor(config.decode_threads + 2, "pool"), Apart()
    try:
        worker = make_backstage(config, database, time.time, os.urandom, apart).worker(pool)
        await worker.start()
        say(f"Paceline works events off, {config.decode_threads} at once")
        async with supervised(os.environ):
            await told.wait()
        await worker.stop()
    finally:
        await asyncio.to_thread(apart.close)
        await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(database.close)
        await asyncio.to_thread(close, tracing)
