"""The spool: a folder per wearable, in it a file per epoch that is byte-equal to the wearable's journal.

    SPOOL/lock                                  held by the gateway that writes here
    SPOOL/<device id>/<epoch>.journal           the journal from position 0
    SPOOL/<device id>/<epoch>-<start>.journal   from `start`: the wearable had already overwritten what came before, or
                                                the server has it and it was given up here (retention.py)
    SPOOL/<device id>/….mark                    how far the server has it (progress_mark.py)
    SPOOL/<device id>/confirmed.json            since when the server has how much (confirmed_days.py)
    SPOOL/<device id>/address                   the radio address that the wearable had last

Ids, epochs and starts are hex digits. A gap in an epoch therefore shows as two files, and is declared to the server.
"""

import contextlib
import fcntl
import logging
import os
import re
import threading
from pathlib import Path
from typing import IO

from paceline_protocol.gatt import DEVICE_ID_SIZE

from paceline_gateway.errors import SpoolError
from paceline_gateway.journal_file import JournalFile, sync_folder
from paceline_gateway.progress_mark import this_boot
from paceline_gateway.spool_room import SpoolRoom

_JOURNAL = re.compile(r"([0-9a-f]{8})(?:-([0-9a-f]{8}))?\.journal")
_DEVICE = re.compile(rf"[0-9a-f]{{{2 * DEVICE_ID_SIZE}}}")
_ADDRESS = re.compile(r"[0-9A-Fa-f:-]{12,36}")

log = logging.getLogger(__name__)


class DeviceSpool:
    """The journals of one wearable; may be used by several threads."""

    def __init__(self, folder: Path, boot: str, room: SpoolRoom | None = None) -> None:
        self.folder = folder
        self._boot = boot
        self._room = room or SpoolRoom()
        self._lock = threading.RLock()
        self._open: dict[Path, JournalFile] = {}
        self._removed: list[JournalFile] = []
        self._told: set[Path] = set()

    def journals(self) -> list[JournalFile]:
        """Return all journals held, the one that changed longest ago first, gaps of an epoch in order.

        A file that cannot be used is told once and left out: the others go on.
        """
        with self._lock:
            found = _journal_paths(self.folder)
            newest: dict[int, float] = {}
            for path, (epoch, _) in found:
                newest[epoch] = max(newest.get(epoch, 0.0), _changed_s(path))
            found.sort(key=lambda item: (newest[item[1][0]], item[1]))
            return [journal for path, parsed in found if (journal := self._usable(path, *parsed))]

    def begin(self, epoch: int, held_start: int) -> JournalFile:
        """Return the journal to go on with, for a wearable that holds the epoch from `held_start`; made when absent.

        When the wearable has overwritten what should come next, a new file begins at `held_start`: the gap is visible.
        """
        with self._lock:
            starts = sorted((start, path) for path, (found, start) in _journal_paths(self.folder) if found == epoch)
            if starts:
                newest = self._file(starts[-1][1], epoch, starts[-1][0])
                if newest.cursor >= held_start:
                    return newest
            try:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise SpoolError(self.folder, error.strerror or str(error)) from error
            return self._file(self._path(epoch, held_start), epoch, held_start)

    def drop_before(self, journal: JournalFile, position: int) -> None:
        """Give up the journal's bytes before the position, all of which the server has; SpoolError as JournalFile."""
        old = journal.path
        path = self._path(journal.epoch, position)
        try:
            journal.drop_before(position, path)
        finally:
            with self._lock:
                if journal.path != old:
                    self._open.pop(old, None)
                    self._open[journal.path] = journal

    def remove(self, journal: JournalFile) -> None:
        """Give up a whole journal, all of which the server has and which the wearable does not go on with."""
        with self._lock:
            journal.remove()
            self._open.pop(journal.path, None)
            self._removed.append(journal)

    @property
    def last_address(self) -> str | None:
        """The radio address that was remembered, None when there is none that makes sense."""
        try:
            text = (self.folder / "address").read_text(encoding="ascii")[:64]
        except (OSError, UnicodeError):
            return None
        return text if _ADDRESS.fullmatch(text) else None

    def remember_address(self, address: str) -> None:
        """Keep the radio address for the next start; it is only a help, so a disk that refuses is not told."""
        if address != self.last_address:
            with contextlib.suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                (self.folder / "address").write_text(address, encoding="ascii")

    def close(self) -> None:
        """Close every file."""
        while self._open:
            self._open.popitem()[1].close()
        while self._removed:
            self._removed.pop().close()

    def _path(self, epoch: int, start: int) -> Path:
        return self.folder / (f"{epoch:08x}-{start:08x}.journal" if start else f"{epoch:08x}.journal")

    def _usable(self, path: Path, epoch: int, start: int) -> JournalFile | None:
        try:
            return self._file(path, epoch, start)
        except SpoolError as error:
            if path not in self._told:
                self._told.add(path)
                log.error("%s; this journal is left as it is, the others go on", error)
            return None

    def _file(self, path: Path, epoch: int, start: int) -> JournalFile:
        if path not in self._open:
            self._open[path] = JournalFile(path, epoch, start, self._boot, self._room)
        return self._open[path]


