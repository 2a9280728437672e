"""What is known of an owner, read for advice."""

from datetime import date, timedelta

from paceline_server.analysis.resting_trend import RECENT_DAYS, USUAL_DAYS
from paceline_server.daily.model import RESTING
from paceline_server.daily.service import DailyService
from paceline_server.gear.service import GearService
from paceline_server.goals.service import GoalService
from paceline_server.stats.service import Standing, StatsService
from paceline_server.training.recommending import Known


class TrainingService:
    """Reads what the rules look at; the rules themselves are pure (recommending.py)."""

    def __init__(
        self,
        stats: StatsService,
        daily: DailyService,
        goals: GoalService,
        gear: GearService,
    ) -> None:
        self._stats = stats
        self._daily = daily
        self._goals = goals
        self._gear = gear

    async def standing(self, owner_id: str) -> Standing:
        """Return the owner's history, and what day it is."""
        return await self._stats.standing(owner_id)

    async def known(self, owner_id: str, first_weekday: int, *, days: bool = True) -> Known:
        """Return what advice is given by; `days` False: without what was measured of whole days."""
        standing = await self._stats.standing(owner_id)
        resting = await self.resting_bpm(owner_id, standing.today) if days else {}
        return Known(
            standing.history,
            standing.athletes,
            standing.today,
            resting,
            await self._goals.list_for(owner_id),
            await self._gear.list_for(owner_id),
            first_weekday,
        )

    async def resting_bpm(self, owner_id: str, today: int, days: int = RECENT_DAYS + USUAL_DAYS) -> dict[int, float]:
        """Return the resting heart rates of the last days that have one."""
        last = date.fromordinal(today)
        found = await self._daily.days(owner_id, last - timedelta(days=days - 1), last)
        return {date.fromisoformat(one.day).toordinal(): one.values[RESTING] for one in found if RESTING in one.values}
