"""For operators: readiness, metrics, dead letters, problem details, logs that name nobody."""

import json
import logging

import pytest
from paceline_server.events import store as events
from paceline_server.events.declared import JOURNAL_GREW
from paceline_server.json_lines import JsonLines
from paceline_server.keys import DATABASE, STOPPING
from paceline_server.platform.metrics import RequestMetrics
from server.journal_builder import workout
from server.running_server import Person, RunningServer


async def test_a_server_that_stops_is_not_ready(server: RunningServer) -> None:
    async with server.http.get("/readyz") as response:
        assert (response.status, (await response.json())["status"]) == (200, "ready")
    server.app[STOPPING].set()
    async with server.http.get("/readyz") as response:
        assert (response.status, (await response.json())["status"]) == (503, "not ready")


async def test_a_server_whose_database_does_not_answer_is_not_ready(server: RunningServer) -> None:
    table = events.EVENTS
    server.app[DATABASE].write_now(table.drop)
    async with server.http.get("/readyz") as response:
        assert response.status == 503
    server.app[DATABASE].write_now(table.create)


async def test_metrics_count_routes_and_events_and_name_nobody(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout(600)[0].data, 0)
    (activity,) = await server.activities(ann)
    async with server.http.get("/metrics") as response:
        assert response.content_type == "text/plain"
        text = await response.text()
    said = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    route = "/api/v1/activities/{activity_id}"
    assert said[f'paceline_requests_total{{method="GET",route="{route}",status="200"}}'] == "1"
    assert said[f'paceline_request_seconds_bucket{{route="{route}",le="+Inf"}}'] == "1"
    assert int(said["paceline_events_handled_total"]) >= 1 and said["paceline_events_due"] == "0"
    assert int(said["paceline_resident_memory_bytes"]) > 10_000_000
    assert ann.owner_id not in text and activity["activity_id"] not in text
    async with server.http.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}) as response:
        assert response.status == 404


def test_the_histogram_adds_up_and_quotes() -> None:
    metrics = RequestMetrics()
    for took_s in (0.001, 0.01, 0.011, 99.0):
        metrics.count("GET", 'a"b\\', 200, took_s)
    lines = list(metrics.lines())
    assert 'paceline_request_seconds_bucket{route="a\\"b\\\\",le="0.01"} 2' in lines
    assert 'paceline_request_seconds_bucket{route="a\\"b\\\\",le="+Inf"} 4' in lines


async def test_an_admin_sees_dead_letters_and_settles_them(server: RunningServer, ann: Person, bob: Person) -> None:
    await server.settled()
    database = server.app[DATABASE]

    def die(connection: object) -> None:
        events.emit(connection, JOURNAL_GREW, ann.owner_id, "x", 1.0)  # pyright: ignore[reportArgumentType]
        (turn,) = events.due(connection, 1.0)  # pyright: ignore[reportArgumentType]
        claimed = events.claim(connection, turn)  # pyright: ignore[reportArgumentType]
        assert claimed is not None
        events.failed(connection, claimed.event_ids, 12, 1.0, "ValueError: x", True)  # pyright: ignore[reportArgumentType]

    database.write_now(die)
    assert (await server.get(bob, "/admin/events/dead"))[0] == 404
    status, said = await server.get(ann, "/admin/events/dead")  # the first user is the admin
    (letter,) = said["events"]
    assert (status, said["total"], letter["attempts"], letter["error"]) == (200, 1, 12, "ValueError: x")
    url = "/api/v1/admin/events/dead"
    for body, answer in (
        ({"drop": [letter["event_id"]], "retry": [10**6]}, {"retried": 0, "dropped": 1}),
        ({"drop": [letter["event_id"]]}, {"retried": 0, "dropped": 0}),
    ):
        async with server.http.post(url, json=body, headers=ann.headers) as response:
            assert await response.json() == answer
    async with server.http.post(url, json={"drop": ["1"]}, headers=ann.headers) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("path", "status", "code"), [("/nothing", 404, "not_found"), ("/users/x", 401, "unauthenticated")]
)
async def test_errors_are_problem_details(server: RunningServer, path: str, status: int, code: str) -> None:
    async with server.http.get(f"/api/v1{path}") as response:
        assert (response.status, response.content_type) == (status, "application/problem+json")
        said = await response.json()
    assert (said["status"], said["type"], said["error"]) == (status, f"urn:paceline:error:{code}", code)
    assert said["detail"] == said["message"] and said["title"]


async def test_a_request_is_a_json_line_without_names(
    server: RunningServer, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "paceline.web")
    async with server.http.get(f"/api/v1/users/{ann.owner_id}", headers=ann.headers) as response:
        request_id = response.headers["X-Request-ID"]
    line = JsonLines().format(caplog.records[-1])
    said = json.loads(line)
    assert (said["request_id"], said["status"], said["level"]) == (request_id, 200, "info")
    assert said["route"] == "/api/v1/users/{user_id}"
    assert ann.owner_id not in line and "127.0.0.1" not in line
