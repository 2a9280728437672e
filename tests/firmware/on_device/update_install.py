"""On MicroPython only (littlefs): how a whole bundle is judged, where it goes, and what is left when it fails."""

import os
import struct

from firmware.bundle_maker import KEY, SOUND, make
from firmware.cut_board import CutBoard, formatted, read_tree, write_file
from paceline_protocol.bundle import REFUSALS
from paceline_protocol.errors import LinkError
from wearable.kept_state import KeptState
from wearable.link.blobs import BlobStore
from wearable.update.arrival import KIND, Arrival, arrived
from wearable.update.install import ATTEMPTS, install
from wearable.update.trial import ON_TRIAL, ROLLED_BACK, SETTLED, TRIES, Trial

BLOCKS = 40
OLD = {"wearable/start.mpy": b"old"}


class Idle:
    """A recorder that records nothing."""

    state = 0


def _board(blocks: int = BLOCKS) -> CutBoard:
    return CutBoard(formatted(blocks), {})


def _trial(board: CutBoard) -> Trial:
    return Trial(KeptState(board.nvs))


def _lay(data: bytes, version: int = 7) -> None:
    write_file(f"blobs/{KIND}.blob", struct.pack("<II", version, len(data)) + data)


def _install(board: CutBoard) -> "tuple[bool, str]":
    trial = _trial(board)
    done = install(board, KEY, trial, lambda: None)
    return done, REFUSALS[trial.refusal]


def test_a_bundle_replaces_the_spare_copy_and_is_gone() -> None:
    board = _board()
    for name in ("app_a", "app_b"):
        write_file(name + "/wearable/left_over.mpy", b"?")
    _lay(make(SOUND))
    assert arrived(board) and _install(board) == (True, "") and not arrived(board)
    assert read_tree("app_a") == SOUND
    trial = _trial(board)
    assert (trial.runs, trial.before, trial.state, trial.tries, trial.blob) == (1, 0, ON_TRIAL, TRIES, 7)
    trial.state = SETTLED
    trial.count_attempt(0)
    _lay(make(SOUND, firmware=b"\0\3\0"), 8)
    assert _install(board) == (True, "")
    assert read_tree("app_b") == SOUND
    trial = _trial(board)
    assert (trial.runs, trial.before, trial.blob) == (2, 1, 8)
    board.off()


def test_what_is_refused_leaves_everything_but_the_blob() -> None:
    board = _board()
    write_file("app_a/wearable/start.mpy", b"old")
    flipped = bytearray(make(SOUND))
    flipped[-40] ^= 1
    for data, code in (
        (make(SOUND)[:500], "format"),
        (bytes(flipped), "forged"),
        (make(SOUND, board=b"another"), "board"),
        (make(SOUND, firmware=b"\0\0\1"), "older"),
        (b"", "format"),
    ):
        _lay(data)
        assert _install(board) == (False, code) and not arrived(board)
        assert read_tree("app_a") == OLD and board.nvs.blobs == {}
    board.off()


def test_a_file_whose_bytes_are_not_those_of_the_manifest_is_not_run() -> None:
    board = _board()
    good = make(SOUND)
    at = good.index(SOUND["wearable/start.mpy"])
    from firmware.bundle_maker import seal

    _lay(seal(good[:at] + b"X" + good[at + 1 : -32]))
    assert _install(board) == (False, "write") and not arrived(board)
    assert _trial(board).runs == 0
    board.off()


def test_the_same_bundle_again_is_dropped_and_one_on_trial_is_not_disturbed() -> None:
    board = _board()
    _lay(make(SOUND))
    assert _install(board) == (True, "")
    before = dict(board.nvs.blobs)
    for data in (make(SOUND), make(SOUND, firmware=b"\0\3\0")):
        _lay(data)
        assert _install(board) == (False, "") and not arrived(board)
        assert board.nvs.blobs == before
    trial = _trial(board)
    trial.state = SETTLED
    trial.count_attempt(0)
    _lay(make(SOUND))
    assert _install(board) == (False, "") and _trial(board).runs == 1
    board.off()


