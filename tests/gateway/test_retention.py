"""Laws of the spool's bounds: what the server does not have is never dropped, what it has goes by age and by room."""

import logging
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gateway.spool_writer import DEVICE_ID, EPOCH, known_journal
from paceline_gateway.errors import SpoolError
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.retention import DAY_S, Retention
from paceline_gateway.spool import Spool, spooled_journals

TODAY_S = 20_776 * DAY_S + 5000.0
OTHER = bytes(range(8, 16))
SIZE = 1_000_000
SIZE_PAGE = SIZE // 4096 * 4096
WHOLE = known_journal(SIZE)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", boot="one")
    yield spool
    spool.close()


def held(spool: Spool, uploaded: int, epoch: int = EPOCH, device: bytes = DEVICE_ID, start: int = 0) -> JournalFile:
    journal = spool.device(device).begin(epoch, start)
    journal.write(journal.cursor, WHOLE[journal.cursor :])
    journal.sync()
    journal.set_uploaded(uploaded)
    return journal


def rounds(spool: Spool, keep_days: int, *days: int) -> None:
    for day in days:
        Retention(spool, keep_days, reserve_bytes=0).round(TODAY_S + day * DAY_S)


def files(spool: Spool) -> list[str]:
    return [path.name for *_, path in spooled_journals(spool.folder)]


def test_what_the_server_has_goes_when_its_days_are_over_and_the_journal_goes_on(spool: Spool) -> None:
    journal = held(spool, 600_000)
    rounds(spool, 30, 0, 1, 29)
    assert files(spool) == [f"{EPOCH:08x}.journal"]
    rounds(spool, 30, 30)
    cut = 600_000 // 4096 * 4096
    assert files(spool) == [f"{EPOCH:08x}-{cut:08x}.journal"]
    assert journal.path.read_bytes() == WHOLE[cut:]
    assert (journal.start, journal.uploaded, journal.cursor, journal.durable) == (cut, 600_000, SIZE, SIZE)
    assert spool.room.held_bytes == SIZE - cut
    # The pull in progress goes on with the same object, a later one finds the file, even for an older position.
    journal.write(SIZE, b"more")
    assert journal.sync() == SIZE + 4
    assert spool.device(DEVICE_ID).begin(EPOCH, 4096) is journal
    spool.close()
    again = Spool(spool.folder, boot="one")
    assert again.device(DEVICE_ID).begin(EPOCH, 0).cursor == SIZE + 4
    assert again.device(DEVICE_ID).begin(EPOCH, 0).uploaded == 600_000
    again.close()


def test_each_part_has_its_own_days(spool: Spool) -> None:
    journal = held(spool, 200_000)
    rounds(spool, 10, 0)
    journal.set_uploaded(500_000)
    rounds(spool, 10, 5, 9)
    assert journal.start == 0
    rounds(spool, 10, 10)
    assert journal.start == 0, "a small part is not worth copying the rest for"
    rounds(spool, 10, 15)
    assert journal.start == 500_000 // 4096 * 4096


def test_what_the_server_does_not_have_is_never_dropped(spool: Spool) -> None:
    held(spool, 0)
    held(spool, SIZE - 1, epoch=5)
    held(spool, 0, device=OTHER)
    spool.room.most_bytes = 1_000_000
    rounds(spool, 0, 0, 400)
    assert {(epoch, path.stat().st_size) for _, epoch, _, path in spooled_journals(spool.folder) if epoch != 5} == {
        (EPOCH, SIZE)
    }
    assert (spool.folder / DEVICE_ID.hex() / f"{EPOCH:08x}.journal").read_bytes() == WHOLE


def test_an_old_epoch_and_what_lies_before_a_gap_go_as_a_whole(spool: Spool) -> None:
    device = spool.device(DEVICE_ID)
    old = device.begin(9, 0)
    old.write(0, b"old")
    old.sync()
    before = device.begin(EPOCH, 0)
    before.write(0, WHOLE[:5000])
    before.sync()
    behind = device.begin(EPOCH, 8192)
    behind.write(8192, WHOLE[8192:])
    behind.sync()
    for path, age_s in ((old.path, 50), (before.path, 40)):
        os.utime(path, (1, behind.path.stat().st_mtime - age_s))
    for journal in (old, before, behind):
        journal.set_uploaded(SIZE)
    rounds(spool, 0, 0)
    assert files(spool) == [f"{EPOCH:08x}-{SIZE_PAGE:08x}.journal"]
    assert old.read(0, 3) == b"", "who still reads gets nothing, not another file's bytes"


