"""What is due by the clock: the reminder, days without a workout, wearables that were not synced; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from paceline_server.daily.local_days import LocalDays
from paceline_server.notifications.clock_times import moment_s, next_moment_s, quiet_until_s
from paceline_server.notifications.model import (
    CHANNELS,
    EVERY_DAY,
    INACTIVE,
    RECOMMENDATION,
    REMINDER,
    UNSYNCED,
    Rules,
    Tale,
)
from paceline_server.notifications.saying import day_name
from paceline_server.words.speech import gettext as _
from paceline_server.words.speech import ngettext

INACTIVE_MIN = 10 * 60  # days without a workout are told of in the morning
ADVICE_MIN = 17 * 60  # there is time left to do something
ADVISED_MIN = 20 * 60  # later than that, as the server was down, advice does not come within quiet hours
ACTIVE_DAYS = 14  # who did nothing for so long hears no advice
REMINDED_S = 2 * 3600.0  # later than that, as the server was down, a reminder does not come within quiet hours
TOLD_S = 7 * 86_400.0  # and neither is what should have been told a week ago


@dataclass(frozen=True, slots=True)
class Wearable:
    """A wearable: what people call it, and when a gateway heard of it last (Unix seconds)."""

    device_id: str
    name: str
    heard_s: float


@dataclass(frozen=True, slots=True)
class Watched:
    """What the clock is held against; `latest_s` is when the latest workout began, None without any."""

    local: LocalDays
    latest_s: float | None
    wearables: tuple[Wearable, ...] = ()


def due_tales(rules: Rules, watched: Watched, now_s: float) -> list[Tale]:
    """Return what is to be told now, what was told already among it."""
    return [tale for at_s, until_s, tale in _every(rules, watched, now_s) if at_s <= now_s < until_s]


def next_due_s(rules: Rules, watched: Watched, now_s: float) -> float | None:
    """Return when something may be due next, None for never."""
    times = [at_s for at_s, _, _ in _every(rules, watched, now_s)]
    if rules.reminder_min is not None:
        times.append(next_moment_s(watched.local, now_s, rules.reminder_min, rules.reminder_weekdays) or now_s)
    advice = any(rules.tells(RECOMMENDATION, channel) for channel in CHANNELS)
    if advice and watched.latest_s is not None and now_s - watched.latest_s < ACTIVE_DAYS * 86_400:
        times.append(next_moment_s(watched.local, now_s, ADVICE_MIN, EVERY_DAY) or now_s)
        times.append(
            late_s(rules, watched.local, moment_s(watched.local, watched.local.day_of(now_s), ADVISED_MIN), now_s)
        )
    return min((at_s for at_s in times if at_s > now_s), default=None)


def late_s(rules: Rules, local: LocalDays, in_time_until_s: float, now_s: float) -> float:
    """Return from when on what is to be told now may be: now, but when it comes late, only outside of quiet hours."""
    return now_s if now_s < in_time_until_s else quiet_until_s(rules, local, now_s)


def day_ends_s(local: LocalDays, now_s: float) -> float:
    """Return when the day is over in which now lies."""
    return moment_s(local, local.day_of(now_s) + timedelta(days=1), 0)


def _every(rules: Rules, watched: Watched, now_s: float) -> Iterator[tuple[float, float, Tale]]:
    local, latest_s = watched.local, watched.latest_s
    today = local.day_of(now_s)
    last = None if latest_s is None else local.day_of(latest_s)
    if rules.reminder_min is not None and rules.reminder_weekdays >> today.weekday() & 1 and last != today:
        at_s = moment_s(local, today, rules.reminder_min)
        tale = Tale(
            REMINDER, today.isoformat(), _("Time to move"), _("You wanted to be reminded at this hour."), "/goals"
        )
        if now_s >= at_s:
            at_s = max(at_s, late_s(rules, local, at_s + REMINDED_S, now_s))
        yield at_s, day_ends_s(local, now_s), tale
    if rules.inactive_days is not None and last is not None:
        at_s = moment_s(local, last + timedelta(days=rules.inactive_days), INACTIVE_MIN)
        idle = max((today - last).days, rules.inactive_days)
        title = ngettext("No workout for %(n)s day", "No workout for %(n)s days", idle)
        text = _("The last one was on %(day)s.", day=day_name(last))
        yield at_s, at_s + TOLD_S, Tale(INACTIVE, str(last), title, text, "/")
    if rules.unsynced_h is not None:
        for each in watched.wearables:
            at_s = each.heard_s + 3600.0 * rules.unsynced_h
            day = day_name(local.day_of(each.heard_s))
            text = _("Nothing was heard of it since %(day)s: is its gateway running?", day=day)
            title = _("%(name)s was not synced", name=each.name)
            subject = f"{each.device_id} {each.heard_s:.0f}"
            tale = Tale(UNSYNCED, subject, title, text, f"/devices/{each.device_id}")
            yield at_s, at_s + TOLD_S, tale
