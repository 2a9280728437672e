"""The doctor finds each thing that may be missing, says what to do, and works where there is no Bluetooth at all."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gateway.on_the_air import LIMIT_S, Start, id_of, key_of
from gateway.private_bus import Facts, environment, private_bus
from gateway.stand_in import DEVICE_ID, KEY, Wearable
from paceline_gateway.config import Config, load
from paceline_gateway.doctor.bluetooth import bluez_findings, scan_finding
from paceline_gateway.doctor.finding import NOTE, OK, PROBLEM, Finding
from paceline_gateway.doctor.machine import clock_finding, spool_findings
from paceline_gateway.doctor.upstream import server_findings
from paceline_gateway.radio.bluez import BlueZ

TOKEN = "the-token"
NOWHERE = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}


def written(folder: Path, more: str = "") -> Path:
    for name, text in (("k", KEY.hex()), ("token", TOKEN)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    path = folder / "gateway.toml"
    path.write_text(f'{more}\n[wearables.{DEVICE_ID.hex()}]\nkey_file = "k"\nname = "Anna"\n')
    return path


async def doctor(path: Path, where: dict[str, str]) -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(path), "doctor", "--scan", "0.1"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=where)
    async with asyncio.timeout(LIMIT_S):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode().splitlines()


def about(lines: list[str], word: str) -> str:
    """Return the lines of one matter as one text."""
    found = [number for number, line in enumerate(lines) if line[9:20].strip() == word]
    return "\n".join("\n".join(lines[number : number + 2]) for number in found)


async def test_where_all_is_well_every_line_is_ok(tmp_path: Path, upstream: str) -> None:
    path = written(tmp_path, f'[server]\nurl = "{upstream}"\ntoken_file = "token"')
    async with private_bus(tmp_path, [Facts(powered=False), Facts()]) as bus:
        status, lines = await doctor(path, environment(bus))
    assert status == 0, lines
    assert lines[-1] == "nothing is in the way"
    assert "ok       Bluetooth  BlueZ 5.82" in lines
    assert "ok       adapter    hci1 (AA:BB:CC:00:00:01) is on" in lines
    assert about(lines, "adapter").startswith("note     adapter    hci0")
    assert "a scan works, no wearable was heard" in about(lines, "scan")
    assert about(lines, "clock").split("\n")[0].endswith("as the server's")
    assert "ok       token      the server takes it" in lines
    assert not (tmp_path / "spool").exists(), "nothing was changed"


async def test_a_machine_without_bluetooth_or_settings_gets_lines_and_no_trace(tmp_path: Path) -> None:
    status, lines = await doctor(tmp_path / "absent.toml", NOWHERE)
    assert status == 1
    assert about(lines, "settings").startswith("problem  settings")
    assert "no system D-Bus" in about(lines, "Bluetooth") and "→ install and start it" in about(lines, "Bluetooth")
    assert about(lines, "scan").startswith("problem  scan       Bluetooth cannot be used")
    assert lines[-1] == "3 problems"


@pytest.mark.parametrize(
    ("adapters", "denied", "text", "advice"),
    [
        (None, False, "BlueZ does not run", "systemctl enable --now bluetooth"),
        ([Facts()], True, "this user may not talk to BlueZ", "usermod -aG bluetooth"),
        ([], False, "BlueZ has none", "plug one in"),
        ([Facts(powered=False)], False, "hci0 (AA:BB:CC:00:00:01) is off", "bluetoothctl power on"),
        ([Facts(powered=False, power_state="off-blocked")], False, "is blocked", "rfkill unblock bluetooth"),
        ([Facts(roles=("peripheral",))], False, "cannot connect", "another adapter"),
        ([Facts(modalias="usb:v1D6Bp0246d0532")], False, "BlueZ 5.50 is too old", "5.55 is needed"),
    ],
)
async def test_each_fault_of_bluetooth_has_its_advice(
    tmp_path: Path, adapters: list[Facts] | None, denied: bool, text: str, advice: str
) -> None:
    async with private_bus(tmp_path, adapters, denied=denied) as bus:
        status, lines = await doctor(written(tmp_path), environment(bus))
    (number,) = [number for number, line in enumerate(lines) if line.startswith("problem") and text in line]
    assert status == 1
    assert advice in lines[number + 1]


def test_an_old_bluez_is_a_note_and_another_system_too() -> None:
    (note,) = bluez_findings(BlueZ("not_linux", "darwin"))
    assert note.state == NOTE
    assert [finding.state for finding in bluez_findings(BlueZ("no_bus", "x"))] == [PROBLEM]


async def test_on_a_phone_it_is_said_plainly_that_there_is_no_bluetooth(tmp_path: Path) -> None:
    phone = {**os.environ, "TERMUX_VERSION": "0.118", "P4A_BOOTSTRAP": "x"}  # so that bleak looks for Android's Java
    status, lines = await doctor(written(tmp_path), phone)
    assert status == 1
    assert "Android lets only apps use it" in about(lines, "Bluetooth")
    assert "Bluetooth cannot be used: Python has none on this system" in about(lines, "scan")
    assert lines[-1] == "2 problems"


async def test_a_scan_tells_who_is_heard(wear: Start) -> None:
    await wear(Wearable(b"", key_of(0), id_of(0)))
    found = await scan_finding(1.0)
    assert (found.state, found.text.partition(", the")[0]) == (OK, "a scan works, 1 wearables were heard")


@pytest.mark.parametrize(
    ("utc_s", "server_utc_s", "state", "text"),
    [
        (0.0, None, PROBLEM, "never set"),
        (1_790_000_000.0, None, OK, "2026-09-21"),
        (1_790_000_000.0, 1_790_000_059.0, OK, "as the server's"),
        (1_790_000_000.0, 1_790_000_100.0, PROBLEM, "100 s behind the server's"),
        (1_790_000_200.0, 1_790_000_000.0, PROBLEM, "200 s ahead of the server's"),
    ],
)
def test_the_clock(utc_s: float, server_utc_s: float | None, state: str, text: str) -> None:
    found = clock_finding(utc_s, server_utc_s)
    assert found.state == state and text in found.text


def test_the_spool(tmp_path: Path) -> None:
    (roomy,) = spool_findings(tmp_path / "to" / "be" / "made", 1000)
    assert roomy.state == OK and not (tmp_path / "to").exists()
    (short,) = spool_findings(tmp_path, 10**18)
    assert short.state == NOTE and "less than spool_max_bytes" in short.text
    (file := tmp_path / "file").write_text("")
    (refused,) = spool_findings(file / "spool", 1000)
    assert refused.state == PROBLEM and "cannot be written" in refused.text
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.fixture
async def upstream() -> AsyncIterator[str]:
    """A server that knows the token and one wearable."""

    async def desired(request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.json_response({}, status=401)
        return web.json_response({}, status=200 if request.match_info["device"] == DEVICE_ID.hex() else 404)

    app = web.Application()
    app.router.add_get("/api/v1/devices/{device}/desired", desired)
    server = TestServer(app)
    await server.start_server()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


def states(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.state, finding.about) for finding in findings]


async def asked(config: Config) -> tuple[list[tuple[str, str]], str]:
    findings, _ = await server_findings(config)
    return states(findings), "\n".join(finding.text for finding in findings)


async def test_the_server_the_token_and_whose_the_wearables_are(tmp_path: Path, upstream: str) -> None:
    config = load(written(tmp_path, f'[server]\nurl = "{upstream}"\ntoken_file = "token"'))
    findings, server_utc_s = await server_findings(config)
    assert states(findings) == [(OK, "server"), (OK, "token")]
    assert server_utc_s is not None and formatdate(server_utc_s)
    (known,) = config.wearables.values()
    stranger = replace(config, wearables={**config.wearables, bytes(8): replace(known, device_id=bytes(8))})
    told, text = await asked(stranger)
    assert told == [(OK, "server"), (OK, "token"), (PROBLEM, "wearable")] and "Anna (0000) is not one" in text
    assert (await asked(replace(config, wearables={})))[0] == [(OK, "server"), (OK, "token")]
    (tmp_path / "token").write_text("another")
    assert (await asked(config))[0] == [(OK, "server"), (PROBLEM, "token")]
    (tmp_path / "token").unlink()
    assert (await asked(config))[0] == [(PROBLEM, "token")]


async def test_a_server_that_is_not_there_or_is_another(tmp_path: Path, upstream: str) -> None:
    nobody = load(written(tmp_path, '[server]\nurl = "http://127.0.0.1:1"\ntoken_file = "token"'))
    told, text = await asked(nobody)
    assert told == [(PROBLEM, "server")] and "no answer from http://127.0.0.1:1" in text
    other = load(written(tmp_path, f'[server]\nurl = "{upstream}/elsewhere"\ntoken_file = "token"'))
    told, text = await asked(other)
    assert told == [(PROBLEM, "server")] and "answers 404, and not as a server of ours" in text
    assert (await asked(load(written(tmp_path))))[0] == [(NOTE, "server")]
