"""Runs a main.py of a test's own on the virtual board."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

UTC_S = 1_700_000_000
IDENTITY = Identity(bytes.fromhex("0102030405060708"), bytes(range(32)))
JOURNAL_BYTES = 16 * 4096


def small_board(**settings: object) -> BoardSettings:
    """Settings of a board with a journal of 16 blocks."""
    return BoardSettings(**{"utc_s": UTC_S, "journal_bytes": JOURNAL_BYTES, **settings})


@asynccontextmanager
async def board_with(
    state: Path, source: str, settings: BoardSettings, link: RadioLink | None = None, restart: bool = True
) -> AsyncIterator[VirtualWearable]:
    """A board whose whole firmware is `source`, switched on; switched off at the end."""
    (state / "stage").mkdir(parents=True)
    (state / "stage" / "main.py").write_text(source)
    wearable = VirtualWearable(link or RadioLink(), state, IDENTITY, settings, restart=restart)
    await wearable.switch_on()
    try:
        yield wearable
    finally:
        await wearable.switch_off()


async def printed_by(state: Path, source: str, settings: BoardSettings, limit_s: float = 30) -> list[str]:
    """What a firmware prints until it ends by itself."""
    async with board_with(state, source, settings) as wearable:
        await wearable.wait_until(lambda: not wearable.on, limit_s)
        return list(wearable.lines)
