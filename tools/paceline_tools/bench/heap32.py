"""The firmware's heap weighed on a real 32-bit MicroPython, with the same words as the board: the WebAssembly port.

The firmware lies in a ROMFS image, shortened, as bytecode that runs in place. What viper compiles to machine code is
bytecode here: on the board machine code lies in memory of its own, outside of the heap that is weighed.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.bench.firmware_world import ADVANCE, WORLD
from paceline_tools.factory_image import compile_texts, merged_firmware
from paceline_tools.romfs import romfs_image
from paceline_tools.stage import SOURCE

_WASM32 = SOURCE / "tools" / "wasm32"
_COLLECT_EVERY_S = 10  # as the firmware's beat does
_VIPER = "@micropython.viper\n"

# Of the modules that the board has and this port has not, only what is imported; os.urandom is all that is called.
_BEGIN = """
import gc, host, os, sys
_alloc, _collect = gc.mem_alloc, gc.collect

class Aes:
    def __init__(self, *_): pass
class Crypt: aes = Aes
class Os:
    @staticmethod
    def urandom(count): return b"1" * count
for name in dir(os):
    if name[0] != "_": setattr(Os, name, getattr(os, name))
sys.modules["cryptolib"], sys.modules["os"] = Crypt, Os
"""
_PROGRAM = """
most = 0
def tell(name): host.tell(name, _alloc() - WORLD_BYTES)
def second():
    global most
    advance(tasks.of, Time.now + 1000, 0)
    most = max(most, _alloc())
def begin():
    global board, tasks, Core, App, KeptState, ShortLives
    board = Board()
    board.i2c, board.gps_uart, board.nvs, board.journal_flash = Chips(), Receiver(), Nvs(), Flash("/flash", 64)
    tasks = Tasks()
def load():
    global Core, App, KeptState, ShortLives
    from wearable.kept_state import KeptState
    from wearable.supervision_boot import ShortLives
    from wearable.core import Core
    from wearable.app import App
    from wearable import start
def boot():
    global core, app
    kept = KeptState(board.nvs)
    core = Core(board, kept, board.watchdog(1), ShortLives(kept, 1))
    app = App(core)
    try: app.run(tasks).send(None)
    except StopIteration: pass
def weigh_world():
    global WORLD_BYTES
    WORLD_BYTES = _alloc()
"""
_START = "app._recorder.start(1, 0)"
_FLASH = """
with open("/flash", "wb") as file:
    for i in range(64): file.write(b"\\xff" * 4096)
"""


@dataclass(frozen=True)
class Weight:
    """Bytes of heap on 32 bits: after the imports, idle, in a workout just collected, and the most between two."""

    modules: int
    idle: int
    live: int
    most: int
    image: int


class Wasm32Missing(Exception):
    """The 32-bit interpreter is not installed."""


def weigh(folder: Path, seconds: int) -> Weight:
    """Load the firmware, record a workout of so many seconds and weigh; Wasm32Missing without `make wasm32`."""
    interpreter = _WASM32 / "node_modules" / "@micropython"
    if not interpreter.is_dir():
        raise Wasm32Missing(str(interpreter))
    folder.mkdir(parents=True, exist_ok=True)
    image = folder / "firmware.romfs"
    firmware = merged_firmware(users={"program": WORLD + ADVANCE + _PROGRAM + _START})
    texts = {name: text.replace(_VIPER, "") for name, text in firmware.texts.items()}
    image.write_bytes(romfs_image(compile_texts(texts)))
    program = folder / "program.py"
    program.write_text(_BEGIN + _FLASH + "DISPLAY = 1\n" + WORLD + ADVANCE + firmware.importing(_PROGRAM))
    statements = ["begin()", "_collect()", "weigh_world()", "load()", "_collect()", "tell('modules')", "boot()"]
    statements += [
        "20×second()",
        "_collect()",
        "tell('idle')",
        "app._recorder.start(1, 0)",
        "90×second()",
        "_collect()",
    ]
    statements += ["most = 0"]
    for _ in range(seconds // _COLLECT_EVERY_S):
        statements += [f"{_COLLECT_EVERY_S}×second()", "_collect()"]
    statements += ["tell('live')", "host.tell('most', most - WORLD_BYTES)"]
    told = _run(image, program, statements)
    return Weight(told["modules"], told["idle"], told["live"], told["most"], image.stat().st_size)


def _run(image: Path, program: Path, statements: list[str]) -> Mapping[str, int]:
    node = shutil.which("node")
    if node is None:
        raise Wasm32Missing("node")
    done = subprocess.run(
        [node, "weigh.mjs", str(image), str(program), *statements],
        cwd=_WASM32,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"the firmware did not run on 32 bits: {done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
