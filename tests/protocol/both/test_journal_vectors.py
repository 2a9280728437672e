"""Pages and records give the checked-in vectors; run on both interpreters."""

from paceline_protocol import records
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag, parse_header
from protocol.both.journal_builder import JournalBuilder
from protocol.both.vectors import field_values, load

JOURNAL = load("journal")
KEY = journal_key(bytes.fromhex(JOURNAL["device_key"]))
PAGE_0 = bytes.fromhex(JOURNAL["page_0"])
PAGE_1 = bytes.fromhex(JOURNAL["page_1"])


def row_values(kind: int, fields: dict[str, object]):
    values = field_values(fields)
    return [values[name] for name in records.RECORDS[kind].names]


def test_the_journal_key_is_the_vector():
    assert KEY.hex() == JOURNAL["journal_key"]


def test_the_table_drives_packing_and_parsing_to_the_vectors():
    assert sorted([row["kind"] for row in JOURNAL["records"]]) == sorted(records.RECORDS)
    for row in JOURNAL["records"]:
        values = row_values(row["kind"], row["fields"])
        payload = records.pack_fields(row["kind"], *values)
        assert payload.hex() == row["payload"], row["name"]
        fields = records.parse_fields(row["kind"], payload)
        assert fields is not None and list(fields) == values, row["name"]
        buffer = bytearray(300)
        end = records.pack_record(buffer, 5, row["kind"], payload)
        assert buffer[5:end].hex() == row["record"], row["name"]


def test_pages_are_built_to_the_vectors():
    builder = JournalBuilder(KEY, JOURNAL["epoch"])
    for row in JOURNAL["records"][:-1]:
        builder.record(row["kind"], bytes.fromhex(row["payload"]))
    builder.seal()
    assert builder.bytes() == PAGE_0
    assert page_tag(KEY, builder.pages[0], builder.end).hex() == JOURNAL["page_0_tag"]
    builder.new_page()
    builder.record(200, b"a later kind")
    builder.record(records.CLOCK, records.pack_fields(records.CLOCK, 700, 1760000688, 2))
    assert bytes(builder.pages[1][: builder.end]) == PAGE_1


def test_a_header_goes_round():
    page = bytearray(PAGE_SIZE)
    pack_header(page, 0xFFFFFFFE, 0xFFFFF, PAGE_SIZE, NO_TAG)
    header = parse_header(page)
    assert (header.epoch, header.number, header.previous_end) == (0xFFFFFFFE, 0xFFFFF, PAGE_SIZE)
    assert parse_header(PAGE_1).previous_tag.hex() == JOURNAL["page_0_tag"]


def test_the_reader_reads_the_vectors_and_verifies_them():
    reader = JournalReader(KEY)
    whole = PAGE_0 + b"\xff" * (PAGE_SIZE - len(PAGE_0)) + PAGE_1
    found = reader.feed(whole)
    assert [kind for _, kind, _ in found] == [row["kind"] for row in JOURNAL["records"]] + [200, records.CLOCK]
    for i, row in enumerate(JOURNAL["records"]):
        position, kind, payload = found[i]
        assert kind == row["kind"] and payload.hex() == row["payload"]
        assert whole[position] == kind
    assert reader.problems == []
    assert reader.sealed_until == PAGE_SIZE and reader.position == len(whole)
    assert reader.epoch == JOURNAL["epoch"]


def test_a_kind_of_a_later_version_has_no_fields_and_harms_nothing():
    assert records.parse_fields(200, b"a later kind") is None
    assert records.parse_fields(records.SAMPLES, b"\x01\x00") is None


def test_fields_added_by_a_later_version_are_ignored():
    payload = records.pack_fields(records.CLOCK, 1, 2, 3) + b"more"
    fields = records.parse_fields(records.CLOCK, payload)
    assert fields is not None and (fields.t_s, fields.utc_s, fields.source) == (1, 2, 3)


def test_a_crash_text_is_cut_before_a_character():
    payload = records.pack_fields(records.CRASH, 9, "x" + "é" * 200)
    assert len(payload) <= 255
    fields = records.parse_fields(records.CRASH, payload)
    assert fields is not None and fields.text == "x" + "é" * 125
