"""Each kind of damage to a page has its finding, with position and code; run on both interpreters."""

import struct

from paceline_protocol import records
from paceline_protocol.integrity import crc16
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import NO_TAG, PAGE_SIZE, journal_key, pack_header
from protocol.both.journal_builder import JournalBuilder

KEY = journal_key(bytes(range(32)))
START = records.pack_fields(records.SESSION_START, 1, 0, 1, 1, 0, 0)


def three_pages(key: bytes = KEY, epoch: int = 7) -> JournalBuilder:
    """Pages 0 and 1 with three records each, page 2 with one."""
    builder = JournalBuilder(key, epoch)
    for page in range(3):
        for i in range(3 if page < 2 else 1):
            builder.record(records.LAP, records.pack_fields(records.LAP, i, page, 0))
        if page < 2:
            builder.new_page()
    return builder


def findings(data: bytes, key: bytes | None = KEY, epoch: int | None = None) -> list[tuple[int, str]]:
    reader = JournalReader(key, epoch=epoch)
    reader.feed(data)
    reader.finish()
    return [(problem.position, problem.code) for problem in reader.problems]


def altered(offset: int, new: bytes) -> bytes:
    data = bytearray(three_pages().bytes())
    data[offset : offset + len(new)] = new
    return bytes(data)


def recheck(data: bytes, page: int) -> bytes:
    """Return the journal with the header's check sum of a page made to fit."""
    out = bytearray(data)
    start = page * PAGE_SIZE
    struct.pack_into("<H", out, start + 30, crc16(out[start : start + 30]))
    return bytes(out)


def test_an_unhurt_journal_has_no_findings():
    assert findings(three_pages().bytes()) == []


def test_every_single_flipped_bit_of_a_sealed_page_is_found():
    builder = JournalBuilder(KEY)
    for i in range(4):
        builder.record(records.CLOCK, records.pack_fields(records.CLOCK, i, 9, 1))
    builder.record(records.SAMPLES, bytes(range(200)))
    builder.seal()
    end = builder.end
    builder.new_page()
    whole = builder.bytes()
    for bit in range(8 * end):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        reader = JournalReader(KEY)
        reader.feed(data)
        assert reader.problems, bit
        assert not reader.sealed(0, end), bit


def test_an_altered_record_with_a_fitting_check_sum_breaks_the_seal():
    data = bytearray(three_pages().bytes())
    data[PAGE_SIZE + 34] ^= 1
    end = PAGE_SIZE + 32 + 2 + 7
    struct.pack_into("<H", data, end, crc16(data[PAGE_SIZE + 32 : end]))
    assert findings(bytes(data)) == [(PAGE_SIZE, "seal")]
    assert findings(bytes(data), key=None) == []
    reader = JournalReader(KEY)
    reader.feed(data)
    assert str(reader.problems[0]) == "seal at 4096: page 1 altered: the seal in page 2 does not fit"
    assert reader.sealed(0, PAGE_SIZE) and not reader.sealed(0, PAGE_SIZE + 1)


def test_another_key_fits_no_seal():
    assert findings(three_pages().bytes(), journal_key(bytes(32))) == [(0, "seal"), (PAGE_SIZE, "seal")]


def test_a_seal_record_that_does_not_fit_is_found_at_once():
    builder = three_pages()
    position = builder.record(records.SEAL, bytes(16))
    reader = JournalReader(KEY)
    reader.feed(builder.bytes())
    assert [(p.position, p.end, p.code) for p in reader.problems] == [(2 * PAGE_SIZE, position, "seal")]


def test_a_damaged_record_costs_the_rest_of_its_page_only():
    data = altered(PAGE_SIZE + 32 + 11 + 4, b"\x99")
    reader = JournalReader(None)
    found = reader.feed(data)
    assert [position for position, _, _ in found] == [32, 43, 54, PAGE_SIZE + 32, 2 * PAGE_SIZE + 32]
    assert [(p.position, p.code) for p in reader.problems] == [(PAGE_SIZE + 43, "record")]
    assert findings(data) == [(PAGE_SIZE + 43, "record"), (PAGE_SIZE, "seal")]


