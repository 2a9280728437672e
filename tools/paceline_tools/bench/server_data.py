"""What a server holds in the benchmark: many users with many activities each, and journals to upload."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from paceline_protocol.page import journal_key
from paceline_server.activities.model import ACTIVITIES, FINISHED
from paceline_server.config import Config
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.devices.service import DeviceService
from paceline_server.entries import make_entries
from paceline_server.formats.receipt import Receipt
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import new_id
from paceline_server.platform.migrate import HEAD
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.sealing import Sealer
from sqlalchemy import create_engine, insert, literal, select

from paceline_tools.bench.journal_pages import PageWriter

DEVICE_KEY = bytes(range(32))
HOUR_S = 3600
_BEGAN_S = 1_500_000_000.0
_FIRST_UPLOADED_S, _UPLOADED_DAYS = 1_600_000_000, 2048
_RECEIPT = Receipt(recorded=HOUR_S, received=HOUR_S, gaps=(), sealed=True, problems=())
_DETAIL = {
    "receipt": _RECEIPT.as_fields(),
    "laps": [],
    "pauses": [],
    "splits": [[1000.0, 300.0, 300.0, 3.0, 150.0]] * 10,
}
_STEPS = "_@oAcBfAk@_C" * 900  # 3,600 steps of an hour, behind a first position of its own


@dataclass(frozen=True, slots=True)
class Filled:
    """Who is there: a user whose reads are measured, and for each wearable one who uploads; all with API tokens."""

    owner_id: str
    token: str
    devices: dict[str, str]  # the token of each one's user


def fill(config: Config, users: int, activities: int, devices: int) -> Filled:
    """Fill an empty database. The first user's rows are written one by one, everybody else's are copies of them."""
    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    passwords = Passwords()
    with Database(config.url) as database:
        sealer = Sealer(config.server_key, os.urandom)
        service = make_entries(config, database, passwords, sealer, time.time, os.urandom).users
        user, token = service.create("bench", "correct horse battery")
        claiming = DeviceService(database, DeviceKeys(sealer), time.time)
        wearables: dict[str, str] = {}
        for number in range(devices):
            uploader, its_token = service.create(f"uploader-{number}", "correct horse battery")
            wearables[claiming.claim(uploader.owner_id, f"{number:016x}", DEVICE_KEY).device_id] = its_token
        database.write_now(_add_activities, user.owner_id, activities)
        database.write_now(_drop_indexes)  # made of all rows at once they take half the time
        for _ in range(users - 1):
            database.write_now(_copy_activities, user.owner_id, new_id(time.time(), os.urandom))
        database.write_now(_make_indexes)
    passwords.close()
    if not database.is_sqlite:
        _settle(config.url)
    return Filled(user.owner_id, token, wearables)


def filled(folder: Path, users: int, activities: int, devices: int) -> tuple[Config, Filled]:
    """Return a SQLite database filled earlier by this revision of the tables, or now, under the folder."""
    data = folder / f"{HEAD}-{users}x{activities}-{devices}"
    config, note = Config(data=data), data / "bench.json"
    if not note.exists():
        shutil.rmtree(folder, ignore_errors=True)  # what an older revision left, or what was not done
        made = fill(config, users, activities, devices)
        note.write_text(json.dumps(asdict(made)))
    return config, Filled(**json.loads(note.read_text()))


def journal_pages(epoch: int) -> list[bytes]:
    """Return the pages of an hour's workout, each epoch's of another day: a workout recorded twice costs more."""
    writer = PageWriter(journal_key(DEVICE_KEY), epoch, _FIRST_UPLOADED_S + epoch % _UPLOADED_DAYS * 24 * HOUR_S)
    writer.write([_sample(second) for second in range(HOUR_S)])
    return writer.pages


def resident_bytes(pid: int) -> int:
    """Return the memory that a process has in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int) -> float:
    """Return the CPU time that a process has taken."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _sample(second: int) -> tuple[int, ...]:
    swing = second % 20 - 10
    return (
        second,
        3,
        48_000_000 + second * 25,
        11_000_000 + swing * 3,
        2500 + swing,
        280 + swing,
        150 + swing // 4,
        3,
        170,
    )


def _add_activities(connection: Connection, owner_id: str, count: int) -> None:
    connection.execute(insert(ACTIVITIES), list(_rows(owner_id, count)))


def _copy_activities(connection: Connection, owner_id: str, to_owner_id: str) -> None:
    # Others' routes are short: nobody reads them here, and a thousand users' would fill the disk.
    changed = {"owner_id": to_owner_id, "route_polyline": "_p~iF~ps|U_ulLnnqC_mqNvxq`@"}
    columns = [
        literal(changed[column.name], column.type) if column.name in changed else column
        for column in ACTIVITIES.columns
    ]
    copied = select(*columns).where(ACTIVITIES.c.owner_id == owner_id)
    connection.execute(insert(ACTIVITIES).from_select([column.name for column in ACTIVITIES.columns], copied))


def _drop_indexes(connection: Connection) -> None:
    for index in ACTIVITIES.indexes:
        index.drop(connection)


def _make_indexes(connection: Connection) -> None:
    for index in ACTIVITIES.indexes:
        index.create(connection)


def _settle(url: str) -> None:
    """Do what PostgreSQL does by itself within minutes, so that it does not do it while it is measured."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
        connection.exec_driver_sql("CHECKPOINT")
    engine.dispose()


def _rows(owner_id: str, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        start_s = _BEGAN_S + number * 86400.0
        numbers = {"duration_s": 3600.0, "moving_time_s": 3590.0, "distance_m": 10_000.0, "ascent_m": 30.0}
        heart = {"heart_rate_avg_bpm": 150.0, "heart_rate_max_bpm": 170.0, "calories_kcal": 700.0}
        yield (
            {
                "owner_id": owner_id,
                "activity_id": new_id(start_s, os.urandom),
                "source_key": f"bench:{number}",
                "fingerprint": "bench",
                "sport": "running",
                "source": "bench",
                "status": FINISHED,
                "start_utc_s": start_s,
                "points_count": HOUR_S,
                "whole": True,
                "route_polyline": f"_p~iF{chr(64 + number % 26)}ps|U" + _STEPS,
                "detail": _DETAIL,
                "created_at_s": start_s,
                "updated_at_s": start_s,
            }
            | numbers
            | heart
        )
