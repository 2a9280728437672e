"""Rules of the profile: what may be said, and what was true on a day."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from paceline_server.analysis.athlete import Athlete
from paceline_server.daily import store as daily
from paceline_server.daily.model import WEIGHT
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.paging import Page
from paceline_server.profile import store
from paceline_server.profile.model import BODY_RANGES, SEXES, UNITS, BodyValue, Profile
from paceline_server.profile.zones import is_zone

OLDEST_YEARS = 120
FIRST_DAY = date(1900, 1, 1)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


class ProfileService:
    """Profiles and dated body values of users; `notify` wakes who hears of changes."""

    def __init__(self, database: Database, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._notify = notify

    async def get(self, owner_id: str) -> Profile:
        """Return a user's profile."""
        return await self._database.read(store.get, owner_id)

    async def change(self, owner_id: str, fields: Mapping[str, object], condition: Condition = ANY) -> Profile:
        """Change what is named; None takes back. InvalidError names the field that cannot be, and changes nothing.

        PreconditionError when the profile is not what the condition demands.
        """
        checks = {
            "birth_date": self._birth_date,
            "sex": lambda value: _one_of("sex", value, SEXES),
            "units": lambda value: _one_of("units", value, UNITS),
            "time_zone": _time_zone,
            "language": _language,
            "first_weekday": _weekday,
        }
        if "email" in fields:
            raise InvalidError("field", "email is changed by PUT /users/{user_id}/email.", field="email")
        unknown = sorted(fields.keys() - checks.keys())
        if unknown:
            raise InvalidError("field", f"{unknown[0]} is no field of a profile.", field=unknown[0])
        usual = Profile()
        changes = {
            name: getattr(usual, name) if value is None else checks[name](value) for name, value in fields.items()
        }
        profile = await self._database.write(store.change, owner_id, changes, self._clock(), condition)
        self._notify()
        return profile

    async def first_weekday(self, owner_id: str, asked: int | None = None) -> int:
        """Return the day on which a user's weeks begin, 0 a Monday; what a program asked for counts more."""
        return asked if asked is not None else (await self._database.read(store.reader_of, owner_id)).first_weekday

    async def body(self, owner_id: str) -> list[BodyValue]:
        """Return all values, metric by metric, the latest first."""
        return await self._database.read(store.body, owner_id)

    async def body_page(self, owner_id: str, page: Page) -> list[BodyValue]:
        """Return a page of the values in the same order, and one more if there is another page."""
        return await self._database.read(store.body_page, owner_id, page)

    async def body_value(self, owner_id: str, metric: str, day: str) -> BodyValue:
        """Return the value that was said from just this day on; NotFoundError when there is none."""
        value = await self._database.read(store.body_value, owner_id, metric, day)
        if value is None:
            raise NotFoundError("not_found", "There is no value of this metric from this day on.")
        return value

    async def set_body(
        self, owner_id: str, metric: str, day: str, value: object, condition: Condition = ANY
    ) -> BodyValue:
        """Say what is true from a day on; InvalidError for what no human has, and for a day to come.

        PreconditionError when what was said of the day is not what the condition demands.
        """
        if metric not in BODY_RANGES:
            raise NotFoundError("not_found", f"There is no such metric; there are {', '.join(BODY_RANGES)}.")
        low, high = BODY_RANGES[metric]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidError("field", f"{metric} is a number from {low:g} to {high:g}.", field="value")
        body_value = BodyValue(metric, self._day(day, "day").isoformat(), float(value))
        await self._database.write(_set_body, owner_id, body_value, self._now_ms(), condition)
        self._notify()
        return body_value

    async def remove_body(self, owner_id: str, metric: str, day: str, condition: Condition = ANY) -> None:
        """Take a value back; NotFoundError when there is none of that day, PreconditionError as `set_body`."""
        removed = await self._database.write(_remove_body, owner_id, metric, day, self._now_ms(), condition)
        self._notify()
        if not removed:
            raise NotFoundError("not_found", "There is no value of this metric from this day on.")

    async def athlete(self, owner_id: str, utc_s: float, known: Athlete) -> Athlete:
        """Return `known` with what the profile says of the owner on the day of `utc_s` over it."""
        profile, day = await self.get(owner_id), datetime.fromtimestamp(utc_s, UTC).date()
        return told_over(known, profile, true_on(await self.body(owner_id), day), day)

    def _now_ms(self) -> int:
        return round(1000 * self._clock())

    def _today(self) -> date:
        # In some zone it is tomorrow already.
        return datetime.fromtimestamp(self._clock() + 14 * 3600, UTC).date()

    def _birth_date(self, value: object) -> str:
        born, today = self._day(value, "birth_date"), self._today()
        if today.year - born.year > OLDEST_YEARS:
            raise InvalidError("field", f"birth_date is at most {OLDEST_YEARS} years ago.", field="birth_date")
        return born.isoformat()

    def _day(self, value: object, name: str) -> date:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= self._today():
            raise InvalidError("field", f"{name} is a date like 1990-05-04, not in the future.", field=name)
        return day


