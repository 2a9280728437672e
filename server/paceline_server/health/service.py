"""Rules of meals and of days as a whole."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from paceline_server.daily.service import MOST_DAYS, USUAL_DAYS, local_days
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.health import store
from paceline_server.health.balance import health_days
from paceline_server.health.model import HealthDay, Meal
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.ids import new_id
from paceline_server.platform.paging import Page


class HealthService:
    """An owner's meals and days."""

    def __init__(self, database: Database, clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._random_bytes = random_bytes

    async def add(
        self, owner_id: str, name: str, energy_kcal: float, eaten_at_s: float, client_id: str | None = None
    ) -> tuple[Meal, bool]:
        """Add a meal, or return the one of this client id; and whether it is new."""
        meal_id = new_id(self._clock(), self._random_bytes)
        meal = Meal(owner_id, meal_id, client_id, name, float(energy_kcal), eaten_at_s)
        return await self._database.write(store.add, meal)

    async def page(self, owner_id: str, wanted: Page) -> list[Meal]:
        """Return a page of the meals, the latest first, and one more if there is another page."""
        return await self._database.read(store.page, owner_id, wanted)

    async def get(self, owner_id: str, meal_id: str) -> Meal:
        """Return a meal; NotFoundError when there is none."""
        meal = await self._database.read(store.get, owner_id, meal_id)
        if meal is None:
            raise _absent()
        return meal

    async def change(
        self, owner_id: str, meal_id: str, changes: Mapping[str, object], condition: Condition = ANY
    ) -> Meal:
        """Change `name`, `energy_kcal` or `eaten_at_s`; NotFoundError when there is none."""
        meal = await self._database.write(store.change, owner_id, meal_id, changes, condition)
        if meal is None:
            raise _absent()
        return meal

    async def remove(self, owner_id: str, meal_id: str, condition: Condition = ANY) -> None:
        """Delete a meal; NotFoundError when there is none."""
        if not await self._database.write(store.remove, owner_id, meal_id, condition):
            raise _absent()

    async def days(self, owner_id: str, first: date | None = None, last: date | None = None) -> list[HealthDay]:
        """Return every day; left out, the last one is today and the first one 29 days before.

        InvalidError for more than a year. The last one is today, at the latest.
        """
        return await self._database.read(_days, owner_id, first, last, self._clock())

    async def eaten(self, owner_id: str, day: date) -> list[Meal]:
        """Return the meals of a day, in order."""
        return await self._database.read(_eaten, owner_id, day)

    async def today(self, owner_id: str) -> date:
        """Return the day that it is where the owner is."""
        return (await self._database.read(local_days, owner_id)).day_of(self._clock())


def _days(
    connection: Connection, owner_id: str, first: date | None, last: date | None, now_s: float
) -> list[HealthDay]:
    last = last or local_days(connection, owner_id).day_of(now_s)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS or not 1970 <= first.year <= 2200:
        raise InvalidError("query", f"From `from` to `to` are 1 to {MOST_DAYS} days.", field="to")
    return health_days(connection, owner_id, first, last, now_s)


def _eaten(connection: Connection, owner_id: str, day: date) -> list[Meal]:
    from_s, to_s = local_days(connection, owner_id).span(day)
    return store.between(connection, owner_id, from_s, to_s)


def _absent() -> NotFoundError:
    return NotFoundError("not_found", "There is no such meal, or it is not yours.")
