"""The power is cut at every operation of an update, on real littlefs: it always boots, and always one whole version.

A life is what happens between power and no power: the loader chooses, what arrived is installed, the copy that runs
proves itself or fails. The code is the firmware's own; only the flash, the NVS and what the copy does are the test's.
"""

import struct

import main
from firmware.bundle_maker import KEY, SOUND, make
from firmware.cut_board import CutBoard, Nvs, Power, formatted, read_tree, write_file
from wearable.kept_state import KeptState
from wearable.link.blobs import BlobStore
from wearable.update.arrival import KIND, arrived
from wearable.update.install import install
from wearable.update.trial import PROVEN_S, TOLD, TRIES, Trial

FLASHED, FIRST, SECOND = b"flashed", b"first", b"second"
BLOCKS = 40
LONGEST_WAY = 12  # lives until an update is decided


def _files(name: bytes) -> "dict[str, bytes]":
    files = dict(SOUND)
    files["wearable/start.mpy"] = name + bytes(5000)
    files["wearable/" + name.decode() + ".mpy"] = name
    return files


def _bundle(name: bytes) -> bytes:
    return make(_files(name))


class Device:
    """What outlives a power cut, and who the versions are; `sound` proves itself, others fail."""

    def __init__(self, cells: bytearray, blobs: "dict[str, bytes]", sound: "tuple[bytes, ...]") -> None:
        self.cells = cells
        self.blobs = blobs
        self.sound = sound
        self.alerts: list[int] = []
        self.ran: list[bytes] = []

    def copy(self) -> "Device":
        return Device(bytearray(self.cells), dict(self.blobs), self.sound)

    def live(self, cut_at: "int | None" = None) -> "tuple[bytes, int, bool]":
        """Live one life; return (version that ran or b"", operations, whether the power was cut)."""
        board = CutBoard(self.cells, self.blobs, cut_at)
        try:
            ran = self._boot(board)
        except OSError:
            assert board.power.dead, "nothing else may fail"
            ran = b""
        finally:
            board.off()
        if ran:
            self.ran.append(ran)
        return ran, board.power.operations, board.power.dead

    def settle(self) -> bytes:
        """Live until nothing changes any more; return the version that runs then."""
        for _ in range(LONGEST_WAY):
            ran, operations, _cut = self.live()
            if ran and not operations:
                return ran
        raise AssertionError("it never comes to rest")

    def alert(self, code: int, _value: int) -> None:
        self.alerts.append(code)

    def leave_crash(self, _text: str) -> None:
        pass

    def _boot(self, board: CutBoard) -> bytes:
        folder = main.choose(board.nvs)
        if board.power.dead:
            return b""
        version = _version(folder)
        trial = Trial(KeptState(board.nvs))
        if arrived(board) and install(board, KEY, trial, lambda: None):
            return b""
        trial.tell(self)
        if version in self.sound:
            trial.watch(Gateway, Gateway, lambda: None)
            trial.lived(PROVEN_S)
        return b"" if board.power.dead else version


class Gateway:
    """One has proved itself, and nobody records."""

    trusted = True
    state = 0


def _version(folder: str) -> bytes:
    """Return which version lies in the folder that the loader chose; it must be one, and whole."""
    for name in (FLASHED, FIRST, SECOND):
        if name == FLASHED:
            if not folder:
                return name
        elif folder and read_tree(folder) == _files(name):
            return name
    raise AssertionError(f"{folder} is no whole version")


def _arrive(device: Device, name: bytes, blob: int) -> Device:
    board = CutBoard(device.cells, device.blobs)
    data = _bundle(name)
    write_file(f"blobs/{KIND}.blob", struct.pack("<II", blob, len(data)) + data)
    board.off()
    return device


def _factory(sound: "tuple[bytes, ...]") -> Device:
    return Device(formatted(BLOCKS), {}, sound)


