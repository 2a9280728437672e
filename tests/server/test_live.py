"""Live growth: who watches gets every row once, in order, and the end."""

import asyncio
from typing import Any

import orjson
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from paceline_server.activities.model import Activity
from paceline_server.live.hub import QUEUE_LIMIT, Growth, Hub
from server.journal_builder import JournalBuilder, run_samples
from server.running_server import PASSWORD, Person, RunningServer


class Follower:
    """A client that keeps rows as the messages say."""

    def __init__(self, rows: list[float] | None = None) -> None:
        self.time_s: list[float] = rows or []
        self.finished = False

    async def follow(self, socket: ClientWebSocketResponse, rows: int) -> None:
        """Take messages until there are so many rows, or the end."""
        while len(self.time_s) < rows and not self.finished:
            await self.take(socket)

    async def take(self, socket: ClientWebSocketResponse) -> dict[str, Any]:
        """Take one message."""
        async with asyncio.timeout(20):
            received = await socket.receive()
        assert received.type is WSMsgType.TEXT, received
        message = orjson.loads(received.data)
        if message["type"] == "append":
            assert message["from_row"] <= len(self.time_s)
            self.time_s[message["from_row"] :] = message["streams"]["time_s"]
            assert message["activity"]["points_count"] >= len(self.time_s)
        self.finished = message["type"] == "finished"
        return message


