"""The chip's boot loader, by esptool: which chip, how much flash, writing only what differs, reading back."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.layout import FLASH_BYTES

CHIP = "esp32s3"
SECONDS = 600
_PIECE, _TRIES = 512 << 10, 4
_NOISE = ("calculate md5sum", "Serial data stream stopped", "Timed out", "Invalid head of packet", "Packet content")
_UNITS = {"KB": 1 << 10, "MB": 1 << 20}
_PRESS = "hold BOOT, press and release RESET, release BOOT, and repeat the command"


class Chip:
    """The chip at a serial port, in its boot loader; FlashingError from every method when it does not do as told."""

    def __init__(self, port: str) -> None:
        self._port = port

    def check(self) -> None:
        """Make sure that it is an ESP32-S3 with enough flash; nothing is written."""
        told = self._esptool(["flash-id"])
        found = re.search(r"Detected flash size: (\d+)([KM]B)", told)
        size = int(found[1]) * _UNITS[found[2]] if found else 0
        if size < FLASH_BYTES:
            raise FlashingError(
                f"the chip has {size >> 20} MB of flash, the wearable needs {FLASH_BYTES >> 20}",
                "take a module with 8 MB (docs/BUILD.md, shopping)",
            )

    def write(self, pieces: Mapping[int, bytes]) -> bool:
        """Bring the pieces onto flash, by address, verified; False when all of them were there already."""
        with tempfile.TemporaryDirectory() as folder:
            arguments: list[str] = []
            for address, data in sorted(pieces.items()):
                path = Path(folder) / f"{address:08x}.bin"
                path.write_bytes(data)
                arguments += [hex(address), str(path)]
            if self._holds(arguments):
                return False
            self._esptool(["write-flash", "--flash-size", f"{FLASH_BYTES >> 20}MB", *arguments])
        return True

    def read(self, address: int, size: int) -> bytes:
        """Return what lies on flash, piece by piece, so that a noisy line spoils only one."""
        return b"".join(
            self._piece(start, min(_PIECE, address + size - start)) for start in range(address, address + size, _PIECE)
        )

    def read_used(self, address: int, size: int) -> bytes:
        """Return what lies there up to a longer stretch of erased flash: a ring's first lap ends there."""
        data = b""
        while len(data) < size and (not data or data[-_PIECE:].strip(b"\xff")):
            data += self._piece(address + len(data), min(_PIECE, size - len(data)))
        return data

    def _piece(self, address: int, size: int) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "read.bin"
            self._esptool(["read-flash", hex(address), hex(size), str(path)])
            data = path.read_bytes()
        if len(data) != size:
            raise FlashingError(f"{len(data)} of {size} bytes were read", _PRESS)
        return data

    def _holds(self, arguments: Sequence[str]) -> bool:
        try:
            self._esptool(["verify-flash", "--flash-size", f"{FLASH_BYTES >> 20}MB", *arguments])
        except FlashingError as error:
            if "Verification failed" not in error.what:  # what is no verdict is a fault
                raise
            return False
        return True

    def _esptool(self, arguments: Sequence[str]) -> str:
        """Run esptool; what a noisy line spoiled is done again, since each of our commands may be repeated."""
        for _ in range(_TRIES - 1):
            try:
                return self._once(arguments)
            except FlashingError as error:
                if not any(sign in error.what for sign in _NOISE):
                    raise
        return self._once(arguments)

    def _once(self, arguments: Sequence[str]) -> str:
        command = [sys.executable, "-m", "esptool", "--chip", CHIP, "--port", self._port, *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise FlashingError(f"esptool {arguments[0]} has not ended after {SECONDS} s", _PRESS) from error
        told = done.stdout + done.stderr
        if done.returncode == 0:
            return told
        if "No module named" in told:
            raise FlashingError("esptool is not installed", "run make env")
        lines = [line.strip() for line in told.splitlines() if line.strip()]
        fatal = [line for line in lines if "fatal error" in line]
        what = (fatal or lines or ["esptool said nothing"])[-1]
        then = "look for another board on this computer, and give its port" if "Wrong" in what else _PRESS
        raise FlashingError(f"esptool {arguments[0]}: {what}", then)
