"""A new firmware goes from the server's wish to the wrist, is installed, runs and proves itself; the server sees it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from paceline_tools.bundle import ARCHITECTURES, Target, compile_merged, firmware_version, mpy_number, pack_body, seal
from paceline_tools.factory_image import merged_firmware
from paceline_tools.radio.pacing import UNPACED
from paceline_tools.stage import DEFAULT_BOARD, SOURCE
from paceline_tools.virtual.process import Ending, micropython
from paceline_tools.virtual.wearable import VirtualWearable
from system.whole_line import CAREFUL_SPEED, whole_line

LIMIT_S = 180
TRIAL_SPEED = 60.0
"""It proves itself in two minutes of its time."""
SETTLED = 0  # docs/UPDATE.md, the record `app`


def next_release(folder: Path) -> tuple[str, bytes]:
    """Today's firmware under the next version, for the interpreter of the virtual board; version and body."""
    for part in ("firmware", "protocol"):
        shutil.copytree(SOURCE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    major, minor, patch = firmware_version()
    version = (major, minor, patch + 1)
    (folder / "firmware" / "wearable" / "version.py").write_text(f"VERSION = {version}\n")
    told = subprocess.run(
        [micropython(), "-c", "import sys; print(sys.implementation._mpy >> 10 & 63)"],
        capture_output=True,
        text=True,
        check=True,
    )
    architecture = ARCHITECTURES[int(told.stdout)]
    files = compile_merged(merged_firmware(source=folder), architecture)
    return ".".join(map(str, version)), pack_body(files, Target(DEFAULT_BOARD, mpy_number(architecture), version))


def trial_state(wearable: VirtualWearable) -> int | None:
    app = json.loads((wearable.state / "nvs.json").read_text())["paceline"].get("app")
    return bytes.fromhex(app)[2] if app else None


async def test_a_firmware_comes_from_the_server_over_the_gateway_and_confirms_itself(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    version, body = next_release(tmp_path_factory.mktemp("release"))
    async with whole_line(tmp_path_factory.mktemp("line"), pacing=UNPACED) as line:
        line.wearable.set_speed(CAREFUL_SPEED)
        device_id = line.places.device_id.read_text().strip()
        first = await line.view.wait_for_status(device_id, lambda status: bool(status["firmware"]), LIMIT_S)
        assert first["firmware"] == ".".join(map(str, firmware_version())) and trial_state(line.wearable) is None
        update = seal(body, bytes.fromhex(line.places.device_key.read_text()))
        number = await line.view.want(device_id, "firmware", update)
        await line.kill_gateway()  # it asks when it starts; left alone it asks every five minutes
        status = await line.view.wait_for_status(device_id, lambda status: status["firmware"] == version, LIMIT_S)
        assert status["recording"] == "no"
        line.wearable.set_speed(TRIAL_SPEED)
        await line.wearable.wait_until(lambda: trial_state(line.wearable) == SETTLED, LIMIT_S)
        assert line.wearable.endings == [Ending.RESET] * 2, "into the installer, and out of it"
        assert not (line.wearable.state / "stage" / "blobs" / "4.blob").exists()
        said = (line.places.logs / "gateway.log").read_text()
        assert f"firmware {number} is here, for the wearable" in said and "refuses" not in said
