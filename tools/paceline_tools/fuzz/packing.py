"""Parts → the bytes of a container, with lengths and check sums that fit whatever the parts are."""

import gzip
import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping

from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.records import RECORD_OVERHEAD, SEAL, pack_fields, pack_record
from paceline_server.archives.manifest import NAME, Manifest, Part
from paceline_server.formats.fit.checksum import crc16
from paceline_server.platform.migrate import HEAD

JOURNAL_KEY, EPOCH = journal_key(bytes(range(32))), 0xC0FFEE01
_FIT_HEAD = 14
_LONGEST_PAYLOAD = 240
_ID = "018f3a00-0000-7000-8000-000000000001"


def fit_packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a FIT file of messages: a header that says their size, and the check sum behind them."""
    messages = b"".join(parts.values())
    head = struct.pack("<BBHI4sH", _FIT_HEAD, 0x20, 2132, len(messages), b".FIT", 0)
    return head + messages + struct.pack("<H", crc16(head + messages))


def fit_messages(file: bytes) -> bytes:
    """Return what fit_packed makes the same file of."""
    return file[_FIT_HEAD:-2]


def gzip_packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as one gzip'd file."""
    return gzip.compress(b"".join(parts.values()), 1, mtime=0)


def zip_packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of the parts, stored; what is named OUTER.zip/INNER lies in a zip within."""
    file = io.BytesIO()
    inner: dict[str, dict[str, bytes]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            outer, found, rest = name.partition(".zip/")
            if found:
                inner.setdefault(f"{outer}.zip", {})[rest] = data
            else:
                archive.writestr(zipfile.ZipInfo(name), data)
        for name, members in inner.items():
            archive.writestr(zipfile.ZipInfo(name), zip_packed(members))
    return file.getvalue()


def deflated(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of the parts, compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def archive_packed(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of ours (docs/ARCHIVE.md) whose manifest fits its parts."""
    said = tuple(
        Part(name, len(data), hashlib.sha256(data).hexdigest(), data.count(b"\n") if ".jsonl" in name else None)
        for name, data in parts.items()
    )
    return zip_packed({**parts, NAME: Manifest("2024-05-01T10:00:00Z", HEAD, _ID, said).as_json()})


def journal_packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a journal, sealed as a wearable seals it, of records: a byte that says the kind, then the payload."""
    pages: list[bytes] = []
    page, end = _page(0, 0, NO_TAG)
    for record in (*parts.values(), b""):
        payload = record[1:][:_LONGEST_PAYLOAD]
        if end + 2 * RECORD_OVERHEAD + len(payload) + 16 > PAGE_SIZE:
            pages.append(bytes(page))
            page, end = _page(len(pages), end, page_tag(JOURNAL_KEY, page, end))
        if record:
            end = pack_record(page, end, record[0], payload)
    end = pack_record(page, end, SEAL, pack_fields(SEAL, page_tag(JOURNAL_KEY, bytes(page), end)))
    return b"".join(pages) + bytes(page[:end])


def _page(number: int, previous_end: int, previous_tag: bytes) -> tuple[bytearray, int]:
    page = bytearray(b"\xff" * PAGE_SIZE)
    pack_header(page, EPOCH, number, previous_end, previous_tag)
    return page, HEADER_SIZE
