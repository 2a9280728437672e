"""Histories of made-up people: a workout a line, so that a test can read what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.history import Athletes, History, history_of
from paceline_server.stats.model import EFFORT, HEART, Sums

OWNER = "0199c000-0000-7000-8000-00000000000a"
TODAY = date(2026, 5, 14).toordinal()  # a Thursday
MIRA = Athlete("female", 40.0, 60.0, 190.0, 50.0)
MIRAS: Athletes = ((0, MIRA),)


@dataclass(frozen=True)
class Done:
    """A workout so many days before today, with its heart rate all the time, and efforts of (metres, seconds)."""

    ago: int
    minutes: float
    sport: str = "running"
    bpm: int | None = 130
    km: float | None = None
    efforts: Sequence[tuple[float, float]] = ()


def sums_of(number: int, done: Done) -> Sums:
    """The row that the workout adds."""
    km = done.minutes / 6 if done.km is None else done.km
    heart = b"" if done.bpm is None else HEART.pack(done.bpm, round(60_000 * done.minutes))
    efforts = b"".join(EFFORT.pack(round(100 * metres), round(1000 * seconds)) for metres, seconds in done.efforts)
    day, ms = TODAY - done.ago, round(60_000 * done.minutes)
    name = f"0199c000-0000-7000-8000-{number:012x}"
    start_s = float((day - date(1970, 1, 1).toordinal()) * 86400 + 43_200 + number)
    return Sums(OWNER, name, start_s, 0, day, done.sport, "file", round(100_000 * km), ms, ms, 0, 0, heart, efforts)


def history(every: Iterable[Done]) -> History:
    """The history of these workouts."""
    rows = [sums_of(number, done) for number, done in enumerate(every)]
    return history_of(sorted(rows, key=lambda row: (row.start_utc_s, row.activity_id)))


def weekly(weeks: Iterable[int], plan: Sequence[Done]) -> list[Done]:
    """The same plan in each of these weeks, counted back from today; `ago` 0 to 6 is the day of it."""
    return [
        Done(7 * week + one.ago, one.minutes, one.sport, one.bpm, one.km, one.efforts) for week in weeks for one in plan
    ]