class Spool:
    """The whole spool, locked against a second gateway while it is open."""

    def __init__(self, folder: Path, boot: str | None = None, most_bytes: int | None = None) -> None:
        """Lock the folder, made when absent; SpoolError when the disk refuses or another gateway has it.

        `most_bytes` bounds the journals' bytes together: a write beyond it is refused.
        """
        self.folder = folder
        self.room = SpoolRoom(most_bytes)
        self._boot = this_boot() if boot is None else boot
        self._devices: dict[bytes, DeviceSpool] = {}
        above = folder.absolute().parent
        parents = [above] if above.is_dir() else [above, *above.parents]  # in which a name may be new
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # where somebody ran is nobody else's business
            for parent in parents:
                with contextlib.suppress(PermissionError):  # who may not read it has made no name in it
                    sync_folder(parent)
            self._lock: IO[bytes] = (folder / "lock").open("ab")
        except OSError as error:
            raise SpoolError(folder, error.strerror or str(error)) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise SpoolError(folder, "another gateway is using this spool") from error
        self.recount()

    def recount(self) -> None:
        """Count what the journals hold on the disk."""
        self.room.recount(sum(_size(path) for *_, path in spooled_journals(self.folder)))

    def device(self, device_id: bytes) -> DeviceSpool:
        """Return the spool of one wearable, empty when nothing was pulled yet."""
        if device_id not in self._devices:
            self._devices[device_id] = DeviceSpool(self.folder / device_id.hex(), self._boot, self.room)
        return self._devices[device_id]

    def close(self) -> None:
        """Close every file and unlock the folder."""
        for device in self._devices.values():
            device.close()
        self._lock.close()


def spooled_journals(folder: Path) -> list[tuple[bytes, int, int, Path]]:
    """Return (device id, epoch, start, file) of every journal in a spool; needs no lock, changes nothing."""
    found: list[tuple[bytes, int, int, Path]] = []
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    for name in names:
        if _DEVICE.fullmatch(name):
            journals = sorted((parsed, path) for path, parsed in _journal_paths(folder / name))
            found += [(bytes.fromhex(name), *parsed, path) for parsed, path in journals]
    return found


def journal_name(path: Path) -> tuple[int, int] | None:
    """Return (epoch, start) from the name of a journal's file, None for another name."""
    match = _JOURNAL.fullmatch(path.name)
    return (int(match[1], 16), int(match[2] or "0", 16)) if match else None


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _journal_paths(folder: Path) -> list[tuple[Path, tuple[int, int]]]:
    if not folder.is_dir():
        return []
    try:
        paths = [folder / name for name in os.listdir(folder)]
    except OSError as error:
        raise SpoolError(folder, error.strerror or str(error)) from error
    return [(path, parsed) for path in paths if (parsed := journal_name(path))]
