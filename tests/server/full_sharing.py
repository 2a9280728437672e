"""What people do together, and what comes damaged or bit by bit: the part of the full run that needs somebody else."""

from typing import Any

from server.journal_builder import DEVICE_ID, EPOCH, START_UTC_S, JournalBuilder, run_samples
from server.running_server import Person, RunningServer

FLIPPED_AT = 5000  # in the second page, which the third one seals


async def full_sharing(server: RunningServer, person: Person, fred: Person) -> None:
    """Share the wearable with Fred, send a workout in pieces, and a journal with a flipped byte."""
    slot = {"user_id": fred.owner_id}
    await _ask(server, person, "PUT", "/households", {"name": "Home"})
    made = await _ask(server, person, "POST", "/households/invitations")
    await _ask(server, fred, "POST", "/households/join", {"invitation": made["invitation"]})
    await _ask(server, person, "PUT", f"/devices/{DEVICE_ID}/slots/1", slot)
    accepted = {"host_id": person.owner_id, "accepted": True}
    await _ask(server, fred, "PUT", f"/households/slots/{DEVICE_ID}/1", accepted)
    for who in (person, fred):
        await _ask(server, who, "GET", "/households")
    await _ask(server, person, "GET", f"/devices/{DEVICE_ID}/slots")

    began = await _ask(server, person, "POST", "/activities/start", {"type": "running"})
    points = f"/activities/{began['activity_id']}/points"
    sent = [{"time": second, "lat": 47.0, "lng": 8.0, "heart_rate": 120} for second in range(4)]
    await _ask(server, person, "POST", points, {"from": 0, "data_points": sent})
    await _ask(server, person, "POST", points, {"from": 0, "data_points": sent})
    await _ask(server, person, "POST", f"/activities/{began['activity_id']}/finish", {"points": 4})

    path = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH + 1}?position=0"
    async with server.http.put(path, data=_flipped(), headers=person.headers) as response:
        assert response.status == 200
    await server.settled()
    await _ask(server, person, "GET", f"/devices/{DEVICE_ID}/journals")


def _flipped() -> bytes:
    journal = JournalBuilder(epoch=EPOCH + 1)
    journal.boot()
    journal.clock(5, START_UTC_S + 20_005)
    journal.worn(1, 10, session=1, utc_s=START_UTC_S + 20_010)
    journal.samples(run_samples(4000, t_s=10))
    journal.end(4010)
    data = bytearray(journal.data)
    data[FLIPPED_AT] ^= 1
    return bytes(data)


async def _ask(server: RunningServer, who: Person, method: str, path: str, body: object = None) -> dict[str, Any]:
    async with server.http.request(method, f"/api/v1{path}", json=body, headers=who.headers) as response:
        assert response.status in (200, 201, 204), await response.text()
        return await response.json() if response.status != 204 else {}
