"""Two gateways follow one wearable at once, each with a spool of its own, over links that break: all hold the same."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from paceline_tools.line.children import Child
from paceline_tools.radio.faults import Faults
from paceline_tools.track import Track
from system.samples import Held, differences, missing_seconds
from system.whole_line import WholeLine, whole_line

ACTIVITY = "python-fitparse__activity-small-fenix2-run.fit"
SECONDS = 420
SPEED = 60.0
LIMIT_S = 60
SECOND_ADDRESS = "C0:00:00:00:00:02"


@asynccontextmanager
async def second_gateway(line: WholeLine) -> AsyncIterator[tuple[Path, Child]]:
    """Another gateway of the same owner, on an adapter of its own; gives its spool."""
    home = line.places.root / "second"
    home.mkdir()
    settings = line.places.gateway_config.read_text().splitlines()
    assert settings[0].startswith("spool = ")
    settings[0] = 'spool = "spool"'
    (home / "gateway.toml").write_text("\n".join(settings))
    command = [sys.executable, "-m", "paceline_tools.radio.virtual_gateway", "--hci", line.hci]
    command += ["--address", SECOND_ADDRESS, "--", "--config", str(home / "gateway.toml"), "run"]
    gateway = await Child.start("second", command, line.places.logs / "second.log")
    try:
        yield home / "spool", gateway
    finally:
        await gateway.stop()


def held(folder: Path) -> bytes:
    """The one journal below a folder."""
    paths = list(folder.glob("**/*.journal"))
    return paths[0].read_bytes() if len(paths) == 1 else b""


async def all_hold(line: WholeLine, folders: list[Path], at_least: int) -> bytes:
    """Wait until all hold the same, that much of the wearable's flash or more; return it."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            first, *others = (held(folder) for folder in folders)
            if len(first) >= at_least and all(other == first for other in others):
                assert line.wearable.flash_path.read_bytes().startswith(first)
                return first
            await asyncio.sleep(0.2)


async def test_two_gateways_at_once_make_one_whole_journal_and_one_activity(
    tmp_path: Path, track_of: Callable[..., Track]
) -> None:
    track = track_of(ACTIVITY, SECONDS)
    async with (
        whole_line(tmp_path, Faults(seed=5)) as line,
        second_gateway(line) as (spool, second),
    ):
        everybody = [line.places.gateway, spool, line.places.server]
        await all_hold(line, everybody, 1)
        line.faults.cut_probability = 0.02
        start_utc_s = await line.play(track, SPEED)
        await line.kill_gateway()
        line.faults.cut_probability = 0.0
        activity = dict(await line.finished(start_utc_s))
        size = len(held(line.places.server))
        whole = await all_hold(line, everybody, size)
        samples = Held.of(activity, await line.view.streams(activity["activity_id"]))
        assert not len(missing_seconds(track, start_utc_s, samples))
        assert not differences(track, start_utc_s, samples)
        assert activity["receipt"]["whole"]
        assert len(await line.view.activities()) == 1
        assert line.faults.cuts >= 2 and len(whole) > 1000
        logs = [(line.places.logs / f"{name}.log").read_text() for name in ("gateway", "second")]
        assert all("connected" in log and "Traceback" not in log for log in logs)
        assert second.pid != line.gateway.pid
