"""From a journal's facts to days: each value follows from the records alone, so that any rebuild gives the same."""

from collections.abc import Iterable
from datetime import UTC, datetime

from paceline_protocol.records import DAY

from paceline_server.daily.model import CUMULATIVE, OWNER_SLOT, RESTING, DayRecord
from paceline_server.formats.journal_facts import News


def day_records_of(news: News) -> list[DayRecord]:
    """Return the DAY records among the facts whose time is known."""
    found = []
    for fact in news.facts:
        utc_s = fact.utc_s if fact.kind == DAY else None
        if utc_s is not None and utc_s > 0:
            said = fact.fields
            found.append(
                DayRecord(
                    fact.position,
                    utc_s,
                    said.steps,
                    said.kilocalories,
                    said.resting_heart_rate_bpm,
                    said.user,
                    said.minutes,
                    said.active_minutes,
                    said.worn_minutes,
                )
            )
    return found


def day_of(record: DayRecord) -> str:
    """Return the day, in UTC, in which the record's time ends; midnight still belongs to the day before."""
    return datetime.fromtimestamp(record.utc_s - 1, UTC).strftime("%Y-%m-%d")


def values_of(records: Iterable[DayRecord]) -> dict[str, float]:
    """Return a source's values of a day: sums, and the lowest resting heart rate; nothing without records of the owner.

    The other users of the wearable are other people and count nothing.
    """
    owned = [record for record in records if record.user == OWNER_SLOT]
    if not owned:
        return {}
    values: dict[str, float] = {name: float(sum(getattr(record, name) for record in owned)) for name in CUMULATIVE}
    resting = [record.resting_heart_rate_bpm for record in owned if record.resting_heart_rate_bpm]
    if resting:
        values[RESTING] = float(min(resting))
    return values
