"""Bundles of any content, good or hostile, written from docs/UPDATE.md alone. Runs on both interpreters."""

import hashlib
import struct
import sys

from paceline_protocol.integrity import hkdf_sha256, hmac_sha256

KEY = bytes(range(32))
BOARD = "esp32s3"
MPY = getattr(sys.implementation, "_mpy", 0) & 0xFFFF

SOUND = {
    "lib/paceline_protocol/__init__.mpy": b"",
    "wearable/__init__.mpy": b"M",
    "wearable/link/session.mpy": bytes(range(256)) * 5,
    "wearable/start.mpy": b"start" * 300,
}


def entry(path: "str | bytes", content: bytes, size: "int | None" = None) -> bytes:
    """Return one entry of a manifest."""
    name = path if isinstance(path, bytes) else path.encode()
    digest = hashlib.sha256(content).digest()
    return struct.pack("<I32sB", len(content) if size is None else size, digest, len(name)) + name


def header(files: int, total: int, **given: object) -> bytes:
    """Return a header; `given` replaces fields."""
    fields = {"magic": b"PLFW", "format": 1, "flags": 0, "firmware": b"\0\2\0", "mpy": MPY, "board": BOARD.encode()}
    fields.update(given)
    first = (fields["magic"], fields["format"], fields["flags"], fields["firmware"], fields["mpy"], fields["board"])
    return struct.pack("<4sBB3sH16sHI", *first, files, total)


def seal(body: bytes, key: bytes = KEY) -> bytes:
    """Return a body with its tag."""
    tag_key = hkdf_sha256(key, b"", b"paceline update 1", 32)
    return body + hmac_sha256(tag_key, hashlib.sha256(body).digest())


def make(files: "dict[str, bytes]", **given: object) -> bytes:
    """Return a bundle of these files, sealed."""
    names = sorted(files)
    manifest = b"".join([entry(name, files[name]) for name in names])
    data = b"".join([files[name] for name in names])
    return seal(header(len(names), 33 + len(manifest) + len(data) + 32, **given) + manifest + data)


def with_entries(entries: "list[bytes]", data: bytes) -> bytes:
    """Return a bundle with this manifest, whatever it says, sealed."""
    manifest = b"".join(entries)
    return seal(header(len(entries), 33 + len(manifest) + len(data) + 32) + manifest + data)
