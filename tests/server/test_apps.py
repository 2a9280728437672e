"""Apps that somebody registers: where people may be sent back to, and whose they are."""

import pytest
from paceline_server.apps.redirects import checked_redirects, is_registered, origin_for_policy
from paceline_server.errors import InvalidError
from server.oauth_people import register
from server.running_server import Person, RunningServer, log_in, make_person

GOOD = (
    "https://app.example/callback",
    "https://app.example:8443/a/b?x=1",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:5000/callback",
    "http://[::1]:5000/callback?x=1",
    "com.example.app:/callback",
    "com.example.app://callback",
)
BAD = (
    "",
    "callback",
    "//app.example/callback",
    "http://app.example/callback",
    "http://localhost:5000/callback",
    "http://127.0.0.1.evil.example/callback",
    "https://app.example/callback#part",
    "https://app.example/callback#",
    "https://user@app.example/callback",
    "https:///callback",
    "https://app.example:port/",
    "https://app.example/a b",
    "https://app.example/\r\nSet-Cookie:a=b",
    "https://app.example/\u2028",
    "https://app.example;form-action:x/",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "myapp:/callback",
    "https://app.example/" + "a" * 500,
)


@pytest.mark.parametrize("uri", GOOD)
def test_these_can_be_registered_and_match_themselves(uri: str) -> None:
    assert checked_redirects([uri, uri]) == (uri,)
    assert is_registered(uri, (uri,))


@pytest.mark.parametrize("uri", BAD)
def test_these_cannot(uri: str) -> None:
    with pytest.raises(InvalidError):
        checked_redirects(["https://app.example/", uri])
    assert not is_registered(uri, GOOD)


@pytest.mark.parametrize("uris", [[], ["https://app.example/"] * 11])
def test_there_is_one_and_there_are_not_too_many(uris: list[str]) -> None:
    with pytest.raises(InvalidError):
        checked_redirects(uris)


@pytest.mark.parametrize(
    ("asked", "registered", "fits"),
    [
        ("http://127.0.0.1:41999/callback", "http://127.0.0.1/callback", True),
        ("http://127.0.0.1/callback", "http://127.0.0.1:5000/callback", True),
        ("http://[::1]:1/callback?x=1", "http://[::1]/callback?x=1", True),
        ("http://127.0.0.1:41999/other", "http://127.0.0.1/callback", False),
        ("http://[::1]:1/callback", "http://127.0.0.1/callback", False),
        ("http://127.0.0.1:1@evil.example/callback", "http://127.0.0.1/callback", False),
        ("http://127.0.0.1:999999/callback", "http://127.0.0.1/callback", False),
        ("https://app.example:444/callback", "https://app.example/callback", False),
        ("https://APP.example/callback", "https://app.example/callback", False),
        ("https://app.example/callback?x=1", "https://app.example/callback", False),
        ("https://app.example/callback/", "https://app.example/callback", False),
        ("https://app.example/x/../callback", "https://app.example/callback", False),
    ],
)
def test_only_the_port_of_loopback_is_free(asked: str, registered: str, fits: bool) -> None:
    assert is_registered(asked, (registered,)) is fits


def test_the_pages_policy_names_the_origin_alone() -> None:
    assert origin_for_policy("https://app.example:8443/a?b") == "https://app.example:8443"
    assert origin_for_policy("http://[::1]:5000/a") == "http://[::1]:5000"
    assert origin_for_policy("com.example.app:/a") == "com.example.app:"


async def test_apps_are_their_makers(one_server: RunningServer, someone: Person) -> None:
    other = await log_in(one_server, make_person(one_server, "somebody-else"))
    client = await register(one_server, someone, kind="confidential")
    own = f"/users/{someone.owner_id}/apps"
    (shown,) = (await one_server.get(someone, own))[1]["apps"]
    assert (shown["client_id"], shown["type"]) == (client.client_id, "confidential") and "client_secret" not in shown
    assert (await one_server.get(other, own))[0] == 404
    for who, where, status in (
        (other, own, 404),
        (other, f"/users/{other.owner_id}/apps", 404),
        (someone, own, 204),
        (someone, own, 404),
    ):
        url = f"/api/v1{where}/{client.client_id}"
        async with one_server.http.delete(url, headers=who.headers) as response:
            assert response.status == status


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"redirect_uris": ["http://app.example/"]}, "redirect_uris[0]"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"type": "secret"}, "type"),
    ],
)
async def test_what_cannot_be_is_named(
    one_server: RunningServer, someone: Person, change: dict[str, object], field: str
) -> None:
    body = {"name": "planner", "redirect_uris": ["https://app.example/"]} | change
    url = f"/api/v1/users/{someone.owner_id}/apps"
    async with one_server.http.post(url, json=body, headers=someone.headers) as response:
        answer = await response.json()
        assert (response.status, answer["error"], answer["field"]) == (400, "field", field)
