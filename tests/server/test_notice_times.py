"""When something is told: quiet hours, reminders, days without workouts, by clocks that are changed; pure."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from paceline_server.daily.local_days import LocalDays
from paceline_server.notifications.advising import advised
from paceline_server.notifications.clock_times import minutes_of, moment_s, next_moment_s, quiet_until_s, time_of
from paceline_server.notifications.model import CHANNELS, EVERY_DAY, INACTIVE, RECOMMENDATION, REMINDER, UNSYNCED, Rules
from paceline_server.notifications.timed import Watched, Wearable, due_tales, next_due_s

ZURICH = LocalDays("Europe/Zurich")
NOTHING = Rules(
    inactive_days=None, unsynced_h=None, switches={(RECOMMENDATION, channel): False for channel in CHANNELS}
)
NIGHT = replace(NOTHING, quiet_from_min=22 * 60, quiet_to_min=7 * 60)
NOON_NAP = replace(NOTHING, quiet_from_min=12 * 60, quiet_to_min=13 * 60)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("rules", "now", "until"),
    [
        (NIGHT, "2026-05-04T19:59:59", None),  # 21:59:59 in Zürich
        (NIGHT, "2026-05-04T20:00:00", "2026-05-05T05:00:00"),
        (NIGHT, "2026-05-05T04:59:59", "2026-05-05T05:00:00"),
        (NIGHT, "2026-05-05T05:00:00", None),
        (NIGHT, "2026-03-28T21:30:00", "2026-03-29T05:00:00"),  # the night that lacks an hour
        (NIGHT, "2026-10-24T21:30:00", "2026-10-25T06:00:00"),  # the night that has one more
        (NOON_NAP, "2026-05-04T10:30:00", "2026-05-04T11:00:00"),
        (replace(NIGHT, quiet_to_min=22 * 60), "2026-05-04T21:00:00", None),
        (NOTHING, "2026-05-04T21:00:00", None),
    ],
)
def test_quiet_hours_end_on_the_owners_clock(rules: Rules, now: str, until: str | None) -> None:
    assert quiet_until_s(rules, ZURICH, at(now)) == at(until or now)


def test_a_time_that_the_clock_leaves_out_comes_an_hour_later_and_one_that_it_shows_twice_once() -> None:
    spring, autumn = (datetime.fromisoformat(day).date() for day in ("2026-03-29", "2026-10-25"))
    assert moment_s(ZURICH, spring, 150) == at("2026-03-29T01:30:00")  # 03:30 there
    assert moment_s(ZURICH, autumn, 150) == at("2026-10-25T00:30:00")  # the first 02:30
    following = next_moment_s(ZURICH, at("2026-10-25T00:30:00"), 150, EVERY_DAY)
    assert following == at("2026-10-26T01:30:00")


def test_times_of_day_are_read_and_written() -> None:
    assert [time_of(minutes_of(text)) for text in ("00:00", "07:30", "23:59")] == ["00:00", "07:30", "23:59"]
    for wrong in ("24:00", "7:30", "07:60", "0730", "٠٧:٣٠", "-1:00", ""):
        with pytest.raises(ValueError, match="no time"):
            minutes_of(wrong)


def kinds(rules: Rules, watched: Watched, now: str) -> list[str]:
    return [tale.kind for tale in due_tales(rules, watched, at(now))]


def test_a_reminder_is_due_on_its_days_unless_there_was_a_workout() -> None:
    rules = replace(NOTHING, reminder_min=18 * 60, reminder_weekdays=0b000_0101)  # Monday and Wednesday
    idle = Watched(ZURICH, at("2026-05-02T10:00:00"))
    assert kinds(rules, idle, "2026-05-04T15:59:59") == []
    assert kinds(rules, idle, "2026-05-04T16:00:00") == [REMINDER]
    assert kinds(rules, idle, "2026-05-05T16:00:00") == []  # a Tuesday
    assert kinds(rules, replace(idle, latest_s=at("2026-05-04T05:00:00")), "2026-05-04T16:00:00") == []
    assert next_due_s(rules, idle, at("2026-05-04T16:00:00")) == at("2026-05-06T16:00:00")
    assert next_due_s(NOTHING, idle, at("2026-05-04T16:00:00")) is None


def test_what_was_due_while_the_server_was_down_is_told_on_the_same_day_outside_of_quiet_hours() -> None:
    rules = replace(NIGHT, reminder_min=18 * 60, switches={})
    idle = Watched(ZURICH, at("2026-05-02T10:00:00"))

    def back(now: str, rules: Rules = rules) -> tuple[list[str], bool]:
        return kinds(rules, idle, now), advised(rules, ZURICH, idle.latest_s, at(now))

    assert back("2026-05-04T19:59:59") == ([REMINDER], True)  # 21:59:59 there
    assert back("2026-05-04T20:00:00") == ([], False)
    assert next_due_s(rules, idle, at("2026-05-04T20:00:00")) == at("2026-05-05T05:00:00"), "when that day is over"
    assert back("2026-05-05T05:00:00") == ([], False)
    assert back("2026-05-04T21:59:59", replace(rules, quiet_from_min=None)) == ([REMINDER], True)
    assert back("2026-05-04T22:00:00", replace(rules, quiet_from_min=None)) == ([], False)
    nap = replace(rules, quiet_from_min=17 * 60, quiet_to_min=22 * 60)
    assert back("2026-05-04T17:59:59", nap) == ([REMINDER], True), (
        "in time it is told, and pushed behind the quiet hours"
    )
    assert back("2026-05-04T18:30:00", nap) == ([], False)
    assert next_due_s(nap, idle, at("2026-05-04T18:30:00")) == at("2026-05-04T20:00:00")
    assert back("2026-05-04T20:00:00", nap) == ([REMINDER], True)


def test_days_without_a_workout_and_hours_without_a_sync_are_told_in_time_and_not_for_ever() -> None:
    rules = replace(NOTHING, inactive_days=3, unsynced_h=48)
    watched = Watched(ZURICH, at("2026-05-04T20:00:00"), (Wearable("00" * 8, "Blue", at("2026-05-05T12:00:00")),))
    assert kinds(rules, watched, "2026-05-07T07:59:59") == []
    assert kinds(rules, watched, "2026-05-07T08:00:00") == [INACTIVE]
    assert kinds(rules, watched, "2026-05-07T12:00:00") == [INACTIVE, UNSYNCED]
    assert kinds(rules, watched, "2026-05-20T12:00:00") == []
    assert next_due_s(rules, watched, at("2026-05-05T12:00:00")) == at("2026-05-07T08:00:00")
    assert next_due_s(rules, watched, at("2026-05-07T08:00:00")) == at("2026-05-07T12:00:00")
    inactive, unsynced = due_tales(rules, watched, at("2026-05-08T12:00:00"))
    assert (inactive.title, inactive.text) == ("No workout for 4 days", "The last one was on Monday 4 May.")
    assert unsynced.title == "Blue was not synced" and "since Tuesday 5 May" in unsynced.text


def test_advice_is_due_in_the_late_afternoon_of_who_was_active_lately() -> None:
    rules, run_s = replace(NOTHING, switches={}), at("2026-05-01T06:00:00")
    for now, due in (
        ("14:59:00", False),
        ("15:00:00", True),
        ("21:59:00", True),
        ("22:00:00", False),
    ):  # in Zürich + 2 h
        assert advised(rules, ZURICH, run_s, at(f"2026-05-04T{now}")) is due, now
    assert not advised(rules, ZURICH, run_s, at("2026-05-16T15:30:00"))
    assert not advised(rules, ZURICH, None, at("2026-05-04T15:30:00"))
    assert not advised(NOTHING, ZURICH, run_s, at("2026-05-04T15:30:00"))
    assert next_due_s(rules, Watched(ZURICH, run_s), at("2026-05-04T15:00:00")) == at("2026-05-05T15:00:00")
