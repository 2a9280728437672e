"""How the server is, for a person who looks after it: one picture of health, jobs, storage and users."""

import asyncio
import shutil
from dataclasses import dataclass
from importlib.metadata import version

from aiohttp import web

from paceline_server.events import store as events
from paceline_server.events.model import DeadLetter
from paceline_server.keys import CLOCK, CONFIG, DATABASE, WORKER
from paceline_server.operations.readiness import look
from paceline_server.operations.store import database_bytes
from paceline_server.platform.database import Connection
from paceline_server.platform.paging import Page
from paceline_server.users import store as users
from paceline_server.users.model import User

USERS_SHOWN = 50
LETTERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Jobs:
    """The events: how many are due, how long the first waits, how many failed for good, and the first of those."""

    due: int
    late_s: float
    dead: int
    letters: list[DeadLetter]


@dataclass(frozen=True, slots=True)
class Overview:
    """`hindered` is "" when requests can be served; the disk is that of the data folder."""

    version: str
    hindered: str
    warnings: list[str]
    jobs: Jobs
    working: bool
    handled: int
    failures: int
    free_bytes: int
    disk_bytes: int
    database_bytes: int
    registration: str
    users: list[User]
    users_total: int
    more_users: bool


async def overview(app: web.Application, beginning: str, page: int) -> Overview:
    """Return how the server is, with a page of the users whose name begins so; whose an event is, is not told."""
    hindered, warnings = await look(app)
    jobs = await app[DATABASE].read(_jobs, app[CLOCK]())
    found, total = await app[DATABASE].read(_users, beginning, page)
    disk = await asyncio.to_thread(shutil.disk_usage, app[CONFIG].data)
    size = await app[DATABASE].read(database_bytes)
    worker = app[WORKER]
    return Overview(
        version("paceline-server"),
        hindered,
        warnings,
        jobs,
        worker.alive,
        worker.handled,
        worker.failures,
        disk.free,
        disk.total,
        size,
        app[CONFIG].registration,
        found[:USERS_SHOWN],
        total,
        len(found) > USERS_SHOWN,
    )


def _jobs(connection: Connection, now_s: float) -> Jobs:
    due, since_s = events.waiting(connection, now_s)
    late_s = max(0.0, now_s - since_s) if since_s else 0.0
    return Jobs(
        due, late_s, events.count_dead(connection), events.dead(connection, Page(LETTERS_SHOWN))[:LETTERS_SHOWN]
    )


def _users(connection: Connection, beginning: str, page: int) -> tuple[list[User], int]:
    return (
        users.named(connection, beginning, USERS_SHOWN + 1, (page - 1) * USERS_SHOWN),
        users.count(connection),
    )
