"""On MicroPython only: the loader where it will be, beside littlefs mounted as the root, with copies of few lines."""

import os
import sys

import main
import vfs
from firmware.cut_board import Flash, Nvs, Power, formatted, write_file

MARK = b"12345678"
COPY = "async def run(board):\n    board.told.append('{0}')\n"


class Board:
    """What the loader needs of one; a reset ends the life."""

    def __init__(self) -> None:
        self.nvs = Nvs({}, Power())
        self.told: list[str] = []
        self.watched: list[int] = []

    def watchdog(self, timeout_ms: int) -> None:
        self.watched.append(timeout_ms)

    def reset(self) -> None:
        self.told.append("reset")

    def boot(self) -> None:
        """Run the loader as main.py does, with nothing imported and a fresh path."""
        path = list(sys.path)
        for name in [name for name in sys.modules if name.startswith(("wearable", "paceline_protocol"))]:
            del sys.modules[name]
        main.start(self)
        sys.path[:] = path


def _root() -> None:
    sys.path[:] = ["", ".frozen", "/lib"]
    vfs.umount("/")
    vfs.mount(vfs.VfsLfs2(Flash(formatted(30), Power())), "/")
    os.chdir("/")
    _lay("", "flashed")


def _lay(folder: str, told: str) -> None:
    for package in ("wearable", "lib/paceline_protocol"):
        write_file(folder + package + "/__init__.py", b"")
    write_file(folder + "wearable/start.py", COPY.format(told).encode())


def test_each_copy_is_imported_from_its_own_folder() -> None:
    _root()
    board = Board()
    board.boot()
    assert board.told == ["flashed"] and board.watched == [], "without an update all is as ever"
    _lay("app_a/", "first")
    _lay("app_b/", "second")
    for runs in (1, 2, 0):
        board.nvs.blobs["app"] = bytes((runs, 0, 0, 0)) + bytes(4) + MARK
        board.boot()
    assert board.told == ["flashed", "first", "second", "flashed"]
    assert len(board.watched) == 2


def test_a_copy_that_raises_makes_way_for_the_one_before() -> None:
    _root()
    _lay("app_a/", "first")
    _lay("app_b/", "second")
    for text in (
        "def broken(:\n",
        "1 // 0\n",
        "async def run(board):\n    raise OSError(5)\n",
        "import nothing_such\n",
    ):
        write_file("app_b/wearable/start.py", text.encode())
        board = Board()
        board.nvs.blobs["app"] = bytes((2, 1, main.ON_TRIAL, 3)) + bytes(4) + MARK
        board.boot()
        board.boot()
        assert board.told == ["reset", "first"], text
        assert board.nvs.blobs["app"][:4] == bytes((1, 1, main.ROLLED_BACK, main.RAISED))
        assert b"Error" in board.nvs.blobs["app_crash"] and len(board.nvs.blobs["app_crash"]) == 200


def test_half_a_copy_is_never_mixed_with_the_flashed_one() -> None:
    for package in ("wearable", "lib"):
        _root()
        os.mkdir("app_a")
        if package == "wearable":
            write_file("app_a/wearable/start.py", COPY.format("half").encode())
        else:
            write_file("app_a/lib/paceline_protocol/__init__.py", b"")
        board = Board()
        board.nvs.blobs["app"] = bytes((1, 0, 0, 0)) + bytes(4) + MARK
        board.boot()
        assert board.told == ["flashed"]


def test_an_nvs_that_refuses_does_not_keep_it_from_starting() -> None:
    _root()
    _lay("app_a/", "first")
    board = Board()
    board.nvs.blobs["app"] = bytes((1, 0, main.ON_TRIAL, 3)) + bytes(4) + MARK

    def refuse(_name: str, _data: bytes) -> None:
        raise OSError(-0x1105)

    board.nvs.set_blob = refuse
    board.boot()
    assert board.told == ["first"]
