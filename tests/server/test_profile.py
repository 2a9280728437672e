"""The profile: what may be said of oneself, and what was true of a body on which day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.keys import PROFILES
from paceline_server.profile.model import BODY_RANGES, BodyValue
from paceline_server.profile.service import true_on
from server.journal_builder import workout
from server.running_server import Person, RunningServer

USUAL = {
    "birth_date": None,
    "sex": "unknown",
    "units": "metric",
    "time_zone": None,
    "language": "en",
    "first_weekday": None,
    "email": None,
}


async def send(
    server: RunningServer, method: str, person: Person, path: str, body: Any = None
) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/users/{person.owner_id}{path}"
    async with server.http.request(method, url, json=body, headers=person.headers) as response:
        return response.status, await response.json() if response.status != 204 else {}


async def test_a_profile_is_changed_field_by_field(server: RunningServer, ann: Person, bob: Person) -> None:
    assert await send(server, "GET", ann, "/profile") == (200, USUAL)
    for change in (
        {"birth_date": "1990-05-04", "sex": "female"},
        {"time_zone": "Europe/Zurich", "language": "de", "units": "imperial", "first_weekday": 5},
        {"sex": None},
        {},
    ):
        assert (await send(server, "PATCH", ann, "/profile", change))[0] == 200
    assert (await send(server, "GET", ann, "/profile"))[1] == {
        "birth_date": "1990-05-04",
        "sex": "unknown",
        "units": "imperial",
        "time_zone": "Europe/Zurich",
        "language": "de",
        "first_weekday": 5,
        "email": None,
    }
    assert await send(server, "GET", bob, "/profile") == (200, USUAL)


@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": "1990-5-4"},
        {"birth_date": "2090-05-04"},
        {"birth_date": "1899-12-31"},
        {"birth_date": 19900504},
        {"sex": "x"},
        {"units": 1},
        {"first_weekday": 7},
        {"first_weekday": True},
        {"time_zone": "../etc/passwd"},
        {"time_zone": "Mars/Olympus"},
        {"language": "english please"},
        {"email": "ann"},
        {"name": "ann"},
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_changed(
    server: RunningServer, ann: Person, change: dict[str, object]
) -> None:
    status, answer = await send(server, "PATCH", ann, "/profile", {"sex": "male"} | change)
    assert (status, answer["error"], answer["field"]) == (400, "field", next(iter(change)))
    assert await send(server, "GET", ann, "/profile") == (200, USUAL)


async def test_body_values_hold_from_their_day_on(server: RunningServer, ann: Person, bob: Person) -> None:
    for day, value in (("2025-01-01", 70), ("2025-06-01", 65.5), ("2025-06-01", 66)):
        assert (await send(server, "PUT", ann, f"/body/weight_kg/{day}", {"value": value}))[0] == 200
    await send(server, "PUT", ann, "/body/resting_heart_rate_bpm/2025-03-01", {"value": 48})
    await send(server, "PATCH", ann, "/profile", {"birth_date": "1985-07-01", "sex": "female"})
    known = Athlete(mass_kg=80.0, sex="male", max_heart_rate_bpm=190.0)

    async def on(day: str) -> Athlete:
        utc_s = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp()
        return await server.app[PROFILES].athlete(ann.owner_id, utc_s, known)

    assert [(await on(day)).mass_kg for day in ("2024-12-31", "2025-01-01", "2025-05-31", "2025-06-01")] == [
        *(80.0, 70.0, 70.0, 66.0)
    ]
    athlete = await on("2025-07-01")
    assert (athlete.sex, athlete.resting_heart_rate_bpm, athlete.max_heart_rate_bpm) == ("female", 48.0, 190.0)
    assert athlete.age_years == pytest.approx(40, abs=0.01)
    assert await server.app[PROFILES].athlete(bob.owner_id, 0, UNKNOWN) == UNKNOWN
    assert (await send(server, "DELETE", ann, "/body/weight_kg/2025-06-01"))[0] == 204
    assert (await send(server, "DELETE", ann, "/body/weight_kg/2025-06-01"))[0] == 404
    assert (await on("2025-07-01")).mass_kg == 70.0
    assert (await send(server, "GET", bob, "/body"))[1]["values"] == []


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        ("weight_kg/2025-01-01", 5, 400),
        ("weight_kg/2025-01-01", "70", 400),
        ("weight_kg/2025-01-01", True, 400),
        ("weight_kg/2025-01-01", None, 400),
        ("weight_kg/2035-01-01", 70, 400),
        ("weight_kg/today", 70, 400),
        ("shoe_size/2025-01-01", 43, 404),
    ],
)
async def test_what_no_body_has_is_refused(
    server: RunningServer, ann: Person, path: str, value: object, status: int
) -> None:
    assert (await send(server, "PUT", ann, f"/body/{path}", {"value": value}))[0] == status
    assert (await send(server, "GET", ann, "/body"))[1]["values"] == []


_DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(sorted(BODY_RANGES)), _DAYS, st.floats(1, 400))), _DAYS)
def test_the_latest_value_that_is_not_later_is_true(told: list[tuple[str, date, float]], day: date) -> None:
    values = {(metric, since): value for metric, since, value in told}
    found = true_on([BodyValue(metric, since.isoformat(), value) for (metric, since), value in values.items()], day)
    for metric in BODY_RANGES:
        days = [since for name, since in values if name == metric and since <= day]
        assert found.get(metric) == (values[metric, max(days)] if days else None)


async def test_an_activity_is_judged_by_the_profile_of_its_day(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout()[0].data, 0)
    (before,) = await server.activities(ann)
    day = datetime.fromtimestamp(before["start_utc_s"], UTC).date()
    assert before["analysis"]["heart_rate_zones"] == []
    for since, value in ((day, 150), (day + timedelta(days=1), 200)):
        path = f"/body/max_heart_rate_bpm/{since.isoformat()}"
        assert (await send(server, "PUT", ann, path, {"value": value}))[0] == 200
    (after,) = await server.activities(ann)
    assert [zone["from_bpm"] for zone in after["analysis"]["heart_rate_zones"]] == [0, 75, 90, 105, 120, 135]
