"""Rules of the days: what is read of them, and how what sources say is kept."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from paceline_server.daily import store
from paceline_server.daily.given import Given
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.merging import Readings, days_of
from paceline_server.daily.model import Day
from paceline_server.errors import InvalidError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition

MOST_DAYS = 366
USUAL_DAYS = 30


class DailyService:
    """Reads and keeps an owner's days; `notify` wakes who hears of changes."""

    def __init__(self, database: Database, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._notify = notify

    async def days(self, owner_id: str, first: date | None, last: date | None) -> list[Day]:
        """Return the days of which something is known, in order; InvalidError for more than a year.

        Left out, the last one is today, and the first one 29 days before.
        """
        return await self._database.read(_days, owner_id, first, last, self._clock())

    async def local_days(self, owner_id: str) -> LocalDays:
        """Return the user's days."""
        return await self._database.read(store.local_days, owner_id)

    async def give(self, owner_id: str, given: Given) -> int:
        """Keep what a source says, where it is later than what was; return how many things changed."""
        changed = await self._database.write(store.give, owner_id, given, self._clock())
        self._notify()
        return changed

    async def rules(self, owner_id: str) -> tuple[tuple[str, ...], LocalDays]:
        """Return the sources that are believed first, and the user's days."""
        return await self._database.read(_rules, owner_id)

    async def set_rules(
        self, owner_id: str, order: Iterable[str], away: Iterable[tuple[date, str]], condition: Condition = ANY
    ) -> None:
        """Let these be the sources believed first, and the zones of journeys; PreconditionError as demanded."""
        await self._database.write(store.set_rules, owner_id, order, away, self._clock(), condition)
        self._notify()


def day_now(connection: Connection, owner_id: str, now_s: float) -> Day | None:
    """Return the day that it is where the user is, None when nothing is known of it."""
    days = _days(connection, owner_id, None, None, now_s, 1)
    return days[0] if days else None


def local_days(connection: Connection, owner_id: str) -> LocalDays:
    """Return the user's days."""
    return store.local_days(connection, owner_id)


def days_between(connection: Connection, owner_id: str, first: date, last: date) -> list[Day]:
    """Return the days from the first to the last of which something is known."""
    local = store.local_days(connection, owner_id)
    return days_of(readings(connection, owner_id, local, first, last), first, last)


def parse_day(text: str, name: str) -> date:
    """Return the date of a query's field."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2200:
        raise InvalidError("query", f"{name} must be a date such as 2026-05-04.", field=name)
    return day


def readings(connection: Connection, owner_id: str, local: LocalDays, first: date, last: date) -> Readings:
    """Return what all sources say of the days from the first to the last."""
    # A count is at most a day long, and lies with the day of UTC in which it began (ended, of a wearable).
    early, late = (first - timedelta(days=3)).isoformat(), (last + timedelta(days=3)).isoformat()
    from_s, to_s = local.start_s(first), local.start_s(last + timedelta(days=1))
    return Readings(
        local,
        store.sources(connection, owner_id),
        store.records(connection, owner_id, early, late),
        store.counts(connection, owner_id, early, late),
        store.values(connection, owner_id, first.isoformat(), last.isoformat()),
        store.sleeps(connection, owner_id, from_s, to_s),
    )


def _days(
    connection: Connection,
    owner_id: str,
    first: date | None,
    last: date | None,
    now_s: float,
    usual_days: int = USUAL_DAYS,
) -> list[Day]:
    local = store.local_days(connection, owner_id)
    last = last or local.day_of(now_s)
    first = first or last - timedelta(days=usual_days - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidError("query", f"From `from` to `to` are 1 to {MOST_DAYS} days.", field="to")
    return days_of(readings(connection, owner_id, local, first, last), first, last)


def _rules(connection: Connection, owner_id: str) -> tuple[tuple[str, ...], LocalDays]:
    return store.sources(connection, owner_id), store.local_days(connection, owner_id)
