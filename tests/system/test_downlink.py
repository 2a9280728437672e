"""What the owner sets on the server comes onto the wrist, and the server learns that it is there."""

import pytest
from paceline_tools.line.server_view import Summary
from system.whole_line import CAREFUL_SPEED, WholeLine, whole_line

LIMIT_S = 60


async def _held(line: WholeLine, device_id: str, version: int) -> Summary:
    return await line.view.wait_for_status(device_id, lambda status: status["settings_version"] == version, LIMIT_S)


async def test_settings_reach_the_wearable_and_are_acknowledged(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with whole_line(tmp_path_factory.mktemp("line")) as line:
        line.wearable.set_speed(CAREFUL_SPEED)
        device_id = line.places.device_id.read_text().strip()
        await _held(line, device_id, 0)
        user = {"slot": 0, "name": "Ann", "max_heart_rate_bpm": 181}
        first = await line.view.set_up(device_id, {"users": [user]})
        await line.kill_gateway()  # it asks when it starts; left alone it asks every five minutes
        await _held(line, device_id, first)
        second = await line.view.set_up(device_id, {"users": [user, user | {"slot": 1, "name": "Bob"}]})
        assert second == first + 1
        await line.kill_gateway()
        status = await _held(line, device_id, second)
        assert status["battery_percent"] and status["recording"] == "no"