def _updated(sound: "tuple[bytes, ...]") -> Device:
    """A device that runs FIRST, settled, in app_a, and has seen enough updates that the spare folder is not empty."""
    device = _arrive(_factory((FIRST,)), FIRST, 1)
    assert device.settle() == FIRST
    device.sound = (FIRST, SECOND)
    assert _arrive(device, SECOND, 2).settle() == SECOND
    assert _arrive(device, FIRST, 3).settle() == FIRST
    device.sound = sound
    return device


def _cut_everywhere(start: Device, ends: bytes, allowed: "tuple[bytes, ...]", second_cut: int = 0) -> int:
    """Cut at each operation of each life on the way to rest; return how many cuts there were."""
    cuts = 0
    way = start.copy()
    for _ in range(LONGEST_WAY):
        cut_at = 1
        while True:
            device = way.copy()
            _, operations, cut = device.live(cut_at)
            if not cut:
                break
            if second_cut:
                device.live(1 + (cut_at * 7) % second_cut)
            assert device.settle() == ends, (cut_at, device.ran)
            for ran in device.ran:
                assert ran in allowed
            # The telling may be cut between the ALERT and the note that it was written.
            assert len(device.alerts) in ((0,) if ends in device.sound and ends != allowed[0] else (1, 2))
            cuts += 1
            cut_at += 1
        ran, operations, _cut = way.live()
        if ran and not operations:
            assert ran == ends
            return cuts
    raise AssertionError("it never comes to rest")


def test_a_sound_update_over_what_was_flashed() -> None:
    cuts = _cut_everywhere(_arrive(_factory((FIRST,)), FIRST, 1), FIRST, (FLASHED, FIRST))
    print("cuts:", cuts)
    assert cuts > 60


def test_a_sound_update_over_an_earlier_one_and_a_full_spare_folder() -> None:
    cuts = _cut_everywhere(_arrive(_updated((FIRST, SECOND)), SECOND, 4), SECOND, (FIRST, SECOND))
    print("cuts:", cuts)
    assert cuts > 70


def test_an_update_that_fails_its_trial_goes_back_to_the_one_before() -> None:
    start = _arrive(_updated((FIRST,)), SECOND, 4)
    cuts = _cut_everywhere(start, FIRST, (FIRST, SECOND))
    print("cuts:", cuts)
    assert cuts > 70
    device = start.copy()
    assert device.settle() == FIRST
    assert device.ran.count(SECOND) == TRIES and len(device.alerts) == 1
    assert Trial(KeptState(Nvs(device.blobs, Power()))).state == TOLD


def test_a_second_cut_soon_after_the_first_changes_nothing() -> None:
    cuts = _cut_everywhere(_arrive(_updated((FIRST, SECOND)), SECOND, 4), SECOND, (FIRST, SECOND), 40)
    assert cuts > 70


def test_cuts_while_the_bundle_comes_cost_four_kilobytes_at_most() -> None:
    data = _bundle(FIRST)
    cut_at = 1
    while True:
        device = _factory((FIRST,))
        board = CutBoard(device.cells, device.blobs, cut_at)
        held = _receive(data, 0)
        cut = board.power.dead
        board.off()
        if not cut:
            break
        board = CutBoard(device.cells, device.blobs)
        resumed = _store().put(KIND, 7, len(data), len(data), b"")
        assert resumed >= held - 4096 - 200 and resumed <= held + 200, (cut_at, held, resumed)
        assert arrived(board) == (resumed == len(data))
        assert _receive(data, resumed) == len(data)
        board.off()
        assert device.settle() == FIRST
        cut_at += 1
    print("cuts:", cut_at - 1)
    assert cut_at > 15


def _store() -> BlobStore:
    return BlobStore("blobs", None, {KIND: lambda _version, _total: False})


def _receive(data: bytes, held: int) -> int:
    store = _store()
    try:
        while held < len(data):
            held = store.put(KIND, 7, len(data), held, data[held : held + 200])
    except Exception:  # noqa: BLE001 (the cut; whether it was one is asked by the caller)
        pass
    return held
