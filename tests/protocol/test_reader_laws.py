"""Laws of reading a journal: splits, order, seals, and that every flipped bit of a sealed region is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_protocol import records
from paceline_protocol.errors import JournalError
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import PAGE_SIZE
from protocol.both.journal_builder import JournalBuilder
from protocol.strategies import KEY, journals

Found = list[tuple[int, int, bytes]]
Journal = tuple[JournalBuilder, Found]

HARMLESS = {"torn"}


def read(builder: JournalBuilder, pieces: list[bytes], key: bytes | None = KEY) -> tuple[JournalReader, Found]:
    reader = JournalReader(key, builder.first_page)
    found = [record for piece in pieces for record in reader.feed(piece)]
    return reader, found


@given(journals())
def test_what_was_written_is_read_and_sealed(journal: Journal) -> None:
    builder, written = journal
    reader, found = read(builder, [builder.bytes()])
    assert found == written
    assert {problem.code for problem in reader.problems} <= HARMLESS
    last_page = (builder.first_page + len(builder.pages) - 1) * PAGE_SIZE
    seals = [position + 20 for position, kind, _ in written if kind == records.SEAL]
    assert reader.sealed_until == max([last_page, *seals])
    assert reader.sealed(builder.first_page * PAGE_SIZE, reader.sealed_until)
    assert not reader.sealed(builder.first_page * PAGE_SIZE, reader.sealed_until + 1)
    assert reader.position == builder.position


@given(journals(), st.data())
def test_any_split_gives_the_same_records(journal: Journal, data: st.DataObject) -> None:
    builder, written = journal
    whole = builder.bytes()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=20)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    reader, found = read(builder, pieces)
    at_once, _ = read(builder, [whole])
    assert found == written
    assert [str(p) for p in reader.problems] == [str(p) for p in at_once.problems]
    assert reader.sealed_until == at_once.sealed_until


@given(journals(most_records=6))
def test_byte_by_byte_gives_the_same_records(journal: Journal) -> None:
    builder, written = journal
    whole = builder.bytes()
    _, found = read(builder, [whole[i : i + 1] for i in range(len(whole))])
    assert found == written


@given(journals(), st.data())
def test_a_prefix_gives_the_records_that_are_whole_in_it(journal: Journal, data: st.DataObject) -> None:
    builder, written = journal
    whole = builder.bytes()[: data.draw(st.integers(0, len(builder.bytes())))]
    _, found = read(builder, [whole])
    end = builder.first_page * PAGE_SIZE + len(whole)
    assert found == [record for record in written if record[0] + 4 + len(record[2]) <= end]


@settings(max_examples=300)
@given(journals(), st.data())
def test_any_flipped_bit_before_the_last_seal_is_found(journal: Journal, data: st.DataObject) -> None:
    builder, written = journal
    whole = bytearray(builder.bytes())
    first = builder.first_page * PAGE_SIZE
    reader, _ = read(builder, [bytes(whole)])
    if reader.sealed_until == first:
        return
    bit = data.draw(st.integers(0, 8 * (reader.sealed_until - first) - 1))
    whole[bit // 8] ^= 1 << bit % 8
    position = first + bit // 8
    hurt, found = read(builder, [bytes(whole)])
    page = position // PAGE_SIZE - builder.first_page
    valid = builder.end if page == len(builder.pages) - 1 else header_end(builder, page + 1)
    if position % PAGE_SIZE < valid:
        assert not hurt.sealed(first, reader.sealed_until), "a flip in the sealed region was not found"
        assert {problem.code for problem in hurt.problems} - HARMLESS or hurt.sealed_until < reader.sealed_until
    # Whatever was flipped, nothing is invented, and what lies before the flip is still read.
    assert [r for r in found if r[0] + 4 + len(r[2]) <= position] == [
        r for r in written if r[0] + 4 + len(r[2]) <= position
    ]


def header_end(builder: JournalBuilder, page: int) -> int:
    return int.from_bytes(builder.pages[page][12:14], "little")


@given(journals(), st.integers(0, 20 * PAGE_SIZE))
def test_a_gap_is_named_and_reading_goes_on_behind_it(journal: Journal, size: int) -> None:
    builder, written = journal
    whole = builder.bytes()
    first = builder.first_page * PAGE_SIZE
    start = len(whole) // 4
    behind = min(start + 1 + size, len(whole))
    reader = JournalReader(KEY, builder.first_page)
    found = reader.feed(whole[:start]) + reader.feed(whole[behind:], first + behind)
    gaps = [problem for problem in reader.problems if problem.code == "gap"]
    assert [(gap.position, gap.end) for gap in gaps] == [(first + start, first + behind)]
    resumed = -(-behind // PAGE_SIZE) * PAGE_SIZE
    whole_before = [r for r in written if r[0] + 4 + len(r[2]) <= first + start]
    assert found == whole_before + [r for r in written if r[0] >= first + resumed]
    assert not reader.sealed(first, first + behind)


@given(st.lists(st.binary(max_size=9000), max_size=3))
def test_no_bytes_make_the_reader_fail(pieces: list[bytes]) -> None:
    reader = JournalReader(KEY)
    found = [record for piece in pieces for record in reader.feed(piece)]
    reader.finish()
    assert found == []
    assert reader.position == sum(len(piece) for piece in pieces)
    assert bool(reader.problems) == (reader.position >= 32)


def test_bytes_from_behind_are_refused_and_change_nothing() -> None:
    builder = JournalBuilder(KEY)
    builder.record(records.PAUSE, bytes(5))
    reader = JournalReader(KEY)
    reader.feed(builder.bytes())
    with pytest.raises(JournalError) as refused:
        reader.feed(b"more", position=3)
    assert (refused.value.code, refused.value.where) == ("overlap", 3)
    assert reader.position == builder.position and reader.problems == []
