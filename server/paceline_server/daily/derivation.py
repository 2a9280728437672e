"""From a journal's facts to DAY records: they follow from it alone, so that any rebuild gives the same."""

from datetime import UTC, datetime

from paceline_protocol.records import DAY

from paceline_server.daily.model import DayRecord
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


def utc_day_of(utc_s: float) -> str:
    """Return the day, in UTC, of a moment."""
    return datetime.fromtimestamp(utc_s, UTC).strftime("%Y-%m-%d")
