"""Times as the reader's clock shows them; the zone comes from a cookie that the pages' script sets."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from paceline_server.words import dates

COOKIE = "time_zone"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
_PARTS = ((4, "Night"), (11, "Morning"), (14, "Midday"), (18, "Afternoon"), (22, "Evening"), (24, "Night"))


def zone_of(name: str | None) -> tzinfo:
    """Return the zone of an IANA name; UTC when it is absent or unknown. The name may come from anyone."""
    if name is None or len(name) > 64 or not _NAME.fullmatch(name):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def local(utc_s: float, zone: tzinfo) -> datetime:
    """Unix seconds on a zone's clock."""
    return datetime.fromtimestamp(utc_s, zone)


def part_of_day(moment: datetime) -> str:
    """Morning, Midday, Afternoon, Evening or Night; in English, as a message."""
    return next(part for end, part in _PARTS if moment.hour < end)


def day_and_time(moment: datetime) -> str:
    """Say a moment like "Sunday 12 May 2024, 08:14"; the zone is named only when it is UTC, which nobody lives in."""
    return f"{dates.named_day(moment)}, {dates.clock_time(moment)}{_zone(moment)}"


def short_day_and_time(moment: datetime) -> str:
    """Say a moment like "Sun 12 May 2024, 08:14"."""
    return f"{dates.short_named_day(moment)}, {dates.clock_time(moment)}{_zone(moment)}"


def day(moment: datetime) -> str:
    """Say a day like "Sunday 12 May"."""
    return dates.named_day(moment, year=False)


def machine_time(utc_s: float) -> str:
    """The moment in ISO 8601, for the datetime attribute."""
    return datetime.fromtimestamp(utc_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _zone(moment: datetime) -> str:
    return " UTC" if moment.tzinfo is UTC else ""
