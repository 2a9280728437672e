"""The parts of the line: its data directory, its child processes, its plan."""

import asyncio
import io
import os
import stat
import sys
from pathlib import Path

import pytest
from paceline_protocol.records import SPORTS
from paceline_server.config import Config
from paceline_server.platform.database import Database
from paceline_server.platform.tokens import identity_of
from paceline_server.users import store as users
from paceline_tools.line.bring_up import require_micropython
from paceline_tools.line.children import Child, lifetime, run_once, while_alive
from paceline_tools.line.errors import LineError
from paceline_tools.line.places import PASSWORD_LETTERS, USER, Places
from paceline_tools.line.plan import plan_finished, time_left
from paceline_tools.line.progress import Progress
from paceline_tools.line.settings import SERVER, introduce
from paceline_tools.line.workouts import sport_number
from paceline_tools.virtual.process import micropython


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
def test_a_finished_workout_ended_before_now(duration_s: int) -> None:
    plan = plan_finished(1_700_000_000.5, duration_s)
    assert plan.boot_utc_s < plan.start_utc_s
    assert plan.end_utc_s - plan.start_utc_s == duration_s
    assert plan.end_utc_s < 1_700_000_000
    assert plan_finished(1_700_000_000, 2400, 7).speed == 7


def test_the_time_that_is_left_is_told_at_the_pace_so_far() -> None:
    assert time_left(0, 5) == ""
    assert time_left(0.25, 5) == "about 15 s to go"
    assert time_left(0.1, 60) == "about 9 min to go"
    assert time_left(0.9, 10) == ""


def test_every_sport_of_a_recording_has_a_number() -> None:
    assert [SPORTS[sport_number(name)] for name in ("running", "cycling", "indoor")] == ["running", "cycling", "indoor"]
    assert sport_number("kite surfing") == sport_number("other") == 0


async def test_a_set_up_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.prepare()
    account = ["--username", USER, "--password-file", str(places.password)]
    await run_once("setup", [*SERVER, "setup", "--data", str(places.unfinished_server), *account])
    places.token.write_text("of an account that was never finished\n")
    await introduce(places)
    database = Database(Config(data=places.server).url)
    identity = identity_of(places.token.read_text().strip())
    found = database.read_now(users.find, USER)
    database.close()
    assert identity is not None and found is not None
    assert identity.owner_id == found[0].owner_id
    before = places.token.read_text()
    await introduce(places)
    assert places.token.read_text() == before


def test_progress_is_one_line_a_step_and_a_box() -> None:
    out, now = io.StringIO(), [0.0]
    progress = Progress(out, lambda: now[0])
    now[0] = 1.0
    progress.done("server answers")
    progress.now("not told so soon where nobody looks")
    now[0] = 11.0
    progress.now("half of it")
    progress.now("not told twice")
    now[0] = 12.4
    progress.done("ready")
    progress.box(["Open it", "x"])
    assert out.getvalue().splitlines() == [
        "     1 s  server answers",
        "    11 s  half of it",
        "    12 s  ready",
        "",
        "  ┌─────────┐",
        "  │ Open it │",
        "  │ x       │",
        "  └─────────┘",
        "",
    ]


def test_a_machine_without_micropython_is_told_so_in_one_sentence() -> None:
    with pytest.raises(LineError, match="cannot run here: micropython is neither beside this Python nor on the path"):
        require_micropython(lambda: micropython("/nowhere/python", path="/nowhere"))
