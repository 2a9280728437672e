"""Rules of the days: how sources become one value.

Steps and what else adds up: where two wearables were worn at once the larger counts, minute by minute, not the sum. The
resting heart rate is that of the source that spoke last. A day is a day of UTC: accounts have no time zone yet.
"""

import math
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from paceline_server.analysis.worn_at_once import merged_total
from paceline_server.daily import store
from paceline_server.daily.model import CUMULATIVE, METRICS, OWNER_SLOT, RESTING, Day, DayRecord
from paceline_server.daily.store import Value
from paceline_server.errors import InvalidError
from paceline_server.platform.database import Database

MOST_DAYS = 366


class DailyService:
    """Reads an owner's days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, owner_id: str, first: date, last: date) -> list[Day]:
        """Return the days of which something is known, in order; InvalidError for more than a year."""
        if not 0 <= (last - first).days < MOST_DAYS:
            raise InvalidError("query", f"From `from` to `to` are 1 to {MOST_DAYS} days.", field="to")
        by_day: defaultdict[str, list[Value]] = defaultdict(list)
        for value in await self._database.read(store.values, owner_id, METRICS, first.isoformat(), last.isoformat()):
            by_day[value.day].append(value)
        return [await self._day(owner_id, day, values) for day, values in sorted(by_day.items())]

    async def today(self, owner_id: str, now_s: float) -> Day | None:
        """Return the day that it is, None when nothing is known of it."""
        today = datetime.fromtimestamp(now_s, UTC).date()
        days = await self.days(owner_id, today, today)
        return days[0] if days else None

    async def _day(self, owner_id: str, day: str, values: list[Value]) -> Day:
        sources: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for value in values:
            sources[value.source][value.metric] = value.value
        if len(sources) == 1:
            return Day(day, dict(next(iter(sources.values()))), dict(sources))
        records = []
        for source in sources:
            device_id = source.removeprefix(store.source_of(""))
            held = await self._database.read(store.records_of, owner_id, device_id, day)
            records.append([record for record in held if record.user == OWNER_SLOT])
        return Day(day, _merged(records, values, day), dict(sources))


def parse_day(text: str, name: str) -> date:
    """Return the date of a query's field."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError("query", f"{name} must be a date such as 2026-05-04.", field=name) from error


def usual_range(now_s: float) -> tuple[date, date]:
    """Return the first and last of the thirty days that end today."""
    today = datetime.fromtimestamp(now_s, UTC).date()
    return today - timedelta(days=29), today


def _merged(records: list[list[DayRecord]], values: list[Value], day: str) -> dict[str, float]:
    merged: dict[str, float] = {}
    for metric in CUMULATIVE:
        counted = [[(_minute(one, day), one.minutes, getattr(one, metric)) for one in each] for each in records]
        merged[metric] = float(math.floor(merged_total(counted) + 0.5))
    resting = [value for value in values if value.metric == RESTING]
    if resting:
        merged[RESTING] = max(resting, key=lambda value: (value.latest_utc_s, value.source)).value
    return merged


def _minute(record: DayRecord, day: str) -> int:
    began_s = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    return math.ceil((record.utc_s - began_s) / 60)