def test_a_damaged_header_costs_no_record_but_a_seal():
    data = altered(PAGE_SIZE + 20, b"\x00\x00")
    assert findings(data, epoch=7) == [(0, "unsealed"), (PAGE_SIZE, "header"), (PAGE_SIZE, "seal")]
    reader = JournalReader(None)
    assert len(reader.feed(data)) == 7


def test_pages_that_do_not_belong_are_skipped():
    for offset, new, code in (
        (0, b"XX", "magic"),
        (0, b"\xff" * 32, "blank"),
        (2, b"\x02", "version"),
        (4, struct.pack("<I", 8), "epoch"),
        (8, struct.pack("<I", 5), "number"),
    ):
        data = recheck(altered(PAGE_SIZE + offset, new), 1) if code != "blank" else altered(PAGE_SIZE, new)
        reader = JournalReader(None)
        found = reader.feed(data)
        assert [(p.position, p.end, p.code) for p in reader.problems] == [(PAGE_SIZE, 2 * PAGE_SIZE, code)], code
        assert [position // PAGE_SIZE for position, _, _ in found] == [0, 0, 0, 2], code


def test_a_journal_of_another_epoch_is_refused_page_by_page():
    data = three_pages(epoch=8).bytes()
    assert [code for _, code in findings(data, epoch=7)] == ["epoch"] * 3


def test_a_page_left_out_shows():
    data = three_pages().bytes()
    assert (PAGE_SIZE, "number") in findings(data[:PAGE_SIZE] + data[2 * PAGE_SIZE :])


def test_a_torn_tail_is_told_from_damage_by_the_next_header():
    builder = JournalBuilder(KEY)
    builder.record(records.SESSION_START, START)
    torn_at = builder.position
    builder.torn(bytes([records.SAMPLES, 60, 1, 2, 3]))
    assert findings(builder.bytes()) == [(torn_at, "torn")]
    assert findings(builder.bytes()[: torn_at + 70]) == [(torn_at, "tail")]
    reader = JournalReader(KEY)
    reader.feed(builder.bytes())
    assert reader.sealed(0, PAGE_SIZE)


def test_records_behind_the_sealed_end_are_named():
    builder = JournalBuilder(KEY)
    builder.record(records.SESSION_START, START)
    end = builder.end
    builder.new_page()
    records.pack_record(builder.pages[0], end, records.PAUSE, bytes(5))
    assert findings(builder.bytes()) == [(end, "beyond")]


def test_a_page_full_of_false_seals_costs_one_hash():
    page = bytearray(b"\xff" * PAGE_SIZE)
    pack_header(page, 7, 0, 0, NO_TAG)
    offset = 32
    while offset + 20 <= PAGE_SIZE:
        offset = records.pack_record(page, offset, records.SEAL, bytes(16))
    assert [code for _, code in findings(bytes(page))] == ["seal"]


def test_a_gap_within_a_page_names_what_it_leaves_unsealed():
    builder = three_pages()
    data = builder.bytes()
    reader = JournalReader(KEY)
    reader.feed(data[: PAGE_SIZE + 50])
    reader.feed(data[PAGE_SIZE + 60 :], PAGE_SIZE + 60)
    found = [(p.position - PAGE_SIZE, p.end - PAGE_SIZE, p.code) for p in reader.problems]
    assert found == [(0, 50, "unsealed"), (50, 60, "gap")]
    assert reader.sealed(0, PAGE_SIZE) and not reader.sealed(0, PAGE_SIZE + 1)


def test_a_gap_before_a_page_leaves_the_page_before_it_unsealed():
    data = three_pages().bytes()
    reader = JournalReader(KEY)
    reader.feed(data[: 2 * PAGE_SIZE])
    reader.feed(data[2 * PAGE_SIZE :], 3 * PAGE_SIZE)
    found = [(p.position // PAGE_SIZE, p.end // PAGE_SIZE, p.code) for p in reader.problems]
    assert found == [(1, 2, "unsealed"), (2, 3, "gap"), (3, 4, "number")]
