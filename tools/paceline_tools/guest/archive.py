"""The guest's file system as a cpio archive of format "newc", which Linux unpacks at boot (initramfs)."""

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_END = "TRAILER!!!"


@dataclass(frozen=True)
class Entry:
    """A file, folder or symbolic link: the mode with its type, and the bytes (of a link: where it leads)."""

    mode: int
    data: bytes = b""


def file(data: bytes, mode: int = 0o644) -> Entry:
    """A regular file."""
    return Entry(stat.S_IFREG | mode, data)


def link(target: str) -> Entry:
    """A symbolic link."""
    return Entry(stat.S_IFLNK | 0o777, target.encode())


def folder(mode: int = 0o755) -> Entry:
    """An empty folder; those above a file need none of their own."""
    return Entry(stat.S_IFDIR | mode)


def pack(entries: Mapping[str, Entry]) -> bytes:
    """Return the archive; names are paths without a slash in front. Archives may follow each other in one file."""
    named = {**_folders_of(entries), **entries}
    parts = [_packed(number, name, named[name]) for number, name in enumerate(sorted(named), 1)]
    return b"".join([*parts, _packed(0, _END, Entry(0))])


def _folders_of(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {above: folder() for name in entries for above in _above(name)}


def _above(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[: count + 1]) for count in range(len(parts)))


def _packed(number: int, name: str, entry: Entry) -> bytes:
    path = name.encode() + b"\0"
    # inode, mode, uid, gid, links, mtime, size, device and special device (major, minor), length of the name, checksum
    fields = (number, entry.mode, 0, 0, 1, 0, len(entry.data), 0, 0, 0, 0, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % value for value in fields) + path
    return _aligned(head) + _aligned(entry.data)


def _aligned(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
