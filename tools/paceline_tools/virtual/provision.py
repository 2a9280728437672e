"""The state directory of a virtual board: what flash and NVS hold, through every restart.

stage/…             the staged tree
nvs.json            namespaces of settings; byte strings in hexadecimal
flash-<label>.bin   a partition's cells, and beside it .wear (see board/silicon/nor.py)
rtc.json            the real-time clock, as long as there is power
"""

import json
from pathlib import Path

from paceline_tools.stage import stage
from paceline_tools.virtual.settings import BLOCK, Identity

NVS_NAMESPACE = "paceline"
JOURNAL_LABEL = "journal"


def provision(state: Path, identity: Identity, journal_bytes: int) -> None:
    """Flash and provision a new board; nothing is done to one that was provisioned before."""
    if (state / "nvs.json").exists():
        return
    if journal_bytes <= 0 or journal_bytes % BLOCK:
        raise ValueError(f"the journal's partition must hold whole blocks of {BLOCK} bytes, not {journal_bytes} bytes")
    state.mkdir(parents=True, exist_ok=True)
    if not (state / "stage").exists():
        stage(state / "stage")
    with (state / f"flash-{JOURNAL_LABEL}.bin").open("wb") as flash:
        for _ in range(journal_bytes // BLOCK):
            flash.write(b"\xff" * BLOCK)
    values = {"device_id": identity.device_id.hex(), "device_key": identity.device_key.hex()}
    _keep(state, {NVS_NAMESPACE: values})


def set_value(state: Path, name: str, data: bytes) -> None:
    """Set one byte string in the NVS of a provisioned board that is switched off."""
    everything = json.loads((state / "nvs.json").read_text())
    everything[NVS_NAMESPACE][name] = data.hex()
    _keep(state, everything)


def _keep(state: Path, everything: dict[str, dict[str, str]]) -> None:
    fresh = state / "nvs.json.new"
    fresh.write_text(json.dumps(everything))
    fresh.replace(state / "nvs.json")


def partitions(journal_bytes: int) -> list[dict[str, int | str]]:
    """The partition table as `esp32.Partition` shows it."""
    return [
        {"type": 1, "subtype": 2, "address": 0x9000, "size": 0x6000, "label": "nvs"},
        {"type": 1, "subtype": 0x40, "address": 0x400000, "size": journal_bytes, "label": JOURNAL_LABEL},
    ]
