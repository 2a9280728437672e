"""A zip that is written as a stream, part by part, each with its sum; the same parts give the same bytes."""

import hashlib
import zipfile
from collections.abc import Iterable
from typing import IO

from paceline_server.archives.manifest import Part

_LEVEL = 4


class ZipOut:
    """Writes parts into a file that need not be one that can be gone back in."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self.parts: list[Part] = []

    def add(self, name: str, chunks: Iterable[bytes], *, rows: int | None = None, packed: bool = False) -> Part:
        """Write a part; `packed` bytes are not compressed once more."""
        info = zipfile.ZipInfo(name)  # of 1980: no clock is asked
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        found, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                found.update(chunk)
                size += len(chunk)
                member.write(chunk)
        part = Part(name, size, found.hexdigest(), rows)
        self.parts.append(part)
        return part

    def close(self) -> None:
        """Write what ends a zip."""
        self._zip.close()
