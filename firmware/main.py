"""The loader: chooses which copy of the firmware runs, and starts it. An update never touches it (docs/UPDATE.md).

What the copies and the loader agree on: the NVS record `app`, and that `wearable.start.run(board)` is a coroutine
function that never returns.
"""

import os
import sys

FOLDERS = ("", "app_a", "app_b")  # the first is what was flashed by cable, whose last resort is the cable
ON_TRIAL, ROLLED_BACK = 1, 2
USED_UP, RAISED, KEPT_DYING = 1, 2, 3  # why it went back

_RUNS, _BEFORE, _STATE, _TRIES, _BLOB = 0, 1, 2, 3, 4
_SIZE = 16
_TEXT = 200
_HOPELESS = 6  # short lives in a row: not even safe mode lives
_WATCHDOG_MS = 30_000


def choose(nvs) -> str:
    """Return the folder of the copy that this boot runs, "" for the flashed one, having counted the boot if need be."""
    record = _load(nvs, "app", _SIZE)
    if record is None or record[_RUNS] >= len(FOLDERS):
        return ""
    lives = _load(nvs, "lives", 1)
    if record[_STATE] == ON_TRIAL:
        if record[_TRIES]:
            record[_TRIES] -= 1
            _save(nvs, "app", record)
        else:
            _go_back(nvs, record, USED_UP)
    elif record[_RUNS] and lives and lives[0] >= _HOPELESS:
        _go_back(nvs, record, KEPT_DYING)
    while record[_RUNS] and not _is_there(FOLDERS[record[_RUNS]]):
        _go_back(nvs, record, RAISED)
    return FOLDERS[record[_RUNS]]


def abandon(nvs, text: str) -> None:
    """Go back from a copy that raised; `text` is the traceback for the next one to tell."""
    record = _load(nvs, "app", _SIZE)
    if record is not None:
        _save(nvs, "app_crash", (text.strip().encode()[-_TEXT:] + b" " * _TEXT)[:_TEXT])
        _go_back(nvs, record, RAISED)


def start(board) -> None:
    """Run the firmware for ever."""
    folder = choose(board.nvs)
    if not folder:
        _run(board)
        return
    board.watchdog(_WATCHDOG_MS)  # a copy may hang before it has started its own
    sys.path[:0] = [folder, folder + "/lib"]
    try:
        _run(board)
    except Exception as error:  # noqa: BLE001 (the copy's top failed)
        sys.print_exception(error)
        abandon(board.nvs, _traceback(error))
        board.reset()


def _run(board) -> None:
    import asyncio

    from wearable.start import run

    asyncio.run(run(board))


def _traceback(error: Exception) -> str:
    import io

    text = io.StringIO()
    sys.print_exception(error, text)  # type: ignore[arg-type]
    return text.getvalue()  # type: ignore[attr-defined]


def _go_back(nvs, record: bytearray, why: int) -> None:
    # Only a trial has something proven before it; behind everything is what was flashed.
    if record[_STATE] == ON_TRIAL:
        record[_RUNS] = record[_BEFORE] % len(FOLDERS)
    else:
        record[_RUNS] = 0
        if why == RAISED:  # a proven copy has been damaged: it may be installed again
            record[_BLOB:] = bytes(_SIZE - _BLOB)
    record[_STATE], record[_TRIES] = ROLLED_BACK, why
    _save(nvs, "lives", b"\0")
    _save(nvs, "app", record)


def _is_there(folder: str) -> bool:
    # Both packages, or imports would mix this copy with the flashed one.
    try:
        return bool(os.stat(folder + "/wearable") and os.stat(folder + "/lib/paceline_protocol"))
    except OSError:
        return False


def _load(nvs, name: str, size: int) -> "bytearray | None":
    data = bytearray(size)
    try:
        return data if nvs.get_blob(name, data) == size else None
    except OSError:
        return None


def _save(nvs, name: str, data: bytes) -> None:
    try:
        nvs.set_blob(name, data)
        nvs.commit()
    except OSError:
        pass  # an NVS that refuses must not keep the wearable from starting


if __name__ == "__main__":
    import board

    start(board)
