"""SQL of the meals. Every statement names the owner."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlalchemy import JSON, ColumnElement, Connection, and_, case, delete, func, insert, select, type_coerce, update

from paceline_server.activities.findings_rows import findings_of
from paceline_server.activities.model import ACTIVITIES, FINISHED
from paceline_server.errors import ConflictError
from paceline_server.health.model import MEALS, MOST_MEALS_A_DAY, Meal, SpentBy
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.turns import alone

_M, _A = MEALS.c, ACTIVITIES.c
_DAY_S = 86_400.0


def add(connection: Connection, meal: Meal) -> tuple[Meal, bool]:
    """Add a meal; return the one that is there of its client id, and whether it is new.

    ConflictError when there are too many around that time.
    """
    alone(connection, meal.owner_id, "meals")
    if meal.client_id is not None:
        query = select(MEALS).where(_M.owner_id == meal.owner_id, _M.client_id == meal.client_id)
        row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            return Meal(**row), False
    around = _M.eaten_at_s.between(meal.eaten_at_s - _DAY_S / 2, meal.eaten_at_s + _DAY_S / 2)
    count = select(func.count()).select_from(MEALS).where(_M.owner_id == meal.owner_id, around)
    if connection.execute(count).scalar_one() >= MOST_MEALS_A_DAY:
        raise ConflictError("too_many", f"There are {MOST_MEALS_A_DAY} meals on that day already.")
    connection.execute(insert(MEALS).values(**asdict(meal)))
    return meal, True


def get(connection: Connection, owner_id: str, meal_id: str) -> Meal | None:
    """Return a meal, None when there is no such one."""
    row = connection.execute(select(MEALS).where(_is(owner_id, meal_id))).mappings().one_or_none()
    return Meal(**row) if row is not None else None


def between(connection: Connection, owner_id: str, from_s: float, to_s: float) -> list[Meal]:
    """Return the meals from one moment to before another, in order."""
    query = select(MEALS).where(_M.owner_id == owner_id, _M.eaten_at_s >= from_s, _M.eaten_at_s < to_s)
    rows = connection.execute(query.order_by(_M.eaten_at_s, _M.meal_id)).mappings()
    return [Meal(**row) for row in rows]


def page(connection: Connection, owner_id: str, wanted: Page) -> list[Meal]:
    """Return a page of the meals, the latest first, and one more if there is another page."""
    query = select(MEALS).where(_M.owner_id == owner_id)
    return [Meal(*row) for row in connection.execute(paged(query, (_M.eaten_at_s, _M.meal_id), wanted))]


def change(
    connection: Connection, owner_id: str, meal_id: str, changes: Mapping[str, object], condition: Condition = ANY
) -> Meal | None:
    """Change a meal and return it; None when there is none, PreconditionError when it is not what is demanded."""
    alone(connection, owner_id, "meals")
    meal = get(connection, owner_id, meal_id)
    condition.demand(tag_of(meal) if meal is not None else None)
    if meal is None or not changes:
        return meal
    connection.execute(update(MEALS).where(_is(owner_id, meal_id)).values(**changes))
    return replace(meal, **changes)


def remove(connection: Connection, owner_id: str, meal_id: str, condition: Condition = ANY) -> bool:
    """Delete a meal; False when there is none."""
    alone(connection, owner_id, "meals")
    meal = get(connection, owner_id, meal_id)
    condition.demand(tag_of(meal) if meal is not None else None)
    return connection.execute(delete(MEALS).where(_is(owner_id, meal_id))).rowcount == 1


def workouts_without_wearable(connection: Connection, owner_id: str, from_s: float, to_s: float) -> list[SpentBy]:
    """Return what finished workouts spent that no wearable of ours recorded."""
    told = type_coerce(case((_A.calories_kcal.is_(None), _A.detail["findings"]), else_=None), JSON).label("told")
    query = select(_A.start_utc_s, _A.duration_s, _A.calories_kcal, told).where(
        _A.owner_id == owner_id,
        _A.start_utc_s >= from_s,
        _A.start_utc_s < to_s,
        _A.status == FINISHED,
        _A.source.not_like("wearable %"),
        _A.behind.is_(None),  # one of two recordings of a workout counts
    )
    found = [
        SpentBy(row["start_utc_s"], row["duration_s"], row["calories_kcal"], findings_of(row["told"]))
        for row in connection.execute(query).mappings()
    ]
    return [one for one in found if one.kcal is not None or one.findings is not None]


def _is(owner_id: str, meal_id: str) -> ColumnElement[bool]:
    return and_(_M.owner_id == owner_id, _M.meal_id == meal_id)
