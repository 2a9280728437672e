"""Settings and plans over the air: what they make of a workout, felt at the motor's pin and read in the journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from firmware.air_gateway import DEVICE_KEY, AirGateway
from firmware.run_on_the_air import home_gateway, pass_s, runner, start_workout
from paceline_protocol import messages
from paceline_protocol.code_tables import ALERTS, LAP_TRIGGERS
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, LAP, SESSION_START, parse_fields
from paceline_protocol.wrist_pack import pack_plans, pack_settings
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing
from paceline_tools.stage import stage
from paceline_tools.virtual.wearable import VirtualWearable
from wearable.alerts import GOAL, STEP, TOO_HIGH

SETTINGS, PLAN = 1, 2  # of BLOB_KINDS
RUN = 1
REFUSED = 9

MAIN = """
import asyncio
from silicon import bench, pins

class Motor(pins.Line):
    @property
    def output(self):
        return self._output

    @output.setter
    def output(self, level):
        if level:
            self._since_us = bench.clock.now_us()
        elif getattr(self, "_output", None):
            print("motor", (bench.clock.now_us() - self._since_us) // 1000)
        self._output = level

bench.pins[7] = Motor(7)

import board
from wearable.start import run

asyncio.run(run(board))
"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[RadioLink]:
    tree = tmp_path / "state" / "stage"
    stage(tree)
    (tree / "main.py").write_text(MAIN)
    link = RadioLink(Pacing())
    yield link
    link.cut_all()


async def _put(gateway: AirGateway, kind: int, version: int, data: bytes) -> Fields:
    """Put a blob in pieces and return the answer to the last."""
    answer = None
    for at in range(0, len(data), 150):
        piece = data[at : at + 150]
        await gateway.ask(messages.PUT, kind=kind, version=version, total=len(data), offset=at, data=piece)
        _, answer = await gateway.next()
    assert answer is not None
    return answer


def _felt(wearable: VirtualWearable, pattern: bytes) -> bool:
    """Whether the motor ran as the pattern says, for about so long each time, at any moment until now."""
    ran_ms = [int(line.split(" ")[1]) for line in list(wearable.lines) if line.startswith("motor ")]
    wanted_ms = [20 * units for units in pattern[::2]]
    runs = (ran_ms[at : at + len(wanted_ms)] for at in range(len(ran_ms) - len(wanted_ms) + 1))
    return any(all(abs(a - b) <= 40 for a, b in zip(run, wanted_ms, strict=True)) for run in runs)


def _records(wearable: VirtualWearable, kind: int) -> list[Fields]:
    reader = JournalReader(journal_key(DEVICE_KEY))
    found = (
        parse_fields(one, payload) for _, one, payload in reader.feed(wearable.flash_path.read_bytes()) if one == kind
    )
    return [fields for fields in found if fields is not None]


def _user(**fields: object) -> bytes:
    user: dict[str, object] = {"slot": 3, "name": "Zoë"}
    return pack_settings([user | fields])


async def test_settings_hold_at_once_and_a_bad_blob_changes_nothing(link: RadioLink, tmp_path: Path) -> None:
    goals = [{"goal": 77, "kind": 1, "target": 300}]
    async with runner(link, tmp_path) as wearable, home_gateway(link) as gateway:
        await start_workout(gateway, RUN)
        await pass_s(wearable, 60)
        assert not _felt(wearable, TOO_HIGH)
        low = _user(zones_bpm=bytes((60, 70, 80, 90, 100)), zone_low=1, zone_high=2, goals=goals)
        answer = await _put(gateway, SETTINGS, 5, low[:-1] + bytes([low[-1] ^ 1]))
        assert (answer.code, answer.text) == (REFUSED, "settings: the check sum does not fit")
        await pass_s(wearable, 30)
        assert not _felt(wearable, TOO_HIGH)
        assert (await _put(gateway, SETTINGS, 6, low)).offset == len(low)
        await pass_s(wearable, 60)
        assert _felt(wearable, TOO_HIGH), "140 bpm are above zone 2"
        await gateway.ask(messages.COMMAND, action=messages.STOP, sport=0, user=0)
        await gateway.next()
        await gateway.ask(messages.GET_STATUS)
        _, status = await gateway.next()
        assert status.settings_version == 6
        await wearable.press("start")
        await pass_s(wearable, 150)
        assert _felt(wearable, GOAL)
        await wearable.end_workout()
        await pass_s(wearable, 5)
    assert [fields.user for fields in _records(wearable, SESSION_START)] == [0, 3], "START begins for the blob's user"
    told = [(ALERTS[fields.code], fields.value) for fields in _records(wearable, ALERT)]
    assert told.count(("goal reached", 77)) == 1


async def test_a_plan_is_followed_step_by_step(link: RadioLink, tmp_path: Path) -> None:
    steps = [{"kind": 0, "until": 1, "amount": 30}, {"kind": 1, "until": 2, "amount": 150}, {"kind": 4}]
    plan = pack_plans([{"user": 0, "sport": RUN, "name": "Short", "steps": steps}])
    async with runner(link, tmp_path) as wearable, home_gateway(link) as gateway:
        answer = await _put(gateway, PLAN, 1, plan[:40] + b"\xff" + plan[41:])
        assert (answer.code, answer.text) == (REFUSED, "plan: the check sum does not fit")
        assert (await _put(gateway, PLAN, 2, plan)).offset == len(plan)
        await pass_s(wearable, 60)
        await wearable.press("start")
        await pass_s(wearable, 140)
        assert _felt(wearable, STEP)
        await wearable.press("lap")
        await pass_s(wearable, 5)
        await wearable.end_workout()
    laps = [(fields.lap, LAP_TRIGGERS[fields.trigger]) for fields in _records(wearable, LAP)]
    assert laps == [(1, "plan"), (2, "plan"), (3, "button")]
