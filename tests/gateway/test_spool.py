"""Laws of the spool: what was durable stays, whatever ends the process or fills the disk."""

import contextlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gateway.spool_writer import DEVICE_ID, EPOCH, known_journal
from paceline_gateway.errors import PullError, SpoolError
from paceline_gateway.journal_file import TORN_TAIL, JournalFile
from paceline_gateway.progress_mark import ProgressMark, read_mark
from paceline_gateway.spool import Spool, spooled_journals

SIZE = 400_000
WRITER = Path(__file__).with_name("spool_writer.py")


def start_writer(folder: Path, *more: int) -> "subprocess.Popen[str]":
    command = [sys.executable, str(WRITER), str(folder), str(SIZE), *map(str, more)]
    paths = {"PYTHONPATH": str(WRITER.parents[1])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths)


def journal_bytes(folder: Path) -> bytes:
    ((_, _, start, path),) = spooled_journals(folder)
    assert start == 0
    return path.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_kill_9_at_any_moment_loses_nothing_durable(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = known_journal(SIZE)
    said = 0
    for _ in range(4):
        writer = start_writer(tmp_path)
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 12)):
            words = writer.stdout.readline().split()
            if not words:
                break
            assert int(words[1]) >= said, "the cursor went back below what was durable"
            said = int(words[1])
        writer.kill()
        writer.wait(20)
        rest = [line.split() for line in writer.stdout.read().splitlines()]
        writer.stdout.close()
        said = max([said, *(int(words[1]) for words in rest if len(words) > 1 and words[0] == "durable")])
        held = journal_bytes(tmp_path)
        assert len(held) >= said
        assert whole.startswith(held)
    last = start_writer(tmp_path)
    last.communicate(timeout=60)
    assert last.returncode == 0
    assert journal_bytes(tmp_path) == whole


@pytest.mark.parametrize("limit", [0, 1, 10_000, 123_457])
def test_a_full_disk_is_one_clear_error_and_the_pull_goes_on_later(tmp_path: Path, limit: int) -> None:
    writer = start_writer(tmp_path, limit)
    output, _ = writer.communicate(timeout=60)
    assert writer.returncode == 3
    refused = output.splitlines()[-1]
    assert refused.startswith("refused")
    assert f"{EPOCH:08x}.journal: File too large" in refused
    assert journal_bytes(tmp_path) == known_journal(SIZE)[:limit]
    writer = start_writer(tmp_path)
    output, _ = writer.communicate(timeout=60)
    assert int(output.splitlines()[0].split()[1]) <= limit
    assert journal_bytes(tmp_path) == known_journal(SIZE)


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match=r"file/spool: Not a directory"):
        Spool(tmp_path / "file" / "spool")


def test_two_gateways_cannot_share_a_spool(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    with pytest.raises(SpoolError, match="another gateway"):
        Spool(tmp_path)
    first.close()
    Spool(tmp_path).close()


def filled(folder: Path, data: bytes, boot: str) -> JournalFile:
    spool = Spool(folder, boot=boot)
    journal = spool.device(DEVICE_ID).begin(EPOCH, 0)
    for position in range(0, len(data), 500):
        journal.write(position, data[position : position + 500])
        journal.sync()
    spool.close()
    return journal


@contextlib.contextmanager
def reopened(folder: Path, boot: str) -> Iterator[JournalFile]:
    spool = Spool(folder, boot=boot)
    yield spool.device(DEVICE_ID).begin(EPOCH, 0)
    spool.close()


@pytest.mark.parametrize("damage", ["zeros", "garbage", "longer", "none"])
def test_a_tail_torn_by_a_power_cut_is_pulled_again_compared_and_cut(tmp_path: Path, damage: str) -> None:
    whole = known_journal(200_000)
    path = filled(tmp_path, whole[:150_000], boot="before").path
    held = bytearray(path.read_bytes())
    if damage == "zeros":
        held[-30_000:] = bytes(30_000)
    elif damage == "garbage":
        held[-999:-500] = random.Random(1).randbytes(499)
    elif damage == "longer":
        held += bytes(4096)
    path.write_bytes(held)

    with reopened(tmp_path, boot="after") as journal:
        assert 150_000 - TORN_TAIL - 4096 <= journal.durable == journal.cursor < 150_000
        while journal.cursor < len(whole):
            journal.write(journal.cursor, whole[journal.cursor : journal.cursor + 227])
        assert journal.sync() == journal.end == 200_000
    assert path.read_bytes() == whole
    with reopened(tmp_path, boot="after") as journal:
        assert journal.cursor == 200_000


def test_without_a_power_cut_nothing_is_pulled_again(tmp_path: Path) -> None:
    filled(tmp_path, known_journal(100_000), boot="one")
    with reopened(tmp_path, boot="one") as journal:
        assert journal.cursor == 100_000


def test_what_the_server_has_is_not_pulled_again_after_a_power_cut(tmp_path: Path) -> None:
    filled(tmp_path, known_journal(100_000), boot="one").set_uploaded(98_765)
    with reopened(tmp_path, boot="two") as journal:
        assert journal.cursor == 98_765


def test_known_good_bytes_are_never_overwritten(tmp_path: Path) -> None:
    whole = known_journal(10_000)
    filled(tmp_path, whole, boot="one")
    with reopened(tmp_path, boot="one") as journal:
        for position in (0, 5000, 9999):
            with pytest.raises(PullError) as caught:
                journal.write(position, bytes([whole[position] ^ 0x80]) + bytes(300))
            assert caught.value.code == "differs"
            assert caught.value.position == position
        with pytest.raises(ValueError, match="do not follow"):
            journal.write(10_001, b"later")
    assert journal.path.read_bytes() == whole


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"uploaded": -1, "boot": ""}', '{"uploaded": "9", "boot": ""}', "\xff"]
)
def test_a_damaged_mark_counts_as_absent(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.mark"
    path.write_text(text, encoding="latin-1")
    assert read_mark(path) == ProgressMark()


def test_the_uploaded_position_never_passes_what_is_durable(tmp_path: Path) -> None:
    journal = filled(tmp_path, known_journal(5000), boot="one")
    journal.set_uploaded(1_000_000)
    assert journal.uploaded == 5000
    journal.set_uploaded(3000)
    assert journal.uploaded == 3000


def test_the_last_address_is_a_help_that_may_be_missing_or_damaged(tmp_path: Path) -> None:
    filled(tmp_path, b"x", boot="one")
    spool = Spool(tmp_path, boot="one")
    device = spool.device(DEVICE_ID)
    assert device.last_address is None
    device.remember_address("F0:00:00:00:00:01")
    assert device.last_address == "F0:00:00:00:00:01"
    (device.folder / "address").write_bytes(b"\xff\x00/../etc")
    assert device.last_address is None
    # The first connection of all may be the one that is left behind: nothing was spooled yet.
    spool.device(bytes(8)).remember_address("F0:00:00:00:00:02")
    assert spool.device(bytes(8)).last_address == "F0:00:00:00:00:02"
    assert [device_id for device_id, *_ in spooled_journals(tmp_path)] == [DEVICE_ID]
    spool.close()
