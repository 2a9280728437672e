"""schemathesis over the whole document, as owner, as another user and as nobody: no 5xx, nothing undocumented."""

import os
from pathlib import Path

import pytest
from conftest import thinned
from paceline_server.keys import DEVICES
from server.answers_checked import DOCUMENT
from server.fuzzing import fuzzed, of_things
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import PASSWORD, Person, RunningServer, make_person

# How many examples of each operation; `make fuzz-api` asks for more. Most that others ask is refused alike.
EXAMPLES = {
    who: os.environ.get("FUZZ_EXAMPLES", few) for who, few in {"owner": "2", "other": "1", "nobody": "1"}.items()
}
PHASES = os.environ.get("FUZZ_PHASES", "fuzzing")
ENDS_THE_LOG_IN = ("users_log_out", "users_log_out_everywhere", "users_revoke_token")
LONG = ("live_watch", "export_download")


def not_asked() -> set[str]:
    """Return the operations that others than the owner try with FUZZ_EXAMPLES or EVERY_STEP only: two of three."""
    if "FUZZ_EXAMPLES" in os.environ:
        return set()
    operations = [one["operationId"] for item in DOCUMENT["paths"].values() for one in item.values()]
    return set(operations) - set(thinned(operations, 3))


async def logged_in(server: RunningServer, name: str) -> Person:
    """Return a user with a session, which reaches further than the token of a program."""
    person = make_person(server, name)
    async with server.http.post("/api/v1/auth/login", json={"username": name, "password": PASSWORD}) as response:
        return Person(person.owner_id, (await response.json())["access_token"])


@pytest.mark.parametrize("who", EXAMPLES)
@pytest.mark.parametrize("database_url", [os.environ.get("FUZZ_DATABASE", "sqlite")], indirect=True)
async def test_it_answers_as_the_document_says(server: RunningServer, tmp_path: Path, who: str) -> None:
    owner, other = await logged_in(server, "ann"), await logged_in(server, "bob")
    server.app[DEVICES].claim(owner.owner_id, DEVICE_ID, DEVICE_KEY)
    await server.put(owner, workout(600)[0].data, 0)
    (activity,) = await server.activities(owner)
    names = {"user_id": owner.owner_id, "activity_id": activity["activity_id"], "device_id": DEVICE_ID}
    person = {"owner": owner, "other": other, "nobody": None}[who]
    document = tmp_path / "openapi.json"
    without = {*LONG, *ENDS_THE_LOG_IN} | (not_asked() if who != "owner" else set())
    document.write_text(of_things(DOCUMENT, names, without))
    options = ("--max-examples", EXAMPLES[who], "--phases", PHASES)
    code, report = await fuzzed(tmp_path, server.url, person.token if person else None, document, options)
    assert code == 0, report
    if person is not None:  # it was not by a token that held no more
        assert (await server.get(person, f"/users/{person.owner_id}"))[0] == 200
