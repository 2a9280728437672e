"""The application: everything is made here, in order, and handed on."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from paceline_server.activities.intake import ActivityIntake
from paceline_server.activities.service import ActivityService
from paceline_server.config import Config
from paceline_server.daily.service import DailyService
from paceline_server.desired.service import DesiredService
from paceline_server.device_events.service import DeviceEventService
from paceline_server.devices.service import DeviceService
from paceline_server.formats.sample_chunks import warm_up
from paceline_server.grants.service import GrantService
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.processing import JournalProcessor
from paceline_server.journals.service import JournalService
from paceline_server.journals.worker import JournalWorker
from paceline_server.keys import (
    ACTIVITIES,
    CLOCK,
    CONFIG,
    DAILY,
    DESIRED,
    DEVICE_EVENTS,
    DEVICES,
    GRANTS,
    HUB,
    JOURNALS,
    POOL,
    USERS,
    WORKER,
)
from paceline_server.live.hub import Hub
from paceline_server.pages.error_pages import error_page
from paceline_server.platform.auth import AUTHENTICATOR, Authenticator
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.web import ERROR_PAGE, add_security_headers, edge
from paceline_server.routes import ROUTES
from paceline_server.users.service import UserService
from paceline_server.users.store import look_up

Clock = Callable[[], float]
RandomBytes = Callable[[int], bytes]
BODY_SLACK = 64 << 10  # a compressed body may be a little larger than what is in it


def make_app(
    config: Config,
    *,
    clock: Clock = time.time,
    random_bytes: RandomBytes = os.urandom,
    passwords: Passwords | None = None,
) -> web.Application:
    """Make the application; it opens the data folder when it starts and closes it when it ends."""
    app = web.Application(middlewares=[edge(clock, random_bytes)], client_max_size=config.max_body_bytes + BODY_SLACK)
    app[CONFIG] = config
    app[CLOCK] = clock
    app[ERROR_PAGE] = error_page
    app.on_response_prepare.append(add_security_headers)

    async def parts(app: web.Application) -> AsyncIterator[None]:
        made_passwords = passwords or Passwords()
        config.data.mkdir(parents=True, exist_ok=True)
        database = await asyncio.to_thread(Database, config.url)
        await asyncio.to_thread(warm_up)
        pool = ThreadPoolExecutor(config.decode_threads + 4, "pool")
        worker = _assemble(app, database, pool, made_passwords, random_bytes)
        await worker.start()
        yield
        app[HUB].close_all()
        await worker.stop()
        made_passwords.close()
        await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(database.close)

    app.cleanup_ctx.append(parts)
    app.on_shutdown.append(_end_watching)
    app.add_routes(ROUTES)
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """Make the runner that serves the application (bodies come as they were sent: we bound their unpacking)."""
    return web.AppRunner(app, auto_decompress=False, access_log=None, shutdown_timeout=5.0)


def _assemble(
    app: web.Application, database: Database, pool: ThreadPoolExecutor, passwords: Passwords, random_bytes: RandomBytes
) -> JournalWorker:
    config, clock = app[CONFIG], app[CLOCK]
    blobs, files, hub = Blobs(config.blobs), JournalFiles(config.journals), Hub()
    devices = DeviceService(database, clock)
    intake = ActivityIntake(database, blobs, clock, random_bytes)
    processor = JournalProcessor(database, files, intake, clock)
    worker = JournalWorker(processor, database, hub, pool, at_once=config.decode_threads)
    app[POOL] = pool
    app[HUB] = hub
    app[WORKER] = worker
    app[AUTHENTICATOR] = Authenticator(database, look_up, clock, secure_cookies=config.secure_cookies)
    app[USERS] = UserService(
        database,
        passwords,
        clock,
        random_bytes,
        session_lifetime_s=config.session_lifetime_s,
        attempts_per_minute=config.log_in_attempts_per_minute,
    )
    app[GRANTS] = GrantService(database, clock, random_bytes)
    app[DEVICES] = devices
    app[DAILY] = DailyService(database)
    app[DEVICE_EVENTS] = DeviceEventService(database, devices)
    app[DESIRED] = DesiredService(database, devices, clock)
    app[JOURNALS] = JournalService(database, files, devices, worker=worker, clock=clock)
    app[ACTIVITIES] = ActivityService(database, blobs, clock, pool)
    return worker


async def _end_watching(app: web.Application) -> None:
    # WebSockets would otherwise hold the shutdown up.
    app[HUB].close_all()
