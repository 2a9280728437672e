"""The firmware's GPS alone on the virtual board: what a main.py of the test prints."""

import struct
from pathlib import Path

from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import stage
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

UTC_S = 1_750_000_000
IDENTITY = Identity(bytes.fromhex("0102030405060708"), bytes(range(32)))


def row(second: int) -> tuple[int, ...]:
    """Of an invented run in the south west, with a tunnel from second 60 to 75."""
    fix = 0 if 60 <= second < 75 else 3
    return (
        second,
        -334_500_000 + second * 277,
        -1_512_000_000 - second * 43,
        25_000 + second * 10,
        3_020,
        fix,
        90,
        164,
    )


def track(path: Path, seconds: int) -> TrackInput:
    """Write the run; its second 0 is the world's first."""
    rows = [struct.pack("<IiiiHBBBB", *row(second), 0) for second in range(seconds)]
    path.write_bytes(b"PTRK" + struct.pack("<I", seconds) + b"".join(rows))
    return TrackInput(path, UTC_S)


async def printed(
    folder: Path, source: str, settings: BoardSettings, files: dict[str, bytes] | None = None
) -> list[list[str]]:
    """Run a main.py in the firmware's tree until it ends by itself; return the words of each line."""
    tree = folder / "state" / "stage"
    stage(tree)
    (tree / "main.py").write_text(source)
    for name, data in (files or {}).items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_bytes(data)
    wearable = VirtualWearable(RadioLink(), folder / "state", IDENTITY, settings, restart=False)
    await wearable.switch_on()
    try:
        await wearable.wait_until(lambda: not wearable.on, limit_s=60)
    finally:
        await wearable.switch_off()
    return [line.split() for line in wearable.lines]
