"""Who may: another user's things answer as if absent, tokens end, other sites' pages may not write."""

import pytest
from paceline_server.platform.auth import COOKIE
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import PASSWORD, Person, RunningServer


async def test_another_user_finds_nothing(server: RunningServer, ann: Person, bob: Person) -> None:
    await server.put(ann, workout()[0].data, 0)
    (activity,) = await server.activities(ann)
    path = f"/activities/{activity['activity_id']}"
    for address in (path, f"{path}/streams", f"{path}/live", f"/users/{ann.owner_id}"):
        assert (await server.get(bob, address))[0] == 404
    assert (await server.get(bob, f"/users/{ann.owner_id}/activities"))[0] == 404
    assert (await server.get(bob, f"/users/{ann.owner_id}/devices"))[0] == 404
    assert (await server.get(bob, f"/devices/{DEVICE_ID}/journal/{EPOCH}"))[0] == 404
    assert (await server.put(bob, b"x", 0))[0] == 404
    async with server.http.delete(f"/api/v1{path}", headers=bob.headers) as response:
        assert response.status == 404
    assert await server.activities(bob) == []
    assert len(await server.activities(ann)) == 1


async def test_another_users_and_an_absent_activity_answer_alike(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await server.put(ann, workout()[0].data, 0)
    (activity,) = await server.activities(ann)
    absent = activity["activity_id"][:-1] + ("0" if activity["activity_id"][-1] != "0" else "1")
    assert await server.get(bob, f"/activities/{activity['activity_id']}") == await server.get(
        bob, f"/activities/{absent}"
    )


@pytest.mark.parametrize("path", ["/users/{0}", "/users/{0}/activities", "/activities/{0}", "/activities/{0}/live"])
@pytest.mark.parametrize("token", ["", "x", "{0}.{1}"])
async def test_without_a_token_that_holds_nothing_answers(
    server: RunningServer, ann: Person, path: str, token: str
) -> None:
    forged = token.format(ann.owner_id.replace("-", ""), "A" * 43)
    person = Person(ann.owner_id, forged)
    status, answer = await server.get(person, path.format(ann.owner_id))
    assert (status, answer["error"]) == (401, "unauthenticated")


async def test_log_in_gives_a_token_that_ends_with_log_out_or_time(server: RunningServer, ann: Person) -> None:
    login = {"username": "Ann ", "password": PASSWORD}
    tokens = []
    for _ in range(2):
        async with server.http.post("/api/v1/auth/login", json=login) as response:
            assert response.status == 200
            answer = await response.json()
            assert answer["user_id"] == ann.owner_id
            tokens.append(Person(ann.owner_id, answer["access_token"]))
    assert (await server.get(tokens[0], f"/users/{ann.owner_id}"))[0] == 200
    async with server.http.post("/api/v1/auth/logout", headers=tokens[0].headers) as response:
        assert response.status == 204
    assert (await server.get(tokens[0], f"/users/{ann.owner_id}"))[0] == 401
    assert (await server.get(tokens[1], f"/users/{ann.owner_id}"))[0] == 200
    server.clock.now_s += server.config.session_lifetime_s + 1
    assert (await server.get(tokens[1], f"/users/{ann.owner_id}"))[0] == 401
    assert (await server.get(ann, f"/users/{ann.owner_id}"))[0] == 200


@pytest.mark.parametrize("body", [{"username": "ann", "password": "wrong"}, {"username": "eve", "password": PASSWORD}])
async def test_a_wrong_log_in_does_not_say_what_is_wrong(server: RunningServer, ann: Person, body: object) -> None:
    async with server.http.post("/api/v1/auth/login", json=body) as response:
        assert (response.status, (await response.json())["error"]) == (401, "wrong_log_in")
    assert ann.owner_id


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"username": "ann"}', b'{"username": 1, "password": "x"}'])
async def test_a_malformed_log_in_is_refused(server: RunningServer, ann: Person, body: bytes) -> None:
    async with server.http.post("/api/v1/auth/login", data=body) as response:
        assert response.status == 400
    assert ann.owner_id


async def test_too_many_log_ins_wait_and_then_go_on(server: RunningServer, ann: Person) -> None:
    async def log_in(password: str) -> int:
        login = {"username": "ann", "password": password}
        async with server.http.post("/api/v1/auth/login", json=login) as response:
            if response.status == 429:
                assert int(response.headers["Retry-After"]) > 0
            return response.status

    assert [await log_in("wrong") for _ in range(10)] == [401] * 10
    assert await log_in(PASSWORD) == 429
    server.clock.now_s += 60
    assert await log_in(PASSWORD) == 200
    assert ann.owner_id


async def test_the_cookie_of_the_log_in_page_is_not_for_other_sites(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout()[0].data, 0)
    (activity,) = await server.activities(ann)
    path = f"/api/v1/activities/{activity['activity_id']}"
    cookie = {"Cookie": f"{COOKIE}={ann.token}"}
    async with server.http.delete(path, headers=cookie | {"Origin": "https://elsewhere.example"}) as response:
        assert response.status == 403
    async with server.http.get(path, headers=cookie) as response:
        assert response.status == 200
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    async with server.http.delete(path, headers=cookie | {"Origin": server.url}) as response:
        assert response.status == 204


async def test_tokens_are_kept_as_hashes_only(server: RunningServer, ann: Person) -> None:
    async with server.http.post("/api/v1/auth/login", json={"username": "ann", "password": PASSWORD}) as response:
        token = (await response.json())["access_token"]
    files = server.kept()
    assert b"$argon2id$" in files
    assert token.split(".")[1].encode() not in files
    assert ann.token.split(".")[1].encode() not in files
    assert PASSWORD.encode() not in files


async def test_an_unknown_route_answers_as_json(server: RunningServer, ann: Person) -> None:
    status, answer = await server.get(ann, "/nothing")
    assert (status, answer["error"]) == (404, "not_found")
    async with server.http.post("/healthz") as response:
        assert response.status == 405


async def test_a_session_is_listed_with_browser_and_last_use(server: RunningServer, ann: Person) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    login = {"username": "ann", "password": PASSWORD}
    async with server.http.post("/api/v1/auth/login", json=login, headers=agent) as response:
        cookie = {"Cookie": f"{COOKIE}={(await response.json())['access_token']}"}
    async with server.http.get("/account", headers=cookie) as response:
        assert response.status == 200
    server.clock.now_s += 120
    await server.stop()  # what is noted beside the request is kept by then
    await server.start()
    async with server.http.get("/account", headers=cookie) as response:
        page = await response.text()
    assert "Firefox on Linux" in page and ", last used" in page and "127.0.0.1" not in page
    assert ann.owner_id
