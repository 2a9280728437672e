"""What breaks beside a gateway that runs for months: the link, bluetoothd, the adapter, the gateway itself."""

import asyncio
import signal

from bluez.home import Home, within

PAGES = 4
TEST_S = 90
SIZE = (PAGES - 1) * 4096 + 3000
HOME_AGAIN_S = 30
"""A wearable in range is synced again within this."""

OTHER_TABLE = """
import bluetooth
_register = bluetooth.BLE.gatts_register_services
def _reversed(self, services):
    return tuple(reversed(_register(self, tuple(reversed(services)))))
bluetooth.BLE.gatts_register_services = _reversed
"""
"""A firmware whose services have other handles."""


@within(TEST_S)
async def test_a_lost_link_is_made_again(home: Home) -> None:
    async with home.wearable(PAGES) as wearable, home.following():
        await home.holds(SIZE)
        home.air.cut_all()
        await home.follows(wearable, HOME_AGAIN_S)


@within(TEST_S)
async def test_bluetoothd_is_restarted_under_the_gateway(home: Home) -> None:
    async with home.wearable(PAGES) as wearable, home.following():
        await home.holds(SIZE)
        await home.guest.send_signal("bluetoothd", signal.SIGKILL)
        await home.follows(wearable, HOME_AGAIN_S)
        assert home.air.connections() == 1


@within(TEST_S)
async def test_the_adapter_is_pulled_out_and_put_back(home: Home) -> None:
    async with home.wearable(PAGES) as wearable, home.following():
        await home.holds(SIZE)
        home.air.cut_all()
        await home.guest.unplug_adapter()
        await asyncio.sleep(3)
        await home.guest.plug_adapter()
        await home.follows(wearable, HOME_AGAIN_S)


@within(TEST_S)
async def test_a_killed_gateways_connection_is_closed_by_the_next(home: Home) -> None:
    async with home.wearable(PAGES) as wearable:
        await home.start_gateway("run")
        await home.holds(SIZE)
        await home.guest.stop("gateway", signal.SIGKILL)
        await asyncio.sleep(3)
        assert home.air.connections() == 1, "BlueZ keeps a connection whose program died"
        before = await home.guest.log("gateway")
        async with home.following():
            await home.follows(wearable, HOME_AGAIN_S)
        # Had the connection been taken over, the wearable's old session would have talked into the new one.
        assert "next try" not in (await home.guest.log("gateway")).removeprefix(before)


@within(TEST_S)
async def test_services_with_other_handles_are_found_anew(home: Home) -> None:
    async with home.wearable(PAGES) as wearable, home.following():
        await home.holds(SIZE)
        boot = wearable.state / "stage" / "boot.py"
        boot.write_text(boot.read_text() + OTHER_TABLE)
        wearable.kill()
        await wearable.wait_until(lambda: wearable.boots == 2, 20)
        await home.follows(wearable, HOME_AGAIN_S)
