"""Mounting: a few reads on a whole ring, every block when something is broken, the same journal either way."""

from firmware.journal_life import KEY, Life
from firmware.nor_flash import BLOCK, NorFlash
from paceline_protocol.page import NO_TAG, pack_header
from paceline_protocol.records import CRASH, pack_fields
from wearable.journal.erase import erase_all
from wearable.journal.mount import find_pages, scan
from wearable.journal.page_ring import PageRing
from wearable.journal.writer import Journal

EPOCH = 9
TEXT = pack_fields(CRASH, 0, "x" * 200)


class Headers:
    """A flash that holds page headers and nothing else; counts reads."""

    def __init__(self, blocks: int, pages: int) -> None:
        """Take the headers of so many pages, numbered from 0 on."""
        self.blocks = blocks
        self.reads = 0
        self.heads: dict[int, bytearray] = {}
        for number in range(max(0, pages - blocks), pages):
            header = bytearray(32)
            pack_header(header, EPOCH, number, BLOCK, NO_TAG)
            self.heads[number % blocks] = header

    def ioctl(self, operation: int, _: int) -> int:
        return {4: self.blocks, 5: BLOCK}[operation]

    def readblocks(self, block: int, buffer: "bytearray | memoryview", offset: int = 0) -> None:
        self.reads += 1
        for i in range(len(buffer)):
            buffer[i] = 0xFF
        head = self.heads.get(block)
        if head and offset == 0:
            buffer[:32] = head


def _range(found: object) -> "tuple[int, int, int] | None":
    return None if found is None else (found.epoch, found.oldest, found.newest)  # type: ignore[attr-defined]


def test_four_megabytes_are_mounted_in_a_few_reads() -> None:
    for pages in (1, 2, 511, 1023, 1024, 1025, 1500, 2048, 5000):
        flash = Headers(1024, pages)
        journal = Journal(flash, KEY, lambda: 1)
        assert flash.reads <= 20, (pages, flash.reads)
        assert journal.end // BLOCK == pages - 1
        assert journal.start // BLOCK in (max(0, pages - 1024), max(0, pages - 1023))


def test_every_fill_of_a_small_ring_is_found_as_by_reading_every_block() -> None:
    for blocks in (3, 4, 5, 8):
        for pages in range(1, 3 * blocks + 2):
            ring = PageRing(Headers(blocks, pages))
            assert _range(find_pages(ring)) == _range(scan(ring)) == (EPOCH, max(0, pages - blocks), pages - 1)


def test_one_damaged_header_anywhere_misleads_nobody() -> None:
    blocks = 8
    for pages in range(2, 2 * blocks + 3):
        for number in range(max(0, pages - blocks), pages):
            flash = Headers(blocks, pages)
            flash.heads[number % blocks][9] ^= 0x10
            found = find_pages(PageRing(flash))
            assert found is not None
            # Without its header the newest page is not there, and the oldest neither: they look half begun or erased.
            assert found.newest == (pages - 2 if number == pages - 1 else pages - 1), (pages, number)
            assert found.oldest <= max(0, pages - blocks) + 1


def test_damaged_pages_cost_nobody_else_anything() -> None:
    life = Life(6, 21)
    journal = life.boot()
    while journal.start < 3 * BLOCK:
        life.append(journal, CRASH, TEXT)
    newest = journal.end // BLOCK
    broken = newest - 2
    at = broken % 6 * BLOCK
    life.flash.cells[at : at + 700] = bytes(700)
    journal = life.boot()
    assert journal.end // BLOCK == newest
    found, _, reader = life.read(journal)
    assert sorted({problem.position // BLOCK for problem in reader.problems}) == [broken - 1, broken]
    held = [record for record in life.records if record[0] >= journal.start]
    assert found == [record for record in held if record[0] // BLOCK != broken]


def test_damage_that_the_boot_meets_is_counted() -> None:
    life = Life(6, 22)
    journal = life.boot()
    while journal.start < 2 * BLOCK:
        life.append(journal, CRASH, TEXT)
    assert life.boot().damaged_pages == 0
    life.flash.cells[0:BLOCK] = bytes(BLOCK)  # block 0 is where a bisection begins
    assert life.boot().damaged_pages == 1


def test_a_program_that_the_flash_refuses_costs_that_record_and_no_other() -> None:
    for refused in range(1, 40):
        life = Life(4, 30 + refused)
        flash = life.flash = RefusingFlash(4, life.dice)
        journal = Journal(flash, KEY, life._epoch)
        flash.refuse_in = refused
        for _ in range(60):
            try:
                life.append(journal, CRASH, TEXT)
            except OSError:
                life.unsure = None
        assert flash.refuse_in < 0
        life.check(journal, False)
        life.flash = NorFlash(4).boot()
        life.flash.cells, life.flash.erases = flash.cells, flash.erases
        life.check(life.boot(), False)


class RefusingFlash(NorFlash):
    """Refuses one operation with EIO, half done, and lives on."""

    refuse_in = 1 << 20

    def writeblocks(self, block: int, data: "bytes | memoryview", offset: int) -> None:
        self.refuse_in -= 1
        if self.refuse_in == 0:
            super().writeblocks(block, memoryview(data)[: len(data) // 2], offset)
            raise OSError(5)
        super().writeblocks(block, data, offset)


def test_an_erasing_of_everything_that_is_cut_leaves_a_shorter_journal() -> None:
    for cut in range(7):
        life = Life(8, 50 + cut)
        journal = life.boot()
        while journal.start < 3 * BLOCK:
            life.append(journal, CRASH, TEXT)
        newest = journal.end // BLOCK
        life.flash = life.flash.boot()
        life.flash.cut_in = cut
        try:
            erase_all(life.flash)
        except OSError:
            life.unsure = None
        found = find_pages(PageRing(life.flash.boot()))
        assert found is not None and found.newest == newest and newest - found.oldest in (7 - cut, 6 - cut)
