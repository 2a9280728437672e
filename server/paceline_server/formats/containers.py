"""Zip files within bounds: what is in them by name, never written anywhere by that name.

A zip may lie about its sizes, hold the same bytes a million times over, or name a member "../../etc/passwd": nothing of
it is believed but what unpacking gives.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from paceline_server.formats.errors import FormatError

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
CHUNK = 1 << 20
_DAMAGES = (zipfile.BadZipFile, NotImplementedError, ValueError, LookupError, OSError, EOFError, struct.error)
"""What zipfile raises of a damaged file."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many members, how large one may be, and all of them, unpacked."""

    members: int = 20_000
    member_bytes: int = 64 << 20
    all_bytes: int = 4 << 30


def is_zip(data: bytes) -> bool:
    """Tell by the first bytes."""
    return data[:4] in (ZIP, EMPTY_ZIP)


class ZipMembers:
    """The files in a zip; directories and links are none. FormatError where it is damaged or goes beyond its bounds."""

    def __init__(self, file: BinaryIO, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._unpacked_bytes = 0
        try:
            self._zip = zipfile.ZipFile(file)
            infos = [
                info for info in self._zip.infolist() if info.filename and not info.is_dir() and not _is_link(info)
            ]
        except _DAMAGES as error:
            raise FormatError(f"Damaged zip: {error}", "zip") from error
        if len(infos) > self._bounds.members:
            raise FormatError(f"More than {self._bounds.members} files in a zip", "zip")
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for number, info in enumerate(infos, 1):
            name = shown(info.filename)
            self._infos[name if name not in self._infos else f"{name} ({number})"] = info

    @property
    def comment(self) -> bytes:
        """What the zip says of itself."""
        return self._zip.comment

    def comment_of(self, name: str) -> bytes:
        """Return what the zip says of a member."""
        return self._infos[name].comment

    def names(self) -> list[str]:
        """Return the names, safe to show, in the order of the zip."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """Return a member; FormatError names it when it cannot be had."""
        return b"".join(self.chunks(name, self._bounds.member_bytes))

    def chunks(self, name: str, most_bytes: int) -> Iterator[bytes]:
        """Yield a member piece by piece."""
        size = 0
        try:
            with self._zip.open(self._infos[name]) as member:
                while chunk := member.read(CHUNK):
                    size += len(chunk)
                    self._unpacked_bytes += len(chunk)
                    if size > most_bytes:
                        raise FormatError(f"Larger than {most_bytes >> 20} MiB", name)
                    if self._unpacked_bytes > self._bounds.all_bytes:
                        raise FormatError(f"The zip holds more than {self._bounds.all_bytes >> 20} MiB", name)
                    yield chunk
        except FormatError:
            raise
        except (*_DAMAGES, zlib.error, RuntimeError) as error:
            # RuntimeError is what zipfile says of an encrypted member.
            raise FormatError(f"Damaged or encrypted in its zip: {error}", name) from error


def shown(name: str) -> str:
    """Return the name of a member as it may be shown: no drive, no way upwards, nothing that does not print."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "".join(sign if sign.isprintable() else "?" for sign in "/".join(parts))[-200:] or "?"


def _is_link(info: zipfile.ZipInfo) -> bool:
    return info.external_attr >> 28 == 0xA
