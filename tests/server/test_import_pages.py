"""The pages of imports: files sent by a form, looked at, imported, undone by a click each; a URL for programs."""

import asyncio
import json
import shlex
import shutil
from pathlib import Path

import pytest
from aiohttp import FormData
from paceline_server.platform.auth import form_key_of
from server.running_server import Person, RunningServer, make_person
from server.sent_files import gpx, zipped

FILES = Path(__file__).resolve().parents[2] / "docs" / "FILES.md"


def form(person: Person, files: dict[str, bytes], **fields: str) -> FormData:
    """Return the form as a browser sends it: the fields before the files."""
    made = FormData()
    for name, value in ({"form_key": form_key_of(person.token)} | fields).items():
        made.add_field(name, value)
    for name, data in files.items():
        made.add_field("file", data, filename=name)
    return made


async def page(server: RunningServer, person: Person, path: str, status: int = 200) -> str:
    """Return a page."""
    async with server.http.get(path, headers=person.headers) as response:
        assert response.status == status
        return await response.text()


async def sent(server: RunningServer, person: Person, path: str, data: object, status: int = 303) -> str:
    """Send a form; return where it leads, once all is worked off, or what is said."""
    async with server.http.post(path, data=data, headers=person.headers, allow_redirects=False) as response:
        assert response.status == status, await response.text()
        text = await response.text()
        await server.settled()
        return response.headers.get("Location", text)


async def test_files_are_looked_at_imported_and_undone_by_forms(one_server: RunningServer, someone: Person) -> None:
    first = await page(one_server, someone, "/imports")
    assert "Bring your years" in first and "How it goes" in first
    files = {"a.gpx": gpx(), "b.gpx": gpx(day=2), "c.txt": b"no"}
    path = await sent(one_server, someone, "/imports", form(someone, files))
    shown = await page(one_server, someone, path)
    assert "2 new, 1 broken" in shown and "Import all 2" in shown and "Neither FIT" in shown
    assert "c.txt" in shown and "http-equiv" not in shown
    told = {"form_key": form_key_of(someone.token)}
    await sent(one_server, someone, path, told | {"do": "chosen", "file": "2"})
    shown = await page(one_server, someone, path)
    assert "1 new, 1 broken, 1 imported" in shown and "/original" in shown
    await sent(one_server, someone, path, told | {"do": "all"})
    assert len(await one_server.activities(someone)) == 2
    assert "3 files" in await page(one_server, someone, "/imports")
    await sent(one_server, someone, path, told | {"do": "undo"})
    assert "2 undone" in await page(one_server, someone, path)
    assert await one_server.activities(someone) == []
    assert "Choose files of this import" in await sent(
        one_server, someone, path, told | {"do": "chosen", "file": "x"}, 400
    )


async def test_another_recording_is_told_by_the_name_of_the_first(one_server: RunningServer, someone: Person) -> None:
    files = {"watch.gpx": gpx(day=3), "phone.gpx": gpx(day=3).replace(b'"t"', b'"u"')}
    path = await sent(one_server, someone, "/imports", form(someone, files, look="1"))
    shown = await page(one_server, someone, path)
    assert "1 new, 1 another recording" in shown and "The same workout as watch.gpx of this import" in shown
    beyond = await page(one_server, someone, f"{path}?after=1")  # the first is on the page before
    assert "The same workout as watch.gpx of this import" in beyond


async def test_no_stranger_sends_or_sees(one_server: RunningServer, someone: Person) -> None:
    path = await sent(one_server, someone, "/imports", form(someone, {"a.gpx": gpx(day=9)}, look="1"))
    assert "1 new" in await page(one_server, someone, path)
    other = make_person(one_server, f"page-{one_server.clock.now_s:.0f}")
    await page(one_server, other, path, 404)
    forged = form(other, {"a.gpx": gpx()})  # the key of another's page
    await sent(one_server, someone, "/imports", forged, 403)
    assert "Choose at least one" in await sent(
        one_server, someone, "/imports", {"form_key": form_key_of(someone.token)}, 400
    )


async def test_an_export_of_strava_keeps_what_its_athlete_wrote_and_days_go_with_their_batch(
    one_server: RunningServer, someone: Person
) -> None:
    head = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Filename"
    row = '1,"May 1, 2025, 6:00:00 AM",Round the lake,Run,Slowly,60,0.18,activities/1.gpx'
    export = zipped({"activities.csv": f"{head}\n{row}".encode(), "activities/1.gpx": gpx(), "activities/2.gpx": b""})
    path = await sent(one_server, someone, "/imports", form(someone, {"export.zip": export}))
    assert "1 new" in await page(one_server, someone, path)
    told = {"form_key": form_key_of(someone.token)}
    await sent(one_server, someone, path, told | {"do": "all"})
    (activity,) = await one_server.activities(someone)
    assert (activity["title"], activity["type"]) == ("Round the lake", "running")
    await sent(one_server, someone, path, told | {"do": "undo"})
    assert await one_server.activities(someone) == []  # what the archive said is no edit of the owner's

    days = b"date,steps,weight_kg\n2025-05-01,4000,70\n2025-05-02,5000,71\n"
    path = await sent(one_server, someone, "/imports", form(someone, {"days.csv": days}))
    url = f"/users/{someone.owner_id}/daily?from=2025-05-01&to=2025-05-02"
    _, held = await one_server.get(someone, url)
    assert "5000" in json.dumps(held) and "1 imported" in await page(one_server, someone, path)
    again = await sent(one_server, someone, "/imports", form(someone, {"days.csv": days}))
    assert "1 already here" in await page(one_server, someone, again)
    await sent(one_server, someone, path, told | {"do": "undo"})
    _, held = await one_server.get(someone, url)
    assert "5000" not in json.dumps(held)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
async def test_the_documents_command_sends_a_file(one_server: RunningServer, someone: Person, tmp_path: Path) -> None:
    (command,) = [line.strip() for line in FILES.read_text().splitlines() if line.strip().startswith("curl ")]
    (tmp_path / "run.gpx").write_bytes(gpx(day=20))
    said = command.replace("run.fit", "run.gpx").replace("KEY", someone.token).replace("SERVER", one_server.url)
    words = [*shlex.split(said), "--silent", "--noproxy", "*", "--max-time", "30"]
    process = await asyncio.create_subprocess_exec(*words, cwd=tmp_path, stdout=asyncio.subprocess.PIPE)
    answer = json.loads((await process.communicate())[0])
    await one_server.settled()
    assert (process.returncode, answer["name"]) == (0, "run.gpx")
    assert len(await one_server.activities(someone)) == 1
