"""esptool against a mock boot loader: the right chip is written and verified, a wrong one is refused untouched."""

from pathlib import Path

import pytest
from hardware.chip_images import micropython_file
from hardware.mock_chip import mock_chip
from paceline_tools.flashing.chip import Chip
from paceline_tools.flashing.chip_image import read_image
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.layout import FLASH_BYTES, PARTITIONS, partition
from paceline_tools.flashing.partition_table import SIZE, parse_table
from paceline_tools.flashing.steps import flash_pieces, write_chip


def test_a_chip_is_written_once_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    image, romfs = read_image(micropython_file(), None), b"\xd2\xcd\x31" + bytes(range(256)) * 300
    said: list[str] = []
    with mock_chip(tmp_path) as port:
        chip = Chip(port)
        kept = b"identity" * 512  # a sector of NVS, and one of the journal
        chip.write({0x9000: kept, partition("journal").offset: kept})
        write_chip(chip, image, romfs, said.append)
        assert "there already" not in said[-1]
        write_chip(chip, image, romfs, said.append)
        assert "there already" in said[-1]
        assert parse_table(chip.read(0x8000, SIZE)) == list(PARTITIONS)
        assert chip.read(0x9000, len(kept)) == chip.read(partition("journal").offset, len(kept)) == kept
        assert chip.read(partition("romfs").offset, len(romfs)) == romfs
        assert chip.read(0x10000, len(image.application)) == image.application
        # One byte differs, as after a write that was cut: it is written again.
        chip.write({partition("romfs").offset + 0x1000: b"\0" * 0x1000})
        write_chip(chip, image, romfs, said.append)
        assert "there already" not in said[-1]
        assert chip.read(partition("romfs").offset, len(romfs)) == romfs


def test_every_piece_lies_in_its_partition() -> None:
    image = read_image(micropython_file(), None)
    pieces = flash_pieces(image, b"x" * 100)
    assert set(pieces) == {0, 0x8000, 0x10000, partition("romfs").offset}
    assert len(pieces[0]) <= 0x8000 and len(pieces[0x8000]) == 0x1000
    for address in (0x10000, partition("romfs").offset):
        home = next(each for each in PARTITIONS if each.offset == address)
        assert len(pieces[address]) <= home.size
    assert FLASH_BYTES == 0x800000


@pytest.mark.parametrize(
    ("chip", "bits", "said", "then"),
    [("esp32", 23, "This chip is ESP32", "another board"), ("esp32c3", 23, "This chip is ESP32-C3", "another board"),
     ("esp32s3", 22, "4 MB of flash, the wearable needs 8", "8 MB")],
)  # fmt: skip
def test_another_chip_is_refused(tmp_path: Path, chip: str, bits: int, said: str, then: str) -> None:
    with mock_chip(tmp_path, chip, bits) as port:
        with pytest.raises(FlashingError, match=said) as refused:
            write_chip(Chip(port), read_image(micropython_file(), None), b"x", lambda _text: None)
        assert then in refused.value.then


def test_another_chip_is_no_verdict_on_what_it_holds(tmp_path: Path) -> None:
    with (
        mock_chip(tmp_path, "esp32") as port,
        pytest.raises(FlashingError, match=r"verify-flash: .*This chip is ESP32"),
    ):
        Chip(port).write({0x10000: b"x" * 100})


def test_a_port_without_a_board_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FlashingError) as refused:
        Chip(str(tmp_path / "tty")).check()
    assert "BOOT" in refused.value.then
