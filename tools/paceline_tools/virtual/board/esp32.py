"""The board's `esp32`: flash partitions on simulated NOR, and NVS in a file."""

import binascii
import json
import os

from silicon import bench
from silicon.nor import BLOCK, Nor

_NOT_FOUND = -0x1102  # ESP_ERR_NVS_NOT_FOUND
_INVALID_LENGTH = -0x110C  # ESP_ERR_NVS_INVALID_LENGTH
_KEY_TOO_LONG = -0x1109  # ESP_ERR_NVS_KEY_TOO_LONG


class Partition:
    """A flash partition as an extended block device (vfs.AbstractBlockDev)."""

    BOOT = 0
    RUNNING = 1
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, id: str, block_size: int = BLOCK) -> None:
        for entry in bench.config["partitions"]:
            if entry["label"] == id:
                self._entry = entry
                break
        else:
            raise OSError(2)  # ENOENT
        if block_size != BLOCK:
            raise ValueError("only blocks of 4096 bytes are simulated")
        if id not in bench.partitions:
            bench.partitions[id] = bench.open_flash(Nor, self._entry)
        self._nor = bench.partitions[id]

    @classmethod
    def find(cls, type: int = TYPE_APP, subtype: int = 0xFF, label: str = None, block_size: int = BLOCK) -> list:
        """Return the partitions that fit; subtype 255 fits every one."""
        return [
            cls(entry["label"], block_size)
            for entry in bench.config["partitions"]
            if entry["type"] == type and subtype in (0xFF, entry["subtype"]) and label in (None, entry["label"])
        ]

    def info(self) -> tuple:
        """Return (type, subtype, address, size, label, encrypted)."""
        entry = self._entry
        return (entry["type"], entry["subtype"], entry["address"], entry["size"], entry["label"], False)

    def readblocks(self, block_num: int, buf, offset: int = 0) -> None:
        """Fill the buffer from a block on."""
        self._nor.read(block_num * BLOCK + offset, buf)

    def writeblocks(self, block_num: int, buf, offset: int = None) -> None:
        """Program; without an offset the blocks are erased first."""
        if offset is None:
            for block in range(block_num, block_num + (len(buf) + BLOCK - 1) // BLOCK):
                self._nor.erase(block)
        self._nor.program(block_num * BLOCK + (offset or 0), buf)

    def ioctl(self, cmd: int, arg: int):
        """Block count (4), block size (5), erase a block (6)."""
        if cmd == 4:
            return self._nor.size // BLOCK
        if cmd == 5:
            return BLOCK
        if cmd == 6:
            self._nor.erase(arg)
        return 0


class NVS:
    """Non-volatile settings of one namespace; set_… is seen at once and kept from commit() on."""

    def __init__(self, namespace: str) -> None:
        _checked(namespace)
        self._namespace = namespace
        self._values = dict(_load().get(namespace, {}))

    def set_i32(self, key: str, value: int) -> None:
        """Set a 32-bit number."""
        self._values[_checked(key)] = value

    def get_i32(self, key: str) -> int:
        """Return a number; OSError(ESP_ERR_NVS_NOT_FOUND) when there is none."""
        return self._get(key, int)

    def set_blob(self, key: str, value) -> None:
        """Set a byte string."""
        self._values[_checked(key)] = binascii.hexlify(bytes(value)).decode()

    def get_blob(self, key: str, buffer) -> int:
        """Fill the start of the buffer and return the length; OSError when there is none or it does not fit."""
        data = binascii.unhexlify(self._get(key, str))
        if len(data) > len(buffer):
            raise OSError(_INVALID_LENGTH, "ESP_ERR_NVS_INVALID_LENGTH")
        buffer[: len(data)] = data
        return len(data)

    def erase_key(self, key: str) -> None:
        """Remove a value; OSError when there is none."""
        if key not in self._values:
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        del self._values[key]

    def commit(self) -> None:
        """Keep what was set."""
        everything = _load()
        everything[self._namespace] = self._values
        path = _path()
        with open(path + ".new", "w") as file:
            json.dump(everything, file)
        os.rename(path + ".new", path)

    def _get(self, key: str, kind):
        value = self._values.get(key)
        if not isinstance(value, kind):
            raise OSError(_NOT_FOUND, "ESP_ERR_NVS_NOT_FOUND")
        return value


def _checked(name: str) -> str:
    if len(name) > 15:
        raise OSError(_KEY_TOO_LONG, "ESP_ERR_NVS_KEY_TOO_LONG")
    return name


def _path() -> str:
    return bench.config["state"] + "/nvs.json"


def _load() -> dict:
    try:
        with open(_path()) as file:
            return json.load(file)
    except OSError:
        return {}


def idf_heap_info(capabilities: int) -> list:
    """(total, free, largest block, lowest free) of the IDF's heaps."""
    return [(262_144, 131_072, 65_536, 98_304)]
