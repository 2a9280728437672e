"""Device keys at rest: sealed under the server's own key; a database alone, or with another key, opens none."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from paceline_server.cli import main
from paceline_server.config import Config
from paceline_server.devices import store
from paceline_server.devices.model import DEVICES, UNSEALED_DEVICES
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.keys import DEVICES as SERVICE
from paceline_server.platform.database import Database
from paceline_server.platform.schema import DatabaseError
from paceline_server.platform.sealing import OVERHEAD, Sealer
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import Person, RunningServer, StandingClock, make_person
from sqlalchemy import Connection, insert, update


def counting() -> Callable[[int], bytes]:
    """Give other bytes each time."""
    counter = [0]

    def draw(size: int) -> bytes:
        counter[0] += 1
        return counter[0].to_bytes(size, "big")

    return draw


def test_a_secret_opens_for_whom_it_was_sealed_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    sealer = Sealer(path, counting())
    sealed, again = sealer.seal(DEVICE_KEY, "device a"), sealer.seal(DEVICE_KEY, "device a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(sealed) == len(DEVICE_KEY) + OVERHEAD
    assert sealed != again and DEVICE_KEY not in sealed
    assert Sealer(path, counting()).open(sealed, "device a") == DEVICE_KEY
    with pytest.raises(DatabaseError, match="moved here"):
        sealer.open(sealed, "device b")
    for index in range(len(sealed)):
        with pytest.raises(DatabaseError, match="device a"):
            sealer.open(sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :], "device a")
        with pytest.raises(DatabaseError, match="device a"):
            sealer.open(sealed[:index], "device a")


def test_the_servers_key_is_never_replaced_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    sealed = Sealer(path, counting()).seal(b"secret", "x")
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(DatabaseError, match=r"server\.key is missing.*restore it"):
        Sealer(path, counting()).open(sealed, "x")
    assert not path.exists()
    path.write_bytes(bytes(32))
    path.chmod(0o600)
    with pytest.raises(DatabaseError, match="another key than that of"):
        Sealer(path, counting()).open(sealed, "x")
    path.write_bytes(kept[:-1])
    with pytest.raises(DatabaseError, match="must hold 32 bytes"):
        Sealer(path, counting()).open(sealed, "x")
    path.write_bytes(kept)
    path.chmod(0o640)
    with pytest.raises(DatabaseError, match="chmod 600"):
        Sealer(path, counting()).open(sealed, "x")


async def test_what_an_older_program_kept_plain_is_sealed_at_the_start(
    server: RunningServer, ann: Person, database_url: str
) -> None:
    def as_before(connection: Connection) -> None:
        key = {"owner_id": ann.owner_id, "device_id": DEVICE_ID}
        connection.execute(update(DEVICES).where(DEVICES.c.owner_id == ann.owner_id).values(device_key=DEVICE_KEY))
        connection.execute(insert(UNSEALED_DEVICES).values(**key))

    await server.stop()
    database = Database(database_url)
    database.write_now(as_before)
    database.close()
    await server.start()
    database = Database(database_url)
    device = database.read_now(store.get, ann.owner_id, DEVICE_ID)
    assert device is not None and len(device.sealed_key) == 32 + OVERHEAD
    assert server.app[SERVICE].key_of(device) == DEVICE_KEY
    assert database.write_now(store.seal_waiting, lambda *_: b"", 10) == 0
    database.close()
    assert (await server.put(ann, workout()[0].data, 0))[0] == 200
    assert (await server.activities(ann))[0]["receipt"]["whole"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_database_file_gives_no_device_key_away(server: RunningServer, ann: Person) -> None:
    def as_before(connection: Connection) -> None:
        connection.execute(update(DEVICES).where(DEVICES.c.owner_id == ann.owner_id).values(device_key=DEVICE_KEY))
        connection.execute(insert(UNSEALED_DEVICES).values(owner_id=ann.owner_id, device_id=DEVICE_ID))

    def held() -> bool:
        return any(DEVICE_KEY in path.read_bytes() for path in server.data.glob("paceline.sqlite3*"))

    assert not held()
    await server.stop()
    database = Database(server.config.url)
    database.write_now(as_before)
    database.close()
    assert held()
    await server.start()
    await server.stop()
    assert not held()
    await server.start()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_whose_key_was_lost_says_so_at_its_start(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    key = tmp_path / "key"
    key.write_bytes(DEVICE_KEY)
    assert main(["setup", "--username", "ann", "--data", str(data)]) == 0
    claim = ("--username", "ann", "--device-id", DEVICE_ID, "--key-file", str(key))
    assert main(["claim", *claim, "--data", str(data)]) == 0
    shutil.move(data / "server.key", tmp_path / "elsewhere")
    assert main(["serve", "--port", "0", "--data", str(data)]) == 1
    assert "server.key is missing" in capsys.readouterr().err
    assert not (data / "server.key").exists()
    keys = DeviceKeys(Sealer(tmp_path / "elsewhere", counting()))
    database = Database(Config(data).url)
    keys.prepare(database)
    database.close()
    assert database_url


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_another_users_key_does_not_open_in_ones_own_row(
    server: RunningServer, ann: Person, clock: StandingClock
) -> None:
    bob = make_person(server, "bob")
    theirs = server.app[SERVICE].claim(ann.owner_id, "ab" * 8, bytes(32))
    mine = server.app[SERVICE].claim(bob.owner_id, "cd" * 8, bytes(32))
    moved = type(mine)(mine.owner_id, mine.device_id, theirs.sealed_key, clock())
    with pytest.raises(DatabaseError, match="moved here"):
        server.app[SERVICE].key_of(moved)
