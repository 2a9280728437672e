"""A household shares a wearable: what is recorded in a slot is whose the slot was at its time, and nobody else's."""

import asyncio
import uuid

import pytest
from paceline_protocol.records import DAY
from paceline_server.backstage import make_backstage
from paceline_server.events.backfill import backfill
from paceline_server.households import store
from paceline_server.households.model import MOST, WRIST_SLOTS, SlotTerm, wearer
from paceline_server.keys import DATABASE, WORKER
from paceline_server.platform.database import Connection
from server.journal_builder import DEVICE_ID, START_UTC_S, JournalBuilder, run_samples
from server.running_server import PASSWORD, Person, RunningServer, make_person, shared_apart
from sqlalchemy import update

SLOTS = f"/devices/{DEVICE_ID}/slots"
JOINED_S = START_UTC_S + 5000.0  # between the two workouts


async def ask(
    server: RunningServer, person: Person, method: str, path: str, body: object = None
) -> tuple[int, dict[str, object]]:
    async with server.http.request(method, f"/api/v1{path}", json=body, headers=person.headers) as response:
        return response.status, await response.json() if response.status != 204 else {}


def shared_journal() -> bytes:
    """Return two workouts in slot 1, the second after JOINED_S, and a day's steps in slots 0 and 1."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, START_UTC_S + 5)
    for number, t_s in ((1, 10), (2, 9000)):
        builder.worn(1, t_s, session=number, utc_s=START_UTC_S + t_s)
        builder.samples(run_samples(120, t_s=t_s, seed=number))
        builder.end(t_s + 120)
    for t_s, slot, steps in ((9200, 0, 50), (9300, 1, 700)):
        builder.record(DAY, t_s, START_UTC_S + t_s, steps, 4, 55, slot, 15, 10, 15)
    builder.seal()
    return builder.data


async def household(server: RunningServer, ann: Person, bob: Person) -> None:
    assert (await ask(server, ann, "PUT", "/households", {"name": "Home"}))[0] == 200
    status, answer = await ask(server, ann, "POST", "/households/invitations")
    assert status == 201
    invitation = {"invitation": answer["invitation"]}
    assert (await ask(server, bob, "POST", "/households/join", invitation))[0] == 200
    assert (await ask(server, bob, "POST", "/households/join", invitation))[0] == 403


async def take_slot(server: RunningServer, ann: Person, bob: Person) -> None:
    assert (await ask(server, ann, "PUT", f"{SLOTS}/1", {"user_id": bob.owner_id}))[0] == 200
    answer = {"host_id": ann.owner_id, "accepted": True}
    assert (await ask(server, bob, "PUT", f"/households/slots/{DEVICE_ID}/1", answer))[0] == 200


async def test_a_household_is_bounded(server: RunningServer, ann: Person, bob: Person) -> None:
    assert (await ask(server, ann, "PUT", "/households", {"name": "Home"}))[0] == 200
    code = (await ask(server, ann, "POST", "/households/invitations"))[1]["invitation"]

    def fill(connection: Connection) -> None:
        for number in range(MOST):
            store.invite(connection, ann.owner_id, bytes([number]) * 32, server.clock(), server.clock() + 9)
            store.join(connection, str(uuid.UUID(int=number)), bytes([number]) * 32, server.clock())
        for number in range(MOST - 1):  # with the one above as many as may wait
            store.invite(connection, ann.owner_id, bytes([100 + number]) * 32, server.clock(), server.clock() + 9)

    await server.app[DATABASE].write(fill)
    status, answer = await ask(server, bob, "POST", "/households/join", {"invitation": code})
    assert (status, answer["error"]) == (409, "household_full")
    status, answer = await ask(server, ann, "POST", "/households/invitations")
    assert (status, answer["error"]) == (409, "too_many_invitations")
    path = f"/households/{ann.owner_id}/members/{uuid.UUID(int=3)}"
    assert (await ask(server, ann, "DELETE", path))[0] == 204
    assert (await ask(server, bob, "POST", "/households/join", {"invitation": code}))[0] == 200


async def starts(server: RunningServer, person: Person) -> list[str]:
    return [str(activity["start_time"]) for activity in await server.activities(person)]


async def steps(server: RunningServer, person: Person) -> float:
    _, answer = await server.get(person, f"/users/{person.owner_id}/daily?from=2025-10-08&to=2025-10-10")
    return sum(day.get("steps") or 0 for day in answer["days"])


async def test_a_slot_is_offered_within_a_household_and_accepted(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    assert (await ask(server, ann, "PUT", f"{SLOTS}/1", {"user_id": bob.owner_id}))[0] == 403
    await household(server, ann, bob)
    _, seen = await server.get(bob, "/households")
    assert [one["username"] for one in seen["households"][0]["people"]] == ["ann", "bob"]
    assert (await ask(server, bob, "PUT", f"{SLOTS}/1", {"user_id": bob.owner_id}))[0] == 404
    assert (await ask(server, ann, "PUT", f"{SLOTS}/8", {"user_id": bob.owner_id}))[0] == 404
    await take_slot(server, ann, bob)
    _, answer = await server.get(ann, SLOTS)
    assert [(one["slot"], one["user_id"], one["accepted"]) for one in answer["slots"]] == [(1, bob.owner_id, True)]
    carol = make_person(server, "carol")
    answer = {"host_id": ann.owner_id, "accepted": True}
    assert (await ask(server, carol, "PUT", f"/households/slots/{DEVICE_ID}/1", answer))[0] == 404
    assert (await ask(server, carol, "DELETE", f"/households/{ann.owner_id}/members/{bob.owner_id}"))[0] == 404
    # Who leaves the household gives the slot back.
    assert (await ask(server, bob, "DELETE", f"/households/{ann.owner_id}/members/{bob.owner_id}"))[0] == 204
    assert (await server.get(bob, "/households"))[1] == {"households": [], "slots": []}
    assert all(one["until"] for one in (await server.get(ann, SLOTS))[1]["slots"])


async def test_what_was_recorded_goes_by_whose_the_slot_was_however_late_it_comes(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await household(server, ann, bob)
    now_s, server.clock.now_s = server.clock.now_s, JOINED_S
    await take_slot(server, ann, bob)
    server.clock.now_s = now_s
    data = shared_journal()
    assert (await server.put(ann, data, 0))[0] == 200
    mine, bobs = await starts(server, ann), await starts(server, bob)
    assert len(mine) == len(bobs) == 1 and mine < bobs
    assert await steps(server, ann) == 50 and await steps(server, bob) == 700
    (bobs_run,) = await server.activities(bob)
    for path in (f"/activities/{bobs_run['activity_id']}", f"/activities/{bobs_run['activity_id']}/streams"):
        assert (await server.get(ann, path))[0] == 404 and (await server.get(bob, path))[0] == 200
    # The slot is given back: what is there stays where it is, read anew as often as one likes.
    assert (await ask(server, ann, "PUT", f"{SLOTS}/1", {"user_id": None}))[0] == 200
    stage = make_backstage(server.config, server.app[DATABASE], server.clock, bytes, shared_apart())
    assert await asyncio.to_thread(backfill, server.app[DATABASE], stage.backfills, ["journals"], 0.0) == 1
    server.app[WORKER].notify()
    assert (await starts(server, ann), await starts(server, bob)) == (mine, bobs)
    assert await steps(server, ann) == 50 and await steps(server, bob) == 700


async def test_an_activity_that_turns_out_to_be_anothers_moves_without_a_trace(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    data = shared_journal()
    await server.put(ann, data, 0)
    assert len(await starts(server, ann)) == 2 and await starts(server, bob) == []
    await household(server, ann, bob)
    await take_slot(server, ann, bob)

    def earlier(connection: Connection) -> None:  # as if the clock of the server had been wrong
        mine = WRIST_SLOTS.c.owner_id == ann.owner_id
        connection.execute(update(WRIST_SLOTS).where(mine).values(from_utc_s=0.0))

    await server.app[DATABASE].write(earlier)
    stage = make_backstage(server.config, server.app[DATABASE], server.clock, bytes, shared_apart())
    for _ in range(2):
        await asyncio.to_thread(backfill, server.app[DATABASE], stage.backfills, ["journals"], 0.0)
        server.app[WORKER].notify()
        assert await starts(server, ann) == [] and len(await starts(server, bob)) == 2
        assert await steps(server, ann) == 50 and await steps(server, bob) == 700


async def test_who_has_left_the_server_leaves_nothing_to_the_owner_of_the_wearable(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await household(server, ann, bob)
    now_s, server.clock.now_s = server.clock.now_s, JOINED_S
    await take_slot(server, ann, bob)
    server.clock.now_s = now_s
    async with server.http.post("/api/v1/auth/login", json={"username": "bob", "password": PASSWORD}) as response:
        session = Person(bob.owner_id, (await response.json())["access_token"])
    assert (await ask(server, session, "DELETE", f"/users/{bob.owner_id}", {"password": PASSWORD}))[0] == 204
    assert (await server.put(ann, shared_journal(), 0))[0] == 200
    assert len(await starts(server, ann)) == 1 and await steps(server, ann) == 50
    _, seen = await server.get(ann, "/households")
    assert [one["username"] for one in seen["households"][0]["people"]] == ["ann"]


@pytest.mark.parametrize(
    ("slot", "utc_s", "whose"),
    [(1, 9, None), (1, 10, "bob"), (1, 19, "bob"), (1, 20, None), (2, 15, None), (1, 30, "eve")],
)
def test_terms_are_dated(slot: int, utc_s: float, whose: str | None) -> None:
    terms = [
        SlotTerm(1, 10, "bob", 20, True),
        SlotTerm(1, 20, "mallory", None, False),
        SlotTerm(1, 30, "eve", None, True),
    ]
    assert wearer(terms, slot, utc_s) == whose
