"""All that is derived, dropped and derived again from journals, uploads and files: the same rows, the same blobs."""

import asyncio

from paceline_server.activities.model import ACTIVITIES
from paceline_server.cli import main
from paceline_server.platform.database import Connection, Database
from paceline_server.stats.model import ACTIVITY_SUMS
from paceline_tools.fuzz.files import sound_files
from server.journal_builder import workout
from server.running_server import Person, RunningServer
from server.sent_files import gpx, send_file, zipped
from server.statements import Statements
from sqlalchemy import select, update

TIMES = {"updated_at_s", "revision"}


def kept(server: RunningServer) -> tuple[list[str], dict[str, bytes]]:
    """Return the rows of activities and sums, and the blobs."""

    def read(connection: Connection) -> list[str]:
        found = [row for table in (ACTIVITIES, ACTIVITY_SUMS) for row in connection.execute(select(table)).mappings()]
        return sorted(repr({name: value for name, value in row.items() if name not in TIMES}) for row in found)

    with Database(server.config.url) as database:
        rows = database.read_now(read)
    folder = server.config.blobs
    return rows, {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_what_journals_uploads_and_files_gave_is_computed_again(
    server: RunningServer, ann: Person, statements: Statements
) -> None:
    await server.put(ann, workout(120)[0].data, 0)
    fit = sound_files()[0]
    await send_file(server, ann, zipped({"a.fit": fit, "b.gpx": gpx(day=2)}), "?mode=now")
    body = {"type": "running", "start_time": "2025-05-03T06:00:00Z", "duration": 60}
    async with server.http.post("/api/v1/activities", json=body, headers=ann.headers) as response:
        assert response.status == 201, await response.text()
    await server.settled()
    activities = await server.activities(ann)
    assert len(activities) == 4
    url = f"/api/v1/activities/{activities[-1]['activity_id']}"
    async with server.http.patch(url, json={"title": "Mine"}, headers=ann.headers) as response:
        assert response.status == 200
    await server.stop()
    before, blobs = kept(server)

    with Database(server.config.url) as database:
        database.write_now(
            lambda connection: connection.execute(update(ACTIVITIES).values(distance_m=1.0, points_count=3))
        )
    for name in blobs:
        if name.startswith("telemetry/"):
            (server.config.blobs / name).unlink()
    assert await asyncio.to_thread(main, ["recompute", *server.place]) == 0
    assert kept(server) == (before, blobs)
    statements.take_faults()  # the outcome is read whole
    await server.start()
