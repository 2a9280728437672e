"""A changed bit, wherever it happened, and a wrong device key: the bytes are kept, the receipt says what and where."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from paceline_protocol.page import PAGE_SIZE
from paceline_tools.line.places import Places, keep_secret
from paceline_tools.line.server_view import ServerView, Summary
from paceline_tools.line.settings import introduce
from system.recorded import LIMIT_S, MINUTES, air, copied, followed, samples_record, served, worn

PAGE = 1
"""The end of workout 2 and the beginning of workout 3 lie in it; workouts 1 and 4 have nothing of it."""


def only(files: Sequence[Path]) -> Path:
    (file,) = files
    return file


def spool_of(places: Places) -> Path:
    return only(list(places.gateway.glob("*/*.journal")))


def kept_bytes(places: Places) -> bytes:
    return only(list(places.server.glob("journals/*/*/*.journal"))).read_bytes()


def change(file: Path, position: int, *, flip: bool) -> None:
    """Flip one bit, or clear one that is set, as flash that fails does."""
    cells = bytearray(file.read_bytes())
    bit = 4 if flip else cells[position] & -cells[position]
    assert bit
    cells[position] ^= bit
    file.write_bytes(cells)


async def workouts(view: ServerView) -> list[Summary]:
    """Wait for all of them, and return them in full, the first first."""

    def last(summary: Summary) -> bool:
        return summary["status"] == "finished" and summary["start_utc_s"] == max(starts)

    starts: list[int] = []

    async def listed() -> list[Summary]:
        return sorted(await view.activities(), key=lambda summary: summary["start_utc_s"])

    await view.wait_for(lambda _: True, "A workout", LIMIT_S)
    while len(found := await listed()) < len(MINUTES):
        starts[:] = [summary["start_utc_s"] for summary in found]
        await view.wait_for(lambda summary: summary["start_utc_s"] not in starts, "The next workout", LIMIT_S)
    starts[:] = [summary["start_utc_s"] for summary in found]
    await view.wait_for(last, "The end of the last workout", LIMIT_S)
    return [await view.activity(summary["activity_id"]) for summary in await listed()]


async def names_page_and_harms_no_other(view: ServerView) -> None:
    """Check what the server says of a journal whose page 1 was changed."""
    first, second, third, fourth = await workouts(view)
    for untouched in (first, fourth):
        assert untouched["receipt"]["whole"] and not untouched["receipt"]["problems"]
    for harmed in (second, third):
        receipt = harmed["receipt"]
        assert not receipt["whole"] and not receipt["sealed"]
        lost, altered = receipt["problems"][:2]
        assert lost.startswith(f"page {PAGE}: the record at ") and lost.endswith(" is damaged, what follows it is lost")
        assert altered == f"page {PAGE} altered: the seal in page {PAGE + 1} does not fit"
        streams = await view.streams(harmed["activity_id"])
        assert harmed["points_count"] == receipt["received"] == len(streams["time_s"])
        assert harmed["distance_m"] < first["distance_m"] * 24 / 10
    # Samples of the altered page do not count; those of the pages around it do.
    assert 0 < second["receipt"]["received"] < 24 * 60 and 0 < third["receipt"]["received"] < 24 * 60


async def test_a_bit_flipped_in_the_spool_is_named_and_the_other_workouts_are_untouched(
    recorded: Places, tmp_path: Path
) -> None:
    places = copied(recorded, tmp_path / "line")
    spool = spool_of(places)
    change(spool, samples_record(spool.read_bytes(), PAGE) + 9, flip=True)
    async with served(places) as (_server, view), air() as (_link, hci), followed(places, hci):
        await names_page_and_harms_no_other(view)
    assert kept_bytes(places) == spool.read_bytes() != spool_of(recorded).read_bytes()


async def test_a_bit_lost_on_the_flash_is_named_and_the_wearable_goes_on(recorded: Places, tmp_path: Path) -> None:
    places = copied(recorded, tmp_path / "line")
    shutil.rmtree(places.gateway)
    places.prepare()
    flash = places.wearable / "flash-journal.bin"
    pulled_before = spool_of(recorded).read_bytes()
    change(flash, samples_record(pulled_before, PAGE) + 9, flip=False)
    async with served(places) as (_server, view), air() as (link, hci), worn(places, link) as wearable:
        async with followed(places, hci):
            await names_page_and_harms_no_other(view)
        assert wearable.boots == 1
    assert kept_bytes(places)[: 2 * PAGE_SIZE] == flash.read_bytes()[: 2 * PAGE_SIZE] != pulled_before[: 2 * PAGE_SIZE]


async def test_a_server_with_another_device_key_shows_that_no_seal_fits(recorded: Places, tmp_path: Path) -> None:
    places = Places(tmp_path / "line")
    places.root.mkdir()
    places.device_id.write_text(recorded.device_id.read_text())
    keep_secret(places.device_key, lambda: "5a" * 32)
    shutil.copytree(recorded.gateway, places.gateway)
    places.prepare()
    await introduce(places)
    async with served(places) as (_server, view), air() as (_link, hci), followed(places, hci):
        found = await workouts(view)
    assert kept_bytes(places) == spool_of(recorded).read_bytes()
    for activity in found:
        receipt = activity["receipt"]
        assert not receipt["whole"] and not receipt["sealed"] and receipt["received"] == activity["points_count"] == 0
        assert any("altered: the seal" in problem for problem in receipt["problems"])
