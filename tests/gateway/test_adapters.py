"""Several adapters: each listens, the one that hears best connects, and the loss of one is survived."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, some_bytes, world
from gateway.several_adapters import Adapter, install_adapters
from gateway.stand_in import Wearable
from paceline_gateway.config import Config, parse
from paceline_gateway.daemon import pull_once
from paceline_gateway.doctor.bluetooth import bluez_findings, scan_finding
from paceline_gateway.doctor.finding import OK, PROBLEM
from paceline_gateway.errors import ConfigError
from paceline_gateway.radio.best_adapter import FRESH_S, BestAdapter
from paceline_gateway.radio.bluez import Adapter as Plugged
from paceline_gateway.radio.bluez import BlueZ
from paceline_gateway.radio.sighting import FromAir, Sighting
from paceline_gateway.watch.state import WearableState
from paceline_gateway.watch.state_file import read_state
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink


@pytest.fixture
async def adapters(air: RadioLink) -> AsyncIterator[dict[str, Adapter]]:
    """The near one and the far one, instead of the one that `air` installs."""
    found: dict[str, Adapter] = {}
    for number, rssi_dbm in enumerate((-80, -50)):
        device, _controller = make_device(air, f"hci{number}", f"C0:00:00:00:00:{number:02X}")
        await device.power_on()
        found[f"hci{number}"] = Adapter(device, rssi_dbm)
    uninstall = install_adapters(found)
    yield found
    uninstall()


def with_adapters(folder: Path) -> Config:
    return replace(config(folder, [0]), adapters=("hci0", "hci1"))


async def worn(wear: Start, size: int = 9000) -> None:
    await wear(Wearable(some_bytes(size), key_of(0), id_of(0)))


async def connected_at(spool: Path, rssi_dbm: int) -> None:
    """Wait until the gateway says that it is connected over an adapter that hears so."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            known = read_state(spool).wearables.get(id_of(0), WearableState())
            if known.connected and known.rssi_dbm == rssi_dbm:
                return
            await asyncio.sleep(0.1)


async def test_the_adapter_that_hears_best_connects(
    tmp_path: Path, adapters: dict[str, Adapter], wear: Start, caplog: pytest.LogCaptureFixture
) -> None:
    await worn(wear)
    with caplog.at_level("INFO"):
        assert await pull_once(with_adapters(tmp_path), world(), timeout_s=LIMIT_S) == set()
    assert (adapters["hci0"].connections, adapters["hci1"].connections) == (0, 1)
    assert "W0: connected (-50 dBm, hci1)" in caplog.text


async def test_where_the_best_does_not_get_through_the_next_one_does(
    tmp_path: Path, adapters: dict[str, Adapter], wear: Start, caplog: pytest.LogCaptureFixture
) -> None:
    adapters["hci1"].connects = False
    await worn(wear)
    with caplog.at_level("INFO"):
        assert await pull_once(with_adapters(tmp_path), world(), timeout_s=LIMIT_S) == set()
    assert (adapters["hci0"].connections, adapters["hci1"].connections) == (1, 0)
    (line,) = [message for message in caplog.messages if "the next adapter is tried" in message]
    assert "not reached (-50 dBm, hci1): " in line and "br-connection-unknown" in line


async def test_an_adapter_that_is_pulled_out_and_comes_back(
    tmp_path: Path, air: RadioLink, adapters: dict[str, Adapter], wear: Start, caplog: pytest.LogCaptureFixture
) -> None:
    settings = with_adapters(tmp_path)
    await worn(wear)
    async with running(settings):
        await connected_at(settings.spool, -50)
        adapters["hci1"].present = False
        air.cut_all()
        await connected_at(settings.spool, -80)
        assert read_state(settings.spool).radio_problem == ""
        adapters["hci1"].present = True
        air.cut_all()
        await connected_at(settings.spool, -50)
    told = [message for message in caplog.messages if "go on" in message]
    assert told == ["hci1: Bluetooth cannot be used: adapter 'hci1' not found; the other adapters go on"]


async def test_only_when_all_are_gone_there_is_no_radio(
    tmp_path: Path, adapters: dict[str, Adapter], caplog: pytest.LogCaptureFixture
) -> None:
    for adapter in adapters.values():
        adapter.present = False
    assert await pull_once(with_adapters(tmp_path), world(), timeout_s=1) == {id_of(0)}
    assert "hci0: Bluetooth cannot be used: adapter 'hci0' not found; next try in" in caplog.text


def sighting(adapter: str, rssi_dbm: int, address: str = "F0") -> Sighting:
    return Sighting(None, address, FromAir("x"), rssi_dbm, adapter)  # pyright: ignore[reportArgumentType]


def test_the_choice_is_the_strongest_of_what_was_heard_lately() -> None:
    best = BestAdapter()
    assert best.heard(sighting("hci0", -40), 0.0)
    assert not best.heard(sighting("hci0", -90), 0.5), "the last word of an adapter counts"
    best.heard(sighting("hci1", -60), 0.6)
    best.heard(sighting("hci2", -70), 0.7)
    chosen = best.choose("F0", 1.0)
    assert chosen is not None
    assert [item.adapter for item in (chosen, *chosen.others)] == ["hci1", "hci2", "hci0"]
    assert best.choose("F0", 1.0) is None
    best.heard(sighting("hci0", -40), 2.0)
    assert best.choose("F0", 2.1 + FRESH_S) is None


def test_the_settings_name_them(tmp_path: Path) -> None:
    assert parse('adapters = "hci0, hci1"', tmp_path / "c").adapters == ("hci0", "hci1")
    assert parse("", tmp_path / "c").adapters == ()
    for wrong in ("hci0,", "hci0, hci0", "/dev/hci0", "hci0 hci1"):
        with pytest.raises(ConfigError, match="with commas between them"):
            parse(f'adapters = "{wrong}"', tmp_path / "c")


async def test_the_doctor_looks_at_those_of_the_settings(adapters: dict[str, Adapter], wear: Start) -> None:
    await worn(wear)
    assert (await scan_finding(2.0, ("hci0", "hci1"))).text.endswith("the nearest at -50 dBm")
    plugged = BlueZ("", "", (Plugged("hci0", "A", powered=True, blocked=False, central=True, version=None),))
    found = [(item.state, item.text) for item in bluez_findings(plugged, ("hci0", "hci7"))]
    assert found == [(PROBLEM, "hci7 is in the settings but not in this machine"), (OK, "hci0 (A) is on")]
