"""Names of time zones that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> tuple[str, ...]:
    """Return the IANA names that people choose from, in order."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def is_zone(name: str) -> bool:
    """Tell whether a name, which may come from anyone, is one of a zone."""
    return name == "UTC" or name in zone_names()
