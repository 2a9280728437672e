"""What the server's answer to "what should be on this wearable?" means (docs/API.md), as pure functions."""

import json
from dataclasses import dataclass

from paceline_protocol.code_tables import BLOB_KINDS

from paceline_gateway.downlink.kept import LARGEST_BLOB

_KINDS = {name: kind for kind, name in enumerate(BLOB_KINDS) if name}


@dataclass(frozen=True, slots=True)
class Wish:
    """One blob that should be on a wearable: `size` bytes with this SHA-256."""

    kind: int
    version: int
    size: int
    sha256: bytes


def read_wishes(body: bytes) -> list[Wish] | None:
    """Return the wishes of an answer, None when it makes no sense; kinds that are not known are left out."""
    try:
        rows = json.loads(body)["blobs"]
        wishes = [_wish(row) for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return [wish for wish in wishes if wish is not None]


def _wish(row: dict[str, object]) -> Wish | None:
    kind, version, size, digest = row["kind"], row["version"], row["size"], row["sha256"]
    if type(version) is not int or type(size) is not int or not isinstance(digest, str) or not isinstance(kind, str):
        raise TypeError("a wish has kind, version, size and sha256")
    if not 0 < version <= 0xFFFFFFFF or not 0 < size <= LARGEST_BLOB or len(bytes.fromhex(digest)) != 32:
        raise ValueError("version, size or sha256 out of bounds")
    return Wish(_KINDS[kind], version, size, bytes.fromhex(digest)) if kind in _KINDS else None
