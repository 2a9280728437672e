"""Tags and conditions: nothing is sent twice, and no edit is lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import make_mocked_request
from paceline_server.errors import InvalidError, PreconditionError
from paceline_server.platform.etags import ANY, Condition, if_match, not_modified, state_of, tag_of
from server.running_server import Person, RunningServer


@pytest.mark.parametrize(
    ("header", "present", "holds"),
    [
        ('"a"', "a", True),
        ('"b", "a"', "a", True),
        ('"a.body"', "a", True),
        ('"a.body-gzip"', "a", True),
        ("*", "a", True),
        ('"b"', "a", False),
        ('W/"a"', "a", False),
        ('"a"', None, False),
        ("*", None, False),
        ("", "a", False),
    ],
)
def test_an_edit_goes_on_only_over_the_state_that_it_names(header: str, present: str | None, holds: bool) -> None:
    condition = if_match(make_mocked_request("PATCH", "/", headers={"If-Match": header}))
    if holds:
        condition.demand(present)
        return
    with pytest.raises(PreconditionError) as refused:
        condition.demand(present)
    assert refused.value.fields["etag"] == (f'"{present}"' if present else None)


def test_what_is_new_may_be_demanded_and_no_demand_is_none() -> None:
    ANY.demand(None)
    ANY.demand("a")
    Condition(new=True).demand(None)
    with pytest.raises(PreconditionError):
        if_match(make_mocked_request("PUT", "/", headers={"If-None-Match": "*"})).demand("a")


@pytest.mark.parametrize("header", ["a", '"a', '"a" "b"', "*, *", '"a",,"b" x', '"a", ' * 51 + '"a"'])
def test_a_malformed_condition_is_refused(header: str) -> None:
    with pytest.raises(InvalidError):
        if_match(make_mocked_request("PATCH", "/", headers={"If-Match": header}))


def test_a_tag_is_of_the_state_alone() -> None:
    assert (
        tag_of({"b": 1, "a": [None, 0.1]}) == tag_of({"a": [None, 0.1], "b": 1}) != tag_of({"a": [None, 0.2], "b": 1})
    )
    assert state_of(f"{tag_of(1)}.{tag_of(2)}-zstd") == tag_of(1)
    asked = make_mocked_request("GET", "/", headers={"If-None-Match": 'W/"x", "a.b-gzip"'})
    assert not_modified(asked, "a.b")
    assert not not_modified(asked, "a.c")


@pytest.fixture
async def another(server: RunningServer) -> AsyncIterator[RunningServer]:
    """Another server on the same database, where several may be; else the same one."""
    if server.config.one_process:
        yield server
        return
    other = RunningServer(server.data, server.clock, server.config.database_url)
    await other.start()
    yield other
    await other.stop()


async def patch(server: RunningServer, person: Person, body: object, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Edit the profile; return status, tag and answer."""
    url = f"/api/v1/users/{person.owner_id}/profile"
    sent = person.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    async with server.http.patch(url, json=body, headers=sent) as response:
        return response.status, response.headers.get("ETag", ""), await response.json()


async def test_of_edits_of_one_state_exactly_one_is_taken(
    server: RunningServer, another: RunningServer, ann: Person
) -> None:
    url = f"/api/v1/users/{ann.owner_id}/profile"
    async with server.http.get(url, headers=ann.headers) as response:
        tag = response.headers["ETag"]
    for turn in range(4):
        days = [f"199{turn}-01-{day:02}" for day in range(1, 7)]
        at_once = [
            patch((server, another)[n % 2], ann, {"birth_date": day}, If_Match=tag) for n, day in enumerate(days)
        ]
        answers = await asyncio.gather(*at_once)
        assert sorted(status for status, _, _ in answers) == [200] + [412] * 5
        (taken,) = [answer["birth_date"] for status, _, answer in answers if status == 200]
        async with server.http.get(url, headers=ann.headers) as response:
            tag = response.headers["ETag"]
            assert (await response.json())["birth_date"] == taken
        for status, present, answer in answers:
            if status == 412:
                assert answer["error"] == "precondition"
                assert present == answer["etag"]
                assert state_of(present.strip('"')) == state_of(tag.strip('"'))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_one_has_is_not_sent_again(server: RunningServer, ann: Person) -> None:
    status, tag, _ = await patch(server, ann, {"sex": "female"})
    assert status == 200
    url = f"/api/v1/users/{ann.owner_id}/profile"
    known = ann.headers | {"If-None-Match": tag}
    async with server.http.get(url, headers=known) as response:
        assert (response.status, await response.read(), response.headers["ETag"]) == (304, b"", tag)
    await patch(server, ann, {"sex": "male"})
    async with server.http.get(url, headers=known) as response:
        assert response.status == 200
        assert (await response.json())["sex"] == "male"
    assert (await patch(server, ann, {"sex": "female"}, If_Match="x"))[0] == 400
