"""Passkeys by the API: what is let in, and all that is not. A real browser does it in tests/web/test_passkeys.py."""

import base64
import uuid
from typing import Any
from urllib.parse import urlsplit

from server.running_server import PASSWORD, Person, RunningServer, make_person
from server.soft_authenticator import PRESENT, SoftAuthenticator
from server.test_second_factor import ask, session, switched_on


def soft(server: RunningServer) -> SoftAuthenticator:
    return SoftAuthenticator(server.url, urlsplit(server.url).hostname or "")


async def added(server: RunningServer, who: Person, key: SoftAuthenticator) -> tuple[int, dict[str, Any]]:
    path = f"/users/{who.owner_id}/passkeys"
    asked = (await ask(server, "POST", f"{path}/begin", who=who))[1]
    body = {"ticket": asked["ticket"], "credential": key.create(asked["options"]), "name": " phone "}
    return await ask(server, "POST", path, body, who)


async def begun(server: RunningServer) -> dict[str, Any]:
    return (await ask(server, "POST", "/auth/passkey/begin"))[1]


async def test_a_passkey_is_added_named_used_as_both_factors_and_deleted(server: RunningServer, ann: Person) -> None:
    who, key = await session(server, ann), soft(server)
    await switched_on(server, who)
    status, made = await added(server, who, key)
    assert (status, made["name"], made["last_used_at"]) == (201, "phone", None)
    assert (await added(server, who, key))[0] == 409  # the same again
    one = f"/users/{ann.owner_id}/passkeys/{made['passkey_id']}"
    assert (await ask(server, "PATCH", one, {"name": "old phone"}, who))[0] == 204
    asked = await begun(server)
    assert asked["options"]["userVerification"] == "required" and not asked["options"].get("allowCredentials")
    body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
    status, answer = await ask(server, "POST", "/auth/passkey", body)
    assert (status, answer["user_id"]) == (200, ann.owner_id)
    listed = (await ask(server, "GET", f"/users/{ann.owner_id}/passkeys", who=who))[1]["passkeys"]
    assert [(each["name"], each["last_used_at"] is not None) for each in listed] == [("old phone", True)]
    # The answer again, and the same answer to another challenge.
    assert (await ask(server, "POST", "/auth/passkey", body))[1]["error"] == "passkey"
    body["ticket"] = (await begun(server))["ticket"]
    assert (await ask(server, "POST", "/auth/passkey", body))[1]["error"] == "passkey"
    assert (await ask(server, "DELETE", one, who=who))[0] == 204
    asked = await begun(server)
    body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
    assert (await ask(server, "POST", "/auth/passkey", body))[1]["error"] == "passkey"


async def test_what_does_not_hold_is_not_let_in(server: RunningServer, ann: Person) -> None:
    who, key, bob = await session(server, ann), soft(server), make_person(server, "bob")
    assert (await added(server, who, key))[0] == 201

    async def refused(**change: Any) -> None:
        kept = {name: getattr(key, name) for name in change if name != "user"}
        for name in kept:
            setattr(key, name, change[name])
        asked = await begun(server)
        credential = key.get(asked["options"], change.get("user"))
        for name, value in kept.items():
            setattr(key, name, value)
        body = {"ticket": asked["ticket"], "credential": credential}
        status, answer = await ask(server, "POST", "/auth/passkey", body)
        assert (status, answer["error"]) == (401, "passkey"), change

    await refused(origin="https://elsewhere.example")
    await refused(rp_id="elsewhere.example")
    await refused(flags=PRESENT)  # nobody was verified
    await refused(credential=b"another")
    await refused(user=base64.urlsafe_b64encode(uuid.UUID(bob.owner_id).bytes).decode().rstrip("="))
    await refused(user="eA")
    key.count = 7
    asked = await begun(server)
    body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
    assert (await ask(server, "POST", "/auth/passkey", body))[0] == 200
    await refused(count=3)  # a copy that counts for itself
    asked = await begun(server)
    server.clock.now_s += 301
    body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
    assert (await ask(server, "POST", "/auth/passkey", body))[1]["error"] == "passkey"


async def test_a_passkey_is_added_only_by_the_session_that_asked_and_where_it_asked(
    server: RunningServer, ann: Person
) -> None:
    who, key = await session(server, ann), soft(server)
    mallory = await session(server, make_person(server, "mallory"))
    path = f"/users/{ann.owner_id}/passkeys"
    asked = (await ask(server, "POST", f"{path}/begin", who=who))[1]
    body = {"ticket": asked["ticket"], "credential": key.create(asked["options"])}
    others = f"/users/{mallory.owner_id}/passkeys"
    assert (await ask(server, "POST", others, body, mallory))[1]["error"] == "passkey"
    assert (await ask(server, "POST", path, body, who))[1]["error"] == "passkey"  # the ticket is spent
    key.origin = "https://elsewhere.example"
    assert (await added(server, who, key))[1]["error"] == "passkey"
    key = soft(server)
    key.flags = PRESENT
    assert (await added(server, who, key))[1]["error"] == "passkey"
    log_in = await begun(server)  # a challenge for something else
    body = {"ticket": log_in["ticket"], "credential": soft(server).create(asked["options"])}
    assert (await ask(server, "POST", path, body, who))[1]["error"] == "passkey"
    server.clock.now_s += 901
    assert (await ask(server, "POST", f"{path}/begin", who=who))[1]["error"] == "log_in_again"


async def test_a_passkey_proves_again_who_is_logged_in_and_nobody_else(server: RunningServer, ann: Person) -> None:
    who, key = await session(server, ann), soft(server)
    mallory = await session(server, make_person(server, "mallory"))
    assert (await added(server, who, key))[0] == 201
    server.clock.now_s += 901
    for person, status in ((mallory, 401), (who, 204)):
        asked = await begun(server)
        body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
        assert (await ask(server, "POST", "/auth/prove", body, person))[0] == status
    assert (await ask(server, "POST", f"/users/{ann.owner_id}/passkeys/begin", who=who))[0] == 200
    assert (await ask(server, "POST", f"/users/{ann.owner_id}/passkeys/begin", who=mallory))[0] == 404
    assert (await ask(server, "POST", "/auth/prove", {}, who))[0] == 400
    assert PASSWORD
