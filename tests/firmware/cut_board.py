"""A board whose power may fail at any operation of its file system's flash or of its NVS. On MicroPython only.

The file system is MicroPython's own littlefs on NOR flash. Operations are counted together; number `cut_at` is done in
part (flash) or not at all (NVS), and nothing works afterwards until the next boot.
"""

import os

import vfs
from firmware.bundle_maker import BOARD
from firmware.nor_flash import BLOCK, Dice

_MOUNT = "/cut"
_EIO = 5
_ERASED = b"\xff" * BLOCK


class Power:
    """Operations in one life; `dead` from the cut on."""

    def __init__(self, cut_at: "int | None" = None) -> None:
        self.operations = 0
        self.dead = False
        self._cut_at = cut_at

    def goes(self) -> bool:
        """Count an operation and return whether it is done; the one that is cut is where `dead` changes."""
        if self.dead:
            return False
        self.operations += 1
        if self.operations == self._cut_at:
            self.dead = True
            return False
        return True


class Flash:
    """An extended block device; a failing operation returns an error, as littlefs wants it from a device."""

    def __init__(self, cells: bytearray, power: Power) -> None:
        self.cells = cells
        self.erased = 0
        self._power = power
        self._dice = Dice(power.operations + len(cells) + 7)

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> int:
        if self._power.dead:
            return -_EIO
        at = block * BLOCK + offset
        buffer[:] = memoryview(self.cells)[at : at + len(buffer)]
        return 0

    def writeblocks(self, block: int, data: bytes, offset: int = 0) -> int:
        was_dead = self._power.dead
        count = len(data)
        if not self._power.goes():
            if was_dead:
                return -_EIO
            count = self._dice.below(count + 1)
        at = block * BLOCK + offset
        if self.cells[at : at + count] == _ERASED[:count]:
            self.cells[at : at + count] = data[:count]
        else:
            for i in range(count):
                self.cells[at + i] &= data[i]
        return -_EIO if self._power.dead else 0

    def ioctl(self, operation: int, block: int) -> int:
        if operation == 4:
            return len(self.cells) // BLOCK
        if operation == 5:
            return BLOCK
        return self._erase(block * BLOCK) if operation == 6 else 0

    def _erase(self, at: int) -> int:
        was_dead = self._power.dead
        self.erased += 1
        if self._power.goes():
            self.cells[at : at + BLOCK] = _ERASED
            return 0
        if not was_dead:
            kind = self._dice.below(4)  # nothing yet, zeros, half of it, noise
            if kind == 1:
                self.cells[at : at + BLOCK] = bytes(BLOCK)
            elif kind == 2:
                self.cells[at : at + BLOCK // 2] = _ERASED[: BLOCK // 2]
            elif kind == 3:
                for i in range(at, at + BLOCK, 7):
                    self.cells[i] |= self._dice.below(256)
        return -_EIO


class Nvs:
    """Entries that are replaced as a whole or not at all, each an operation, as the chip's own are."""

    def __init__(self, blobs: "dict[str, bytes]", power: Power) -> None:
        self.blobs = blobs
        self._power = power

    def get_blob(self, name: str, buffer: bytearray) -> int:
        if self._power.dead or name not in self.blobs:
            raise OSError(-0x1102)
        data = self.blobs[name]
        if len(data) > len(buffer):
            raise OSError(-0x110C)
        buffer[: len(data)] = data
        return len(data)

    def set_blob(self, name: str, data: bytes) -> None:
        if not self._power.goes():
            raise OSError(-_EIO)
        self.blobs[name] = bytes(data)

    def commit(self) -> None:
        if self._power.dead:
            raise OSError(-_EIO)


class CutBoard:
    """The board in one life, its file system mounted as the current folder until off() is called."""

    NAME = BOARD
    BLOB_FOLDER = "blobs"

    def __init__(self, cells: bytearray, blobs: "dict[str, bytes]", cut_at: "int | None" = None) -> None:
        self.power = Power(cut_at)
        self.flash = Flash(cells, self.power)
        self.nvs = Nvs(blobs, self.power)
        vfs.mount(vfs.VfsLfs2(self.flash), _MOUNT)  # pyright: ignore[reportArgumentType]
        os.chdir(_MOUNT)

    def off(self) -> None:
        """Take the power away."""
        os.chdir("/")
        vfs.umount(_MOUNT)


def formatted(blocks: int) -> bytearray:
    """Return the cells of an empty file system."""
    cells = bytearray(BLOCK * blocks)
    for block in range(blocks):
        cells[block * BLOCK : (block + 1) * BLOCK] = _ERASED
    vfs.VfsLfs2.mkfs(Flash(cells, Power()))  # pyright: ignore[reportArgumentType]
    return cells


def write_file(path: str, data: bytes) -> None:
    """Write a file, with the folders it needs."""
    at = path.find("/")
    while at >= 0:
        try:  # noqa: SIM105 (not on MicroPython)
            os.mkdir(path[:at])
        except OSError:
            pass
        at = path.find("/", at + 1)
    with open(path, "wb") as file:
        file.write(data)


def read_tree(folder: str, prefix: str = "") -> "dict[str, bytes]":
    """Return the files in a folder by path within it."""
    found = {}
    whole = folder + "/" + prefix if prefix else folder
    for entry in os.ilistdir(whole):  # pyright: ignore[reportAttributeAccessIssue]
        path = prefix + entry[0]
        if entry[1] == 0x4000:
            found.update(read_tree(folder, path + "/"))
        else:
            with open(f"{folder}/{path}", "rb") as file:
                found[path] = file.read()
    return found