async def started(server: RunningServer, person: Person, rows: int) -> tuple[JournalBuilder, str]:
    """Upload the beginning of a workout; return its journal and the activity's id."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(2000)[:rows])
    await server.put(person, builder.data, 0)
    (activity,) = await server.activities(person)
    return builder, activity["activity_id"]


@pytest.mark.parametrize("had", [0, 50, 100])
async def test_a_watcher_gets_every_row_once_and_the_end(server: RunningServer, ann: Person, had: int) -> None:
    builder, activity_id = await started(server, ann, 100)
    samples = run_samples(2000)
    follower = Follower([float(i) for i in range(had)])
    url = f"/api/v1/activities/{activity_id}/live?rows={had}"
    async with server.http.ws_connect(url, headers=ann.headers) as socket:
        for start in range(100, 1000, 300):
            await follower.follow(socket, start)
            held = builder.position
            builder.samples(samples[start : start + 300])
            assert (await server.put(ann, builder.data[held:], held))[0] == 200
        await follower.follow(socket, 1000)
        held = builder.position
        builder.end(1010)
        await server.put(ann, builder.data[held:], held)
        message = await follower.take(socket)
        while not follower.finished:
            message = await follower.take(socket)
        assert message["activity"]["receipt"]["whole"]
        assert message["activity"]["status"] == "finished"
        assert (await socket.receive()).type is WSMsgType.CLOSE
    assert follower.time_s == [float(i) for i in range(1000)]


async def test_who_watches_a_finished_workout_gets_it_all_and_the_end(server: RunningServer, ann: Person) -> None:
    builder, activity_id = await started(server, ann, 100)
    held = builder.position
    builder.end(110)
    await server.put(ann, builder.data[held:], held)
    await server.settled()
    follower = Follower()
    async with server.http.ws_connect(f"/api/v1/activities/{activity_id}/live", headers=ann.headers) as socket:
        await follower.take(socket)
        await follower.take(socket)
    assert (len(follower.time_s), follower.finished) == (100, True)


async def test_a_better_clock_moves_the_start_and_keeps_the_rows(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_759_000_005, source=3)
    builder.start(10)
    samples = run_samples(200)
    builder.samples(samples[:100])
    await server.put(ann, builder.data, 0)
    (before,) = await server.activities(ann)
    held = builder.position
    builder.clock(110, 1_760_000_110, source=1)
    builder.samples(samples[100:])
    await server.put(ann, builder.data[held:], held)
    (after,) = await server.activities(ann)
    assert (before["activity_id"], before["start_utc_s"]) == (after["activity_id"], 1_759_000_010)
    assert (after["start_utc_s"], after["points_count"]) == (1_760_000_010, 200)


async def test_a_beat_comes_in_a_silence_and_deleting_ends_the_watching(server: RunningServer, ann: Person) -> None:
    _, activity_id = await started(server, ann, 100)
    url = f"/api/v1/activities/{activity_id}/live?beat_s=1"
    async with server.http.ws_connect(url, headers=ann.headers) as socket:
        assert [(await Follower().take(socket))["type"] for _ in range(2)] == ["append", "beat"]
        async with server.http.delete(f"/api/v1/activities/{activity_id}", headers=ann.headers) as response:
            assert response.status == 204
        async with asyncio.timeout(20):
            assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_who_was_logged_out_is_told_nothing_more(server: RunningServer, ann: Person) -> None:
    builder, activity_id = await started(server, ann, 100)
    login = {"username": "ann", "password": PASSWORD}
    async with server.http.post("/api/v1/auth/login", json=login) as response:
        session = {"Authorization": f"Bearer {(await response.json())['access_token']}"}
    async with server.http.ws_connect(f"/api/v1/activities/{activity_id}/live", headers=session) as socket:
        await Follower().take(socket)
        everywhere = f"/api/v1/users/{ann.owner_id}/logout-everywhere"
        async with server.http.post(everywhere, headers=session) as response:
            assert response.status == 204
        held = builder.position
        builder.samples(run_samples(2000)[100:400])
        assert (await server.put(ann, builder.data[held:], held))[0] == 200
        async with asyncio.timeout(20):
            assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_who_does_not_keep_up_is_dropped_and_the_others_are_not() -> None:
    hub, topic = Hub(), ("owner", "activity")
    nothing: dict[str, Any] = dict.fromkeys(Activity.__dataclass_fields__)
    growth = Growth(0, {}, Activity(**nothing), finished=False)
    with hub.watch(topic) as slow, hub.watch(topic) as quick:
        for _ in range(QUEUE_LIMIT + 1):
            hub.publish(topic, growth)
            assert await quick.next() is growth
        assert await slow.next() is None
        hub.publish(topic, growth)
        assert await quick.next() is growth
    assert not hub.is_watched(topic)


async def test_a_stranger_watches_what_is_shown_for_as_long_as_it_is(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    builder, activity_id = await started(server, ann, 100)
    path = f"/api/v1/activities/{activity_id}"

    async def say(**said: object) -> None:
        async with server.http.patch(path, json=said, headers=ann.headers) as response:
            assert response.status == 200

    for headers, status in (({}, 401), (bob.headers, 404)):
        async with server.http.get(f"{path}/live", headers=headers) as response:
            assert response.status == status
    await say(visibility="public")
    mine, theirs = Follower(), Follower()
    async with (
        server.http.ws_connect(f"{path}/live", headers=ann.headers) as own,
        server.http.ws_connect(f"{path}/live") as socket,
    ):
        first = await theirs.take(socket)
        assert first["activity"]["receipt"] is None and any(first["streams"]["heart_rate_bpm"])
        await say(field_visibility={"heart_rate": "private"})
        again = await theirs.take(socket)
        while any(again["streams"]["heart_rate_bpm"]):  # what was told before the edit
            again = await theirs.take(socket)
        assert again["from_row"] == 0 and len(again["streams"]["heart_rate_bpm"]) == 100
        await say(visibility="followers")
        async with asyncio.timeout(20):
            while (closed := await socket.receive()).type is WSMsgType.TEXT:
                pass
        assert (closed.type, closed.data, closed.extra) == (WSMsgType.CLOSE, 1008, "no longer shown")
        held = builder.position
        builder.samples(run_samples(2000)[100:200])
        await server.put(ann, builder.data[held:], held)
        await mine.follow(own, 200)
