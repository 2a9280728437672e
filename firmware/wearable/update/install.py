"""Puts an arrived bundle into the spare folder (docs/UPDATE.md); runs at boot, before anything else does.

Nothing but the spare folder and the blob is touched until the last step, which is one write to the NVS. Whatever
is cut before it is done again by the next boot.
"""

import hashlib
import os
import sys

from paceline_protocol.bundle import MARK_SIZE, REFUSALS, Bundle, BundleError

from ..version import VERSION
from .arrival import blob_path
from .trial import FOLDERS, ROLLED_BACK, TOLD

ATTEMPTS = 3  # at installing one bundle

_PIECE = 1024
_BLOCK = 4096
_SLACK_BLOCKS = 8  # for the folders, and what a file system needs to move
_BLOB_HEAD = 8


def judge(file, board_name: str, device_key: bytes, trial) -> "tuple[bool, int, str]":
    """Judge a bundle open at its first byte: (is to be installed, number of the refusal, its text or "").

    What passes has the spare folder emptied, so that it is known that there is room.
    """
    try:
        bundle = _examined(file, board_name, device_key, trial, None)
        if bundle.tag[:MARK_SIZE] == trial.mark:
            return False, 0, ""
        spare = FOLDERS[trial.spare]
        remove_tree(spare)
        _check_room(bundle)
        return True, 0, ""
    except (BundleError, OSError) as error:
        return False, _number(error), getattr(error, "detail", "") or "cannot be read"


def install(board, device_key: bytes, trial, feed) -> bool:
    """Install the blob that lies there; True when the other copy is to run, so that a reset must follow.

    Afterwards the blob is gone. Only while a rollback, whose reason is in the record, has still to be told does it wait
    for the next boot. A refusal is left in `trial.refusal`. `feed()` is called while it works.
    """
    if trial.state == ROLLED_BACK:
        return False
    path = blob_path(board)
    installed = False
    try:
        with open(path, "rb") as file:
            version = int.from_bytes(file.read(_BLOB_HEAD)[:4], "little")
            bundle = _examined(file, board.NAME, device_key, trial, feed)
            mark = bundle.tag[:MARK_SIZE]
            if mark != trial.mark and not trial.lasts:
                if trial.tries >= ATTEMPTS:
                    raise BundleError("write", 0, "was begun too often")
                trial.count_attempt(trial.tries + 1)
                remove_tree(FOLDERS[trial.spare])
                _unpack(path, bundle, FOLDERS[trial.spare], feed)
                trial.begin(version, mark)
                installed = True
    except (BundleError, OSError) as error:
        trial.refusal = _number(error)
        if trial.tries and not trial.lasts:
            trial.count_attempt(0)
    os.remove(path)
    return installed


def remove_tree(folder: str) -> None:
    """Remove a folder with everything in it; nothing when it is not there."""
    try:
        entries = list(os.ilistdir(folder))
    except OSError:
        return
    for entry in entries:
        path = f"{folder}/{entry[0]}"
        if entry[1] & 0x4000:
            remove_tree(path)
        else:
            os.remove(path)
    os.rmdir(folder)


def _examined(file, board_name: str, device_key: bytes, trial, feed) -> Bundle:
    bundle = Bundle(file, bytearray(_PIECE))
    bundle.check_tag(device_key, feed)
    bundle.check_target(board_name, getattr(sys.implementation, "_mpy", 0) & 0xFFFF, bytes(VERSION))
    if trial.state in (ROLLED_BACK, TOLD) and bundle.tag[:MARK_SIZE] == trial.mark:
        raise BundleError("failed before", 0, "this firmware failed before")
    return bundle


def _check_room(bundle: Bundle) -> None:
    blocks = _SLACK_BLOCKS
    for _, size, _digest in bundle.entries():
        blocks += size // _BLOCK + 1
    found = os.statvfs(".")
    free = found[0] * found[3] // _BLOCK
    if free < blocks:
        raise BundleError("room", 0, f"needs {4 * blocks} kB, {4 * free} kB are free")


def _unpack(path: str, bundle: Bundle, folder: str, feed) -> None:
    buffer = memoryview(bytearray(_PIECE))
    made = set()
    with open(path, "rb") as data:
        data.seek(bundle.data_offset())
        for name, size, digest in bundle.entries():
            target = f"{folder}/{name}"
            _make_folders(target, made)
            _copy(data, target, size, buffer)
            feed()
            if _digest(target, buffer) != digest:
                raise BundleError("write", 0, name)
            feed()


def _copy(data, target: str, left: int, buffer) -> None:
    with open(target, "wb") as file:
        while left:
            piece = buffer[: min(left, _PIECE)]
            data.readinto(piece)
            file.write(piece)
            left -= len(piece)


def _make_folders(target: str, made: "set[str]") -> None:
    at = target.find("/")
    while at >= 0:
        folder = target[:at]
        if folder not in made:
            os.mkdir(folder)
            made.add(folder)
        at = target.find("/", at + 1)


def _digest(path: str, buffer) -> bytes:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            count = file.readinto(buffer)
            if not count:
                return digest.digest()
            digest.update(buffer[:count])


def _number(error: Exception) -> int:
    return REFUSALS.index(error.code if isinstance(error, BundleError) else "write")
