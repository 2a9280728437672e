"""A folder whose calls to the kernel are witnessed, and what a kill or a power cut at any of them may leave of it.

The model is POSIX's, not one file system's: only fsync of a file makes its bytes last, only fsync of a folder its
names, and of what was not synced any part may have reached the disk, in any order. What a failed fsync did not write is
not written by the next one either, though reading shows it: so Linux does it.
"""

import errno
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

FOLDER = -1


@dataclass(frozen=True)
class Step:
    """One change: `what` with the file's number or path; `told` is the test's own, an acknowledgement that went out."""

    what: str
    path: Path = Path()
    number: int = 0
    at: int = 0
    data: bytes = b""
    target: Path = Path()


class Patch(Protocol):
    """pytest's MonkeyPatch, as far as it is needed."""

    def setattr(self, target: object, name: str, value: object) -> None: ...


class WitnessedDisk:
    """Everything that is done below `top` through `os`, in order, in `steps`; call number `refused` fails, once."""

    def __init__(self, top: Path, patch: Patch, refused: int | None = None) -> None:
        self.top = top
        self.steps: list[Step] = []
        self.calls = 0
        self.refused_call = ""
        self._refused = refused
        self._folders: dict[int, Path] = {}
        self._patch = patch
        for name in ("open", "mkdir", "pwrite", "ftruncate", "fsync", "replace", "unlink", "close"):
            self._wrap(name, getattr(self, f"_{name}"))

    def told(self, epoch: int, position: int) -> None:
        """Somebody was told that the epoch's journal is held up to the position."""
        self.steps.append(Step("told", number=epoch, at=position))

    def confirmed(self, epoch: int, position: int) -> None:
        """The server said that it holds so much."""
        self.steps.append(Step("confirmed", number=epoch, at=position))

    def _wrap(self, name: str, witness: Callable[..., Any]) -> None:
        real = getattr(os, name)
        self._patch.setattr(os, name, lambda *args, **more: witness(real, *args, **more))

    def _below(self, path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and Path(os.fspath(path)).is_relative_to(self.top)

    def _count(self, call: str, refusal: Step | None = None) -> None:
        """Number a call; the refused one leaves its step, if it has one, and fails."""
        self.calls += 1
        if self.calls - 1 == self._refused:
            self.refused_call = call
            if refusal is not None:
                self.steps.append(refusal)
            number = errno.EIO if call == "fsync" else errno.ENOSPC
            raise OSError(number, os.strerror(number))

    def _open(self, real: Callable[..., int], path: Any, flags: int, *args: Any, **more: Any) -> int:
        if not self._below(path):
            return real(path, flags, *args, **more)
        self._count("open")
        fresh = not Path(path).exists()
        descriptor = real(path, flags, *args, **more)
        number = os.fstat(descriptor).st_ino
        if Path(path).is_dir():
            self._folders[descriptor] = Path(path)
        elif fresh:
            self.steps.append(Step("create", Path(path), number))
        elif flags & os.O_TRUNC:
            self.steps.append(Step("cut", number=number))
        return descriptor

    def _close(self, real: Callable[..., None], descriptor: int) -> None:
        self._folders.pop(descriptor, None)
        real(descriptor)

    def _mkdir(self, real: Callable[..., None], path: Any, *args: Any, **more: Any) -> None:
        if self._below(path) and not Path(path).exists():
            self._count("mkdir")
        real(path, *args, **more)
        if self._below(path):
            self.steps.append(Step("create", Path(path), FOLDER))

    def _pwrite(self, real: Callable[..., int], descriptor: int, data: Any, at: int) -> int:
        self._count("pwrite")
        written = real(descriptor, data, at)
        self.steps.append(Step("write", number=os.fstat(descriptor).st_ino, at=at, data=bytes(data)[:written]))
        return written

    def _ftruncate(self, real: Callable[..., None], descriptor: int, length: int) -> None:
        self._count("ftruncate")
        real(descriptor, length)
        self.steps.append(Step("cut", number=os.fstat(descriptor).st_ino, at=length))

    def _fsync(self, real: Callable[..., None], descriptor: int) -> None:
        folder, number = self._folders.get(descriptor), os.fstat(descriptor).st_ino
        self._count("fsync", None if folder else Step("sync refused", number=number))
        real(descriptor)
        self.steps.append(Step("sync names", folder) if folder else Step("sync", number=number))

    def _replace(self, real: Callable[..., None], source: Path, target: Path) -> None:
        if self._below(target):
            self._count("replace")
        # What was written by other means than pwrite is seen here at the latest.
        number, data = os.stat(source).st_ino, Path(source).read_bytes()
        real(source, target)
        if self._below(target):
            self.steps.append(Step("rename", Path(source), number, data=data, target=Path(target)))

    def _unlink(self, real: Callable[..., None], path: Any, **more: Any) -> None:
        if self._below(path):
            self._count("unlink")
        real(path, **more)
        if self._below(path):
            self.steps.append(Step("unlink", Path(path)))


@dataclass
class Medium:
    """What the kernel knows and what is on the disk, after some steps."""

    names: dict[Path, int] = field(default_factory=dict)
    kept_names: dict[Path, int] = field(default_factory=dict)
    changes: list[tuple[Path, Path, int]] = field(default_factory=list)
    data: dict[int, bytearray] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    dirty: dict[int, list[Step]] = field(default_factory=dict)

    def do(self, step: Step) -> None:
        """Take one step."""
        data = self.data.get(step.number, bytearray())
        if step.what == "create":
            self._change(Path(), step.path, step.number)
            self.data[step.number], self.kept[step.number], self.dirty[step.number] = bytearray(), b"", []
        elif step.what in ("write", "cut"):
            _change_bytes(data, step)
            self.dirty[step.number].append(step)
        elif step.what == "sync":
            kept = bytearray(self.kept[step.number])
            for change in self.dirty[step.number]:
                _change_bytes(kept, change)
            self.kept[step.number], self.dirty[step.number] = bytes(kept), []
        elif step.what == "sync refused":
            self.dirty[step.number] = []
        elif step.what == "sync names":
            self._keep_names(step.path)
        elif step.what == "rename":
            if bytes(data) != step.data:
                self.data[step.number] = bytearray(step.data)
                self.kept.setdefault(step.number, b"")
                self.dirty[step.number] = [Step("cut"), Step("write", data=step.data)]
            self._change(step.path, step.target, step.number)
        elif step.what == "unlink":
            self._change(step.path, Path(), 0)

    def _change(self, gone: Path, new: Path, number: int) -> None:
        self.changes.append((gone, new, number))
        _apply(self.names, self.changes[-1])

    def _keep_names(self, folder: Path) -> None:
        for change in self.changes:
            if folder in (change[0].parent, change[1].parent):
                _apply(self.kept_names, change)
        self.changes = [change for change in self.changes if folder not in (change[0].parent, change[1].parent)]

    def after_kill(self) -> tuple[dict[Path, int], dict[int, bytes]]:
        """Names and contents when only the process ends: the kernel forgets nothing."""
        return self.names, {number: bytes(data) for number, data in self.data.items()}

    def after_power_cut(self, chance: random.Random, share: float) -> tuple[dict[Path, int], dict[int, bytes]]:
        """Names and contents of which about this share of what was not synced has reached the disk."""
        names = dict(self.kept_names)
        for change in self.changes:
            if chance.random() < share:
                _apply(names, change)
        contents = {number: _torn(bytes(data), self.kept[number], chance, share) for number, data in self.data.items()}
        return names, contents


def lay_out(names: dict[Path, int], contents: dict[int, bytes], top: Path, target: Path) -> None:
    """Write what is left below `top` to the folder `target`; a file whose folder is gone is gone as well."""
    target.mkdir(parents=True)
    for path in sorted(names):
        place = target / path.relative_to(top)
        if not place.parent.is_dir():
            continue
        if names[path] == FOLDER:
            place.mkdir()
        else:
            place.write_bytes(contents[names[path]])


def _change_bytes(data: bytearray, change: Step) -> None:
    if change.what == "cut":
        del data[change.at :]
    else:
        data += bytes(max(change.at - len(data), 0))
        data[change.at : change.at + len(change.data)] = change.data


def _apply(names: dict[Path, int], change: tuple[Path, Path, int]) -> None:
    gone, new, number = change
    if gone != Path():
        names.pop(gone, None)
    if new != Path():
        names[new] = number


def _torn(data: bytes, kept: bytes, chance: random.Random, share: float) -> bytes:
    """What was synced, and behind it some of the rest, holes of zeros and of old garbage in it."""
    if data == kept or chance.random() >= share:
        return kept
    common = next((at for at in range(min(len(data), len(kept))) if data[at] != kept[at]), min(len(data), len(kept)))
    length = chance.randint(common, len(data))
    torn = bytearray(data[:length])
    for _ in range(chance.randrange(3)):
        at = chance.randint(common, length)
        hole = torn[at : at + 512]
        torn[at : at + 512] = chance.choice((bytes(len(hole)), chance.randbytes(len(hole))))
    return bytes(torn)
