"""Where everything lies on the wearable's flash of 8 MB (docs/BUILD.md has the same table, compared by a test)."""

from paceline_tools.flashing.partition_table import APP, DATA, FACTORY, FAT, NVS, PHY, Partition

FLASH_BYTES = 0x800000
BOOTLOADER_OFFSET, APP_OFFSET = 0x0, 0x10000  # of an ESP32-S3, and in MicroPython's images for it
ROMFS_SUBTYPE, JOURNAL_SUBTYPE = 0x8F, 0x40  # the first is MicroPython's, the second of the range left to us

PARTITIONS = (
    Partition("nvs", DATA, NVS, 0x9000, 0x6000),
    Partition("phy_init", DATA, PHY, 0xF000, 0x1000),
    Partition("factory", APP, FACTORY, APP_OFFSET, 0x240000),
    Partition("romfs", DATA, ROMFS_SUBTYPE, 0x250000, 0x60000),
    Partition("vfs", DATA, FAT, 0x2B0000, 0x150000),
    Partition("journal", DATA, JOURNAL_SUBTYPE, 0x400000, 0x400000),
)
USES = {
    "nvs": "identity, totals, settings of the screen",
    "phy_init": "calibration of the radio",
    "factory": "MicroPython",
    "romfs": "our firmware, run in place (MEMORY.md)",
    "vfs": "boot.py, main.py, board.py; copies that came over the link, blobs",
    "journal": "the journal, 1,024 pages",
}


def partition(label: str) -> Partition:
    """Return the partition of that label; KeyError without one."""
    for each in PARTITIONS:
        if each.label == label:
            return each
    raise KeyError(label)


def layout_lines() -> list[str]:
    """Return the table of the flash for the build guide, in Markdown."""
    rows = [
        f"| {each.label} | {each.offset:#08x} | {each.size // 1024} KB | {USES[each.label]} |" for each in PARTITIONS
    ]
    return ["| partition | at | size | holds |", "|---|---|---|---|", *rows]
