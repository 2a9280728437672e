"""The routes of an activity, asked by everybody while it is private, for followers and public."""

import re

import pytest
from paceline_server.platform.gate import Row
from paceline_server.platform.policy import Scope
from paceline_server.routes import ROWS
from server.journal_builder import DEVICE_ID
from server.running_server import RunningServer
from server.test_policy_routes import Walk, name_of

# What of an activity others may ask for at all, and what stands only in its owner's answer.
SHOWN = {
    "GET /api/v1/activities/{activity_id}": DEVICE_ID,
    "GET /api/v1/activities/{activity_id}/streams": r'"heart_rate_bpm":\[[^\]]*[0-9]',
    "GET /api/v1/activities/{activity_id}/live": None,
    "GET /activities/{activity_id}": 'id="receipt-name"|action="/activities',
}
OF_ACTIVITIES = [row for row in ROWS if "{activity_id}" in row.path]
OTHER_SCOPE = frozenset({Scope.DAILY_READ, Scope.GATEWAY})
RIGHT_SCOPES = frozenset({Scope.ACTIVITIES_READ, Scope.LIVE_READ})


async def show(walk: Walk, visibility: str) -> None:
    url = f"/api/v1/activities/{walk.names['activity_id']}"
    said = {"visibility": visibility, "field_visibility": {"heart_rate": "followers"}}
    async with walk.server.http.patch(url, json=said, headers=walk.ann.headers) as response:
        assert response.status == 200


def fault(row: Row, who: str, answer: tuple[int, str], shown: bool, whole: bool) -> str | None:
    """Say what is wrong with an answer to somebody to whom the activity is shown, or all of it."""
    (status, text), refusals = answer, {401} if who == "nobody" else {403, 404}
    marked = SHOWN.get(name_of(row))
    if (shown or whole) != (status in {200, 400}) or (not shown and not whole and status not in refusals):
        return f"{name_of(row)} answers {who} {status}: {text[:80]}"
    if status == 200 and marked is not None and bool(re.search(marked, text)) != whole:
        return f"{name_of(row)} shows {who} {'too little' if whole else 'too much'}"
    return None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_activity_is_shown_as_far_as_its_visibility_says_and_changed_by_its_owner(
    server: RunningServer,
) -> None:
    walk = Walk(server)
    await walk.fill()
    others = [("nobody", None, "none", None), ("Bob", walk.bob, "session", None), ("root", walk.root, "session", None)]
    others += [("Carol", walk.carol, "api", None), ("Bob's hub", walk.bob, "gateway", frozenset({Scope.GATEWAY}))]
    others += [("Bob's app", walk.bob, "app", RIGHT_SCOPES)]
    wrong: list[str | None] = []
    for visibility in ("private", "followers", "public"):
        await show(walk, visibility)
        for row in OF_ACTIVITIES:
            shown = visibility == "public" and name_of(row) in SHOWN
            for who, person, kind, scopes in others:
                wrong.append(fault(row, who, await walk.ask(row, person, kind, scopes), shown, whole=False))
            if name_of(row) in SHOWN:
                for kind, scopes in (("session", None), ("api", None), ("app", RIGHT_SCOPES)):
                    if row.rule.scopes or kind != "app":
                        wrong.append(fault(row, "Ann", await walk.ask(row, walk.ann, kind, scopes), shown, whole=True))
                for kind in ("gateway", "app"):  # what one's own programs were not let into, they see as anybody does
                    answer = await walk.ask(row, walk.ann, kind, OTHER_SCOPE)
                    wrong.append(fault(row, f"Ann's {kind}", answer, shown, whole=False))
    walk.database.close()
    assert [one for one in wrong if one is not None] == []
