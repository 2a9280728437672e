"""Files that are sent: looked at, imported, undone, sent again; what they were is given back."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from server.running_server import Person, RunningServer, make_person
from server.sent_files import gpx, send_file, states, tell, zipped


async def test_a_file_is_an_activity_at_once_and_comes_back_byte_for_byte(
    one_server: RunningServer, someone: Person, recordings: Path
) -> None:
    data = (recordings / "activities" / "fit" / "fit__garmin.fit").read_bytes()
    batch = await send_file(one_server, someone, data, "?name=morning.fit")
    assert (batch["status"], batch["name"], states(batch)) == ("done", "morning.fit", ["imported"])
    (activity,) = await one_server.activities(someone)
    (recording,) = batch["files"][0]["recordings"]
    assert recording["activity_id"] == activity["activity_id"]
    _, answer = await one_server.get(someone, f"/users/{someone.owner_id}/notifications")
    assert [one["title"] for one in answer["notifications"] if one["kind"] == "import"] == ["morning.fit is imported"]
    assert (recording["start_time"], recording["points"]) == (activity["start_time"], activity["points_count"])
    url = f"/api/v1/activities/{activity['activity_id']}/original"
    async with one_server.http.get(url, headers=someone.headers) as response:
        assert (response.status, await response.read()) == (200, data)
    again = await send_file(one_server, someone, data)
    assert states(again) == ["same"] and len(await one_server.activities(someone)) == 1
    other = make_person(one_server, f"other-{one_server.clock.now_s:.0f}")
    assert states(await send_file(one_server, other, data)) == ["imported"]
    async with one_server.http.get(url, headers=other.headers) as response:
        assert response.status == 404


async def test_a_zip_is_looked_at_first_and_a_broken_file_stops_no_other(
    one_server: RunningServer, someone: Person
) -> None:
    files = {"a.gpx": gpx(), "b.gpx": gpx(day=2), "notes.txt": b"hello", "c.fit": b"\x0e\x10" + bytes(6) + b".FIT\0\0"}
    files["my/old/health.xml"] = b'<?xml version="1.0"?><HealthData locale="en"></HealthData>'
    batch = await send_file(one_server, someone, zipped(files | {"twin.gpx": gpx()}))
    assert (batch["status"], batch["total_files"], batch["read_files"]) == ("looked", 6, 6)
    assert states(batch) == ["new", "new", "broken", "broken", "broken", "same"]
    assert batch["files"][4]["reason"] == "It is an export of Apple Health within a zip: send it by itself."
    assert "Neither FIT nor GPX" in batch["files"][2]["reason"] and batch["files"][3]["reason"]
    assert await one_server.activities(someone) == []
    done = await tell(one_server, someone, batch, "confirm", {"files": [2]})
    assert states(done)[:2] == ["new", "imported"] and done["status"] == "done"
    done = await tell(one_server, someone, batch, "confirm")
    assert done["counts"] == {"imported": 2, "broken": 3, "same": 1}
    assert len(await one_server.activities(someone)) == 2
    _, answer = await one_server.get(someone, f"/users/{someone.owner_id}/notifications")
    (told,) = [one for one in answer["notifications"] if one["kind"] == "import"]  # once, when it first was done
    assert told["text"] == "1 of 6 files are imported, already here: 1, unreadable: 3."
    assert told["link"] == f"/imports/{batch['batch_id']}"


async def test_undoing_leaves_what_was_edited_and_takes_the_rest_with_its_files(
    one_server: RunningServer, someone: Person
) -> None:
    batch = await send_file(one_server, someone, zipped({"a.gpx": gpx(), "b.gpx": gpx(day=2)}), "?mode=now")
    assert states(batch) == ["imported", "imported"]
    _, kept = (file["recordings"][0]["activity_id"] for file in batch["files"])
    url = f"/api/v1/activities/{kept}"
    async with one_server.http.patch(url, json={"title": "Race"}, headers=someone.headers) as response:
        assert response.status == 200
    undone = await tell(one_server, someone, batch, "undo")
    assert (undone["status"], states(undone)) == ("undone", ["undone", "imported"])
    assert "edited since" in undone["files"][1]["reason"]
    assert [one["activity_id"] for one in await one_server.activities(someone)] == [kept]
    assert len(originals(one_server, someone)) == 1
    again = await send_file(one_server, someone, gpx())  # it was undone, not deleted
    assert states(again) == ["imported"]


async def test_what_was_deleted_stays_so_in_another_format_too_until_it_is_named(
    one_server: RunningServer, someone: Person
) -> None:
    batch = await send_file(one_server, someone, gpx(points=120))
    activity_id = batch["files"][0]["recordings"][0]["activity_id"]
    near = await send_file(one_server, someone, gpx(points=90))
    assert (near["status"], states(near)) == ("done", ["imported"])
    _, every = await one_server.get(someone, f"/users/{someone.owner_id}/activities?recordings=all")
    assert every["total"] == 2 and len(await one_server.activities(someone)) == 1, "both are of one workout"
    await tell(one_server, someone, near, "undo")
    async with one_server.http.delete(f"/api/v1/activities/{activity_id}", headers=someone.headers) as response:
        assert response.status == 204
    again, near = [await send_file(one_server, someone, gpx(points=each)) for each in (120, 91)]
    assert states(again) == states(near) == ["deleted"] and await one_server.activities(someone) == []
    (said,) = near["files"][0]["recordings"][0]["beside"]
    assert (said["same"], said["activity_id"], said["file"]) == ("same", activity_id, None) and said["deleted_at"]
    assert "positions are" in " ".join(said["reasons"])
    assert states(await tell(one_server, someone, near, "confirm")) == ["deleted"]
    assert states(await tell(one_server, someone, again, "confirm", {"files": [1]})) == ["imported"]
    assert states(await tell(one_server, someone, near, "confirm", {"files": [1]})) == ["imported"]
    assert len(await one_server.activities(someone)) == 1


async def test_a_dry_run_says_what_the_import_does_by_the_verdict_of_the_duplicates(
    one_server: RunningServer, someone: Person
) -> None:
    held = await send_file(one_server, someone, gpx(points=300))
    activity_id = held["files"][0]["recordings"][0]["activity_id"]
    east = gpx(points=300).replace(b'lon="8.5"', b'lon="8.6"')  # of the same time, miles away
    beside = gpx(day=3, points=300).replace(b'lon="8.5"', b'lon="8.5012"')  # the same way, 90 m beside it
    files = {"a": gpx(points=290), "b": east, "c": gpx(day=2), "d": gpx(day=2, points=55), "e": gpx(day=3, points=300)}
    batch = await send_file(one_server, someone, zipped(files | {"f": beside}))
    assert states(batch) == ["recording", "new", "new", "recording", "new", "overlaps"]
    found = [[(one["same"], one["activity_id"], one["file"]) for one in each["beside"]] for each in recorded(batch)]
    assert found == [[("same", activity_id, None)], [], [], [("same", None, 3)], [], [("perhaps", None, 5)]]
    done = await tell(one_server, someone, batch, "confirm")
    assert states(done) == ["imported"] * 5 + ["overlaps"]
    assert len(await one_server.activities(someone)) == 4


def recorded(batch: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for file in batch["files"] for one in file["recordings"]]


async def test_a_form_is_taken_too_and_what_is_no_file_is_refused(one_server: RunningServer, someone: Person) -> None:
    form = FormData()
    form.add_field("file", gpx(), filename="run.gpx")
    async with one_server.http.post("/api/v1/imports", data=form, headers=someone.headers) as response:
        answer = await response.json()
        assert (response.status, answer["name"], states(answer)) == (202, "run.gpx", ["imported"])
    assert (await send_file(one_server, someone, b"", status=400))["error"] == "no_file"
    broken = await send_file(one_server, someone, zipped({"a.gpx": gpx()})[:-30])
    assert broken["status"] == "failed" and "Damaged zip" in broken["reason"]
    _, listed = await one_server.get(someone, "/imports")
    assert {one["batch_id"] for one in listed["imports"]} == {answer["batch_id"], broken["batch_id"]}
    async with one_server.http.post(
        f"/api/v1/imports/{broken['batch_id']}/confirm", json={}, headers=someone.headers
    ) as response:
        assert response.status == 409
    assert staged(one_server, someone) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_nobody_wants_in_time_is_forgotten_with_its_bytes(server: RunningServer, ann: Person) -> None:
    looked = await send_file(server, ann, zipped({"a.gpx": gpx(), "b.gpx": gpx(day=2)}))
    partly = await send_file(server, ann, zipped({"c.gpx": gpx(day=3), "d.gpx": gpx(day=4)}))
    assert looked["waits_until"] == "2025-10-17T12:40:00Z"
    partly = await tell(server, ann, partly, "confirm", {"files": [1]})
    assert states(partly) == ["imported", "new"] and len(originals(server, ann)) == 4
    for days, files in ((6, 4), (1.1, 1)):
        server.clock.now_s += days * 86400
        await server.settled()
        assert len(originals(server, ann)) == files
    _, looked = await server.get(ann, f"/imports/{looked['batch_id']}")
    assert (looked["status"], states(looked), looked["waits_until"]) == ("undone", ["forgotten"] * 2, None)
    assert "Nobody said in time" in looked["reason"]
    _, partly = await server.get(ann, f"/imports/{partly['batch_id']}")
    assert (partly["status"], states(partly)) == ("done", ["imported", "forgotten"])
    assert states(await send_file(server, ann, gpx(day=4))) == ["imported"]


def originals(server: RunningServer, person: Person) -> list[str]:
    return [path.name for path in (server.data / "blobs" / "originals" / person.owner_id).glob("*")]


def staged(server: RunningServer, person: Person) -> list[str]:
    return [path.name for path in (server.data / "blobs" / "imports" / person.owner_id).glob("*")]
