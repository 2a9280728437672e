"""Days: from any upload of the journal the same values; two wearables at once count once; only the owner sees them."""

from typing import Any

from paceline_protocol.records import DAY
from paceline_server.keys import DEVICES
from server.journal_builder import DEVICE_ID, DEVICE_KEY, EPOCH, JournalBuilder
from server.running_server import Person, RunningServer

_MIDNIGHT_UTC_S = 1_777_852_800  # 2026-05-04
_QUARTER_S = 900
_OTHER_ID = "8899aabbccddeeff"
_RANGE = "from=2026-05-01&to=2026-05-31"


def _journal(
    quarters: range, *, steps: int = 100, resting: int = 0, user: int = 0, source: int = 1, told: bool = True
) -> JournalBuilder:
    """A journal with a DAY record at the end of each of these quarters of an hour since midnight."""
    builder = JournalBuilder()
    builder.boot()
    if told:
        builder.clock(0, _MIDNIGHT_UTC_S, source)
    _days(builder, quarters, steps=steps, resting=resting, user=user)
    return builder


def _days(builder: JournalBuilder, quarters: range, *, steps: int = 100, resting: int = 0, user: int = 0) -> None:
    for quarter in quarters:
        builder.record(DAY, (quarter + 1) * _QUARTER_S, 0, steps, 20, resting, user, 15, 4, 15)


async def _put(server: RunningServer, person: Person, data: bytes, device_id: str, epoch: int) -> None:
    url = f"/api/v1/devices/{device_id}/journal/{epoch}?position=0"
    async with server.http.put(url, data=data, headers=person.headers) as response:
        assert response.status == 200, await response.text()


async def _get(server: RunningServer, person: Person, query: str = _RANGE) -> list[dict[str, Any]]:
    await server.settled()
    status, answer = await server.get(person, f"/users/{person.owner_id}/daily?{query}")
    assert status == 200, answer
    return answer["days"]


async def test_a_day_is_the_sum_of_its_records_and_the_lowest_resting_heart_rate(
    server: RunningServer, ann: Person
) -> None:
    builder = _journal(range(30, 40), resting=58)
    _days(builder, range(40, 41), resting=52)
    _days(builder, range(41, 44))
    await server.put(ann, builder.data, 0)
    (day,) = await _get(server, ann)
    values = {
        "steps": 1400,
        "kilocalories": 280,
        "active_minutes": 56,
        "worn_minutes": 210,
        "resting_heart_rate_bpm": 52,
    }
    others = dict.fromkeys(("sleep_minutes", "floors", "ascent_m", "distance_m", "weight_kg"))
    values |= others
    assert day == {"date": "2026-05-04", **values, "sleeps": [], "sources": {f"wearable {DEVICE_ID}": values}}


async def test_any_split_and_repetition_gives_the_same_days(server: RunningServer, ann: Person) -> None:
    builder = _journal(range(400), resting=60)  # five days on several pages
    data = builder.data
    for end in (50, 4096, 5000, len(data)):
        for start in (0, max(0, end - 700)):
            await server.put(ann, data[start:end], start)
            await server.settled()
    await server.put(ann, data, 0)
    days = await _get(server, ann)
    assert [(day["date"], day["steps"]) for day in days] == [
        *((f"2026-05-0{number}", 9600) for number in range(4, 8)),
        ("2026-05-08", 1600),
    ]


async def test_a_server_that_starts_anew_counts_nothing_twice(server: RunningServer, ann: Person) -> None:
    builder = _journal(range(20))
    await server.put(ann, builder.data, 0)
    await server.settled()
    held = len(builder.data)
    await server.stop()
    await server.start()
    _days(builder, range(20, 30))
    await server.put(ann, builder.data[held:], held)
    (day,) = await _get(server, ann)
    assert day["steps"] == 3000


