"""Which days a file said something of when it was read, kept small: so that what it says no more can be told.

Only values of whole days, whose moment follows from the day. Counts and sleeps come from documents of ours alone
(formats/days_document.py), which say the same whoever reads them.
"""

from base64 import b85decode, b85encode
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from paceline_server.formats.days import DayFigure, DaysSaid
from paceline_server.imports.days import source_of

LONGEST = 12_500  # of 210 years
SaidDays = Mapping[str, Mapping[str, str]]
"""By source and metric: the first day, a blank, and a bit for each day from it on, in base 85."""


def said_days(days: Iterable[DaysSaid]) -> SaidDays:
    """Return of which days something is said."""
    found: dict[str, dict[str, set[date]]] = {}
    for said in days:
        for one in said.values:
            if one == DayFigure.of_whole_day(one.metric, one.day, one.value):
                metrics = found.setdefault(source_of(said), {})
                metrics.setdefault(one.metric, set()).add(date.fromisoformat(one.day))
    return {
        source: {metric: _packed(held) for metric, held in sorted(metrics.items())}
        for source, metrics in sorted(found.items())
    }


def no_longer_said(before: SaidDays, now: SaidDays) -> dict[str, list[tuple[str, str]]]:
    """Return (metric, day) by source of what was said and is not any more."""
    gone: dict[str, list[tuple[str, str]]] = {}
    for source, metrics in before.items():
        for metric, packed in metrics.items():
            held = now.get(source, {}).get(metric)
            left = _days(packed) - (_days(held) if held is not None else set())
            if left:
                gone.setdefault(source, []).extend((metric, day.isoformat()) for day in sorted(left))
    return gone


def _packed(days: set[date]) -> str:
    first = min(days)
    bits = sum(1 << (day - first).days for day in days)
    return f"{first} {b85encode(bits.to_bytes((bits.bit_length() + 7) // 8, 'little')).decode()}"


def _days(packed: str) -> set[date]:
    """Return the days; none of what is damaged, as an archive may have brought it."""
    first, _, coded = packed.partition(" ")
    try:
        bits = int.from_bytes(b85decode(coded[:LONGEST]), "little")
        return {date.fromisoformat(first) + timedelta(days=at) for at in range(bits.bit_length()) if bits >> at & 1}
    except (ValueError, OverflowError):
        return set()
