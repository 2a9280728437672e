"""The NVS and the partitions of a board at a pseudo-terminal, as files of its working folder."""

import json
import os

BLOCK = 4096


class NVS:
    def __init__(self, namespace: str) -> None:
        self._path = namespace + ".nvs"
        try:
            with open(self._path) as file:
                self._values = json.load(file)
        except OSError:
            self._values = {}

    def get_blob(self, key: str, buffer: bytearray):
        if key not in self._values:
            raise OSError(-0x1102, "ESP_ERR_NVS_NOT_FOUND")
        data = bytes.fromhex(self._values[key])
        buffer[: len(data)] = data
        return len(data)

    def set_blob(self, key: str, value: bytes):
        self._values[key] = bytes(value).hex()

    def erase_key(self, key: str):
        if key not in self._values:
            raise OSError(-0x1102, "ESP_ERR_NVS_NOT_FOUND")
        del self._values[key]

    def commit(self):
        with open(self._path, "w") as file:
            json.dump(self._values, file)


class Partition:
    TYPE_DATA = 1

    def __init__(self, path: str) -> None:
        self._path = path

    @staticmethod
    def find(type: int = 1, label: str = ""):  # noqa: A002 (the real name)
        path = label + ".flash"
        return [Partition(path)] if path in os.listdir(".") else []

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0):
        with open(self._path, "rb") as file:
            file.seek(block * BLOCK + offset)
            file.readinto(buffer)

    def ioctl(self, command: int, argument: int):
        if command == 4:
            return os.stat(self._path)[6] // BLOCK
        if command == 5:
            return BLOCK
        with open(self._path, "r+b") as file:
            file.seek(argument * BLOCK)
            file.write(b"\xff" * BLOCK)
        return 0
