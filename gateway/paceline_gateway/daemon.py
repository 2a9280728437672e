"""The gateway as a service: one scanner, a visit per wearable, an uploader per wearable; and the one-shot pull."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence

from paceline_gateway.backoff import backoff_s
from paceline_gateway.config import Config
from paceline_gateway.downlink.fetch import Downlink, Downlinks
from paceline_gateway.downlink.kept import KeptBlobs
from paceline_gateway.errors import RadioError
from paceline_gateway.mqtt.mirror import mirrored
from paceline_gateway.progress_mark import this_boot
from paceline_gateway.radio.scanner import Scanner
from paceline_gateway.radio.stale import close_stale
from paceline_gateway.retention import Retention
from paceline_gateway.spool import Spool, spooled_journals
from paceline_gateway.uplink.asked_again import AskedAgain
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.server_rest import ServerRest
from paceline_gateway.uplink.upload import Uploader
from paceline_gateway.visits import Visits, World
from paceline_gateway.watch.board import Board, BoardKeeper, board_from
from paceline_gateway.watch.local_http import local_pages

SCAN_S = 60.0
"""A scan is begun anew after this, as adapters now and then go deaf."""

log = logging.getLogger(__name__)


async def run(config: Config, world: World, stop: asyncio.Event) -> None:
    """Find, pull, follow and upload until `stop` is set. SpoolError when the spool cannot be used at all."""
    spool = Spool(config.spool, most_bytes=config.spool_max_bytes)
    retention = Retention(spool, config.spool_keep_days)
    keeping = asyncio.create_task(retention.run(lambda: world.clock().utc_ms / 1000))
    try:
        async with (
            _shown(config, world) as board,
            local_pages(config, board),
            mirrored(config, spool, board, world.clock, world.draw),
            _served(config, spool, world, board) as (wake, back),
        ):
            visits = Visits(
                config,
                spool,
                world,
                on_durable=wake,
                board=board,
                follow=True,
                desired=back.desired,
                on_status=back.heard,
            )
            try:
                await _scan(visits, world, board, stop, adapters=config.adapters, until=lambda: False)
            finally:
                await visits.stop()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        spool.close()


async def pull_once(config: Config, world: World, timeout_s: float) -> set[bytes]:
    """Pull every configured wearable once, without uploading; return those that were not caught up in time."""
    spool = Spool(config.spool, most_bytes=config.spool_max_bytes)
    try:
        async with _shown(config, world) as board:
            visits = Visits(config, spool, world, on_durable=lambda _device_id: None, board=board, follow=False)

            def all_done() -> bool:
                return visits.done >= set(config.wearables)

            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(timeout_s):
                        stop = asyncio.Event()
                        await _scan(visits, world, board, stop, adapters=config.adapters, until=all_done)
            finally:
                await visits.stop()
    finally:
        spool.close()
    return set(config.wearables) - visits.done


@contextlib.asynccontextmanager
async def _shown(config: Config, world: World) -> AsyncIterator[Board]:
    """Give the board of this gateway, and keep it in the spool as long as the gateway runs."""
    board = board_from(config.spool, config.wearables, world.clock, this_boot(), config.alert_after_h)
    keeper = BoardKeeper(board, config.spool)
    task = asyncio.create_task(keeper.run())
    try:
        yield board
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        board.running = False
        await keeper.keep()


async def _scan(
    visits: Visits,
    world: World,
    board: Board,
    stop: asyncio.Event,
    *,
    adapters: Sequence[str],
    until: Callable[[], bool],
) -> None:
    """Scan while a wearable is missing; the radio's air is left alone when all are connected."""
    scanner = Scanner(visits.seen, adapters)
    failures = 0
    await close_stale(visits.last_addresses)
    try:
        while not (stop.is_set() or until()):
            visits.changed.clear()
            pause_s: float | None = None
            if visits.missing:
                try:
                    await scanner.start()
                    board.radio_problem = ""
                    failures, pause_s = 0, SCAN_S
                except RadioError as error:
                    pause_s = backoff_s(failures, world.draw(), longest_s=60.0)
                    failures += 1
                    board.radio_problem = error.problem
                    log.error("%s; next try in %.0f s", error, pause_s)
            await _first_of(visits.changed, stop, pause_s)
            if not visits.changed.is_set() or not visits.missing:
                await scanner.stop()
    finally:
        await scanner.stop()


async def _first_of(one: asyncio.Event, other: asyncio.Event, timeout_s: float | None) -> None:
    waits = [asyncio.create_task(one.wait()), asyncio.create_task(other.wait())]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


@contextlib.asynccontextmanager
async def _served(
    config: Config, spool: Spool, world: World, board: Board
) -> AsyncIterator[tuple[Callable[[bytes], None], Downlinks]]:
    """Run an uploader for every wearable configured or spooled, and the way back for every one configured.

    Gives the function that wakes an uploader, and the way back.
    """
    if config.server is None:
        log.info("no server in the settings: journals are only kept here")
        yield lambda _device_id: None, Downlinks({})
        return
    config.server.token()
    known = set(config.wearables) | {device_id for device_id, *_ in spooled_journals(config.spool)}
    wakes = {device_id: asyncio.Event() for device_id in known}
    async with UplinkClient(config.server) as client:
        back = Downlinks(
            {
                device_id: Downlink(
                    device_id,
                    wearable.name,
                    kept=KeptBlobs(spool.device(device_id).folder),
                    client=client,
                    draw=world.draw,
                    clock_s=lambda: world.clock().monotonic_s,
                )
                for device_id, wearable in config.wearables.items()
            }
        )
        rest = ServerRest()
        tasks = [
            asyncio.create_task(
                _upload(config, spool, world, board, client=client, rest=rest, device_id=device_id, wake=wake)
            )
            for device_id, wake in wakes.items()
        ]
        tasks += [
            asyncio.create_task(_send_again(config, spool, world, client=client, device_id=device_id))
            for device_id in known
        ]
        tasks += [asyncio.create_task(back.run(device_id, world.draw)) for device_id in config.wearables]
        try:
            yield lambda device_id: wakes[device_id].set(), back
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _send_again(config: Config, spool: Spool, world: World, *, client: UplinkClient, device_id: bytes) -> None:
    wearable = config.wearables.get(device_id)
    name = wearable.name if wearable else device_id.hex()
    asked = AskedAgain(device_id, name, spool=spool.device(device_id), client=client)
    while True:
        try:
            await asked.run(lambda: world.clock().monotonic_s)
        except Exception:
            log.exception("%s: asking the server what to send again failed", name)


async def _upload(
    config: Config,
    spool: Spool,
    world: World,
    board: Board,
    *,
    client: UplinkClient,
    rest: ServerRest,
    device_id: bytes,
    wake: asyncio.Event,
) -> None:
    wearable = config.wearables.get(device_id)
    name = wearable.name if wearable else device_id.hex()
    uploader = Uploader(
        device_id, name, spool=spool.device(device_id), client=client, draw=world.draw, wake=wake, rest=rest
    )
    board.watch_uploads(device_id, uploader)
    failures = 0
    while True:
        try:
            await uploader.run(lambda: world.clock().monotonic_s)
        except Exception:
            log.exception("%s: the uploader failed", name)
        await asyncio.sleep(backoff_s(failures, world.draw()))
        failures += 1
