"""Times as the reader's clock shows them; the zone comes from a cookie that the pages' script sets."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
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


def own_local(utc_s: float, utc_offset_s: int | None, zone: tzinfo) -> datetime:
    """Unix seconds on the clock that an activity was recorded by, the reader's where it does not say (None)."""
    if utc_offset_s is None:
        return local(utc_s, zone)
    away = timedelta(seconds=utc_offset_s)
    name = "" if local(utc_s, zone).utcoffset() == away else _east_of_utc(utc_offset_s)
    return local(utc_s, timezone(away, name))


def part_of_day(moment: datetime) -> str:
    """Morning, Midday, Afternoon, Evening or Night; in English, as a message."""
    return next(part for end, part in _PARTS if moment.hour < end)


def day_and_time(moment: datetime) -> str:
    """Say a moment like "Sunday 12 May 2024, 08:14"; the zone is named when it is UTC, which nobody lives in, or an
    activity's own that is not the reader's."""
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
    if moment.tzinfo is UTC:
        return " UTC"
    name = moment.tzname() if isinstance(moment.tzinfo, timezone) else ""
    return f" ({name})" if name else ""


def _east_of_utc(offset_s: int) -> str:
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    sign = "\N{MINUS SIGN}" if offset_s < 0 else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"