async def test_a_better_clock_moves_the_boots_records_to_their_day(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(0, _MIDNIGHT_UTC_S - 10 * 86_400, source=3)
    _days(builder, range(10))
    await server.put(ann, builder.data, 0)
    assert [day["date"] for day in await _get(server, ann, "from=2026-04-01&to=2026-05-31")] == ["2026-04-24"]
    held = len(builder.data)
    builder.clock(20_000, _MIDNIGHT_UTC_S + 20_000, source=1)
    await server.put(ann, builder.data[held:], held)
    days = await _get(server, ann, "from=2026-04-01&to=2026-05-31")
    assert [(day["date"], day["steps"]) for day in days] == [("2026-05-04", 1000)]


async def test_records_without_any_time_wait_for_it(server: RunningServer, ann: Person) -> None:
    builder = _journal(range(10), told=False)
    await server.put(ann, builder.data, 0)
    assert await _get(server, ann) == []
    held = len(builder.data)
    builder.clock(20_000, _MIDNIGHT_UTC_S + 20_000, source=2)
    await server.put(ann, builder.data[held:], held)
    assert [day["steps"] for day in await _get(server, ann)] == [1000]


async def test_midnight_ends_a_day(server: RunningServer, ann: Person) -> None:
    await server.put(ann, _journal(range(95, 97)).data, 0)
    assert [(day["date"], day["steps"]) for day in await _get(server, ann)] == [
        ("2026-05-04", 100),
        ("2026-05-05", 100),
    ]


async def test_other_users_of_the_wearable_count_nothing(server: RunningServer, ann: Person) -> None:
    builder = _journal(range(10))
    _days(builder, range(10, 20), user=2)
    await server.put(ann, builder.data, 0)
    assert [day["steps"] for day in await _get(server, ann)] == [1000]


async def test_two_wearables_at_once_count_once_and_one_after_the_other_both(
    server: RunningServer, ann: Person
) -> None:
    server.app[DEVICES].claim(ann.owner_id, _OTHER_ID, DEVICE_KEY)
    await server.put(ann, _journal(range(40, 60), steps=100, resting=60).data, 0)
    other = _journal(range(50, 80), steps=110, resting=64)
    await _put(server, ann, other.data, _OTHER_ID, EPOCH)
    (day,) = await _get(server, ann)
    assert {source: values["steps"] for source, values in day["sources"].items()} == {
        f"wearable {DEVICE_ID}": 2000,
        f"wearable {_OTHER_ID}": 3300,
    }
    assert day["steps"] == 10 * 100 + 30 * 110 and day["worn_minutes"] == 40 * 15
    assert day["resting_heart_rate_bpm"] == 64  # of the one that spoke last


async def test_two_epochs_of_a_wearable_add_up(server: RunningServer, ann: Person) -> None:
    await server.put(ann, _journal(range(10)).data, 0)
    after = JournalBuilder(epoch=EPOCH + 1)
    after.boot()
    after.clock(0, _MIDNIGHT_UTC_S)
    _days(after, range(20, 25))
    await _put(server, ann, after.data, DEVICE_ID, EPOCH + 1)
    assert [day["steps"] for day in await _get(server, ann)] == [1500]


async def test_the_history_of_a_metric(server: RunningServer, ann: Person) -> None:
    await server.put(ann, _journal(range(90, 100)).data, 0)
    await server.settled()
    answer = await server.get(ann, f"/workouts?metric=steps&{_RANGE}")
    days = [{"date": "2026-05-04", "value": 600}, {"date": "2026-05-05", "value": 400}]
    assert answer == (200, {"metric": "steps", "days": days})
    assert (await server.get(ann, f"/workouts?metric=resting_heart_rate_bpm&{_RANGE}"))[1]["days"] == []


async def test_another_user_sees_nothing(server: RunningServer, ann: Person, bob: Person) -> None:
    await server.put(ann, _journal(range(10)).data, 0)
    await server.settled()
    assert (await server.get(bob, f"/users/{ann.owner_id}/daily?{_RANGE}"))[0] == 404
    assert await _get(server, bob) == []


async def test_bad_queries_are_named(server: RunningServer, ann: Person) -> None:
    for query, name in (
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("from=2026-05-02&to=2026-05-01", "to"),
        ("from=2020-01-01&to=2026-05-01", "to"),
    ):
        status, answer = await server.get(ann, f"/users/{ann.owner_id}/daily?{query}")
        assert (status, answer["error"], answer["field"]) == (400, "query", name), query
    assert (await server.get(ann, "/workouts?metric=mood"))[1]["field"] == "metric"
