"""An activity as a file: what the owner sees, as other programs read it; nothing for anybody else."""

import pytest
from paceline_server.formats.read import read_recording
from server.journal_builder import workout
from server.running_server import Person, RunningServer, make_person


async def get_file(server: RunningServer, person: Person, activity_id: str, form: str) -> tuple[int, str, bytes]:
    url = f"/api/v1/activities/{activity_id}/file/{form}"
    async with server.http.get(url, headers=person.headers) as response:
        return response.status, response.headers.get("Content-Disposition", ""), await response.read()


@pytest.mark.parametrize("form", ["fit", "gpx", "tcx"])
async def test_an_activity_is_downloaded_as_a_file_that_is_read_again(
    server: RunningServer, ann: Person, form: str
) -> None:
    await server.put(ann, workout()[0].data, 0)
    (activity,) = await server.activities(ann)
    status, disposition, data = await get_file(server, ann, activity["activity_id"], form)
    assert status == 200
    assert disposition.startswith("attachment; ") and disposition.endswith(f'-{activity["type"]}.{form}"')
    (recording,) = read_recording(data, form)
    assert (recording.sport, recording.points) == (activity["type"], activity["points_count"])
    _, streams = await server.get(ann, f"/activities/{activity['activity_id']}/streams")
    assert recording.columns["latitude_deg"] == pytest.approx(streams["latitude_deg"], abs=1e-6)


async def test_tables_are_downloaded_too(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout()[0].data, 0)
    (activity,) = await server.activities(ann)
    status, _, table = await get_file(server, ann, activity["activity_id"], "csv")
    assert status == 200 and len(table.splitlines()) == activity["points_count"] + 1
    status, _, feature = await get_file(server, ann, activity["activity_id"], "geojson")
    assert status == 200 and feature.startswith(b'{"type":"Feature"')


async def test_what_a_format_cannot_hold_is_said(server: RunningServer, ann: Person) -> None:
    said = {"type": "strength", "start_time": "2025-05-04T10:00:00Z", "duration": 1800}
    async with server.http.post("/api/v1/activities", json=said, headers=ann.headers) as response:
        activity_id = (await response.json())["activity_id"]
    status, _, problem = await get_file(server, ann, activity_id, "gpx")
    assert status == 422 and b"GPX needs positions" in problem
    assert (await get_file(server, ann, activity_id, "fit"))[0] == 200
    assert (await get_file(server, ann, activity_id, "kml"))[0] == 404
    assert (await get_file(server, make_person(server, "bob"), activity_id, "fit"))[0] == 404
