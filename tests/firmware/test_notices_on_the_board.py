"""A notice over the air: shown, told again after a power cut, dismissed by LAP, and never told again."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from firmware.air_gateway import AirGateway
from firmware.run_on_the_air import home_gateway, pass_s, runner
from firmware.screen_pictures import PICTURES, Rows, from_png, rows_of
from paceline_protocol import messages
from paceline_protocol.code_tables import BLOB_KINDS
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import DISMISSED, iter_records, parse_fields
from paceline_protocol.wrist_pack import pack_notices
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing
from paceline_tools.virtual.wearable import VirtualWearable

KIND = BLOB_KINDS.index("notices")
LIMIT_S = 90
TITLE, TEXT = "Goal reached", "Run 40 km a week: 41.2 km, the aim was 40 km."
"""As in the checked picture."""


@pytest.fixture
def link() -> Iterator[RadioLink]:
    link = RadioLink(Pacing())
    yield link
    link.cut_all()


async def _put(gateway: AirGateway, data: bytes) -> int:
    """Put a blob in pieces and return what the wearable holds behind the last."""
    held = 0
    while held < len(data):
        piece = data[held : held + 150]
        await gateway.ask(messages.PUT, kind=KIND, version=9, total=len(data), offset=held, data=piece)
        _, answer = await gateway.next()
        assert answer.offset > held
        held = answer.offset
    return held


async def _until_shown(wearable: VirtualWearable, rows: Rows, *, lit: bool = True) -> None:
    async with asyncio.timeout(LIMIT_S):
        while True:
            picture = await wearable.picture()
            if picture.ram and rows_of(picture.ram) == rows and picture.lit >= lit:
                return
            await asyncio.sleep(0.05)


async def test_a_notice_is_shown_until_lap_dismisses_it_whatever_happens_between(
    link: RadioLink, tmp_path: Path
) -> None:
    notice = from_png((PICTURES / "notice.png").read_bytes())
    async with runner(link, tmp_path, outdoors=False) as wearable:
        async with home_gateway(link) as gateway:
            utc_s = await _tell_time(gateway, wearable)
            told = {"number": utc_s, "slot": 0, "told_utc_s": utc_s, "title": TITLE, "text": TEXT}
            data = pack_notices([told])
            assert await _put(gateway, data) == len(data)
            await _until_shown(wearable, notice)
            await gateway.ask(messages.PUT, kind=KIND, version=9, total=len(data), offset=0, data=data[:150])
            _, answer = await gateway.next()
            assert answer.offset == len(data), "the first piece again: it is held"
        await _cut_power(wearable)
        async with home_gateway(link) as gateway:
            await _tell_time(gateway, wearable)
            await _until_shown(wearable, notice)
        while _dismissed(wearable) != utc_s:  # a press on a display that is dark only lights it
            await wearable.press("lap")
            await pass_s(wearable, 2)
        assert rows_of((await wearable.picture()).ram) != notice
        assert _said_dismissed(wearable) == [(utc_s, 0)]
        await _cut_power(wearable)
        async with home_gateway(link) as gateway:
            await _tell_time(gateway, wearable)
            await pass_s(wearable, 5)
            assert rows_of((await wearable.picture()).ram) != notice


async def _tell_time(gateway: AirGateway, wearable: VirtualWearable) -> int:
    utc_s = int(wearable.world.utc_s())
    await gateway.ask(messages.SET_TIME, utc_ms=utc_s * 1000)
    return utc_s


async def _cut_power(wearable: VirtualWearable) -> None:
    boots = wearable.boots
    wearable.kill()
    await wearable.wait_until(lambda: wearable.boots > boots, LIMIT_S)


def _said_dismissed(wearable: VirtualWearable) -> list[tuple[int, int]]:
    """The DISMISSED records on the flash: notice and slot."""
    flash = wearable.flash_path.read_bytes()
    pages = [flash[at : at + PAGE_SIZE] for at in range(0, len(flash), PAGE_SIZE) if flash[at : at + 2] == b"PJ"]
    records = [record for page in pages for record in iter_records(page)]
    found = [parse_fields(kind, payload) for _, kind, payload in records if kind == DISMISSED]
    return [(one.number, one.user) for one in found if one is not None]


def _dismissed(wearable: VirtualWearable) -> int:
    kept = json.loads((wearable.state / "nvs.json").read_text())["paceline"].get("notices", "00" * 32)
    return int.from_bytes(bytes.fromhex(kept)[:4], "little")
