"""What a stranger gets of an activity: nothing that its owner hides, in no answer, however it was reckoned."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from paceline_server.activities.shown import PARTS
from paceline_server.analysis.distance import haversine_m
from paceline_server.analysis.even_route import evenly_spaced
from paceline_server.analysis.polyline import decode_polyline, encode_polyline
from paceline_server.platform.auth import COOKIE
from server.running_server import Person, RunningServer, make_person

Leaf = tuple[str, object]
_NAMES = itertools.count()
# What a stranger never gets.
OWN = {"source", "created_at", "updated_at", "receipt", "recorded", "crop", "perceived_effort", "field_visibility"}
OWN |= {"analysis.heart_rate_zones", "analysis.heart_rate_zones_estimated", "analysis.training_impulse"}
OWN |= {"analysis.energy_kcal", "analysis.energy_basal_kcal", "analysis.energy_assumed"}
# What goes with each part.
GOES: dict[str, set[str]] = {
    "map": {"route_polyline", "ascent_m", "splits.ascent_m", "analysis.laps.ascent_m", "analysis.position_known"}
    | {"descent_m", "splits.descent_m", "analysis.laps.descent_m"}
    | {"analysis.grade_adjusted_pace_s_km"},
    "heart_rate": {"heart_rate_avg", "heart_rate_max", "splits.heart_rate_avg_bpm", "analysis.heart_rate_curve"}
    | {"analysis.laps.heart_rate_avg_bpm", "analysis.heart_rate_drift", "analysis.heart_rate_known"},
    "pace": {"average_pace", "average_pace_s_km", "moving_time_s", "splits", "laps", "pauses", "analysis.laps"}
    | {"analysis.efforts_by_distance", "analysis.efforts_by_time", "analysis.heart_rate_drift"}
    | {"analysis.grade_adjusted_pace_s_km", "analysis.cadence_avg_spm", "analysis.step_length_m"},
    "calories": {"calories"},
    "notes": {"notes"},
    "sets": {"sets", "volume_kg", "maxima"},
}
COLUMNS = {
    "map": {"latitude_deg", "longitude_deg", "altitude_m"},
    "heart_rate": {"heart_rate_bpm", "heart_rate_confidence"},
    "pace": {"latitude_deg", "longitude_deg", "altitude_m", "speed_m_s", "distance_m", "cadence_spm"},
}


def points() -> list[dict[str, Any]]:
    """A run of 25 minutes, up and down and ever faster."""
    return [
        {"time": i, "lat": 43.7 + (3 + i / 1000) * i / 111_195, "lng": 7.25, "altitude": 100 + 20 * math.sin(i / 200)}
        | {"heart_rate": 131 + i % 37, "cadence": 160 + i % 9}
        for i in range(1500)
    ]


async def sent(server: RunningServer, person: Person, **said: object) -> str:
    body = {"type": "running", "start_time": "2025-04-12T14:30:00Z", "data_points": points()} | {
        "calories": 437.5,
        "notes": "with Carla to the lake",
        "visibility": "public",
        "perceived_effort": 7,
        "sets": [{"exercise": "lunge", "repetitions": 12, "load_kg": 17.5}],
    }
    async with server.http.post("/api/v1/activities", json=body | said, headers=person.headers) as response:
        assert response.status == 201, await response.text()
        path = f"/activities/{(await response.json())['activity_id']}"
    await server.settled()
    return path


async def edited(server: RunningServer, person: Person, path: str, **said: object) -> None:
    async with server.http.patch(f"/api/v1{path}", json=said, headers=person.headers) as response:
        assert response.status == 200, await response.text()


async def seen(server: RunningServer, path: str, person: Person | None = None) -> dict[str, Any]:
    async with server.http.get(f"/api/v1{path}", headers=person.headers if person is not None else {}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


def leaves(value: Any, path: str = "") -> Iterator[Leaf]:
    """Yield all that says something, by its path without places in lists."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    elif value is not None and value != "":
        yield path, value


