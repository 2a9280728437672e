"""docs/JOURNAL.md says what the code does."""

import re

from paceline_protocol import code_tables, findings, page, records
from protocol.document_tables import DOCS, assert_code_tables_agree, assert_layouts_agree, numbered, section, table

TEXT = (DOCS / "JOURNAL.md").read_text()


def test_records_are_specified_as_they_are_packed() -> None:
    assert_layouts_agree("JOURNAL.md", dict(records.RECORDS))


def test_every_kind_is_specified() -> None:
    written = numbered("JOURNAL.md")
    assert set(written) == set(records.RECORDS) | {records.SAMPLES}
    for number, (name, _) in written.items():
        assert getattr(records, name) == number


def test_the_header_is_specified_as_it_is_packed() -> None:
    rows = table(section("JOURNAL.md", "### Header"))
    assert "<" + "".join(row[2] for row in rows[:-1]) == page.HEADER_FORMAT
    buffer = bytearray(page.PAGE_SIZE)
    page.pack_header(buffer, 0x01020304, 0x05060708, 0x090A, b"T" * 16)
    found = {row[1]: buffer[int(row[0]) :] for row in rows}
    assert found["magic"][:2] == page.MAGIC
    assert found["version"][0] == page.FORMAT_VERSION
    assert found["epoch"][:4] == bytes([4, 3, 2, 1])
    assert found["number"][:4] == bytes([8, 7, 6, 5])
    assert found["previous_end"][:2] == bytes([0x0A, 9])
    assert found["previous_tag"][:16] == b"T" * 16
    assert int(rows[-1][0]) + 2 == page.HEADER_SIZE


def test_codes_are_specified() -> None:
    assert_code_tables_agree(section("JOURNAL.md", "### Codes"), code_tables)


def test_problems_are_specified() -> None:
    written = {row[0]: row[1] for row in table(section("JOURNAL.md", "## Reading"))}
    assert written == findings.PROBLEMS


def test_sizes_and_labels_are_specified() -> None:
    assert f"number × {page.PAGE_SIZE}" in TEXT
    assert f'info = "{page.KEY_INFO.decode()}"' in TEXT
    assert f"Format version **{page.FORMAT_VERSION}**" in TEXT
    assert f"at most {records.MAX_PAYLOAD} bytes" in TEXT
    assert f"the first {page.TAG_SIZE} bytes" in TEXT
    assert re.search(rf"fewer\s+than {records.RECORD_OVERHEAD} bytes are left", TEXT)
    assert "bit 0: continued" in TEXT and records.CONTINUED == 1
