"""Lays out the tree that is flashed onto a board: the root of its file system, byte for byte.

    boot.py main.py wearable/… board.py lib/paceline_protocol/…

`python -m paceline_tools.stage DIRECTORY [--board esp32s3]` does it from the command line.
"""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
DEFAULT_BOARD = "esp32s3"


class StageError(Exception):
    """The tree cannot be staged; `path` is what is missing or in the way."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


def staged_files(source: Path = SOURCE, board: str = DEFAULT_BOARD) -> Iterator[tuple[str, Path]]:
    """Each file of the board's tree: its path there, with slashes, and where it comes from; sorted by path."""
    firmware = source / "firmware"
    board_folder = firmware / "boards" / board
    protocol = source / "protocol" / "paceline_protocol"
    files = {"boot.py": firmware / "boot.py", "main.py": firmware / "main.py"}
    files.update({path.name: path for path in board_folder.glob("*.py")})
    files.update(_package(firmware / "wearable", "wearable"))
    files.update(_package(protocol, "lib/paceline_protocol"))
    for required in (files["boot.py"], files["main.py"], board_folder / "board.py", protocol / "__init__.py"):
        if not required.is_file():
            raise StageError(required, "is needed on the board and absent")
    yield from sorted(files.items())


def _package(folder: Path, name: str) -> dict[str, Path]:
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*.py")}


def stage(directory: Path, source: Path = SOURCE, board: str = DEFAULT_BOARD) -> list[str]:
    """Copy the board's tree into a new or empty directory and give the paths; StageError when it is not empty."""
    if directory.exists() and any(directory.iterdir()):
        raise StageError(directory, "is not empty")
    files = list(staged_files(source, board))
    for name, origin in files:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, target)
    return [name for name, _ in files]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="stage", description="lay out the tree that is flashed onto a board")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--board", default=DEFAULT_BOARD)
    options = parser.parse_args(arguments)
    try:
        names = stage(options.directory, board=options.board)
    except StageError as error:
        parser.error(str(error))
    print(f"{len(names)} files in {options.directory}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