def within(path: str, roots: set[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)


@pytest.fixture
def ann(one_server: RunningServer) -> Person:
    return make_person(one_server, f"ann{next(_NAMES)}")


@pytest.fixture
def bob(one_server: RunningServer) -> Person:
    return make_person(one_server, f"bob{next(_NAMES)}")


async def test_each_part_goes_with_all_that_tells_of_it_and_nothing_else_does(
    one_server: RunningServer, ann: Person, bob: Person
) -> None:
    assert GOES.keys() == PARTS.keys()
    path = await sent(one_server, ann)
    shown = dict.fromkeys(PARTS, "public")
    for hidden in (None, *PARTS):
        await edited(one_server, ann, path, field_visibility=shown | ({hidden: "followers"} if hidden else {}))
        everything = {where for where, _ in leaves(await seen(one_server, path, ann))}
        got = await seen(one_server, path, bob)
        gone = OWN | (GOES[hidden] if hidden else set())
        assert {where for where, _ in leaves(got)} == {one for one in everything if not within(one, gone)}, hidden
        assert await seen(one_server, path) == got == await seen(one_server, f"{path}?as=stranger", ann)
        whole = await seen(one_server, f"{path}/streams", ann)
        streams = await seen(one_server, f"{path}/streams", bob)
        blank = COLUMNS.get(hidden or "", set())
        assert {name for name in streams if streams[name] != whole[name]} == blank - empty(whole)
        assert all(value is None for name in blank for value in streams[name])


def empty(streams: dict[str, Any]) -> set[str]:
    return {name for name, column in streams.items() if all(value is None for value in column)}


async def test_no_answer_to_a_stranger_holds_a_hidden_value(
    one_server: RunningServer, ann: Person, bob: Person
) -> None:
    path = await sent(one_server, ann)
    await edited(
        one_server, ann, path, field_visibility=dict.fromkeys(PARTS, "private"), crop={"from_s": 61, "to_s": 999}
    )
    gone = OWN.union(*GOES.values())
    whole = list(leaves(await seen(one_server, path, ann)))
    open_values = {value for where, value in whole if not within(where, gone)}
    secrets = {value for where, value in whole if within(where, gone) and value not in open_values}
    secrets = {value for value in secrets if not isinstance(value, bool)}
    assert len(secrets) > 40
    for person in (None, bob):
        told = {value for _, value in leaves(await seen(one_server, path, person))}
        assert told and not told & secrets
        async with one_server.http.ws_connect(f"/api/v1{path}/live", headers=person.headers if person else {}) as live:
            first = await live.receive_json(timeout=20)
        assert not {value for _, value in leaves(first["activity"])} & secrets
        assert {name for name, column in first["streams"].items() if set(column) != {None}} == {"time_s"}
        cookie = {"Cookie": f"{COOKIE}={person.token}"} if person else {}
        async with one_server.http.get(path, headers=cookie) as response:
            page = await response.text()
        assert response.status == 200 and "The map is not shown" in page
        for word in ("bpm", "/km", "kcal", "kg", "Carla", 'class="line"', "receipt", "form_key", "lunge", "Kilometres"):
            assert word not in page, word
        texts = {str(value) for value in secrets if len(str(value)) > 5}
        assert [text for text in texts if text in page] == []


async def test_a_part_is_never_shown_to_more_than_the_activity(
    one_server: RunningServer, ann: Person, bob: Person
) -> None:
    path = await sent(one_server, ann, visibility="private")
    await edited(one_server, ann, path, field_visibility=dict.fromkeys(PARTS, "public"))
    for visibility, status in (("private", 404), ("followers", 404), ("public", 200), ("private", 404)):
        await edited(one_server, ann, path, visibility=visibility)
        for way in (path, f"{path}/streams", f"{path}?as=stranger"):
            person = ann if "?" in way else bob
            assert (await one_server.get(person, way))[0] == status, (visibility, way)


async def test_what_is_deleted_is_gone_for_others_too_and_one_of_ones_own_comes_first(
    one_server: RunningServer, ann: Person, bob: Person
) -> None:
    path = await sent(one_server, ann)
    assert (await one_server.get(bob, path))[1]["user_id"] == ann.owner_id
    async with one_server.http.delete(f"/api/v1{path}", headers=ann.headers) as response:
        assert response.status == 204
    assert (await one_server.get(bob, path))[0] == 404
    async with one_server.http.post(f"/api/v1{path}/restore", headers=ann.headers) as response:
        assert response.status == 200
    assert (await one_server.get(bob, path))[0] == 200
    same = path.rpartition("/")[2]
    assert await sent(one_server, bob, visibility="private", activity_id=same) == path
    assert (await one_server.get(bob, path))[1]["user_id"] == bob.owner_id
    assert (await seen(one_server, path))["user_id"] == ann.owner_id


async def test_the_owner_chooses_by_a_form_and_looks_as_others_do(one_server: RunningServer, ann: Person) -> None:
    path = await sent(one_server, ann, visibility="private")
    cookie = {"Cookie": f"{COOKIE}={ann.token}"}

    async def page(address: str) -> str:
        async with one_server.http.get(address, headers=cookie) as response:
            return await response.text()

    text = await page(path)
    assert '<option value="private" selected>' in text and "as=stranger" not in text
    key = text.partition('name="form_key" value="')[2].partition('"')[0]
    said = {"form_key": key, "title": "Lake", "notes": "n", "type": "running", "visibility": "public"}
    async with one_server.http.post(f"{path}/edit", data=said, headers=cookie, allow_redirects=False) as response:
        assert response.status == 303
    assert f'href="{path}?as=stranger"' in await page(path)
    preview = await page(f"{path}?as=stranger")
    assert f'href="{path}">' in preview and f'{path}/streams?as=stranger"' in preview and "form_key" not in preview


def test_an_even_route_tells_where_but_not_how_fast() -> None:
    steps = np.cumsum(np.linspace(1, 9, 800)) / 111_195
    longitude_deg = np.array([(359.99 + i * 5e-5) % 360 - 180 for i in range(800)])
    way = encode_polyline(43.7 + steps, longitude_deg)
    even = np.array(decode_polyline(evenly_spaced(way, 50.0), 100_000))
    apart_m = haversine_m(even[:, 0], np.unwrap(even[:, 1], period=360))
    assert apart_m[:-1] == pytest.approx(50.0, abs=1.5)
    assert np.abs(even[:, 1]).max() <= 180 and tuple(even[-1]) == decode_polyline(way, 100_000)[-1]
    assert evenly_spaced("", 50.0) == ""
