"""Firmware bundles (docs/UPDATE.md): header, manifest, files, tag; read in small pieces from an open file."""

import hashlib

from .errors import ProtocolError
from .integrity import hkdf_sha256, hmac_sha256, same_bytes
from .layout import Layout

MAGIC = b"PLFW"
FORMAT_VERSION = 1
MAY_BE_OLDER = 1  # flag: may replace a newer firmware
KEY_INFO = b"paceline update 1"
TAG_SIZE = 32
MARK_SIZE = 8  # of a tag, enough to know a bundle again

HEADER = Layout("HEADER magic:4s format:B flags:B firmware:3s mpy:H board:16s files:H total:I")
ENTRY = Layout("ENTRY size:I digest:32s path_size:B")

MAX_TOTAL = 524_288
MAX_FILES = 200
MAX_FILE = 65_536
MAX_PATH = 64
FOLDERS = ("wearable/", "lib/paceline_protocol/")
REQUIRED = ("lib/paceline_protocol/__init__.mpy", "wearable/__init__.mpy", "wearable/start.mpy")
MIN_TOTAL = HEADER.size + TAG_SIZE

# Why a bundle is refused; the number is what an ALERT "update refused" carries.
REFUSALS = ("", "format", "forged", "board", "older", "failed before", "room", "write")


class BundleError(ProtocolError):
    """A bundle that is not taken; `code` is one of REFUSALS, `where` a byte of the bundle."""


def bundle_tag(device_key: bytes, digest: bytes) -> bytes:
    """Return the tag of a bundle for one device; `digest` is SHA-256 of everything before the tag."""
    return hmac_sha256(hkdf_sha256(device_key, b"", KEY_INFO, 32), digest)


def padded(board: str) -> bytes:
    """Return a board's name as a header has it."""
    return (board.encode() + bytes(16))[:16]


class Bundle:
    """A bundle in `file`, from its present position on; `buffer` is where pieces pass through.

    The constructor reads the header and refuses ("format") what cannot be one. Nothing else in it may be believed
    before check_tag().
    """

    def __init__(self, file, buffer: bytearray) -> None:  # pyright: ignore[reportMissingParameterType]
        self._file = file
        self._buffer = memoryview(buffer)
        self._base = file.tell()
        self.header = header = HEADER.parse(self._exactly(HEADER.size))
        self.tag = b""
        if header.magic != MAGIC or header.format != FORMAT_VERSION:
            raise BundleError("format", 0, "not a bundle of this format")
        if not MIN_TOTAL <= header.total <= MAX_TOTAL or not 0 < header.files <= MAX_FILES:
            raise BundleError("format", 29, "too many files or bytes")

    def check_tag(self, device_key: bytes, feed=None) -> None:  # pyright: ignore[reportMissingParameterType]
        """Check length and tag; `feed()` is called for each piece. BundleError "format" or "forged"."""
        self._file.seek(self._base)
        left = self.header.total - TAG_SIZE
        digest = hashlib.sha256()
        while left:
            piece = self._buffer[: min(left, len(self._buffer))]
            self._fill(piece)
            digest.update(piece)
            left -= len(piece)
            if feed:
                feed()
        self.tag = self._exactly(TAG_SIZE)
        if self._file.read(1):
            raise BundleError("format", self.header.total, "goes on behind its end")
        if not same_bytes(self.tag, bundle_tag(device_key, digest.digest())):
            raise BundleError("forged", 0, "not made for this device, or damaged")

    def check_target(self, board: str, mpy: int, running: bytes) -> None:
        """Check that it runs here and is not older than what does; BundleError "board" or "older"."""
        header = self.header
        if header.board != padded(board) or header.mpy != mpy:
            raise BundleError("board", 11, "made for another board or interpreter")
        if header.firmware < running and not header.flags & MAY_BE_OLDER:
            raise BundleError("older", 6, "older than what runs")

    def entries(self):
        """Yield (path, size, SHA-256) of each file, in the order of their bytes; BundleError "format".

        The file is read in between: who wants the files' bytes as well opens it twice.
        """
        at = HEADER.size
        left = self.header.total - at - TAG_SIZE
        self._file.seek(self._base + at)
        last = ""
        required = 0
        for _ in range(self.header.files):
            entry = ENTRY.parse(self._exactly(ENTRY.size))
            name = self._exactly(entry.path_size)
            at += ENTRY.size + len(name)
            left -= ENTRY.size + len(name) + entry.size
            path = _path(name)
            if not path or path <= last or entry.size > MAX_FILE or left < 0:
                raise BundleError("format", at, "an entry that may not be")
            required += path in REQUIRED
            last = path
            yield path, entry.size, entry.digest
        if left or required < len(REQUIRED):
            raise BundleError("format", at, "sizes do not fit or files are missing")

    def data_offset(self) -> int:
        """Return where the first file's bytes begin, in the file; checks all entries."""
        for _ in self.entries():
            pass
        return self._file.tell()

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) != size:
            raise BundleError("format", self._file.tell() - self._base, "ends early")
        return data

    def _fill(self, piece: memoryview) -> None:
        if self._file.readinto(piece) != len(piece):
            raise BundleError("format", self._file.tell() - self._base, "ends early")


def _path(name: bytes) -> str:
    """Return a path that may be installed, "" for any other."""
    if len(name) > MAX_PATH or name[-4:] != b".mpy":
        return ""
    for byte in name[:-4]:
        if not (97 <= byte <= 122 or 48 <= byte <= 57 or byte in (0x2F, 0x5F)):
            return ""
    path = name.decode()
    if not path.startswith(FOLDERS) or "//" in path or "/.mpy" in path:
        return ""
    return path
