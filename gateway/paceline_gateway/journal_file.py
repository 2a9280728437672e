"""One spooled journal: the bytes [start, end) of one epoch of one wearable, in one file that is only appended to.

    start ............ cursor ........ end        the file's length is end - start
           durable ↑

- `cursor`: up to here the bytes are known to be the wearable's; reading goes on from here.
- `durable`: up to here they were synced; only this is acknowledged and uploaded.
- Between cursor and end lies a tail that may be torn: it was written before the machine went down. It is pulled again,
  compared, and cut where it differs. kill -9 alone tears nothing, since the kernel keeps what was written.
- What comes again above `durable` is written again although it is the same: after an fsync that failed, reading shows
  bytes that no later fsync brings to the disk, unless they are written anew.
"""

import contextlib
import os
import threading
from dataclasses import replace
from pathlib import Path

from paceline_protocol.page import PAGE_SIZE

from paceline_gateway.errors import PullError, SpoolError
from paceline_gateway.progress_mark import read_mark, write_mark
from paceline_gateway.spool_room import SpoolRoom

TORN_TAIL = 64 * 1024
"""More than a pull ever has written without sync (pull.WINDOW frames of at most 512 bytes)."""

LONGEST_JOURNAL = 0xFFFFFFFF
_COPIED_AT_ONCE = 1 << 20


