"""The parts of the line: its data directory, its child processes, its plan."""

import asyncio
import io
import os
import stat
import sys
from pathlib import Path

import pytest
from paceline_tools.line.children import Child, lifetime, run_once, while_alive
from paceline_tools.line.errors import LineError
from paceline_tools.line.places import PASSWORD_LETTERS, Places
from paceline_tools.line.plan import FASTEST_SPEED, PLAY_WITHIN_S, plan_finished
from paceline_tools.line.progress import Progress


def test_secrets_are_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    places = Places(tmp_path / "data")
    places.prepare()
    files = (places.password, places.device_id, places.device_key)
    before = [file.read_text() for file in files]
    places.prepare()
    assert [file.read_text() for file in files] == before
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert stat.S_IMODE(places.root.stat().st_mode) == 0o700
    assert set(before[0].strip()) <= set(PASSWORD_LETTERS + "-")
    assert [len(text.strip()) for text in before] == [14, 16, 64]


def test_a_data_directory_belongs_to_one_line(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with (
        places.occupied(),
        pytest.raises(LineError, match=f"in use by another line .process {os.getpid()}"),
        places.occupied(),
    ):
        pass
    with places.occupied():
        pass


def test_a_directory_that_cannot_be_made_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LineError, match="cannot be written: Not a directory"):
        Places(tmp_path / "file" / "data").prepare()


async def test_a_child_is_stopped_and_one_that_ends_early_is_told(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; print('hello'); time.sleep(600)"]
    async with lifetime(await Child.start("sleeper", sleeper, tmp_path / "log")) as child:
        os.kill(child.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
    short = await Child.start("server", [sys.executable, "-c", "import sys; sys.exit('no disk')"], tmp_path / "log2")
    with pytest.raises(LineError, match=r"The server ended \(status 1\): no disk"):
        await while_alive([short.ended()], asyncio.sleep(600))


async def test_a_program_that_fails_says_why() -> None:
    assert await run_once("it", [sys.executable, "-c", "print('fine')"]) == "fine\n"
    with pytest.raises(LineError, match="it failed: because"):
        await run_once("it", [sys.executable, "-c", "raise SystemExit('first\\nbecause')"])


@pytest.mark.parametrize("duration_s", [60, 2400, 4 * 3600])
def test_a_finished_workout_ended_before_now_and_plays_in_time(duration_s: int) -> None:
    plan = plan_finished(1_700_000_000.5, duration_s)
    assert plan.boot_utc_s < plan.start_utc_s
    assert plan.end_utc_s - plan.start_utc_s == duration_s
    assert plan.end_utc_s < 1_700_000_000
    assert (
        plan.speed == FASTEST_SPEED
        or (1_700_000_000 - plan.boot_utc_s) / plan.speed < PLAY_WITHIN_S + 1
        or plan.speed == 60
    )


def test_the_speed_that_is_asked_for_is_taken() -> None:
    assert plan_finished(1_700_000_000, 2400, 7).speed == 7


def test_progress_is_one_line_a_step_and_a_box() -> None:
    out, times = io.StringIO(), iter([0.0, 1.0, 12.4])
    progress = Progress(out, lambda: next(times))
    progress.done("server answers")
    progress.now("not shown where nobody looks")
    progress.done("ready")
    progress.box(["Open it", "x"])
    assert out.getvalue().splitlines() == [
        "     1 s  server answers",
        "    12 s  ready",
        "",
        "  ┌─────────┐",
        "  │ Open it │",
        "  │ x       │",
        "  └─────────┘",
        "",
    ]
