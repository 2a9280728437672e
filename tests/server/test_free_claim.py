"""The operator ends a claim that was never proven, and no other."""

from pathlib import Path

import pytest
from paceline_server.cli import main
from paceline_server.keys import DEVICES
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER_ID = "00112233aabbccdd"


def free(data: Path, device_id: str) -> int:
    return main(["free", "--data", str(data), "--device-id", device_id])


async def test_only_a_claim_that_was_never_proven_is_ended(
    server: RunningServer, ann: Person, bob: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    server.app[DEVICES].claim(bob.owner_id, OTHER_ID, bytes(32))  # he guessed, or read it off the label
    good = workout(200)[0].data
    assert (await server.put(ann, good, 0))[0] == 200
    url = f"/api/v1/devices/{OTHER_ID}/journal/7?position=0"
    async with server.http.put(url, data=good, headers=bob.headers) as response:
        assert response.status == 200  # bytes that another key sealed prove nothing
    await server.settled()
    await server.stop()
    assert free(server.data, DEVICE_ID) == 1
    assert "seals of its journal fit" in capsys.readouterr().err
    assert free(server.data, OTHER_ID.upper()) == 0
    assert "claimed by bob" in capsys.readouterr().out
    assert free(server.data, OTHER_ID) == 1
    assert "Nobody has claimed" in capsys.readouterr().err
    await server.start()
    assert server.app[DEVICES].claim(ann.owner_id, OTHER_ID, DEVICE_KEY).owner_id == ann.owner_id