def test_when_room_is_wanted_confirmed_bytes_go_before_their_days_are_over(spool: Spool) -> None:
    held(spool, 400_000)
    held(spool, 900_000, device=OTHER)
    spool.room.most_bytes = 2_600_000
    rounds(spool, 30, 0)
    assert spool.room.held_bytes == 2 * SIZE
    spool.room.most_bytes = 2_400_000
    rounds(spool, 30, 0)
    assert spool.room.held_bytes == 2 * SIZE - 400_000 // 4096 * 4096, "no more than is wanted"
    Retention(spool, 30, reserve_bytes=1 << 60).round(TODAY_S)  # the disk has not so much
    assert spool.room.held_bytes == 2 * SIZE - 400_000 // 4096 * 4096 - 900_000 // 4096 * 4096


def test_a_full_spool_refuses_and_says_so_before_and_room_opens_it_again(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    retention = Retention(spool, 30, reserve_bytes=0)
    spool.room.most_bytes = 1_000_000
    device = spool.device(DEVICE_ID)
    journal = device.begin(EPOCH, 0)
    caplog.set_level(logging.INFO, "paceline_gateway")
    for share, said in ((0.7, 0), (0.81, 1), (0.9, 1), (0.96, 2), (0.97, 2)):
        journal.write(journal.cursor, WHOLE[journal.cursor : int(share * 1_000_000)])
        journal.sync()
        for _ in range(2):
            retention.round(TODAY_S)
        assert caplog.text.count("% full") == said, share
    with pytest.raises(SpoolError, match=r"the spool is full with 970\.0 kB"):
        journal.write(journal.cursor, bytes(30_001))
    assert (journal.cursor, journal.path.stat().st_size) == (970_000, 970_000)
    journal.set_uploaded(500_000)
    retention.round(TODAY_S)
    assert "the spool has room again" in caplog.text
    journal.write(journal.cursor, WHOLE[970_000:])
    assert journal.sync() == SIZE


@pytest.mark.parametrize("day", [-20_776, -3000, 100_000])
def test_a_clock_that_is_wrong_drops_nothing_that_is_not_confirmed_and_heals(spool: Spool, day: int) -> None:
    journal = held(spool, 500_000)
    rounds(spool, 30, day)
    assert journal.start == 0
    rounds(spool, 30, 0, 29)
    assert journal.start == 0
    rounds(spool, 30, 30)
    assert journal.start == 500_000 // 4096 * 4096
    assert journal.path.read_bytes() == WHOLE[journal.start :]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"x": []}', '{"00000001": [[1]]}', '{"00000001": [["a", 2]]}', "\xff"]
)
def test_damaged_notes_count_as_absent(spool: Spool, text: str) -> None:
    journal = held(spool, 500_000)
    (journal.path.parent / "confirmed.json").write_text(text, encoding="latin-1")
    rounds(spool, 30, 0, 30)
    assert journal.start > 0


def test_a_server_that_goes_back_starts_the_days_anew(spool: Spool) -> None:
    journal = held(spool, 500_000)
    rounds(spool, 30, 0)
    journal.set_uploaded(100)
    rounds(spool, 30, 20)
    journal.set_uploaded(500_000)
    rounds(spool, 30, 21, 30)
    assert journal.start == 0


def test_reading_writing_and_syncing_go_on_while_the_beginning_is_cut_off(spool: Spool) -> None:
    journal = spool.device(DEVICE_ID).begin(EPOCH, 0)
    stop = threading.Event()
    wrong: list[int] = []

    def read() -> None:
        chance = random.Random(1)
        while not stop.is_set():
            position = chance.randrange(journal.start, journal.durable + 1)
            try:
                data = journal.read(position, 4096)
            except SpoolError:  # cut off meanwhile
                assert position < journal.start
                continue
            if data != WHOLE[position : position + len(data)]:
                wrong.append(position)

    reader = threading.Thread(target=read)
    reader.start()
    keeper = threading.Thread(target=lambda: [rounds(spool, 0, 0) for _ in iter(stop.is_set, True)])
    keeper.start()
    try:
        while journal.cursor < SIZE:
            journal.write(journal.cursor, WHOLE[journal.cursor : journal.cursor + 3000])
            journal.sync()
            journal.set_uploaded(journal.durable)
    finally:
        stop.set()
        reader.join(20)
        keeper.join(20)
    rounds(spool, 0, 0)
    assert 0 < journal.start <= SIZE_PAGE and journal.path.read_bytes() == WHOLE[journal.start :]
    assert wrong == []