def test_installing_in_vain_ends() -> None:
    board = _board()
    _lay(make(SOUND))
    _trial(board).count_attempt(ATTEMPTS)
    assert _install(board) == (False, "write") and not arrived(board)
    _lay(make(SOUND))
    assert _install(board) == (True, ""), "a fresh one has fresh attempts"
    board.off()


def test_a_full_file_system_gives_one_clear_error_and_what_runs_stays() -> None:
    big = dict(SOUND)
    for i in range(4):
        big[f"wearable/big_{i}.mpy"] = bytes(20_000)
    told = []
    board = _board(46)
    write_file("app_b/wearable/start.mpy", b"old")
    trial = _trial(board)
    arrival = Arrival(board, KEY, trial, Idle, lambda code, value: told.append(REFUSALS[value]))
    store = BlobStore("blobs", {KIND: arrival.check}, {KIND: arrival.gate})
    code, text = _put(store, make(big))
    assert code == "refused" and text.startswith("needs 128 kB, ") and text.endswith(" kB are free")
    assert told == ["room"] and not arrived(board) and os.listdir("blobs") == []
    assert read_tree("app_b") == OLD
    board.off()
    board = _board(20)
    write_file("app_b/wearable/start.mpy", b"old")
    store = BlobStore("blobs", {KIND: arrival.check}, {KIND: arrival.gate})
    assert _put(store, make(big)) == ("refused", "there is no room for it")
    assert os.listdir("blobs") == [] and read_tree("app_b") == OLD
    write_file("app_b/wearable/more.mpy", bytes(20_000))
    board.off()


def test_the_spare_copy_makes_room() -> None:
    board = _board(30)
    write_file("app_a/wearable/left_over.mpy", bytes(70_000))
    trial = _trial(board)
    arrival = Arrival(board, KEY, trial, Idle, lambda code, value: None)
    store = BlobStore("blobs", {KIND: arrival.check}, {KIND: arrival.gate})
    assert _put(store, make(SOUND)) == ("", "")
    assert arrived(board) and "app_a" not in os.listdir()
    board.off()


def _put(store: BlobStore, data: bytes) -> "tuple[str, str]":
    held = 0
    try:
        while held < len(data):
            held = store.put(KIND, 9, len(data), held, data[held : held + 200])
    except LinkError as error:
        return error.code, error.detail
    return "", ""


def test_an_update_of_the_usual_size_erases_few_blocks() -> None:
    files = dict(SOUND)
    for i in range(75):
        files[f"wearable/part_{i}.mpy"] = bytes(1700)
    data = make(files)
    del files
    board = _board(160)
    assert _put(BlobStore("blobs", None, {KIND: lambda _version, _total: False}), data) == ("", "")
    come = board.flash.erased
    assert _install(board) == (True, "")
    installed = board.flash.erased - come
    print("a bundle of", len(data), "bytes: erases to receive", come, "to install", installed)
    assert come <= 2.2 * len(data) / 4096
    assert installed < 110
    board.off()


def test_a_rollback_is_told_before_the_next_bundle_is_installed() -> None:
    board = _board()
    _lay(make(SOUND))
    board.nvs.blobs["app"] = bytes((0, 2, ROLLED_BACK, 3)) + bytes(12)
    assert _install(board) == (False, "") and arrived(board)
    trial = _trial(board)
    told = []
    trial.tell(Teller(told))
    assert told == [3]
    arrival = Arrival(board, KEY, trial, Idle, None)
    board.reset = lambda: told.append("reset")
    for second in (10, 12, 13):
        arrival.beat(second)
    assert told == [3, "reset"]
    assert _install(board) == (True, "") and _trial(board).state == ON_TRIAL
    board.off()


class Teller:
    """Takes what a boot tells."""

    def __init__(self, told: list) -> None:
        self._told = told

    def alert(self, _code: int, value: int) -> None:
        self._told.append(value)
