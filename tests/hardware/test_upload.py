"""Files reach a board over its prompt: only what differs, nothing half; a try that was cut is mended by the next."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import thinned
from hardware.pty_board import PtyBoard, pty_board
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.ports import find_port
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.upload import (
    RUN_FROM_FILES,
    Interpreter,
    firmware_files,
    held,
    interpreter,
    nothing_runs,
    upload,
)
from paceline_tools.stage import staged_files

RUNS = "import time\nopen('ran', 'a').write('x')\nwhile True:\n    time.sleep(0.05)\n"
FILES = {
    "main.py": RUNS.encode(),
    "boot.py": b"# boot\n",
    "board.py": b"NAME = 'x'\n",
    "wearable/a.mpy": bytes(range(256)) * 20,
    "wearable/drivers/b.mpy": b"b",
    "lib/paceline_protocol/c.mpy": b"c",
}
SILENT = lambda _text: None  # noqa: E731


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PtyBoard]:
    with pty_board(tmp_path / "board") as made:
        yield made


def contents(board: PtyBoard) -> dict[str, bytes]:
    """The board's files of ours, read past its prompt."""
    roots = [board.folder / name for name in (*RUN_FROM_FILES, "wearable", "lib")]
    files = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*")) if path.is_file()]
    return {str(path.relative_to(board.folder)): path.read_bytes() for path in files}


def test_an_upload_is_exact_and_a_second_one_writes_nothing(board: PtyBoard) -> None:
    with Prompt(lambda: board.port) as prompt:
        assert upload(prompt, FILES, SILENT) == len(FILES)
        assert contents(board) == FILES
        boots = board.boots
        assert upload(prompt, FILES, SILENT) == 0
        assert board.boots == boots, "nothing to do is no reason to restart"


def test_only_what_differs_is_written_and_what_is_strange_goes(board: PtyBoard) -> None:
    with Prompt(lambda: board.port) as prompt:
        upload(prompt, FILES, SILENT)
        board.put("wearable/old.mpy", "old")
        board.put("wearable/gone/too.mpy", "old")
        board.put("wearable/a.mpy.new", "half")
        board.put("blobs/4", "not ours")
        written: list[str] = []
        changed = {**FILES, "boot.py": b"# other\n"}
        assert upload(prompt, changed, written.append) == 5  # one written, three files and a folder gone
        assert written == ["boot.py"]
        assert contents(board) == changed
        assert not (board.folder / "wearable" / "gone").exists()
        assert (board.folder / "blobs" / "4").read_text() == "not ours"


def test_a_rom_needs_no_packages_in_files_and_leaves_no_folder_that_would_hide_it(board: PtyBoard) -> None:
    with Prompt(lambda: board.port) as prompt:
        upload(prompt, FILES, SILENT)
        few = {name: FILES[name] for name in RUN_FROM_FILES}
        upload(prompt, few, SILENT)
        assert contents(board) == few
        assert not (board.folder / "wearable").exists()


def test_a_running_firmware_is_put_to_rest_first_and_runs_afterwards(board: PtyBoard) -> None:
    board.put("main.py", RUNS)
    with Prompt(lambda: board.port) as prompt:
        boots = board.boots
        with nothing_runs(prompt):
            assert board.boots > boots, "it is restarted without main.py, so that no watchdog is on"
            before = (board.folder / "ran").read_text() if (board.folder / "ran").exists() else ""
            prompt.restart()
            assert not before or (board.folder / "ran").read_text() == before
        assert (board.folder / "main.py").read_text() == RUNS
        upload(prompt, {**FILES, "boot.py": b"# new\n"}, SILENT)
        prompt.restart()
    assert "x" in (board.folder / "ran").read_text()


@pytest.mark.parametrize("cut_after", thinned(range(len(FILES)), 2))
def test_a_cut_at_any_file_leaves_a_board_that_waits_and_is_mended_by_another_upload(
    board: PtyBoard, cut_after: int
) -> None:
    with Prompt(lambda: board.port) as prompt:
        upload(prompt, {**FILES, "main.py": b"print('old')\n"}, SILENT)
        new = {name: data + b"\n# new" for name, data in FILES.items()}
        seen: list[str] = []

        def cut(path: str) -> None:
            if len(seen) == cut_after:
                raise KeyboardInterrupt
            seen.append(path)

        with pytest.raises(KeyboardInterrupt):
            upload(prompt, new, cut)
        assert "main.py" not in contents(board), "what is half there must not run"
        assert upload(prompt, new, SILENT) >= len(FILES) - cut_after
        assert contents(board) == new
        assert not (board.folder / "main.py.off").exists()


def test_what_the_loader_remembers_of_copies_goes(board: PtyBoard) -> None:
    board.put("paceline.nvs", '{"app": "01", "lives": "00", "device_id": "0102030405060708"}')
    with Prompt(lambda: board.port) as prompt:
        upload(prompt, FILES, SILENT)
    assert board.nvs() == {"device_id": "0102030405060708"}


def test_the_real_firmware_arrives_as_compiled(board: PtyBoard) -> None:
    with Prompt(lambda: board.port) as prompt:
        runs = interpreter(prompt)
        assert runs.romfs_bytes == 0 and "MicroPython" in runs.version
        files = firmware_files(runs)
        assert files.keys() >= {"wearable/start.mpy", "main.py", "board.py"}
        upload(prompt, files, SILENT)
        there = held(prompt)
        assert all(there[name] == sha256(data).hexdigest() for name, data in files.items())
        assert prompt.run("import wearable\nprint(wearable.__name__)").strip() == "wearable"


def test_a_board_with_romfs_gets_three_files() -> None:
    assert set(firmware_files(Interpreter(0, "", 0x60000))) == set(RUN_FROM_FILES)
    assert set(RUN_FROM_FILES) <= {name for name, _ in staged_files()}


@pytest.mark.parametrize("mpy", [0, 0x2B05, 0xF << 10 | 0x306])
def test_an_interpreter_that_runs_other_bytecode_is_refused(mpy: int) -> None:
    with pytest.raises(FlashingError, match="other bytecode"):
        _ = Interpreter(mpy, "MicroPython 1.1", 0).architecture


def test_a_board_that_does_not_come_is_told() -> None:
    with pytest.raises(FlashingError, match="no board is connected") as refused:
        Prompt(lambda: find_port([]), patience_s=0.1).__enter__()
    assert "cable" in refused.value.then


def test_an_error_on_the_board_is_told(board: PtyBoard) -> None:
    with Prompt(lambda: board.port) as prompt, pytest.raises(FlashingError, match="ValueError: bad"):
        prompt.run("raise ValueError('bad')")
