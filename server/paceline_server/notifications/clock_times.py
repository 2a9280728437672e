"""When somebody's clock shows a time of day, and when quiet hours end; pure. Times are minutes since midnight."""

from datetime import date, datetime, timedelta

from paceline_server.daily.local_days import LocalDays
from paceline_server.notifications.model import Rules

_DAY = timedelta(days=1)


def moment_s(local: LocalDays, day: date, minute: int) -> float:
    """Return the Unix seconds at which the clock of a day shows a time.

    Of a time that it shows twice the first; of one that is left out as the clock is put forward, an hour later.
    """
    hour, rest = divmod(minute, 60)
    return datetime(day.year, day.month, day.day, hour, rest, tzinfo=local.zone(day)).timestamp()


def next_moment_s(local: LocalDays, now_s: float, minute: int, weekdays: int) -> float | None:
    """Return the next time after now at which the clock shows a time on one of these weekdays; None without any."""
    today = local.day_of(now_s)
    days = (today + number * _DAY for number in range(9))
    found = (moment_s(local, day, minute) for day in days if weekdays >> day.weekday() & 1)
    return next((at_s for at_s in found if at_s > now_s), None)


def quiet_until_s(rules: Rules, local: LocalDays, now_s: float) -> float:
    """Return when the quiet hours end in which now lies; now itself outside of them."""
    begin, end = rules.quiet_from_min, rules.quiet_to_min
    if begin is None or end is None or begin == end:
        return now_s
    today = local.day_of(now_s)
    for day in (today - _DAY, today):
        until_s = moment_s(local, day if begin < end else day + _DAY, end)
        if moment_s(local, day, begin) <= now_s < until_s:
            return until_s
    return now_s


def quiet_span_s(rules: Rules, local: LocalDays, from_s: float) -> tuple[float, float] | None:
    """Return begin and end of the quiet hours that end next after a moment; None without any."""
    begin, end = rules.quiet_from_min, rules.quiet_to_min
    if begin is None or end is None or begin == end:
        return None
    today = local.day_of(from_s)
    for day in (today - _DAY, today, today + _DAY):
        until_s = moment_s(local, day if begin < end else day + _DAY, end)
        if until_s > from_s:
            return moment_s(local, day, begin), until_s
    return None


def minutes_of(text: str) -> int:
    """Return the minutes of a time like "07:30"; ValueError when it is none."""
    hour, colon, rest = text.partition(":")
    if not colon or not (hour + rest).isascii() or not (len(hour), len(rest)) == (2, 2):
        raise ValueError(f"{text} is no time of day")
    found = int(hour) * 60 + int(rest)
    if int(hour) > 23 or int(rest) > 59 or not (hour + rest).isdigit():
        raise ValueError(f"{text} is no time of day")
    return found


def time_of(minutes: int | None) -> str | None:
    """Return minutes since midnight as "07:30"."""
    return None if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
