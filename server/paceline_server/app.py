"""The application: everything is made here, in order, and handed on."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from aiohttp import web

from paceline_server.activities.editor import ActivityEditor
from paceline_server.activities.remeasuring import queue_once
from paceline_server.activities.service import ActivityService
from paceline_server.activity_list.service import ActivityListService
from paceline_server.api_keys.service import ApiKeyService
from paceline_server.apps.service import AppService
from paceline_server.archives.service import ArchiveService
from paceline_server.authorizations.service import AuthorizationService
from paceline_server.backstage import Backstage, make_backstage
from paceline_server.config import Config
from paceline_server.daily.service import DailyService
from paceline_server.desired.service import DesiredService
from paceline_server.device_events.service import DeviceEventService
from paceline_server.devices import passing
from paceline_server.devices.service import DeviceService
from paceline_server.duplicates.service import DuplicateService
from paceline_server.entries import make_entries
from paceline_server.gear.service import GearService
from paceline_server.goals.service import GoalService
from paceline_server.grants.service import GrantService
from paceline_server.health.service import HealthService
from paceline_server.home.service import HomeService
from paceline_server.households.service import HouseholdService
from paceline_server.idempotency.service import IdempotencyService
from paceline_server.imports.receiving import sweep
from paceline_server.imports.service import ImportService
from paceline_server.imports.watching import FolderWatcher
from paceline_server.journals.service import JournalService
from paceline_server.keys import (
    ACTIVITIES,
    ACTIVITY_LISTS,
    ADDRESSES,
    APART,
    API_KEYS,
    APPS,
    ARCHIVES,
    AUTHORIZATIONS,
    CLOCK,
    CONFIG,
    DAILY,
    DATABASE,
    DESIRED,
    DEVICE_EVENTS,
    DEVICES,
    DUPLICATES,
    EDITOR,
    GEAR,
    GOALS,
    GRANTS,
    HEALTH,
    HOME,
    HOUSEHOLDS,
    HUB,
    IDEMPOTENCY,
    IMPORTS,
    JOURNALS,
    LEAVING,
    LINKS,
    NEW_PASSWORDS,
    NOTICES,
    PASSKEYS,
    POOL,
    PROFILES,
    PUSH,
    REFERENCE,
    REGISTRATION,
    SECOND_FACTORS,
    SIGN_IN,
    STATS,
    STOPPING,
    TRAINING,
    UPLOADS,
    USERS,
    WORKER,
)
from paceline_server.leaving.service import LeavingService
from paceline_server.links.service import LinkService
from paceline_server.live.follow import LiveFollower
from paceline_server.live.hub import Hub
from paceline_server.maps.api import MAP_ARCHIVE
from paceline_server.notifications.service import NoticeService
from paceline_server.pages.error_pages import error_page
from paceline_server.pages.map_source import MAP_SOURCE, map_source, open_archive
from paceline_server.platform.answers import ERROR_PAGE
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.auth import AUTHENTICATOR, Authenticator
from paceline_server.platform.forwarded import networks
from paceline_server.platform.headers import add_security_headers
from paceline_server.platform.metrics import RequestMetrics
from paceline_server.platform.once import ONCE
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.patience import HEAD_S
from paceline_server.platform.rate_limits.pace import PACE, Pace, tell_pace
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import ARCHIVE, EXPORT
from paceline_server.platform.recent import NOW
from paceline_server.platform.signals import Listener
from paceline_server.platform.tracing import Tracing, around, close, open_database
from paceline_server.platform.web import METRICS, edge
from paceline_server.profile.service import ProfileService
from paceline_server.push.keeping import Keeper
from paceline_server.push.places import places_of
from paceline_server.push.service import PushService
from paceline_server.push.vapid import sender_of
from paceline_server.reference.service import Reference
from paceline_server.registration.service import RegistrationService
from paceline_server.routes import API_ROUTES, ROUTES
from paceline_server.sign_in.providers import read_providers
from paceline_server.sign_in.service import SignInService
from paceline_server.stats.service import StatsService
from paceline_server.training.service import TrainingService
from paceline_server.uploads.service import UploadService
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
    apart: Apart | None = None,
) -> web.Application:
    """Make the application; it opens the data folder when it starts and closes it when it ends.

    Who gives `apart`, the process for heavy work, closes it himself.
    """
    tracing = Tracing(config.otel_endpoint) if config.otel_endpoint is not None else None
    app = web.Application(
        middlewares=around(tracing, edge(clock, random_bytes, networks(config.trusted_proxies))),
        client_max_size=config.max_body_bytes + BODY_SLACK,
    )
    app[CONFIG] = config
    _open_map(app, config)
    app[CLOCK] = app[NOW] = clock
    app[ERROR_PAGE] = error_page
    app[METRICS] = RequestMetrics()
    app[STOPPING] = asyncio.Event()
    app[REFERENCE] = Reference(API_ROUTES, version("paceline-server"))
    app[PACE] = Pace(clock, config.requests_per_minute)
    app.on_response_prepare.extend((add_security_headers, tell_pace))

    async def parts(app: web.Application) -> AsyncIterator[None]:
        made_passwords, worked_apart = passwords or Passwords(), apart or Apart()
        config.data.mkdir(parents=True, exist_ok=True)
        database = await asyncio.to_thread(open_database, config.url, tracing)
        pool = ThreadPoolExecutor(config.decode_threads + 5, "pool")
        follower = LiveFollower(Hub())
        stage = make_backstage(config, database, clock, random_bytes, worked_apart, follower.tell)
        listener = None if config.one_process else Listener(config.url, follower.heard, follower.lost)
        _assemble(app, stage, pool, follower, made_passwords, random_bytes)
        if listener is not None:
            listener.start()
        following = asyncio.create_task(follower.run(app[ACTIVITIES]))
        if config.work:
            await app[WORKER].start()
        yield
        app[HUB].close_all()
        await app[WORKER].stop()
        if apart is None:
            await asyncio.to_thread(worked_apart.close)
        await app[AUTHENTICATOR].close()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        made_passwords.close()
        if listener is not None:
            await asyncio.to_thread(listener.close)
        await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(database.close)
        await asyncio.to_thread(close, tracing)

    app.cleanup_ctx.extend((parts, _measure_old, _swept, _watch_folder))
    app.on_shutdown.append(_end_watching)
    app.add_routes(ROUTES)
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """Make the runner that serves the application (bodies come as they were sent: we bound their unpacking)."""
    return web.AppRunner(app, auto_decompress=False, access_log=None, shutdown_timeout=5.0, keepalive_timeout=HEAD_S)


def _assemble(
    app: web.Application,
    stage: Backstage,
    pool: ThreadPoolExecutor,
    follower: LiveFollower,
    passwords: Passwords,
    random_bytes: RandomBytes,
) -> None:
    config, clock, database = stage.config, stage.clock, stage.database
    devices = DeviceService(database, stage.device_keys, clock, passing.claim)
    worker = stage.worker(pool)
    app[APART] = stage.apart
    app[DATABASE] = database
    app[POOL] = pool
    app[HUB] = follower.hub
    app[WORKER] = worker
    app[AUTHENTICATOR] = Authenticator(database, look_up, clock, secure_cookies=config.secure_cookies)
    entries = make_entries(config, database, passwords, stage.sealer, clock, random_bytes, worker.notify)
    app[USERS] = entries.users
    app[SECOND_FACTORS] = entries.second_factors
    app[ADDRESSES] = entries.addresses
    app[NEW_PASSWORDS] = entries.new_passwords
    app[PASSKEYS] = entries.passkeys
    app[REGISTRATION] = RegistrationService(
        database, passwords, entries.addresses, clock, random_bytes, mode=config.registration
    )
    providers = read_providers(config.sign_in_providers)
    app[SIGN_IN] = SignInService(database, app[USERS], app[REGISTRATION], stage.sealer, providers, clock, random_bytes)
    app[IDEMPOTENCY] = IdempotencyService(database, stage.sealer, clock, random_bytes)
    app[ONCE] = app[IDEMPOTENCY].once
    app[LEAVING] = LeavingService(database, app[USERS], clock, worker.notify)
    limits = (SharedLimit(database, EXPORT, clock), SharedLimit(database, ARCHIVE, clock))
    app[ARCHIVES] = ArchiveService(stage.places, clock, random_bytes, worker.notify, *limits)
    app[GRANTS] = GrantService(database, clock, random_bytes)
    app[PROFILES] = ProfileService(database, clock, worker.notify)
    app[DEVICES], app[LINKS] = devices, LinkService(devices, stage.sealer, clock, random_bytes)
    app[HOUSEHOLDS] = HouseholdService(database, devices, clock, random_bytes)
    app[DAILY] = DailyService(database, clock, worker.notify)
    app[DEVICE_EVENTS] = DeviceEventService(database, devices)
    app[APPS] = AppService(database, clock, random_bytes)
    app[API_KEYS] = ApiKeyService(database, clock, random_bytes)
    app[AUTHORIZATIONS] = AuthorizationService(database, app[APPS], clock, random_bytes)
    app[DESIRED] = DesiredService(database, devices, clock, worker.notify)
    app[STATS] = StatsService(database, app[DESIRED], app[DAILY], app[PROFILES], clock)
    app[GEAR] = GearService(database, app[STATS], clock, random_bytes, worker.notify)
    app[GOALS] = GoalService(database, app[STATS], clock, random_bytes, worker.notify)
    app[TRAINING] = TrainingService(app[STATS], app[DAILY], app[GOALS], app[GEAR])
    app[HEALTH] = HealthService(database, clock, random_bytes)
    places, own_key = places_of(config.push_services), lambda: sender_of(stage.sealer, None).public
    app[PUSH] = PushService(database, Keeper(stage.sealer), places, clock, own_key)
    app[NOTICES] = NoticeService(database, clock, worker.notify)
    app[JOURNALS] = JournalService(database, stage.files, devices, notify=worker.notify, clock=clock)
    app[ACTIVITIES] = ActivityService(database, stage.blobs, clock, pool, tell=stage.tell, notify=worker.notify)
    app[ACTIVITY_LISTS] = ActivityListService(database, pool)
    app[HOME] = HomeService(database, clock)
    app[DUPLICATES] = DuplicateService(database, clock, worker.worked_off)
    app[EDITOR] = ActivityEditor(database, app[ACTIVITIES], pool, clock, tell=stage.tell, notify=worker.notify)
    app[UPLOADS] = UploadService(database, pool, clock, random_bytes, worker.notify, worker.worked_off)
    days, straight = config.import_wait_days, stage.straight
    app[IMPORTS] = ImportService(database, stage.blobs, pool, clock, random_bytes, straight, worker, days)


async def _measure_old(app: web.Application) -> AsyncIterator[None]:
    await asyncio.to_thread(queue_once, app[DATABASE], app[CONFIG].data, app[CLOCK]())
    yield


async def _swept(app: web.Application) -> AsyncIterator[None]:
    await asyncio.to_thread(sweep, app[CONFIG].data, app[CLOCK]())
    yield


async def _watch_folder(app: web.Application) -> AsyncIterator[None]:
    config = app[CONFIG]
    if config.watched_folder is None:
        yield
        return
    watcher = FolderWatcher(
        config.watched_folder, config.max_import_bytes, app[IMPORTS], app[DATABASE], app[POOL], app[CLOCK]
    )
    watching = asyncio.create_task(watcher.run())
    yield
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


def _open_map(app: web.Application, config: Config) -> None:
    archive = app[MAP_ARCHIVE] = open_archive(config)
    app[MAP_SOURCE] = map_source(config, archive)

    async def close(_app: web.Application) -> None:
        if archive is not None:
            archive.close()

    app.on_cleanup.append(close)


async def _end_watching(app: web.Application) -> None:
    # WebSockets would otherwise hold the shutdown up.
    app[STOPPING].set()
    app[HUB].close_all()
