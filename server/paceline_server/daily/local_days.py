"""Days on a user's own clock: 23 or 25 hours where the clock is changed, longer or shorter where somebody travels."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LocalDays:
    """`home` is an IANA name; `away` are (ISO day, IANA name), rising: from that day on the days are of that zone.

    Every moment belongs to exactly one day. A day begins with the midnight of its own zone and ends where the next one
    begins, so that the day of a journey is as long as it was.
    """

    home: str = "UTC"
    away: tuple[tuple[str, str], ...] = ()

    def zone(self, day: date) -> ZoneInfo:
        """Return the zone of a day."""
        found = self.home
        for from_day, name in self.away:
            if from_day > day.isoformat():
                break
            found = name
        return ZoneInfo(found)

    def start_s(self, day: date) -> int:
        """Return the Unix second at which a day begins. Over the date line a day can be left out: it has no length."""
        return max(self._midnight_s(day), self._midnight_s(day - _DAY))

    def span(self, day: date) -> tuple[int, int]:
        """Return the Unix seconds at which a day begins and ends."""
        return self.start_s(day), self.start_s(day + _DAY)

    def day_of(self, utc_s: float) -> date:
        """Return the day of a moment."""
        day = datetime.fromtimestamp(utc_s, UTC).date() + 2 * _DAY
        while self.start_s(day) > utc_s:
            day -= _DAY
        return day

    def _midnight_s(self, day: date) -> int:
        # Where a clock is put forward at midnight, the day begins at that moment; where it is put back, with the first.
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone(day)).timestamp())
