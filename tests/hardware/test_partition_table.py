"""The partition table is ESP-IDF's, bit for bit; every rule of it is held."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from paceline_tools.flashing.layout import FLASH_BYTES, PARTITIONS, layout_lines, partition
from paceline_tools.flashing.partition_table import (
    APP,
    DATA,
    FACTORY,
    FIRST_OFFSET,
    NVS,
    PHY,
    SIZE,
    Partition,
    PartitionTableError,
    pack_table,
    parse_table,
)
from paceline_tools.hardware.description import read_board

# ESP-IDF's own "Single factory app, no OTA", as its documentation lists it; bytes as gen_esp32part.py lays them out.
SINGLE_FACTORY = (
    Partition("nvs", DATA, NVS, 0x9000, 0x6000),
    Partition("phy_init", DATA, PHY, 0xF000, 0x1000),
    Partition("factory", APP, FACTORY, 0x10000, 0x100000),
)
SINGLE_FACTORY_BYTES = bytes.fromhex(
    "aa50 01 02 00900000 00600000 6e767300000000000000000000000000 00000000"
    "aa50 01 01 00f00000 00100000 7068795f696e69740000000000000000 00000000"
    "aa50 00 00 00000100 00001000 666163746f7279000000000000000000 00000000"
)


def test_the_bytes_are_those_of_the_specification() -> None:
    table = pack_table(SINGLE_FACTORY, 0x400000)
    md5 = hashlib.md5(SINGLE_FACTORY_BYTES, usedforsecurity=False).digest()
    assert table == (SINGLE_FACTORY_BYTES + b"\xeb\xeb" + b"\xff" * 14 + md5).ljust(0xC00, b"\xff")


def test_ours_fits_the_module_and_is_read_back() -> None:
    assert read_board().module.flash_bytes == FLASH_BYTES
    table = pack_table(PARTITIONS, FLASH_BYTES)
    assert parse_table(table) == list(PARTITIONS)
    assert PARTITIONS[-1].end == FLASH_BYTES
    journal = partition("journal")
    assert journal.kind == DATA and 0x40 <= journal.subtype <= 0xFE and journal.size % 4096 == 0
    assert partition("vfs").subtype == 0x81 and partition("romfs").subtype == 0x8F
    with pytest.raises(KeyError):
        partition("spiffs")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "a" * 17}, "label"),
        ({"label": ""}, "label"),
        ({"label": "ä"}, "label"),
        ({"offset": 0x18000}, "does not lie on 0x10000"),
        ({"size": 0x1800}, "whole sectors"),
        ({"size": 0}, "whole sectors"),
        ({"offset": 0x0}, "lies upon"),
        ({"size": 0x400000}, "behind the flash"),
        ({"label": "nvs"}, "same label"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused(change: dict[str, object], said: str) -> None:
    broken = (*SINGLE_FACTORY[:2], replace(SINGLE_FACTORY[2], **change))
    with pytest.raises(PartitionTableError, match=said):
        pack_table(broken, 0x400000)


def test_the_number_of_entries_is_bounded() -> None:
    many = [Partition(f"p{n}", DATA, 0x40, FIRST_OFFSET + n * 0x1000, 0x1000) for n in range(96)]
    assert len(pack_table(many[:95], FLASH_BYTES)) == SIZE
    assert parse_table(pack_table(many[:94], FLASH_BYTES)) == many[:94]
    for wrong in ([], many):
        with pytest.raises(PartitionTableError, match="1 to 95"):
            pack_table(wrong, FLASH_BYTES)


@pytest.mark.parametrize("at", [0, 2, 5, 20, 96, 112, 127])
def test_a_table_with_one_wrong_byte_is_refused(at: int) -> None:
    table = bytearray(pack_table(SINGLE_FACTORY, 0x400000))
    table[at] ^= 0x11
    with pytest.raises(PartitionTableError):
        parse_table(bytes(table))


def test_what_is_no_table_is_refused() -> None:
    for data in (b"", b"hello" * 100, SINGLE_FACTORY_BYTES):
        with pytest.raises(PartitionTableError):
            parse_table(data)


def test_the_guide_shows_the_layout() -> None:
    guide = Path(__file__).parents[2] / "docs" / "BUILD.md"
    assert "\n".join(layout_lines()) in guide.read_text()
