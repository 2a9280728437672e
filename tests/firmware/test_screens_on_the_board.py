"""Two buttons through a whole workout on the virtual board: what the display's memory holds after each press."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from firmware.screen_pictures import PICTURES, Rows, from_png, rows_of
from paceline_protocol.errors import JournalError
from paceline_protocol.page import PAGE_SIZE, parse_header
from paceline_protocol.records import LAP, SESSION_END, SESSION_START, iter_records, parse_fields
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import END_HELD_S, VirtualWearable
from paceline_tools.virtual.world import Picture

UTC_S = 1_750_000_000
IDENTITY = Identity(bytes.fromhex("a1b2c3d4e5f60718"), bytes(range(32)))
HELD_S = 1.0


@pytest.fixture
async def wearable(tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    worn = VirtualWearable(RadioLink(), tmp_path / "state", IDENTITY, settings(tmp_path))
    await worn.switch_on()
    yield worn
    await worn.switch_off()


def settings(folder: Path, display: bool = True) -> BoardSettings:
    path = folder / "ride.track"
    rows = [
        struct.pack("<IiiiHBBBB", t, 470_000_000 + 720 * t, 80_000_000, 400_000, 8000, 3, 130, 0, 0) for t in range(600)
    ]
    path.write_bytes(b"PTRK" + struct.pack("<I", len(rows)) + b"".join(rows))
    track = TrackInput(path, UTC_S)
    return BoardSettings(utc_s=UTC_S, speed=30, track=track, journal_bytes=16 * 4096, display=display)


class Script:
    """Presses and looks at exact moments of the virtual world, which a slow host cannot move; play() plays them."""

    def __init__(self, wearable: VirtualWearable) -> None:
        self._wearable = wearable
        self._at_utc_s = wearable.world.utc_s() + 5
        self._presses: list[asyncio.Task[None]] = []
        self._looks: list[asyncio.Task[Picture]] = []

    def wait(self, seconds: float) -> "Script":
        self._at_utc_s += seconds
        return self

    def press(self, button: str, held_s: float = 0.2) -> "Script":
        self._presses.append(asyncio.create_task(self._wearable.press(button, held_s, self._at_utc_s)))
        return self.wait(held_s + 1)

    def look(self) -> "Script":
        self._looks.append(asyncio.create_task(self._wearable.picture(self._at_utc_s)))
        return self

    async def play(self) -> list[Picture]:
        pictures = await asyncio.gather(*self._looks)
        await asyncio.gather(*self._presses)
        return pictures


def part(rows: Rows, top: int, bottom: int, left: int = 0, right: int = 128) -> list[str]:
    return [row[left:right] for row in rows[top:bottom]]


def checked(name: str) -> Rows:
    return from_png((PICTURES / f"{name}.png").read_bytes())


def records(wearable: VirtualWearable, *kinds: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    cells = wearable.flash_path.read_bytes()
    for at in range(0, len(cells), PAGE_SIZE):
        page = cells[at : at + PAGE_SIZE]
        try:
            parse_header(page)
        except JournalError:
            break
        found += [
            (kind, *(parse_fields(kind, payload) or ()))
            for kind, _, payload in map(_record, iter_records(page))
            if kind in kinds
        ]
    return found


def _record(record: tuple[int, int, memoryview]) -> tuple[int, int, bytes]:
    offset, kind, payload = record
    return kind, offset, bytes(payload)


async def test_a_ride_is_chosen_begun_lapped_ended_and_shown(wearable: VirtualWearable) -> None:
    script = Script(wearable).look()
    script.press("lap").look().press("lap").press("lap").press("lap").press("start").wait(40).look()
    script.press("lap", HELD_S).look().press("lap", HELD_S).look()
    script.press("lap").look().wait(9).look().press("start", END_HELD_S).look().wait(20)
    pictures = await script.look().play()
    await wearable.switch_off()
    assert [picture.lit for picture in pictures] == [True, True, False, True, True, True, True, True, False]
    clock, sports, _, page, other, lap, again, summary, _ = [rows_of(picture.ram) for picture in pictures]
    assert part(clock, 0, 9, 0, 60) == part(checked("clock"), 0, 9, 0, 60), "the kept sport is Run"
    assert part(sports, 15, 37) == part(checked("sport"), 15, 37)
    ride = checked("page_1_ride")
    assert part(page, 26, 31) == part(ride, 26, 31), "the cross lines of the workout's page"
    assert part(page, 51, 60, 64) == part(ride, 51, 60, 64), "km/h"
    assert part(page, 9, 17, 108) == part(ride, 9, 17, 108), "GPS"
    assert part(other, 51, 60, 64) == part(checked("page_2"), 51, 60, 64), "m altitude"
    assert part(lap, 0, 9, 0, 20) == part(checked("lap"), 0, 9, 0, 20)
    assert part(again, 51, 60, 64) == part(other, 51, 60, 64), "back to the page it was"
    assert part(summary, 0, 9, 60) == part(checked("summary"), 0, 9, 60), "saved"
    assert [fields[4] for fields in records(wearable, SESSION_START)] == [4]
    assert len(records(wearable, LAP)) == 1 and len(records(wearable, SESSION_END)) == 1
    assert json.loads((wearable.state / "nvs.json").read_text())["paceline"]["sport"] == "04"


async def test_the_menu_shows_sync_settings_and_the_claim_code(wearable: VirtualWearable) -> None:
    script = Script(wearable).press("lap").press("lap", HELD_S)
    script.press("lap", HELD_S).look().press("lap").look().press("start").look()
    for _ in range(5):
        script.press("lap")
    script.look().press("lap", HELD_S).look().wait(20)
    sync, before, changed, claim, clock = [rows_of(picture.ram) for picture in await script.play()]
    await Script(wearable).wait(15).look().play()
    await wearable.switch_off()
    assert part(sync, 0, 9, 0, 60) == part(checked("sync"), 0, 9, 0, 60)
    assert part(before, 0, 9) == part(checked("settings"), 0, 9)
    assert part(before, 12, 24) != part(changed, 12, 24), "the brightness"
    assert claim == checked("claim")
    assert part(clock, 0, 9, 0, 60) == part(checked("clock"), 0, 9, 0, 60)
    assert json.loads((wearable.state / "nvs.json").read_text())["paceline"]["screen"][:2] == "02"
    assert records(wearable, SESSION_START) == []


async def test_without_a_display_the_buttons_record_a_workout(tmp_path: Path) -> None:
    worn = VirtualWearable(RadioLink(), tmp_path / "state", IDENTITY, settings(tmp_path, display=False))
    await worn.switch_on()
    script = Script(worn)
    for button in ("lap", "lap", "start", "lap"):
        script.press(button).wait(5)
    script.press("start", END_HELD_S).wait(5)
    (picture,) = await script.look().play()
    await worn.switch_off()
    assert picture.ram == b""
    assert [fields[4] for fields in records(worn, SESSION_START)] == [1]
    assert len(records(worn, LAP)) == 1 and len(records(worn, SESSION_END)) == 1
