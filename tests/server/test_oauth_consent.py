"""Letting an app in: an independent client goes the whole way; and everything by which a request can be wrong."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from server.oauth_people import (
    CALLBACK,
    Client,
    agreed,
    decide,
    let_in,
    question,
    redeem,
    register,
)
from server.running_server import Person, RunningServer


@pytest.mark.parametrize("kind", ["public", "confidential"])
@pytest.mark.parametrize("way", ["client_secret_basic", "client_secret_post"])
async def test_authlib_as_the_client_gets_and_renews_its_tokens(
    one_server: RunningServer, someone: Person, kind: str, way: str
) -> None:
    made = await register(one_server, someone, kind=kind)
    async with one_server.http.get("/.well-known/oauth-authorization-server") as response:
        there = await response.json()
    assert there["issuer"] == one_server.url
    client: Any = AsyncOAuth2Client(
        client_id=made.client_id,
        client_secret=made.secret,
        token_endpoint_auth_method=way if made.secret else "none",
        redirect_uri=CALLBACK,
        scope="activities:read",
        code_challenge_method="S256",
    )
    async with client:
        verifier = "authlib-verifier-authlib-verifier-authlib-verifier"
        url, state = client.create_authorization_url(there["authorization_endpoint"], code_verifier=verifier)
        async with one_server.http.get(url, headers=someone.headers) as response:
            page = await response.text()
            assert response.status == 200
            assert "Race planner" in page and "see your workouts" in page and "app.example" in page
            assert "form-action 'self' https://app.example;" in response.headers["Content-Security-Policy"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        status, location, told = await decide(one_server, someone, asked)
        assert status == 303 and location.startswith(f"{CALLBACK}&code=")
        assert (told["iss"], told["state"]) == (there["issuer"], state)
        tokens = await client.fetch_token(
            there["token_endpoint"], authorization_response=location, code_verifier=verifier
        )
        assert tokens["scope"] == "activities:read" and tokens["expires_in"] == 3600
        assert tokens["user_id"] == someone.owner_id
        own = f"{one_server.url}/api/v1/users/{someone.owner_id}"
        assert (await client.get(f"{own}/stats")).status_code == 200
        assert (await client.get(f"{own}/daily")).status_code == 403
        assert (await client.get(f"{own}/tokens")).status_code == 403
        first = tokens["access_token"]
        renewed = await client.refresh_token(there["token_endpoint"])
        assert renewed["access_token"] != first
        assert (await client.get(f"{own}/stats")).status_code == 200
        revoked = await client.revoke_token(there["revocation_endpoint"], renewed["refresh_token"])
        assert revoked.status_code == 200
        assert (await client.get(f"{own}/stats")).status_code == 401


async def test_who_is_not_logged_in_logs_in_first_and_comes_back(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    async with one_server.http.get("/oauth/authorize", params=question(client), allow_redirects=False) as response:
        assert response.status == 303 and response.headers["Location"].startswith("/login?next=%2Foauth%2Fauthorize")


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"},
        {"client_id": "paceline-gateway"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://app.example/callback"},
        {"redirect_uri": f"{CALLBACK}/more"},
        {"redirect_uri": "https://app.example.evil.example/callback?from=paceline"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "//evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "https://app.example/callback?from=paceline#x"},
    ],
)
async def test_nobody_is_sent_where_the_request_alone_says(
    one_server: RunningServer, someone: Person, changed: dict[str, str | None]
) -> None:
    asked = question(await register(one_server, someone), **changed)
    async with one_server.http.get(
        "/oauth/authorize", params=asked, headers=someone.headers, allow_redirects=False
    ) as response:
        assert response.status == 400 and "Location" not in response.headers
    assert (await decide(one_server, someone, asked))[:2] == (400, "")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": "activities:read admin"}, "invalid_scope"),
        ({"scope": "gateway"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
    ],
)
async def test_what_else_is_wrong_the_app_is_told(
    one_server: RunningServer, someone: Person, changed: dict[str, str | None], error: str
) -> None:
    asked = question(await register(one_server, someone), **changed)
    async with one_server.http.get(
        "/oauth/authorize", params=asked, headers=someone.headers, allow_redirects=False
    ) as response:
        assert response.status == 303 and response.headers["Location"].startswith(f"{CALLBACK}&")
    _, location, told = await decide(one_server, someone, asked)
    assert location.startswith(f"{CALLBACK}&") and "code" not in told
    assert (told["error"], told["state"], told["iss"]) == (error, "s t&ate", one_server.url)


async def test_a_refusal_is_told_and_gives_nothing(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    _, _, told = await decide(one_server, someone, question(client), "refuse")
    assert told["error"] == "access_denied" and "code" not in told


async def test_only_the_form_of_ones_own_page_agrees(one_server: RunningServer, someone: Person) -> None:
    asked = question(await register(one_server, someone)) | {"decision": "agree"}
    for headers in ({}, {"Origin": "https://evil.example"}):
        cookie = {"Cookie": f"paceline_session={someone.token}"} | headers
        async with one_server.http.post(
            "/oauth/authorize", data=asked, headers=cookie, allow_redirects=False
        ) as response:
            assert response.status == 403
    app = await let_in(one_server, someone, Client(asked["client_id"]))
    program = {"Authorization": f"Bearer {app['access_token']}"}
    async with one_server.http.get("/oauth/authorize", params=asked, headers=program) as response:
        assert response.status == 403  # a program lets no other in


async def test_a_code_holds_once_for_a_minute_for_its_client_address_and_verifier(
    one_server: RunningServer, someone: Person
) -> None:
    client, other = await register(one_server, someone), await register(one_server, someone)
    for changed in ({"redirect_uri": "https://app.example/other"}, {"code_verifier": "w" * 43}):
        code = await agreed(one_server, someone, client)
        assert (await redeem(one_server, client, code, **changed))[1]["error"] == "invalid_grant"
        assert (await redeem(one_server, client, code))[1]["error"] == "invalid_grant"  # a wrong guess has spent it
    code = await agreed(one_server, someone, client)
    assert (await redeem(one_server, other, code))[1]["error"] == "invalid_grant"
    assert (await redeem(one_server, client, code))[0] == 200  # nobody else can spend it
    code = await agreed(one_server, someone, client)
    one_server.clock.now_s += 60
    assert (await redeem(one_server, client, code))[1]["error"] == "invalid_grant"


async def test_a_code_that_comes_twice_takes_back_what_it_gave(one_server: RunningServer, someone: Person) -> None:
    client = await register(one_server, someone)
    code = await agreed(one_server, someone, client)
    tokens = (await redeem(one_server, client, code))[1]
    app = Person(someone.owner_id, tokens["access_token"])
    assert (await one_server.get(app, f"/users/{someone.owner_id}/stats"))[0] == 200
    one_server.clock.now_s += 600
    assert (await redeem(one_server, client, code))[0] == 400
    assert (await one_server.get(app, f"/users/{someone.owner_id}/stats"))[0] == 401


@pytest.mark.parametrize(
    ("kind", "shown", "status"),
    [
        ("confidential", {}, 401),
        ("confidential", {"client_secret": "wrong"}, 401),
        ("public", {"client_secret": "anything"}, 401),
        ("public", {"client_id": "0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"}, 401),
        ("public", {"client_id": ""}, 400),
    ],
)
async def test_a_client_must_be_who_it_says(
    one_server: RunningServer, someone: Person, kind: str, shown: dict[str, str], status: int
) -> None:
    client = await register(one_server, someone, kind=kind)
    code = await agreed(one_server, someone, client)
    got, answer = await redeem(one_server, Client(client.client_id), code, **shown)
    assert got == status
    assert answer["error"] == ("invalid_client" if status == 401 else "invalid_request")
    assert (await redeem(one_server, client, code))[0] == 200
