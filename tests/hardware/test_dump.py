"""A dump of flash is laid out by position again, printed, and exported as CSV."""

import csv
from pathlib import Path

import fitdecode
import pytest
from hardware.mock_chip import mock_chip
from paceline_protocol.page import PAGE_SIZE
from paceline_tools.flashing.chip import Chip
from paceline_tools.flashing.cli import main
from paceline_tools.flashing.dump import stretches
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.layout import FLASH_BYTES, PARTITIONS, partition
from paceline_tools.flashing.partition_table import pack_table
from server.journal_builder import DEVICE_KEY, EPOCH, START_UTC_S, JournalBuilder, run_samples

BLOCKS = 8


def journal(first_page: int = 0, seconds: int = 6000) -> bytes:
    builder = JournalBuilder(first_page=first_page)
    builder.boot()
    builder.clock(5, START_UTC_S + 5)
    builder.start(10)
    builder.samples(run_samples(seconds))
    builder.end(10 + seconds)
    return builder.data


def ring(data: bytes, first_page: int, blocks: int = BLOCKS) -> bytes:
    """The partition that holds these pages, each in block n modulo the number of blocks."""
    cells = [b"\xff" * PAGE_SIZE] * blocks
    for at in range(0, len(data), PAGE_SIZE):
        cells[(first_page + at // PAGE_SIZE) % blocks] = data[at : at + PAGE_SIZE].ljust(PAGE_SIZE, b"\xff")
    return b"".join(cells)


def whole_flash(partition_bytes: bytes) -> bytes:
    flash = bytearray(b"\xff" * FLASH_BYTES)
    flash[0x8000 : 0x8000 + 0xC00] = pack_table(PARTITIONS, FLASH_BYTES)
    offset = partition("journal").offset
    flash[offset : offset + len(partition_bytes)] = partition_bytes
    return bytes(flash)


@pytest.mark.parametrize("first_page", [0, 5, 1_000_003])
def test_a_ring_is_laid_out_by_position(first_page: int) -> None:
    data = journal(first_page)
    assert PAGE_SIZE < len(data) < BLOCKS * PAGE_SIZE
    for dump in (ring(data, first_page), whole_flash(ring(data, first_page)), data):
        found = stretches(dump)
        assert [(each.epoch, each.position) for each in found] == [(EPOCH, first_page * PAGE_SIZE)]
        assert found[0].data.startswith(data)


def test_a_page_that_is_lost_parts_the_journal() -> None:
    data = bytearray(ring(journal(), 0))
    data[PAGE_SIZE : 2 * PAGE_SIZE] = bytes(PAGE_SIZE)
    assert [each.position for each in stretches(bytes(data))] == [0, 2 * PAGE_SIZE]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no page"),
        (b"\xff" * 8 * PAGE_SIZE, "no page"),
        (b"GIF89a" * 9000, "no page"),
        (whole_flash(b"")[:0x8000] + b"\xaa\x50" + b"x" * 5000, "partition table"),
        (b"\xff" * 0x8000 + pack_table(PARTITIONS[:3], FLASH_BYTES), "no journal"),
    ],
)
def test_what_is_no_dump_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FlashingError, match=said):
        stretches(data)


def test_the_command_prints_and_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump, key, out = tmp_path / "flash.bin", tmp_path / "a.key", tmp_path / "out.csv"
    dump.write_bytes(whole_flash(ring(journal(), 0)))
    key.write_text(DEVICE_KEY.hex() + "\n")
    assert main(["inspect", str(dump), "--key-file", str(key)]) == 0
    said = capsys.readouterr().out
    assert "SESSION_START" in said and "SAMPLES" in said and ", 0 problems" in said and "sealed up to" in said
    assert main(["inspect", str(dump)]) == 0
    assert "seals not checked" in capsys.readouterr().out
    assert main(["inspect", str(dump), "--key-file", str(key), "--csv", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert len(rows) == 6000 and rows[0]["sport"] and rows[0]["workout"] == "1"
    assert rows[0]["utc"] < rows[-1]["utc"] and float(rows[100]["heart_rate_bpm"]) > 30
    assert float(rows[100]["latitude_deg"]) != 0


def test_workouts_are_exported_as_files_that_another_reader_opens(tmp_path: Path) -> None:
    dump, key, folder = tmp_path / "flash.bin", tmp_path / "a.key", tmp_path / "fit"
    dump.write_bytes(whole_flash(ring(journal(), 0)))
    key.write_text(DEVICE_KEY.hex() + "\n")
    assert main(["inspect", str(dump), "--key-file", str(key), "--fit", str(folder)]) == 0
    (path,) = folder.iterdir()
    with fitdecode.FitReader(path) as messages:
        records = [message for message in messages if isinstance(message, fitdecode.FitDataMessage)]
    assert sum(message.name == "record" for message in records) == 6000
    assert [message.name for message in records].count("session") == 1


def test_an_export_needs_the_key_and_a_bad_one_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(journal())
    assert main(["inspect", str(dump), "--csv", str(tmp_path / "x.csv")]) == 1
    assert "--key-file" in capsys.readouterr().err
    (tmp_path / "bad").write_text("00" * 31)
    assert main(["inspect", str(dump), "--key-file", str(tmp_path / "bad")]) == 1
    assert "32" in capsys.readouterr().err
    assert main(["inspect", str(tmp_path / "absent")]) == 1
    assert "give a file" in capsys.readouterr().err


def test_the_journal_is_read_from_a_chip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ring(journal(), 0)
    with mock_chip(tmp_path) as port:
        Chip(port).write({partition("journal").offset: data})
        assert main(["inspect", port]) == 0
    assert "SESSION_END" in capsys.readouterr().out
