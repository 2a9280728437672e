"""A device's batch: what it counted and its workouts, in one request that can be sent again."""

from typing import Any

import pytest
from paceline_server.keys import DATABASE
from paceline_server.platform.policy import Kind, Scope
from paceline_server.platform.tokens import add_token, new_token
from server.running_server import NOW_S, Person, RunningServer

RUN = {"type": "running", "start_time": "2025-10-08T16:00:00Z", "duration": 1800, "distance": 5000}
STEPS = {"metric": "steps", "date": "2025-10-08", "value": 9000}


async def send(server: RunningServer, person: Person, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with server.http.post("/api/v1/workouts", json=body, headers=person.headers) as response:
        return response.status, await response.json()


async def test_a_batch_sent_again_makes_nothing_twice(server: RunningServer, ann: Person) -> None:
    odd = {"client_id": "odd", "type": "running", "start_time": "2025-10-08T18:00:00Z"}  # how long, nobody says
    body = {
        "source": "phone",
        "time": "2025-10-08T20:00:00Z",
        "days": [STEPS],
        "workouts": [RUN | {"client_id": "w1"}, odd, RUN | {"client_id": "w2", "start_time": "2025-10-08T19:00:00Z"}],
    }
    status, first = await send(server, ann, body)
    assert (status, first["changed"]) == (200, 1)
    told = [(one["client_id"], one["status"], one["error"]) for one in first["workouts"]]
    assert told == [("w1", "saved", None), ("odd", "refused", "field"), ("w2", "saved", None)]
    again = await send(server, ann, body)
    assert again == (200, first | {"changed": 0})
    assert len(await server.activities(ann)) == 2
    assert (await server.get(ann, f"/users/{ann.owner_id}/stats"))[1]["lifetime_workouts"] == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_workouts_need_an_id_and_their_scope(server: RunningServer, ann: Person) -> None:
    body = {"source": "phone", "time": "2025-10-08T20:00:00Z", "days": [STEPS], "workouts": [RUN]}
    status, answer = await send(server, ann, body)
    assert (status, answer["field"]) == (400, "workouts[0].client_id")
    token = new_token(ann.owner_id, bytes)
    scopes = frozenset({Scope.DAILY_WRITE, Scope.DAILY_READ})
    write = server.app[DATABASE].write
    await write(add_token, token, Kind.APP, label="", now_s=NOW_S, expires_at_s=None, scopes=scopes)
    program = Person(ann.owner_id, token)
    status, answer = await send(server, program, body | {"workouts": [RUN | {"client_id": "w1"}]})
    assert (status, answer["error"]) == (403, "scope")
    assert (await server.get(ann, f"/users/{ann.owner_id}/daily?from=2025-10-08&to=2025-10-08"))[1]["days"] == []
    del body["workouts"]
    assert await send(server, program, body) == (200, {"changed": 1})
