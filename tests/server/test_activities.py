"""Activities over HTTP: the contract's shapes, paging, telemetry, deletion for good."""

import gzip

import orjson
import pytest
from aiohttp import ClientSession, DummyCookieJar
from paceline_server.tombstones.store import RESTORABLE_S
from server.journal_builder import JournalBuilder, run_samples, workout
from server.running_server import Person, RunningServer

CONTRACT = {
    "activity_id",
    "user_id",
    "type",
    "start_time",
    "duration",
    "distance",
    "calories",
    "route_polyline",
    "average_pace",
    "heart_rate_avg",
    "heart_rate_max",
    "points_count",
    "created_at",
    "updated_at",
}
COLUMNS = {
    "time_s",
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
    "speed_m_s",
    "heart_rate_bpm",
    "heart_rate_confidence",
    "cadence_spm",
    "distance_m",
}


def many_workouts(count: int) -> JournalBuilder:
    """Return a journal of short workouts, ten minutes apart."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    for number in range(count):
        begin = 10 + 600 * number
        builder.start(begin, session=number + 1, sport=1 + number % 3)
        builder.samples(run_samples(60, t_s=begin, seed=number))
        builder.end(begin + 60)
    return builder


async def test_an_activity_has_the_contracts_fields(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout(3600)[0].data, 0)
    (activity,) = await server.activities(ann)
    assert activity.keys() >= CONTRACT
    assert (activity["user_id"], activity["type"], activity["status"]) == (ann.owner_id, "running", "finished")
    assert activity["start_time"] == "2025-10-09T08:53:30Z"
    assert (activity["duration"], activity["points_count"], activity["calories"]) == (3600, 3600, 321)
    assert 10_500 < activity["distance"] < 11_100
    assert 320 < activity["average_pace"] < 345
    assert activity["moving_time_s"] == 3599
    assert 140 < activity["heart_rate_avg"] < activity["heart_rate_max"] <= 183
    assert 100 < activity["ascent_m"] < 130
    assert len(activity["splits"]) == 11
    _, by_mile = await server.get(ann, f"/activities/{activity['activity_id']}?unit=mile")
    assert [round(mile["distance_m"]) for mile in by_mile["splits"][:-1]] == [1609] * 6
    for way in ("ascent_m", "descent_m"):
        for splits in (activity["splits"], by_mile["splits"]):
            assert sum(split[way] for split in splits) == pytest.approx(activity[way], abs=1)
    assert activity["route_polyline"]


async def test_the_profile_has_the_contracts_fields(server: RunningServer, ann: Person) -> None:
    status, profile = await server.get(ann, f"/users/{ann.owner_id}")
    assert status == 200
    assert (profile["id"], profile["username"], profile["settings"]) == (ann.owner_id, "ann", {})
    _, devices = await server.get(ann, f"/users/{ann.owner_id}/devices")
    assert [device["device_id"] for device in devices["devices"]] == ["0011223344556677"]


async def test_the_list_is_paged_with_the_latest_first(server: RunningServer, ann: Person) -> None:
    await server.put(ann, many_workouts(7).data, 0)
    everything = [activity["activity_id"] for activity in await server.activities(ann)]
    assert len(set(everything)) == 7
    paged = []
    for offset in (0, 3, 6):
        _, page = await server.get(ann, f"/users/{ann.owner_id}/activities?limit=3&offset={offset}")
        assert (page["total"], page["limit"], page["offset"]) == (7, 3, offset)
        starts = [activity["start_utc_s"] for activity in page["activities"]]
        assert starts == sorted(starts, reverse=True)
        paged += [activity["activity_id"] for activity in page["activities"]]
    assert paged == everything
    for query in ("limit=0", "limit=201", "limit=x", "offset=-1"):
        assert (await server.get(ann, f"/users/{ann.owner_id}/activities?{query}"))[0] == 400


async def test_streams_are_columns_of_one_length_with_null_for_missing(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    samples = [
        (t_s, 0 if i % 10 == 3 else fix, *rest[:4], 0 if i % 7 == 2 else rest[4], *rest[5:])
        for i, (t_s, fix, *rest) in enumerate(run_samples(300))
    ]
    held = samples[0]
    kept = []
    for sample in samples:
        held = sample if sample[1] else (sample[0], 0, *held[2:6], *sample[6:])
        kept.append(held)
    builder.samples(kept)
    builder.end(310)
    await server.put(ann, builder.data, 0)
    (activity,) = await server.activities(ann)
    _, streams = await server.get(ann, f"/activities/{activity['activity_id']}/streams")
    assert streams.keys() == COLUMNS
    assert {len(column) for column in streams.values()} == {300}
    for name in ("latitude_deg", "longitude_deg", "altitude_m", "speed_m_s"):
        assert [i for i, value in enumerate(streams[name]) if value is None] == list(range(3, 300, 10))
    assert [i for i, value in enumerate(streams["heart_rate_bpm"]) if value is None] == list(range(2, 300, 7))
    assert None not in streams["distance_m"]
    assert activity["receipt"]["whole"]


async def test_streams_are_gzipped_for_who_takes_it(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout(3600)[0].data, 0)
    (activity,) = await server.activities(ann)
    url = f"{server.url}/api/v1/activities/{activity['activity_id']}/streams"
    async with ClientSession(auto_decompress=False, cookie_jar=DummyCookieJar()) as http:
        async with http.get(url, headers=ann.headers | {"Accept-Encoding": "gzip"}) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            packed = await response.read()
        async with http.get(url, headers=ann.headers | {"Accept-Encoding": "identity"}) as response:
            plain = await response.read()
    assert orjson.loads(gzip.decompress(packed)) == orjson.loads(plain)
    assert len(packed) < 100_000


async def test_a_deleted_activity_stays_deleted(server: RunningServer, ann: Person) -> None:
    builder, samples = workout(600)
    data = builder.data
    await server.put(ann, data[:2000], 0)
    (activity,) = await server.activities(ann)
    url = f"/api/v1/activities/{activity['activity_id']}"
    async with server.http.delete(url, headers=ann.headers) as response:
        assert response.status == 204
    async with server.http.delete(url, headers=ann.headers) as response:
        assert response.status == 404
    await server.put(ann, data, 0)
    assert await server.activities(ann) == []
    await server.stop()
    await server.start()
    await server.put(ann, data[100:], 100)
    assert await server.activities(ann) == []
    server.clock.now_s += RESTORABLE_S + 60
    await server.settled()
    assert not [path for path in server.config.blobs.rglob("*") if path.is_file()]
    assert samples
