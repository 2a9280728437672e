"""All that is derived, dropped and derived again from journals, uploads and files: the same rows, the same blobs."""

import asyncio
import random

from paceline_server.activities.model import ACTIVITIES
from paceline_server.activities.remeasuring import FEW_USERS, MARK
from paceline_server.analysis.metrics import VERSION
from paceline_server.cli import main
from paceline_server.daily.model import DAY_COUNTS, DAY_SLEEPS, DAY_VALUES
from paceline_server.events import store as events
from paceline_server.events.declared import MEASURES
from paceline_server.events.model import Turn
from paceline_server.keys import DATABASE, WORKER
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import new_id
from paceline_server.stats.model import ACTIVITY_SUMS
from paceline_server.users import store as users
from paceline_server.users.model import User
from paceline_tools.fuzz.files import sound_files
from server.journal_builder import workout
from server.running_server import Person, RunningServer
from server.sent_files import gpx, send_file, zipped
from server.statements import Statements
from sqlalchemy import delete, select, update

TIMES = {"updated_at_s", "revision"}
TABLES = (ACTIVITIES, ACTIVITY_SUMS, DAY_VALUES, DAY_COUNTS, DAY_SLEEPS)
DAYS = b"date,steps,weight_kg,sleep_minutes\n2025-05-01,4000,70,400\n2025-05-02,5000,71,380\n"


def kept(server: RunningServer) -> tuple[list[str], dict[str, bytes]]:
    """Return the rows of activities, sums and days, and the blobs."""

    def read(connection: Connection) -> list[str]:
        found = [row for table in TABLES for row in connection.execute(select(table)).mappings()]
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
    for days in (DAYS, DAYS.replace(b"5000", b"4900")):  # of two that say a thing at one time the larger holds
        await send_file(server, ann, days, "?name=days.csv")
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

    def spoil(connection: Connection) -> None:
        connection.execute(update(ACTIVITIES).values(distance_m=1.0, points_count=3))
        # What a reader once said and says no more; a title that its owner gave stays.
        for row in connection.execute(select(ACTIVITIES)).all():
            said = {"calories_kcal": 999.0, "distance_m": 5.0, "laps": [[0.0, 9.0, "manual"]]}
            detail = row.detail | {"recorded": row.detail["recorded"] | said, "laps": said["laps"]}
            shown = {"detail": detail, "calories_kcal": 999.0, "ascent_m": 77.0}
            connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.activity_id == row.activity_id).values(shown))
        connection.execute(update(DAY_VALUES).values(value=9999.0))
        connection.execute(delete(DAY_COUNTS))

    with Database(server.config.url) as database:
        database.write_now(spoil)
    for name in blobs:
        if name.startswith("telemetry/"):
            (server.config.blobs / name).unlink()
    assert await asyncio.to_thread(main, ["recompute", *server.place]) == 0
    assert kept(server) == (before, blobs)
    statements.take_faults()  # the outcome is read whole
    await server.start()


async def test_what_an_older_version_measured_is_measured_again_at_the_first_start(
    server: RunningServer, ann: Person, statements: Statements
) -> None:
    fit = sound_files()[0]
    await send_file(server, ann, zipped({"a.fit": fit, "b.gpx": gpx(day=2)}), "?mode=now")
    await server.settled()
    await server.stop()
    before, blobs = kept(server)

    def age(connection: Connection) -> None:
        for row in connection.execute(select(ACTIVITIES)).all():
            aged = {"fingerprint": f"4:{row.fingerprint.partition(':')[2]}", "ascent_m": 77.0}
            connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.activity_id == row.activity_id).values(aged))

    def crowd(connection: Connection) -> None:
        for number in range(FEW_USERS):  # before ann
            users.add(connection, User(new_id(number, random.Random(number).randbytes), f"a{number:03}", 0.0), "")

    with Database(server.config.url) as database:
        database.write_now(age)
        database.write_now(crowd)
    for name in blobs:
        if name.startswith("originals/"):
            (server.config.blobs / name).unlink()  # no source is read
    mark = server.config.data / MARK
    assert mark.read_text() == str(VERSION)
    mark.unlink()
    await server.start()
    newer, database = Turn(ann.owner_id, MEASURES, f"all {VERSION + 1}"), server.app[DATABASE]
    database.write_now(events.add, [newer], server.clock.now_s)
    for _ in range(3):
        server.clock.now_s += 10
        server.app[WORKER].notify()
        await server.settled()
    assert mark.read_text() == str(VERSION)
    assert database.read_now(events.is_pending, newer), "an older process leaves it to a newer one"
    await server.stop()
    assert kept(server)[0] == before
    statements.take_faults()  # the outcome is read whole
    await server.start()
