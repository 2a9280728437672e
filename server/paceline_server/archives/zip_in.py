"""An archive that is read: by its manifest alone, each part within the size and with the sum that it says.

zipfile reads a hostile zip's directory whole: who opens one that was not checked yet does so apart, in bounded memory.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from paceline_server.archives.manifest import NAME, ArchiveError, Manifest, Part, read_manifest

LARGEST_BYTES = 16 << 30  # unpacked
LARGEST_MANIFEST, LARGEST_LINE = 64 << 20, 64 << 20
_CHUNK = 1 << 20
_DAMAGES = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    LookupError,
    OSError,
    EOFError,
    RuntimeError,
    zlib.error,
)


class ArchiveIn:
    """An archive on disk. ArchiveError where it is none, is damaged, or is not what its manifest says."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self._infos = {info.filename: info for info in self._zip.infolist()}
        except _DAMAGES as error:
            raise ArchiveError("the file is no whole zip") from error
        if len(self._infos) < len(self._zip.infolist()):
            raise ArchiveError("the zip holds two parts of one name")
        if NAME not in self._infos:
            raise ArchiveError("the zip is no archive of Paceline, or was cut: it has no manifest")
        data = b"".join(self._raw(NAME, LARGEST_MANIFEST))
        self.digest = hashlib.sha256(data).hexdigest()
        self.manifest: Manifest = read_manifest(data)
        self.parts = {part.name: part for part in self.manifest.parts}
        if sum(part.size for part in self.manifest.parts) > LARGEST_BYTES:
            raise ArchiveError(f"the archive holds more than {LARGEST_BYTES >> 30} GiB")
        if self._infos.keys() - {NAME} != self.parts.keys():
            odd = sorted((self._infos.keys() - {NAME}) ^ self.parts.keys())[0]
            raise ArchiveError(f"the zip and its manifest differ: {odd[:100]!r}")

    def chunks(self, part: Part) -> Iterator[bytes]:
        """Yield a part piece by piece; that it was whole is known when it has ended."""
        found, size = hashlib.sha256(), 0
        for chunk in self._raw(part.name, part.size):
            found.update(chunk)
            size += len(chunk)
            yield chunk
        if size != part.size or found.hexdigest() != part.sha256:
            raise ArchiveError(f"{part.name} is damaged: it is not what the manifest says")

    def read(self, part: Part) -> bytes:
        """Return a part whole."""
        return b"".join(self.chunks(part))

    def lines(self, part: Part) -> Iterator[bytes]:
        """Yield the lines of a part."""
        rest, count = b"", 0
        for chunk in self.chunks(part):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > LARGEST_LINE:
                raise ArchiveError(f"{part.name} has a line of more than {LARGEST_LINE >> 20} MiB")
            count += len(whole)
            yield from whole
        if rest or count != part.rows:
            raise ArchiveError(f"{part.name} has not the rows that the manifest says")

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _raw(self, name: str, most: int) -> Iterator[bytes]:
        try:
            with self._zip.open(self._infos[name]) as member:
                while chunk := member.read(min(_CHUNK, most + 1)):
                    most -= len(chunk)
                    if most < 0:
                        raise ArchiveError(f"{name} is larger than it says")
                    yield chunk
        except ArchiveError:
            raise
        except _DAMAGES as error:
            raise ArchiveError(f"{name} is damaged in its zip") from error
