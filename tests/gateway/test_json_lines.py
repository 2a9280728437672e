"""Logs for machines: whole objects, one a line, and in none of them anything that tells who wears what where."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gateway.journal_server import TOKEN, JournalServer
from gateway.on_the_air import Start, config, id_of, key_of, running, server_holds, some_bytes
from gateway.stand_in import DEVICE_ID, KEY
from gateway.stand_in import Wearable as StandIn
from paceline_gateway.config import Broker, Config, Server, Wearable
from paceline_gateway.errors import RadioError
from paceline_gateway.json_lines import JsonLines
from paceline_gateway.radio.sighting import FromAir
from paceline_tools.radio.link import RadioLink

HOME = "/" + "home"
NAME = "Anna (İstanbul) Ångström"
OTHER = bytes.fromhex("aabbccddeeff0011")
SERVER = Server("https://fitness.angstrom.example:8443/base", Path(HOME, "anna", "token"))
CONFIG = Config(
    Path(HOME, "anna", "gateway.toml"),
    Path(HOME, "anna", "spool"),
    SERVER,
    {DEVICE_ID: Wearable(DEVICE_ID, KEY, NAME), OTHER: Wearable(OTHER, KEY, "Anna")},
    3,
    broker=Broker("broker.angstrom.example", user="anna-home"),
)


def line_of(message: object, *arguments: object) -> dict[str, object]:
    record = logging.LogRecord("paceline_gateway.visits", logging.INFO, "visits.py", 7, message, arguments, None)
    text = JsonLines(CONFIG).format(record)
    assert "\n" not in text
    return json.loads(text)


@pytest.mark.parametrize(
    ("message", "text", "wearable"),
    [
        (f"{NAME}: connected (-61 dBm)", "66FF: connected (-61 dBm)", "66FF"),
        ("Anna: pulled 9.0 kB", "0011: pulled 9.0 kB", "0011"),
        ("Annabel: pulled", "Annabel: pulled", None),
        (f"{DEVICE_ID.hex()}/5eed1234.journal: dropped", "66FF/5eed1234.journal: dropped", "66FF"),
        (f"{OTHER.hex()} or {NAME}", "0011 or 66FF", None),
        (f"key {KEY.hex()}", "key (number)", None),
        ("F0:00:00:00:00:1A: lost", "(address): lost", None),
        ("/org/bluez/hci0/dev_F0_00_00_00_00_1A failed", "/org/bluez/hci0/dev_(address) failed", None),
        ("6E400001-B5A3-F393-E0A9-E50E24DCCA9E: lost", "(address): lost", None),
        ("no answer from https://fitness.angstrom.example:8443/base: x", "no answer from (server): x", None),
        ("Cannot connect to host fitness.angstrom.example:8443", "Cannot connect to host (server)", None),
        (
            "('192.168.1.7', 443), ('fe80::1', 443), [2001:db8:0:0:0:0:0:1]",
            "('(address)', 443), ('(address)', 443), [(address)]",
            None,
        ),
        ("no answer from http://annas-pi.local:8080/x: x", "no answer from (server) x", None),
        ("Cannot connect to host annas-pi:443 ssl:default", "Cannot connect to host (server):443 ssl:default", None),
        ("annas-pi.local. is not there", "(server) is not there", None),
        ("anna-home at broker.angstrom.example:1883 refused", "(broker) at (broker):1883 refused", None),
        (f"{HOME}/anna/spool/x: disk full", "~/spool/x: disk full", None),
        ("at 12:30:45, 50 %", "at 12:30:45, 50 %", None),
    ],
)
def test_nobody_is_named(message: str, text: str, wearable: str | None) -> None:
    line = line_of(message)
    assert (line["text"], line.get("wearable")) == (text, wearable)
    assert (line["level"], line["part"]) == ("info", "visits")


def test_names_that_strangers_gave_their_devices_are_left_out() -> None:
    line = line_of("%s at %s: no key fits", FromAir("Ben's band"), "F0:00:00:00:00:1A")
    assert line["text"] == "(wearable) at (address): no key fits"
    assert line_of("%s; next try in %.0f s", RadioError("F0:00:00:00:00:1A", "50% lost"), 3.2)["text"] == (
        "(address): 50% lost; next try in 3 s"
    )


def test_of_an_unexpected_exception_there_is_its_kind_and_its_way() -> None:
    try:
        raise ValueError(f"{NAME} at 52.5200, 13.4050")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "%s: failed", (NAME,), sys.exc_info())
    line = json.loads(JsonLines(CONFIG).format(record))
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith("test_json_lines.py:")
    assert "52.5" not in str(line) and "Anna" not in str(line)


def test_the_time_is_utc_to_the_millisecond() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", (), None)
    record.created, record.msecs = 1_790_000_000.0425, 42.5
    assert json.loads(JsonLines(CONFIG).format(record))["time"] == "2026-09-21T14:13:20.042Z"


class Gather(logging.Handler):
    """Keeps every line that it formats."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def gather() -> Iterator[Gather]:
    """All lines of all loggers from now on."""
    handler = Gather()
    root = logging.getLogger()
    ours = logging.getLogger("paceline_gateway")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.DEBUG)  # as with --verbose
    yield handler
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


async def test_a_whole_sync_with_cuts_a_stranger_and_faults_names_nobody(
    tmp_path: Path, air: RadioLink, wear: Start, server: tuple[JournalServer, Server], gather: Gather
) -> None:
    plain = config(tmp_path, [0], server[1])
    settings = replace(plain, wearables={id_of(0): replace(plain.wearables[id_of(0)], name=NAME)})
    gather.setFormatter(JsonLines(settings))
    await wear(StandIn(some_bytes(9), key_of(7), id_of(7)))
    radio = await wear(StandIn(some_bytes(20_000), key_of(0), id_of(0)))
    server[0].faults += ["hang up", "503", "nonsense"]
    async with running(settings):
        await server_holds(server[0], radio)
        air.faults.cut_after(20)
        radio.grow(some_bytes(9000, 2))
        await server_holds(server[0], radio)
    told = [json.loads(line) for line in gather.lines]
    ours = [line for line in told if line["part"] != "aiohttp.access" and not line["part"].startswith("bumble")]
    assert any("connected" in line["text"] and line["wearable"] == "A0A0" for line in ours)
    assert any("no key in the settings is its key" in line["text"] for line in ours)
    text = json.dumps(ours)
    private = [
        NAME,
        "Anna",
        key_of(0).hex(),
        id_of(0).hex(),
        TOKEN,
        "F0:00:00:00:00",
        "127.0.0.1",
    ]
    assert [word for word in private if word in text] == []


def test_the_setting_turns_it_on(tmp_path: Path) -> None:
    key = tmp_path / "k"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    path = tmp_path / "gateway.toml"
    path.write_text(f'log_format = "json"\n[wearables.{DEVICE_ID.hex()}]\nkey_file = "k"\nname = "{NAME}"\n')
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(path), "pull", "--timeout", "1"]
    nowhere = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=nowhere)
    told = [json.loads(line) for line in result.stderr.splitlines()]
    assert result.returncode == 1
    assert told[-1]["text"] == "66FF: not caught up within 1 s"
    assert "Bluetooth cannot be used" in told[0]["text"]
