"""A ROMFS image: files as MicroPython mounts them from memory-mapped flash, where .mpy bytecode runs in place.

    image  = D2 CD 31 ‖ length ‖ entries            entry = kind ‖ length ‖ name length ‖ name ‖ content
    content of a directory (kind 4): entries        of a file (kind 5): data record (kind 2 ‖ length ‖ bytes)

Numbers are big-endian groups of 7 bits, all but the last with the high bit set (extmod/vfs_rom.c of MicroPython).
"""

from collections.abc import Mapping

MAGIC = b"\xd2\xcd\x31"
_DATA = 2
_DIRECTORY = 4
_FILE = 5


def romfs_image(files: Mapping[str, bytes]) -> bytes:
    """Return the image of the files, given by their paths with slashes; ValueError for a path that is also a folder."""
    body = _entries(files)
    length = _number(len(body))
    if (
        len(length) + len(body)
    ) % 2 == 0:  # with the magic's three bytes an even size, as MicroPython's own tool has it
        length = b"\x80" + length
    return MAGIC + length + body


def _entries(files: Mapping[str, bytes]) -> bytes:
    folders: dict[str, dict[str, bytes]] = {}
    plain: dict[str, bytes] = {}
    for path, data in files.items():
        head, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(head, {})[rest] = data
        else:
            plain[head] = data
    if both := folders.keys() & plain.keys():
        raise ValueError(f"{sorted(both)} are files and folders")
    entries = {name: _record(_FILE, _name(name) + _record(_DATA, data)) for name, data in plain.items()}
    entries |= {name: _record(_DIRECTORY, _name(name) + _entries(inside)) for name, inside in folders.items()}
    return b"".join(entries[name] for name in sorted(entries))


def _record(kind: int, payload: bytes) -> bytes:
    return _number(kind) + _number(len(payload)) + payload


def _name(name: str) -> bytes:
    encoded = name.encode()
    return _number(len(encoded)) + encoded


def _number(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))
