"""Archives: all of somebody's in one file, and read again. A part of the full run."""

import io
import zipfile
from typing import Any

from server.running_server import Person, RunningServer, log_in, make_person

Parts = dict[str, bytes]


async def full_archive(server: RunningServer, session: Person) -> None:
    """Have somebody's archive read into the account of somebody new."""
    status, data = await archive_of(server, session)
    assert status == 200
    gail = await log_in(server, make_person(server, "gail"))
    found = await send_archive(server, gail, data)
    assert found["state"] == "taken" and found["new_ids"], found


async def archive_of(server: RunningServer, person: Person) -> tuple[int, bytes]:
    """Ask for a user's archive."""
    url = f"/api/v1/users/{person.owner_id}/export"
    async with server.http.get(url, headers=person.headers) as response:
        return response.status, await response.read()


async def send_archive(server: RunningServer, person: Person, data: bytes) -> dict[str, Any]:
    """Send an archive; return how far it is when the server has done what it can."""
    async with server.http.post("/api/v1/archive", data=io.BytesIO(data), headers=person.headers) as response:
        assert response.status == 202, await response.text()
    await server.settled()
    status, found = await server.get(person, "/archive")
    assert status == 200
    return found


def parts_of(data: bytes) -> Parts:
    """Return what is in an archive, read by the standard library alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def zip_of(parts: Parts) -> bytes:
    """Return a zip of parts as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
