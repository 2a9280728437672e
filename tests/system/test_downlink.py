"""What the owner sets on the server comes onto the wrist, and the server learns that it is there."""

import asyncio
import struct
import time
from collections.abc import Callable

import pytest
from paceline_tools.line.server_view import Summary
from system.whole_line import CAREFUL_SPEED, WholeLine, whole_line

LIMIT_S = 180
USER = {"slot": 0, "name": "Ann", "max_heart_rate_bpm": 181}
STEPS = [
    {"kind": "warm-up", "until": "time_s", "amount": 600, "target": "zone", "low": 1, "high": 2},
    {"kind": "work", "until": "distance_m", "amount": 400},
    {"kind": "recovery", "until": "time_s", "amount": 90, "times": 6, "back": 1},
]


def assistance(satellites: int) -> bytes:
    """Frames of UBX-MGA as a receiver's maker gives them: the moment of making, then ephemerides."""
    time = struct.pack("<BBbbHBBBBBBIHHI", 0x10, 0, 0, 18, 2025, 10, 9, 8, 53, 20, 0, 0, 2, 0, 0)
    return ubx(0x40, time) + b"".join(ubx(0x00, bytes((1, 0, number, 0)) + bytes(64)) for number in range(satellites))


def ubx(kind: int, payload: bytes) -> bytes:
    """A frame of class MGA (u-blox M10 interface description, 3.2)."""
    body = struct.pack("<BBH", 0x13, kind, len(payload)) + payload
    first = second = 0
    for byte in body:
        first = first + byte & 0xFF
        second = second + first & 0xFF
    return b"\xb5\x62" + body + bytes((first, second))


async def _said(line: WholeLine, wanted: Callable[[Summary], bool]) -> Summary:
    device_id = line.places.device_id.read_text().strip()
    return await line.view.wait_for_status(device_id, wanted, LIMIT_S)


async def test_settings_plan_and_assistance_reach_the_wearable_and_are_acknowledged(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with whole_line(tmp_path_factory.mktemp("line")) as line:
        line.wearable.set_speed(CAREFUL_SPEED)
        device_id = line.places.device_id.read_text().strip()
        await _said(line, lambda status: status["settings_version"] == 0)
        first = await line.view.set_up(device_id, {"users": [USER]})
        plan = await line.view.plan(device_id, [{"user": 0, "sport": "running", "name": "6 x 400", "steps": STEPS}])
        help_version = await line.view.want(device_id, "gps-assistance", assistance(30))
        await line.kill_gateway()  # it asks when it starts; left alone it asks every five minutes
        held = {"settings_version": first, "plan_version": plan, "assistance_version": help_version}
        assert min(held.values()) > 0
        await _said(line, lambda status: held.items() <= status.items())

        second = await line.view.set_up(device_id, {"users": [USER, USER | {"slot": 1, "name": "Bob"}]})
        await line.view.want(device_id, "gps-assistance", assistance(2)[:-1])
        assert second == first + 1
        now_s = time.time()
        await line.view.walk(12_000, now_s - 1, now_s)
        await _wanted(line, device_id, "notices")
        await line.kill_gateway()
        status = await _said(line, lambda status: status["settings_version"] == second)
        assert status["battery_percent"] and status["recording"] == "no"
        await _gateway_said(line, "the wearable refuses gps assistance")
        notices = line.wearable.state / "stage" / "blobs" / "5.blob"
        async with asyncio.timeout(LIMIT_S):
            while not notices.exists():  # noqa: ASYNC110 -- only looking tells
                await asyncio.sleep(0.1)
        assert b"10,000 steps" in notices.read_bytes(), "what its wearer is told is on the wrist"
        status = await line.view.device_status(device_id)
        assert status["assistance_version"] == help_version, "what is damaged is refused, and what was before it stays"


async def _wanted(line: WholeLine, device_id: str, kind: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while kind not in await line.view.wanted(device_id):  # noqa: ASYNC110 -- only looking tells
            await asyncio.sleep(0.1)


async def _gateway_said(line: WholeLine, text: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while text not in (line.places.logs / "gateway.log").read_text():  # noqa: ASYNC110 -- only looking tells
            await asyncio.sleep(0.1)