class JournalFile:
    """See the module. Methods raise SpoolError when the disk refuses; the file then holds what it held, or more."""

    def __init__(self, path: Path, epoch: int, start: int, boot: str, room: SpoolRoom | None = None) -> None:
        """Open the file, made when absent; `boot` is the machine's present boot (progress_mark.this_boot)."""
        self.path = path
        self.epoch = epoch
        self.start = start
        self._boot = boot
        self._room = room or SpoolRoom()
        self._moving = threading.RLock()  # held by whatever needs descriptor and start to belong together
        self._mark_path = path.with_suffix(".mark")
        self._lock = threading.Lock()
        self._mark = read_mark(self._mark_path)
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SpoolError(path, error.strerror or str(error)) from error
        self.end = start + os.fstat(self._descriptor).st_size
        try:
            # After this sync a kill -9 in an earlier life cannot have left anything only in memory.
            os.fsync(self._descriptor)
            sync_folder(path.parent)
            sync_folder(path.parent.parent)
        except OSError as error:
            os.close(self._descriptor)
            raise self._not_synced(error) from error
        self.cursor = self._good_end()
        self.durable = self.cursor

    @property
    def uploaded(self) -> int:
        """Position up to which the server said it has this journal, never below `start` nor above `durable`."""
        return max(self.start, min(self._mark.uploaded, self.durable))

    def write(self, position: int, data: bytes) -> None:
        """Take the wearable's bytes at the position, which is at most `cursor`.

        What is held is compared. PullError "differs" when known good bytes are others now: nothing is changed.
        """
        if not self.start <= position <= self.cursor or position + len(data) > LONGEST_JOURNAL:
            raise ValueError(f"bytes at {position} do not follow {self.start} to {self.cursor}")
        held = self.read(position, min(position + len(data), self.end) - position) if position < self.end else b""
        same = _same_length(held, data)
        if same < len(held):
            self._cut(position + same)
        if position + same > self.durable:
            skipped = max(self.durable - position, 0)
            self._put(position + skipped, data[skipped:same])
        self._append(data[max(self.end - position, 0) :])
        self.cursor = max(self.cursor, position + len(data))

    def read(self, position: int, length: int) -> bytes:
        """Return at most `length` bytes from the position."""
        try:
            with self._moving:
                return os.pread(self._descriptor, max(length, 0), position - self.start)
        except OSError as error:
            raise SpoolError(self.path, error.strerror or str(error)) from error

    def sync(self) -> int:
        """Make everything up to `cursor` durable and return that position; may run in a thread."""
        reached = self.cursor
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            # The kernel may have dropped the pages: what was not durable must be pulled and compared again.
            self.cursor = self.durable
            raise self._not_synced(error) from error
        self.durable = reached
        if reached == self.end and self._boot and self._mark.boot != self._boot:
            with contextlib.suppress(SpoolError):  # the mark only spares pulling again; the bytes are durable
                self._set_mark(boot=self._boot)
        return reached

    def set_uploaded(self, position: int) -> None:
        """Remember that the server has all up to the position, as far as it is durable here; may run in a thread.

        A full disk is no reason to upload more slowly: the mark on it is then an older one.
        """
        with contextlib.suppress(SpoolError):
            self._set_mark(uploaded=min(position, self.durable))

    def drop_before(self, position: int, path: Path) -> None:
        """Give up the bytes before the position, at most `uploaded`: the rest goes on in the file `path`.

        May run in a thread while others read and write here. A crash leaves the old file, the new one, or both.
        """
        if not self.start < position <= self.uploaded:
            raise ValueError(f"bytes before {position} are not to be given up, the server has {self.uploaded}")
        old, old_mark, part = self.path, self._mark_path, path.with_suffix(".part")
        try:
            copy = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                # What is durable never changes, so most is copied while the file is in use.
                settled = self._copy(copy, position, position, self.durable)
                os.fsync(copy)
                with self._moving, self._lock:
                    self._copy(copy, position, settled, self.end)
                    os.fsync(copy)
                    write_mark(path.with_suffix(".mark"), self._mark)
                    os.replace(part, path)
                    sync_folder(path.parent)
                    os.dup2(copy, self._descriptor, inheritable=False)
                    self._room.give(position - self.start)
                    self.start, self.path, self._mark_path = position, path, path.with_suffix(".mark")
            finally:
                os.close(copy)
            old.unlink()
            old_mark.unlink(missing_ok=True)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise SpoolError(old, error.strerror or str(error)) from error

    def remove(self) -> None:
        """Give up the whole file, all of which the server has; the descriptor stays open for who still reads."""
        if self.uploaded < self.end:
            raise ValueError(f"the server has {self.uploaded} of {self.end} bytes")
        try:
            self.path.unlink()
            self._mark_path.unlink(missing_ok=True)
            with self._moving:
                os.ftruncate(self._descriptor, 0)
                self._room.give(self.end - self.start)
        except OSError as error:
            raise SpoolError(self.path, error.strerror or str(error)) from error

    def close(self) -> None:
        """Give the file back; nothing that was durable depends on it."""
        os.close(self._descriptor)

    def _good_end(self) -> int:
        if self._boot and self._mark.boot == self._boot:
            return self.end
        page = (self.end - TORN_TAIL) // PAGE_SIZE * PAGE_SIZE
        return max(self.start, min(self._mark.uploaded, self.end), page)

    def _append(self, data: bytes) -> None:
        self._room.take(len(data), self.path)
        end = self.end + len(data)
        try:
            self._put(self.end, data)
        except SpoolError:
            self._room.give(end - self.end)
            self.cursor = max(self.cursor, self.end)
            raise

    def _put(self, position: int, data: bytes) -> None:
        view = memoryview(data)
        try:
            with self._moving:
                while view:
                    written = os.pwrite(self._descriptor, view, position - self.start)
                    position += written
                    self.end = max(self.end, position)
                    view = view[written:]
        except OSError as error:
            raise SpoolError(self.path, error.strerror or str(error)) from error

    def _not_synced(self, error: OSError) -> SpoolError:
        """The newest bytes may not be on the disk, whatever reading says: a later life must pull them again, too."""
        with contextlib.suppress(SpoolError):
            self._set_mark(boot="")
        return SpoolError(self.path, error.strerror or str(error))

    def _cut(self, position: int) -> None:
        if position < self.cursor:
            raise PullError("differs", position, "the wearable sends other bytes than it sent before")
        try:
            with self._moving:
                os.ftruncate(self._descriptor, position - self.start)
                self._room.give(self.end - position)
                self.end = position
        except OSError as error:
            raise SpoolError(self.path, error.strerror or str(error)) from error

    def _copy(self, target: int, base: int, start: int, end: int) -> int:
        """Write the bytes from `start` to `end` to the file `target`, which begins at `base`; return `end`."""
        while start < end:
            piece = self.read(start, min(_COPIED_AT_ONCE, end - start))
            if not piece:
                raise OSError("the file is shorter than it was")
            start += os.pwrite(target, piece, start - base)
        return end

    def _set_mark(self, **changes: int | str) -> None:
        with self._lock:
            mark = replace(self._mark, **changes)
            if mark != self._mark:
                self._mark = mark
                write_mark(self._mark_path, mark)


def _same_length(one: bytes, other: bytes) -> int:
    """Return how many bytes at the beginning are the same."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(index for index in range(length) if one[index] != other[index])


def sync_folder(folder: Path) -> None:
    """Make the names in the folder durable; OSError when the disk refuses."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
