"""What /readyz goes by: what keeps a server from serving, and what an operator should look at before it does."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from paceline_server.errors import told
from paceline_server.events import store as events
from paceline_server.keys import CLOCK, CONFIG, DATABASE, WORKER
from paceline_server.platform.migrate import HEAD, revision_of
from paceline_server.tls.kept import KEEPER

if TYPE_CHECKING:
    from paceline_server.tls.keeper import TlsKeeper


ANSWERS_WITHIN_S = 5.0
NEEDED_BYTES = 64 << 20
LOW_BYTES = 1 << 30
EARLIEST_S = 1_767_225_600.0  # 2026-01-01: no machine's clock is right before
ENDS_WITHIN = timedelta(days=14)


async def look(app: web.Application) -> tuple[str, list[str]]:
    """Say why requests cannot be served ("" when they can), and what is going to hinder."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            found = await app[DATABASE].read(revision_of)
            dead = await app[DATABASE].read(events.count_dead)
            free_bytes = (await asyncio.to_thread(shutil.disk_usage, app[CONFIG].data)).free
    except Exception as error:  # noqa: BLE001 (whatever it is, the server is not ready)
        return told(f"{type(error).__name__} from database or disk."), []
    warnings = list(warnings_of(app[CLOCK](), dead, free_bytes, app.get(KEEPER)))
    if found != HEAD:
        return told(f"The database has revision {found}, this program {HEAD}."), warnings
    if free_bytes < NEEDED_BYTES:
        return told(f"{free_bytes >> 20} MiB are free on the disk."), warnings
    if not app[WORKER].alive:
        return told("Events are not worked off any more."), warnings
    return "", warnings


def warnings_of(now_s: float, dead: int, free_bytes: int, keeper: "TlsKeeper | None") -> Iterator[str]:
    """Yield what an operator should look at."""
    if dead:
        yield told(f"{dead} events failed for good.")
    if free_bytes < LOW_BYTES:
        yield told(f"{free_bytes >> 20} MiB are free on the disk.")
    if now_s < EARLIEST_S:
        yield told("The clock is years behind.")
    if keeper is not None and keeper.trouble:
        yield told("A newer certificate cannot be used: the log says why.")
    if keeper is not None and keeper.ends - ENDS_WITHIN < datetime.fromtimestamp(now_s, UTC):
        yield told(f"The certificate ends on {keeper.ends:%Y-%m-%d}.")
