"""Queries of pages that no browser sends: one clear refusal, on either database."""

from server.running_server import RunningServer, make_person


async def test_a_character_that_no_text_has_is_refused(server: RunningServer) -> None:
    root = make_person(server, "root")
    for path, status in (
        ("/admin?name=%00", 400),
        ("/activities?words=a%00b", 400),
        ("/calendar?type=%00", 400),
        ("/activities?month=0000-00", 200),
        ("/admin?name=%f0%9f%98%80&page=1000000", 200),
    ):
        async with server.http.get(path, headers=root.headers) as response:
            assert response.status == status, path
