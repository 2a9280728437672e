"""Refresh tokens: each use gives a new one, no lost answer locks anybody out, and an old copy ends everything."""

from typing import Any

import pytest
from paceline_server.keys import DATABASE
from paceline_server.platform.auth import AUTHENTICATOR
from paceline_server.platform.tokens import held, identity_of, note_use
from server.oauth_people import ask_tokens, let_in, reads, register, renew
from server.running_server import Person, RunningServer, log_in

DAY_S = 86_400


async def used(server: RunningServer, tokens: dict[str, Any]) -> None:
    """Use an access token, until that is kept."""
    assert await reads(server, tokens) == 200
    await server.app[AUTHENTICATOR].close()


async def test_it_goes_round_on_either_database(server: RunningServer, ann: Person) -> None:
    someone = await log_in(server, ann)
    client = await register(server, someone, kind="confidential")
    tokens = await let_in(server, someone, client)
    await used(server, tokens)
    _, first = await renew(server, client, tokens["refresh_token"])
    status, second = await renew(server, client, tokens["refresh_token"])
    assert status == 200 and await reads(server, second) == 200
    assert (await renew(server, client, first["refresh_token"]))[0] == 400
    assert await reads(server, second) == 401


async def test_each_renewal_replaces_both_tokens(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    for _ in range(3):
        await used(one_server, tokens)
        one_server.clock.now_s += 3600
        assert await reads(one_server, tokens) == 401  # an hour is over
        status, fresh = await renew(one_server, client, tokens["refresh_token"])
        assert status == 200 and fresh["refresh_token"] != tokens["refresh_token"]
        assert fresh["scope"] == "activities:read daily:read"
        tokens = fresh
    assert await reads(one_server, tokens) == 200


async def test_an_answer_that_was_lost_can_be_asked_for_again_and_again(
    one_server: RunningServer, someone: Person
) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    await used(one_server, tokens)
    answers = [(await renew(one_server, client, tokens["refresh_token"]))[1] for _ in range(4)]
    assert [await reads(one_server, answer) for answer in answers] == [401, 401, 401, 200]
    assert (await renew(one_server, client, answers[-1]["refresh_token"]))[0] == 200


async def test_a_late_word_that_the_token_before_was_used_leaves_the_way_back_open(
    one_server: RunningServer, someone: Person
) -> None:
    client = await register(one_server, someone)
    first = await let_in(one_server, someone, client)
    claim = identity_of(first["access_token"])
    assert claim is not None
    database, now_s = one_server.app[DATABASE], one_server.clock()
    in_use = await database.read(held, claim, now_s)
    assert in_use is not None
    assert (await renew(one_server, client, first["refresh_token"]))[0] == 200  # and the answer is lost
    await database.write(note_use, in_use, now_s)
    assert (await renew(one_server, client, first["refresh_token"]))[0] == 200


@pytest.mark.parametrize("who_first", ["thief", "owner"])
async def test_an_old_copy_ends_it_for_both_whoever_comes_first(
    one_server: RunningServer, someone: Person, who_first: str
) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    await used(one_server, tokens)
    _, first = await renew(one_server, client, tokens["refresh_token"])  # one of the two renews, and uses what it got
    await used(one_server, first)
    status, answer = await renew(one_server, client, tokens["refresh_token"])  # and then comes the other
    assert (status, answer["error"]) == (400, "invalid_grant")
    assert await reads(one_server, first) == 401
    assert (await renew(one_server, client, first["refresh_token"]))[0] == 400
    async with one_server.http.get("/account/apps", headers=someone.headers) as response:
        assert "somebody showed an old copy of its key" in await response.text()
    assert who_first


async def test_what_a_thief_got_and_did_not_use_is_worth_nothing_once_the_owner_renews(
    one_server: RunningServer, someone: Person
) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    await used(one_server, tokens)
    _, stolen = await renew(one_server, client, tokens["refresh_token"])
    _, own = await renew(one_server, client, tokens["refresh_token"])
    assert [await reads(one_server, stolen), await reads(one_server, own)] == [401, 200]
    assert (await renew(one_server, client, stolen["refresh_token"]))[0] == 400  # and by this it shows itself
    assert await reads(one_server, own) == 401


async def test_it_ends_when_it_was_not_used_for_long_and_not_before(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    for wait_days, status in ((89, 200), (89, 200), (90, 400)):
        one_server.clock.now_s += wait_days * DAY_S
        got, answer = await renew(one_server, client, tokens["refresh_token"])
        assert got == status
        tokens = answer


async def test_fewer_scopes_can_be_asked_for_and_never_more(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    status, narrow = await renew(one_server, client, tokens["refresh_token"], scope="daily:read")
    assert (status, narrow["scope"]) == (200, "daily:read")
    assert await reads(one_server, narrow) == 403
    for scope in ("profile:read", "daily:read devices:write", "nothing"):
        got, answer = await renew(one_server, client, narrow["refresh_token"], scope=scope)
        assert (got, answer["error"]) == (400, "invalid_scope")
    assert (await renew(one_server, client, narrow["refresh_token"]))[1]["scope"] == "activities:read daily:read"


async def test_another_client_can_neither_renew_nor_revoke_nor_end_it(
    one_server: RunningServer, someone: Person
) -> None:
    client, other = await register(one_server, someone), await register(one_server, someone)
    tokens = await let_in(one_server, someone, client)
    assert (await renew(one_server, other, tokens["refresh_token"]))[0] == 400
    for token in (tokens["refresh_token"], tokens["access_token"], "nothing", someone.token):
        async with one_server.http.post("/api/v1/oauth/revoke", data={"token": token} | other.fields) as response:
            assert response.status == 200
    assert await reads(one_server, tokens) == 200
    assert (await one_server.get(someone, f"/users/{someone.owner_id}"))[0] == 200


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
async def test_what_is_revoked_ends_at_once(one_server: RunningServer, someone: Person, which: str) -> None:
    client = await register(one_server, someone, kind="confidential")
    tokens = await let_in(one_server, someone, client)
    async with one_server.http.post("/api/v1/oauth/revoke", data={"token": tokens[which]} | client.fields) as response:
        assert response.status == 200
    assert await reads(one_server, tokens) == 401
    assert (await renew(one_server, client, tokens["refresh_token"]))[0] == 400


async def test_an_owner_closes_it_and_a_maker_withdraws_it(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    tokens, second = await let_in(one_server, someone, client), await let_in(one_server, someone, client)
    own = f"/users/{someone.owner_id}"
    listed = (await one_server.get(someone, f"{own}/tokens"))[1]["tokens"]
    apps = [token for token in listed if token["kind"] == "app"]
    assert [app["label"] for app in apps] == ["Race planner", "Race planner"]
    assert apps[0]["scopes"] == ["activities:read", "daily:read"]
    for app in apps[:1]:
        async with one_server.http.delete(
            f"/api/v1{own}/tokens/{app['token_id']}", headers=someone.headers
        ) as response:
            assert response.status == 204
    assert sorted([await reads(one_server, tokens), await reads(one_server, second)]) == [200, 401]
    async with one_server.http.delete(f"/api/v1{own}/apps/{client.client_id}", headers=someone.headers) as response:
        assert response.status == 204
    assert [(await renew(one_server, client, each["refresh_token"]))[0] for each in (tokens, second)] == [401, 401]


async def test_no_token_is_kept(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone, kind="confidential")
    tokens = await let_in(one_server, someone, client)
    kept = one_server.kept()
    secrets = [tokens["access_token"].split(".")[1], *tokens["refresh_token"].split(".")[1:], client.secret or ""]
    assert [secret for secret in secrets if secret.encode() in kept] == []


async def test_guesses_at_secrets_are_few(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone, kind="confidential")
    form = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": client.client_id}
    tries = [(await ask_tokens(one_server, form | {"client_secret": f"guess {n}"}))[0] for n in range(12)]
    assert tries == [401] * 10 + [429] * 2