def _set_body(connection: Connection, owner_id: str, value: BodyValue, now_ms: int, condition: Condition) -> None:
    store.demand_body(connection, owner_id, value.metric, value.from_day, condition)
    if value.metric == WEIGHT:
        daily.weigh(connection, owner_id, value.from_day, value.value, now_ms)
    else:
        store.say_body(connection, owner_id, value, now_ms / 1000)


def _remove_body(
    connection: Connection, owner_id: str, metric: str, day: str, now_ms: int, condition: Condition
) -> bool:
    store.demand_body(connection, owner_id, metric, day, condition)
    if metric == WEIGHT:
        return daily.unweigh(connection, owner_id, day, now_ms)
    return store.unsay_body(connection, owner_id, metric, day, now_ms / 1000)


def told_over(known: Athlete, profile: Profile, values: Mapping[str, float], day: date) -> Athlete:
    """Return `known` with what profile and body values (metric → value) say of a day over it."""
    over: dict[str, object] = {
        field: values[metric]
        for field, metric in (
            ("mass_kg", "weight_kg"),
            ("max_heart_rate_bpm", "max_heart_rate_bpm"),
            ("resting_heart_rate_bpm", "resting_heart_rate_bpm"),
            ("threshold_bpm", "threshold_heart_rate_bpm"),
            ("threshold_pace_s_km", "threshold_pace_s_km"),
            ("threshold_power_w", "threshold_power_w"),
        )
        if metric in values
    }
    if profile.sex != "unknown":
        over["sex"] = profile.sex
    if profile.birth_date is not None:
        over["age_years"] = max(0.0, (day - date.fromisoformat(profile.birth_date)).days / 365.2425)
    return replace(known, **over)


def true_on(values: Iterable[BodyValue], day: date) -> dict[str, float]:
    """Return what was true on a day: of each metric the latest value from a day that is not later."""
    found: dict[str, BodyValue] = {}
    for value in values:
        best = found.get(value.metric)
        if value.from_day <= day.isoformat() and (best is None or best.from_day < value.from_day):
            found[value.metric] = value
    return {metric: value.value for metric, value in found.items()}


def _one_of(name: str, value: object, words: tuple[str, ...]) -> str:
    if value not in words:
        raise InvalidError("field", f"{name} is one of {', '.join(words)}.", field=name)
    return str(value)


def _time_zone(value: object) -> str:
    if not isinstance(value, str) or not is_zone(value):
        raise InvalidError("field", "time_zone is a name like Europe/Zurich.", field="time_zone")
    return value


def _weekday(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 6:
        raise InvalidError("field", "first_weekday is 0 (Monday) to 6 (Sunday).", field="first_weekday")
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise InvalidError("field", "language is a code like en or pt-BR.", field="language")
    return value
