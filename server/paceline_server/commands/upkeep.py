"""`migrate`, `events`, `recompute`, `backup`, `restore`, `doctor`: looking after a server."""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from paceline_server.backstage import Backstage, make_backstage
from paceline_server.commands.serving import locked
from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.events import store as events
from paceline_server.events.backfill import backfill
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.platform.migrate import HEAD
from paceline_server.platform.paging import Page
from paceline_server.upkeep.backup import back_up
from paceline_server.upkeep.checks import checks
from paceline_server.upkeep.rebuild import forget_derived
from paceline_server.upkeep.restore import restore_backup

SHOWN = Page(100)


def migrate(config: Config) -> Iterator[str]:
    """Bring the tables up to this program's."""
    Database(config.url).close()
    yield f"the database has revision {HEAD}"


def list_dead(config: Config) -> Iterator[str]:
    """Say which events wait for somebody to look."""
    with Database(config.url) as database:
        letters = database.read_now(events.dead, SHOWN)
        count = database.read_now(events.count_dead)
        due, _ = database.read_now(events.waiting, time.time())
    yield f"{count} dead letters, {due} events due"
    for letter in letters:
        made = datetime.fromtimestamp(letter.made_at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield f"{letter.event_id}  {letter.turn.handler}  {made}  {letter.attempts} attempts  {letter.error}"


def retry(config: Config, event_id: int) -> Iterator[str]:
    """Try a dead letter again."""
    with Database(config.url) as database:
        if not database.write_now(events.revive, event_id):
            raise UsageError(f"there is no dead letter {event_id}")
    yield f"event {event_id} is tried again"


def drop(config: Config, event_id: int) -> Iterator[str]:
    """Drop a dead letter."""
    with Database(config.url) as database:
        if not database.write_now(events.discard, event_id):
            raise UsageError(f"there is no dead letter {event_id}")
    yield f"event {event_id} is dropped"


def back_fill(config: Config, handlers: Iterable[str]) -> Iterator[str]:
    """Have handlers look at everything there is."""
    with Database(config.url) as database, closing(Apart()) as apart:
        stage = make_backstage(config, database, time.time, os.urandom, apart)
        count = backfill(database, stage.backfills, handlers, time.time())
        yield f"{count} subjects to look at"
        yield from worked_off(config, stage)


def recompute(config: Config) -> Iterator[str]:
    """Drop what is derived from journals, uploads and files, and derive it again."""
    with Database(config.url) as database, closing(Apart()) as apart:
        stage = make_backstage(config, database, time.time, os.urandom, apart)
        count = backfill(
            database, stage.backfills, ["journals", "uploads", "originals"], time.time(), first=forget_derived
        )
        yield f"{count} journals, uploads and files are read anew"
        yield from worked_off(config, stage)


def backup(config: Config, folder: Path) -> Iterator[str]:
    """Copy everything into a new folder, while servers run, and read it again."""
    with Database(config.url) as database:
        manifest = back_up(config, database, folder, time.time())
    yield f"{folder}: {manifest.rows} rows, {len(manifest.files)} files, {manifest.size} bytes, read again and whole"


def restore(config: Config, folder: Path) -> Iterator[str]:
    """Fill an empty data folder and an empty database from a backup."""
    with locked(config.data, alone=True):
        manifest = restore_backup(config, folder)
    yield f"{config.data}: {manifest.rows} rows and {len(manifest.files)} files of {manifest.made_at}"


def doctor(config: Config) -> tuple[list[str], bool]:
    """Look at all that a server needs; return what was found, and whether all is well."""
    found = checks(config, time.time())
    return [f"{'ok   ' if one.well else 'WRONG'} {one.text}" for one in found], all(one.well for one in found)


def worked_off(config: Config, stage: Backstage) -> Iterator[str]:
    """Do the work here, unless a server runs, which then does it."""
    try:
        with locked(config.data, alone=True):
            asyncio.run(_work_off(stage))
            yield "done"
    except UsageError:
        yield "the server that runs works them off"


async def _work_off(stage: Backstage) -> None:
    with ThreadPoolExecutor(stage.config.decode_threads + 2) as pool:
        worker = stage.worker(pool)
        await worker.start()
        await worker.idle()
        await worker.stop()
