"""The page of who looks after the server: what it shows and does, and for whom it is not there."""

import re

import pytest
from paceline_server.events import store as events
from paceline_server.events.model import Turn
from paceline_server.platform.auth import COOKIE
from paceline_server.platform.database import Connection, Database
from paceline_server.users import store as users
from server.running_server import PASSWORD, RunningServer, make_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def die(connection: Connection) -> int:
    """Let an event fail for good and return its number."""
    owner_id = users.named(connection, "ann", 1, 0)[0].owner_id
    turn = Turn(owner_id, "goals", "all")
    events.add(connection, [turn], 0.0)
    claimed = events.claim(connection, turn)
    assert claimed is not None
    events.failed(connection, claimed.event_ids, 12, 1.0, "<b>no</b>", True)
    return min(claimed.event_ids)


async def test_an_admin_sees_jobs_and_users_and_gives_roles(server: RunningServer) -> None:
    root = make_person(server, "root")  # the first one is the admin
    make_person(server, "ann")
    logged_in = {}
    for name in ("root", "ann"):
        body = {"username": name, "password": PASSWORD}
        async with server.http.post("/api/v1/auth/login", json=body) as response:
            logged_in[name] = {"Cookie": f"{COOKIE}={(await response.json())['access_token']}"}

    async def ask(who: str, path: str, **form: str) -> tuple[int, str]:
        method = "POST" if form else "GET"
        async with server.http.request(method, path, headers=logged_in[who], data=form or None) as response:
            return response.status, await response.text()

    assert (await ask("ann", "/admin"))[0] == 404 and 'href="/admin"' not in (await ask("ann", "/more"))[1]
    assert 'href="/admin"' in (await ask("root", "/more"))[1]
    status, text = await ask("root", "/admin")
    assert status == 200 and "2 accounts." in text and "Nothing failed for good." in text
    assert root.owner_id not in text
    assert re.search(r"<dt>Database</dt><dd>[\d.]*[1-9]", text)
    key = re.findall(r'name="form_key" value="([^"]+)"', text)[0]
    status, text = await ask("root", "/admin", form_key=key, do="role", username="ann", role="coach")
    assert status == 200 and '<option value="coach" selected>' in text
    for wrong in ({"username": "root", "role": "user"}, {"username": "ann", "role": "king"}, {"username": "no one"}):
        status, text = await ask("root", "/admin", form_key=key, do="role", **({"role": "user"} | wrong))
        assert status == 400 and 'role="alert"' in text, wrong
    assert "It is shown only now" in (await ask("root", "/admin", form_key=key, do="invite"))[1]
    assert "Nobody's name" in (await ask("root", "/admin?name=b"))[1]
    with Database(server.config.url) as database:
        letter = database.write_now(die)
    status, text = await ask("root", "/admin")
    assert "&lt;b&gt;no&lt;/b&gt;" in text and f'name="event_id" value="{letter}"' in text
    for act in ("retry", "drop"):  # there it is dead no more, and nothing is dropped
        assert (
            "Nothing failed for good." in (await ask("root", "/admin", form_key=key, do=act, event_id=str(letter)))[1]
        )
    assert (await ask("root", "/admin", form_key=key, do="drop", event_id="9" * 40))[0] == 200
    server.clock.now_s += 3600  # so long after the log-in a role asks for the password
    async with server.http.post(
        "/admin", headers=logged_in["root"], data={"form_key": key, "do": "role"}, allow_redirects=False
    ) as response:
        assert response.headers["Location"] == "/account/again?next=%2Fadmin"
