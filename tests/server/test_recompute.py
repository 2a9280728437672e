"""All that is derived, dropped and derived again from journals, uploads and files: the same rows, the same blobs."""

import asyncio
import random

import pytest
from paceline_server.activities.model import ACTIVITIES
from paceline_server.activities.remeasuring import FEW_USERS, MARK
from paceline_server.analysis.metrics import VERSION
from paceline_server.cli import main
from paceline_server.daily.model import DAY_COUNTS, DAY_SLEEPS, DAY_VALUES, PROFILE
from paceline_server.events import store as events
from paceline_server.events.declared import MEASURES
from paceline_server.events.model import Turn
from paceline_server.imports.model import IMPORT_FILES
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
from sqlalchemy import delete, insert, select, update

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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_not_in_a_file_any_more_leaves_the_days_and_stays_an_activity(
    server: RunningServer, ann: Person, statements: Statements, capsys: pytest.CaptureFixture[str]
) -> None:
    """State as an older reader would have left it, of files in which this one finds less."""
    tracks = [gpx(day=day).decode() for day in (1, 2, 3)]
    three = tracks[0].replace("</trk></gpx>", "</trk>" + "".join(one[one.index("<trk>") :] for one in tracks[1:]))
    batch = await send_file(server, ann, three.replace("</trk></gpx><trk>", "</trk><trk>").encode())
    sha256 = batch["files"][0]["sha256"]
    await send_file(server, ann, gpx(day=4), "?name=other.gpx")
    await send_file(server, ann, DAYS, "?name=days.csv")
    await server.settled()
    await server.stop()

    def age(connection: Connection) -> None:
        keys = {f"file:{sha256}:3": 4, f"file:{sha256}:2": 3}
        for key, number in keys.items():  # there was a second recording
            renumber(connection, key, f"file:{sha256}:{number}")
        others = select(ACTIVITIES.c.source_key).where(~ACTIVITIES.c.source_key.like(f"file:{sha256}:%"))
        renumber(connection, connection.execute(others).scalar_one(), f"file:{sha256}:2")
        for row in connection.execute(select(IMPORT_FILES)).all():
            if row.detail["days"]:
                said = row.detail["said_days"]["CSV"]
                detail = row.detail | {"said_days": {"CSV": said | {"floors": said["steps"]}}}
                is_it = IMPORT_FILES.c.sha256 == row.sha256
                connection.execute(update(IMPORT_FILES).where(is_it).values(detail=detail))
        of_day = {"owner_id": ann.owner_id, "metric": "floors", "source": "CSV", "value": 3.0}
        stamp_ms = 1_746_144_000_000  # the end of the first of May 2025
        for day, stamp in (("2025-05-01", stamp_ms), ("2025-05-02", stamp_ms + 86_400_001), ("2025-05-03", stamp_ms)):
            connection.execute(insert(DAY_VALUES).values(**of_day, day=day, stamp_ms=stamp))
        connection.execute(insert(DAY_VALUES).values(**of_day | {"source": PROFILE}, day="2025-05-01", stamp_ms=1))

    with Database(server.config.url) as database:
        database.write_now(age)
    before = shown(server)
    assert await asyncio.to_thread(main, ["recompute", *server.place]) == 0
    assert [name for name in before if name not in shown(server)] == [("floors", "2025-05-01", "CSV")]
    assert {name: value for name, value in before.items() if name != ("floors", "2025-05-01", "CSV")} == shown(server)
    assert capsys.readouterr().err.count("stays as it is: The file is read without this recording now") == 1
    statements.take_faults()  # the outcome is read whole
    await server.start()
    assert len(await server.activities(ann)) == 4


def renumber(connection: Connection, key: str, to: str) -> None:
    connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.source_key == key).values(source_key=to))


def shown(server: RunningServer) -> dict[object, object]:
    """Return starts and distances of activities by their source, and values of days by theirs."""

    def read(connection: Connection) -> dict[object, object]:
        found: dict[object, object] = {}
        for one in connection.execute(select(ACTIVITIES)).all():
            found[one.source_key] = (one.start_utc_s, one.distance_m, one.activity_id)
        for one in connection.execute(select(DAY_VALUES)).all():
            found[one.metric, one.day, one.source] = (one.value, one.stamp_ms)
        return found

    with Database(server.config.url) as database:
        return database.read_now(read)


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
