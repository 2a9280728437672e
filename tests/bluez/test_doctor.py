"""The doctor on real BlueZ: what it says where all is well, and without an adapter."""

from bluez.home import GATEWAY_USER, Home, within
from paceline_tools.guest.machine import PYTHON

TEST_S = 120


async def said(home: Home, status: int) -> str:
    """Let it look, as the service's user; return what it said this time."""
    command = [PYTHON, "-m", "paceline_gateway", "--config", home.config, "doctor", "--scan", "3"]
    await home.guest.start("doctor", command, GATEWAY_USER)
    assert await home.guest.ended("doctor", TEST_S) == status, await home.guest.log("doctor")
    return (await home.guest.log("doctor")).rpartition("settings ")[2]


@within(TEST_S)
async def test_where_all_is_well(home: Home) -> None:
    async with home.wearable():
        text = await said(home, 0)
    assert "Bluetooth  BlueZ 5." in text
    assert "ok       adapter    hci0 (AA:BB:CC:00:00:01) is on" in text
    assert "ok       scan       a scan works, 1 wearables were heard" in text
    assert text.rstrip().endswith("nothing is in the way")


@within(TEST_S)
async def test_an_adapter_that_is_missing_is_named(home: Home) -> None:
    async with home.wearable():
        await home.guest.unplug_adapter()
        assert "BlueZ has none" in await said(home, 1)
        await home.guest.plug_adapter()
        assert "a scan works" in await said(home, 0)
