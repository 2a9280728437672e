"""Rules of goals: what may be wanted, how far it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from paceline_server.analysis.history import History
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.goals import store
from paceline_server.goals.facts import facts_of, today_of
from paceline_server.goals.model import METRICS, STREAK, WEIGHT, Goal, Reached
from paceline_server.goals.progress import Period, Progress, latest_periods, period_at, progress
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.ids import new_id
from paceline_server.platform.paging import Page, cut
from paceline_server.stats.service import StatsService


@dataclass(frozen=True, slots=True)
class GoalNow:
    """A goal and how far it is in the period under way; `reached_at_s` is when that was noted, None if never."""

    goal: Goal
    period: Period
    progress: Progress
    reached_at_s: float | None
    today: int


class GoalService:
    """An owner's goals; `notify` wakes who notes what is reached."""

    def __init__(
        self,
        database: Database,
        stats: StatsService,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._stats = stats
        self._clock = clock
        self._random_bytes = random_bytes
        self._notify = notify

    async def add(
        self,
        owner_id: str,
        goal_type: str,
        target_value: float,
        *,
        start: date | None = None,
        end: date | None = None,
        sport: str | None = None,
        first_weekday: int = 0,
        by_profile: bool = False,
        recurring: bool = True,
        title: str = "",
        client_id: str | None = None,
    ) -> tuple[GoalNow, bool]:
        """Make a goal, or return the one of this client id; and whether it is new. Left out, it begins today.

        `by_profile`: its weeks follow the profile when that says another first weekday.
        """
        period, _, metric = goal_type.partition("_")
        if metric in (STREAK, WEIGHT) and period != "total":
            raise InvalidError("field", f"A goal of this kind is total_{metric}.", field="goal_type")
        if metric == WEIGHT and sport is not None:
            raise InvalidError("field", "A weight is of no sport.", field="sport")
        now_s = self._clock()
        goal_id = new_id(now_s, self._random_bytes)
        first = start or date.fromordinal(await self.today(owner_id))
        goal = Goal(
            owner_id,
            goal_id,
            client_id,
            metric,
            period,
            sport,
            float(target_value),
            first.isoformat(),
            end.isoformat() if end is not None else None,
            first_weekday,
            title,
            now_s,
            "" if by_profile else None,
        )
        _check_dates(goal)
        if not recurring and period != "total":
            last = period_at(goal, goal.first).last
            goal = _ending(goal, date.fromordinal(last).isoformat())
        kept, fresh = await self._database.write(store.add, goal)
        self._notify()
        return await self.get(owner_id, kept.goal_id), fresh

    async def list_for(self, owner_id: str, page: Page | None = None) -> list[GoalNow]:
        """Return an owner's goals, in the order in which they were made: all, or a page of them and one more."""
        if not await self._database.read(store.every, owner_id):
            return []  # most homes have none: no history need be read for the rings
        history = await self._stats.history(owner_id)
        return await self._database.read(goals_now, owner_id, None, history, self._clock(), page)

    async def get(self, owner_id: str, goal_id: str) -> GoalNow:
        """Return a goal; NotFoundError when there is none."""
        history = await self._stats.history(owner_id)
        found = await self._database.read(goals_now, owner_id, goal_id, history, self._clock())
        if not found:
            raise _absent()
        return found[0]

    async def periods(self, owner_id: str, goal_id: str, most: int) -> list[tuple[Period, Progress, float | None]]:
        """Return the goal's latest periods with their progress and when each was noted as reached."""
        history = await self._stats.history(owner_id)
        found = await self._database.read(_periods, owner_id, goal_id, history, self._clock(), most)
        if found is None:
            raise _absent()
        return found

    async def change(
        self, owner_id: str, goal_id: str, changes: Mapping[str, object], condition: Condition = ANY
    ) -> GoalNow:
        """Change `target_value`, `end_date` (ISO, None for ever) or `title`; NotFoundError when there is none."""
        before = (await self.get(owner_id, goal_id)).goal
        if "end_date" in changes:
            _check_dates(_ending(before, changes["end_date"]))
        if await self._database.write(store.change, owner_id, goal_id, changes, self._clock(), condition) is None:
            raise _absent()
        self._notify()
        return await self.get(owner_id, goal_id)

    async def remove(self, owner_id: str, goal_id: str, condition: Condition = ANY) -> None:
        """Delete a goal; NotFoundError when there is none."""
        if not await self._database.write(store.remove, owner_id, goal_id, self._clock(), condition):
            raise _absent()
        self._notify()

    async def end(self, owner_id: str, goal_id: str) -> None:
        """Let today be a goal's last day; one that has not begun, or ended already, is left as it is."""
        found = await self.get(owner_id, goal_id)
        if found.goal.first <= found.today < found.goal.last:
            await self.change(owner_id, goal_id, {"end_date": date.fromordinal(found.today).isoformat()})

    async def today(self, owner_id: str) -> int:
        """Return what day it is for the owner, as date.toordinal() counts."""
        history = await self._stats.history(owner_id)
        return await self._database.read(today_of, owner_id, history, self._clock())


def unit_of(metric: str) -> str:
    """Return the unit of a goal's metric."""
    return METRICS[metric]


def key_of(goal: Goal) -> tuple[float, str]:
    """Return what goals are put in order by."""
    return goal.created_at_s, goal.goal_id


def goals_now(
    connection: Connection,
    owner_id: str,
    goal_id: str | None,
    history: History,
    now_s: float,
    page: Page | None = None,
) -> list[GoalNow]:
    """Return an owner's goals (one of them, a page of them) with the progress of the period under way."""
    goals = [goal for goal in store.every(connection, owner_id) if goal_id in (None, goal.goal_id)]
    if page is not None:
        goals = cut(goals, key_of, page)
    today = today_of(connection, owner_id, history, now_s)
    wanted = [(goal, period_at(goal, today)) for goal in goals]
    facts = facts_of(connection, owner_id, wanted, history, today)
    noted = _noted(store.reached(connection, owner_id, goal_id))
    return [
        GoalNow(goal, period, progress(goal, period, facts), noted.get((goal.goal_id, period.first)), today)
        for goal, period in wanted
    ]


def _periods(
    connection: Connection, owner_id: str, goal_id: str, history: History, now_s: float, most: int
) -> list[tuple[Period, Progress, float | None]] | None:
    goal = store.get(connection, owner_id, goal_id)
    if goal is None:
        return None
    today = today_of(connection, owner_id, history, now_s)
    periods = latest_periods(goal, today, most)
    facts = facts_of(connection, owner_id, [(goal, period) for period in periods], history, today)
    noted = _noted(store.reached(connection, owner_id, goal_id))
    return [(period, progress(goal, period, facts), noted.get((goal_id, period.first))) for period in periods]


def _noted(reached: Sequence[Reached]) -> dict[tuple[str, int], float]:
    return {(one.goal_id, date.fromisoformat(one.period_start).toordinal()): one.reached_at_s for one in reached}


def _ending(goal: Goal, end_date: object) -> Goal:
    return replace(goal, end_date=None if end_date is None else str(end_date))


def _check_dates(goal: Goal) -> None:
    if goal.last < goal.first:
        raise InvalidError("field", "A goal ends on or after the day on which it begins.", field="end_date")


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such goal, or it is not yours.")