@pytest.mark.parametrize("left", ["part", "both"])
def test_a_crash_while_cutting_loses_nothing_and_is_tidied(spool: Spool, left: str) -> None:
    journal = held(spool, 600_000)
    folder = journal.path.parent
    name = f"{EPOCH:08x}-00010000"
    (folder / f"{name}.{'part' if left == 'part' else 'journal'}").write_bytes(WHOLE[0x10000:])
    spool.close()
    again = Spool(spool.folder, boot="one")
    assert again.device(DEVICE_ID).begin(EPOCH, 0).cursor >= SIZE - 64 * 1024 - 4096  # another's boot: compared anew
    again.device(DEVICE_ID).journals()[0].set_uploaded(SIZE)
    rounds(again, 0, 0)
    again.close()
    assert not list(folder.glob("*.part"))
    (only,) = folder.glob("*.journal")
    assert only.read_bytes() == WHOLE[SIZE - only.stat().st_size :]


def test_a_file_that_cannot_be_used_is_told_once_and_the_others_go_on(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    journal = held(spool, 600_000)
    (journal.path.parent / "00000007.journal").mkdir()
    (journal.path.parent / "00000008.journal").symlink_to("nowhere/at/all")
    for _ in range(3):
        assert spool.device(DEVICE_ID).journals() == [journal]
        rounds(spool, 0, 0)
    assert caplog.text.count("00000007.journal: Is a directory; this journal is left as it is") == 1
    assert caplog.text.count("00000008.journal") == 1


SMALL_DISK = """
import sys; from pathlib import Path
from paceline_gateway.errors import SpoolError
from paceline_gateway.retention import Retention
from paceline_gateway.spool import Spool
import logging, subprocess; logging.basicConfig(format="LOG %(message)s", level="INFO", stream=sys.stdout)
spool = Spool(Path(sys.argv[1]), boot="one")
one, other = (spool.device(bytes([n] * 8)).begin(5, 0) for n in (1, 2))
def fill(journal, most):
    try:
        while journal.cursor < most:
            journal.write(journal.cursor, bytes([journal.cursor >> 12 & 255]) * 4096)
            journal.sync()
    except SpoolError as error:
        print("REFUSED", journal.durable, error)
fill(one, 400_000); one.set_uploaded(400_000); fill(other, 500_000)
keeper = Retention(spool, 30, reserve_bytes=200_000)
keeper.round(1.8e9)
for _ in range(3): fill(other, 2_000_000)
print("WENT ON", other.durable)
for _ in range(3): keeper.round(1.8e9)
spool.close()
subprocess.run(["mount", "-o", "remount,ro", sys.argv[1]], check=True)
Spool(Path(sys.argv[1]))
"""


def test_a_small_disk_fills_is_freed_and_becomes_read_only(tmp_path: Path) -> None:
    """On a real file system of 1 MiB, mounted in a name space of its own; needs root."""
    mounted = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=1m none "$0" && exec "$@"', str(tmp_path)]
    if subprocess.run([*mounted, "true"], check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    command = [*mounted, sys.executable, "-c", SMALL_DISK, str(tmp_path)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    lines = run.stdout.splitlines()
    assert run.stderr.splitlines()[-1].endswith(f"SpoolError: {tmp_path}: Read-only file system")
    refused = [line for line in lines if line.startswith("REFUSED")]
    assert len(refused) == 3
    assert all("0202020202020202/00000005.journal: No space left on device" in line for line in refused)
    (went_on,) = (line for line in lines if line.startswith("WENT ON"))
    assert int(went_on.split()[-1]) > 900_000, "what the server had made room"
    assert sum("are free on this disk" in line for line in lines) == 1
