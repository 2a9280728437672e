"""Days of files into what is known of the owner's days, and out of it again; blocks, and belongs in a pool."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from paceline_server.daily import store
from paceline_server.daily.given import DayValue, Given, SpanCount
from paceline_server.daily.model import PROFILE, WEARABLE, Sleep
from paceline_server.daily.saying import AHEAD_S
from paceline_server.formats.days import DayFigure, DaysSaid
from paceline_server.platform.database import Database

UNSAID_TOGETHER = 200
SECONDS_TOGETHER = 31 * 86_400  # in one transaction: others wait for it


def take(database: Database, owner_id: str, days: Iterable[DaysSaid], now_s: float) -> int:
    """Keep what files say of days, where it is later than what is known; return how many things were news.

    Done twice, it changes nothing.
    """
    return sum(database.write_now(store.give, owner_id, part, now_s) for part in parts(days, now_s))


def take_back(
    database: Database, owner_id: str, days: Iterable[DaysSaid], others: Iterable[DaysSaid], now_s: float
) -> None:
    """Forget what a file said of days; what other files that stay (`others`) say of the same is held again."""
    for part in parts(days, now_s):
        database.write_now(store.withdraw, owner_id, part, now_s)
    take(database, owner_id, others, now_s)


def unsay(database: Database, owner_id: str, gone: Mapping[str, Sequence[tuple[str, str]]], now_s: float) -> None:
    """Forget what files said of days, (metric, day) by source, and do not say any more (said_days.py)."""
    for source, ones in gone.items():
        for first in range(0, len(ones), UNSAID_TOGETHER):
            part = [
                (metric, day, 1000 * DayFigure.of_whole_day(metric, day, 0.0).stamp_s)
                for metric, day in ones[first : first + UNSAID_TOGETHER]
            ]
            database.write_now(store.unsay, owner_id, source, part, now_s)


def restate(database: Database, owner_id: str, days: Iterable[DaysSaid], now_s: float) -> None:
    """Keep what a file says of days in place of what is held of the same, but for what was said later.

    Of files of one source all are to be taken once more afterwards: of what two say at one time the larger holds.
    """
    for part in parts(days, now_s):
        database.write_now(store.restate, owner_id, part, now_s)


def parts(days: Iterable[DaysSaid], now_s: float) -> Iterator[Given]:
    """Yield what is said as daily/ takes it, a stretch of time each; nothing that lies more than a day ahead."""
    latest_s = now_s + AHEAD_S
    for said in days:
        source = source_of(said)
        found: defaultdict[int, tuple[list[DayValue], list[SpanCount], list[Sleep]]] = defaultdict(lambda: ([], [], []))
        for value in said.values:
            if value.stamp_s <= latest_s:
                one = DayValue(value.metric, value.day, source, value.value, 1000 * value.stamp_s)
                found[value.stamp_s // SECONDS_TOGETHER][0].append(one)
        for count in said.counts:
            if max(count.end_s, count.stamp_s) <= latest_s:
                one = SpanCount(count.metric, count.start_s, count.end_s, count.value, 1000 * count.stamp_s)
                found[count.start_s // SECONDS_TOGETHER][1].append(one)
        for sleep in said.sleeps:
            if max(sleep.end_s, sleep.stamp_s) <= latest_s:
                stamp_ms = 1000 * sleep.stamp_s
                one = Sleep(source, sleep.sleep_id, sleep.start_s, sleep.end_s, sleep.stages, stamp_ms)
                found[sleep.end_s // SECONDS_TOGETHER][2].append(one)
        for stretch in sorted(found):
            values, counts, sleeps = found[stretch]
            yield Given(source, tuple(values), tuple(counts), tuple(sleeps))


def source_of(said: DaysSaid) -> str:
    """Return the name under which a file counts: its own, unless that is kept for wearables or entering by hand."""
    taken = said.source == PROFILE or said.source.startswith(WEARABLE)
    return f"file {said.source}"[:64].strip() if taken else said.source
