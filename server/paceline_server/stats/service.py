"""Rules of the statistics: an owner's sums, streaks, bests and form, always of the activities that there are now."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from paceline_server.analysis.history import Athletes, History, history_of
from paceline_server.daily.model import RESTING
from paceline_server.daily.service import DailyService
from paceline_server.desired.service import DesiredService
from paceline_server.platform.database import Database
from paceline_server.profile.service import ProfileService
from paceline_server.stats import store
from paceline_server.stats.athletes import athletes_over_time
from paceline_server.stats.derivation import local_day

Made = TypeVar("Made")

KEPT_HISTORIES = 64
MOST_MADE = 16  # of one history: sports and weekdays that somebody chose
PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}


@dataclass(frozen=True, slots=True)
class Standing:
    """An owner's history, the day it is where the latest activity was, and who the owner was over time."""

    history: History
    today: int
    athletes: Athletes

    def kept(self, name: object, make: Callable[["Standing"], Made]) -> Made:
        """Return what `make` makes of this, as it was made before when nothing has changed."""
        key = (name, self.today, self.athletes)
        made = self.history.made
        found = cast("Made | None", made.get(key))
        if found is None:
            found = make(self)
            if len(made) >= MOST_MADE:
                made.clear()
            made[key] = found
        return found


class StatsService:
    """Reads an owner's statistics; keeps the histories read last, for as long as no row of theirs changes."""

    def __init__(
        self,
        database: Database,
        desired: DesiredService,
        daily: DailyService,
        profiles: ProfileService,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._desired = desired
        self._daily = daily
        self._profiles = profiles
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[tuple[int, int], History]] = OrderedDict()

    async def standing(self, owner_id: str) -> Standing:
        """Return what there is."""
        history = await self.history(owner_id)
        now_s = self._clock()
        athletes = await athletes_over_time(self._desired, self._daily, self._profiles, owner_id, history.source, now_s)
        return Standing(history, local_day(now_s, history.zone_s), athletes)

    async def resting_bpm(self, owner_id: str, first: int, last: int) -> dict[int, float]:
        """Return the resting heart rates of the days that have one; InvalidError for more than a year of days."""
        found = await self._daily.days(owner_id, date.fromordinal(first), date.fromordinal(last))
        return {date.fromisoformat(one.day).toordinal(): one.values[RESTING] for one in found if RESTING in one.values}

    async def history(self, owner_id: str) -> History:
        """Return an owner's finished activities as columns."""
        state = await self._database.read(store.state, owner_id)
        with self._lock:
            kept = self._kept.get(owner_id)
            if kept is not None and kept[0] == state:
                self._kept.move_to_end(owner_id)
                return kept[1]
        state, history = await self._database.read(_read, owner_id)
        with self._lock:
            self._kept[owner_id] = state, history
            if len(self._kept) > KEPT_HISTORIES:
                self._kept.popitem(last=False)
        return history


def known(value: float) -> float | None:
    """Return a rounded figure, None for NaN."""
    return None if math.isnan(value) else round(value, 2)


def _read(connection: store.Connection, owner_id: str) -> tuple[tuple[int, int], History]:
    return store.state(connection, owner_id), history_of(store.rows(connection, owner_id))
