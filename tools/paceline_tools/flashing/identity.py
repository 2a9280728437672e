"""Who a wearable is: eight bytes of id and 32 of key, made once, kept in its NVS and in a file of its owner's."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.upload import nothing_runs

_BLOCKS_AT_ONCE = 32
_READ = """
import esp32, json, binascii
nvs = esp32.NVS("paceline")
told = {}
for name, size in (("device_id", 8), ("device_key", 32)):
    data = bytearray(size)
    try:
        if nvs.get_blob(name, data) == size:
            told[name] = binascii.hexlify(data).decode()
    except OSError:
        pass
print(json.dumps(told))
"""
_WRITE = """
import esp32
nvs = esp32.NVS("paceline")
nvs.set_blob("device_key", bytes.fromhex(%r))
nvs.set_blob("device_id", bytes.fromhex(%r))
nvs.commit()
"""
# Totals and confirmed positions are of the journal that went.
_FORGET = """
import esp32
nvs = esp32.NVS("paceline")
for name in ("confirmed", "session", "boots"):
    try:
        nvs.erase_key(name)
    except OSError:
        pass
nvs.commit()
"""
_BLOCKS = """
import esp32
journal = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")
print(journal[0].ioctl(4, 0) if journal else 0)
"""
_ERASE = """
import esp32
journal = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")[0]
head, blank = bytearray(4096), b"\\xff" * 4096
for n in range(%d, %d):
    journal.readblocks(n, head)
    if head != blank:
        journal.ioctl(6, n)
"""


@dataclass(frozen=True)
class Provisioned:
    """What provisioning found or made; `fresh` tells that the identity is new. The key is in the file, never said."""

    device_id: bytes
    key_file: Path
    fresh: bool


def provision(
    prompt: Prompt, keys: Path, entropy: Callable[[int], bytes], progress: Callable[[str], None], renew: bool = False
) -> Provisioned:
    """Give the board an identity unless it has one; `renew` takes a new one, which empties the journal.

    The key lies in `keys`/ID.key, which only its owner reads. An identity is never replaced unasked: the server knows
    the wearable by it, and nothing else opens what is in its journal.
    """
    told = json.loads(prompt.run(_READ))
    if {"device_id", "device_key"} <= told.keys() and not renew:
        device_id = bytes.fromhex(told["device_id"])
        return Provisioned(device_id, _keep(keys, device_id, bytes.fromhex(told["device_key"])), fresh=False)
    device_id, device_key = entropy(8), entropy(32)
    key_file = _keep(keys, device_id, device_key)
    with nothing_runs(prompt):
        _erase_journal(prompt, progress)
        prompt.run(_FORGET)
        prompt.run(_WRITE % (device_key.hex(), device_id.hex()))
    written = json.loads(prompt.run(_READ))
    if written != {"device_id": device_id.hex(), "device_key": device_key.hex()}:
        raise FlashingError("the board did not keep its identity", "repeat the command; a second failure is the flash")
    return Provisioned(device_id, key_file, fresh=True)


def _erase_journal(prompt: Prompt, progress: Callable[[str], None]) -> None:
    blocks = int(prompt.run(_BLOCKS))
    if not blocks:
        what = "the board's partition table has no journal"
        raise FlashingError(what, "flash it with this command's flash, which writes the table")
    for first in range(0, blocks, _BLOCKS_AT_ONCE):
        progress(f"journal {first * 100 // blocks} % empty")
        prompt.run(_ERASE % (first, min(first + _BLOCKS_AT_ONCE, blocks)))


def _keep(keys: Path, device_id: bytes, device_key: bytes) -> Path:
    path = keys / f"{device_id.hex()}.key"
    text = device_key.hex() + "\n"
    try:
        if path.exists():
            if path.read_text().strip() != text.strip():
                what = f"{path} holds another key than the board"
                raise FlashingError(what, "move that file away, or give another folder with --keys")
            return path
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise FlashingError(f"{path}: {error.strerror}", "give a folder that can be written with --keys") from error
    return path
