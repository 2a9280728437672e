"""Killed before any step of a keyed write, and sent again: done once, or told that it was; never twice, never not."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paceline_server.platform.database import Database
from paceline_server.registration.model import INVITATIONS
from server.idempotency_steps import DONE, TOLD
from server.postgres import empty_database
from server.running_server import RunningServer, make_person
from sqlalchemy import Connection, func, make_url, select

Run = Callable[..., int]


@pytest.fixture
def run() -> Iterator[Run]:
    """Run one attempt, in a process that may die."""
    command = (sys.executable, "-m", "server.idempotency_steps")
    path = str(Path(__file__).parents[1])
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=path, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        sender, receiver = process.stdin, process.stdout

        def ask(*arguments: object) -> int:
            print(*arguments, file=sender, flush=True)
            return int(receiver.readline())

        yield ask
        sender.close()
        process.wait(60)


def count(url: str) -> int:
    """Return how often the write was done."""

    def rows(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(INVITATIONS)).scalar_one()

    with Database(url) as database:
        return database.read_now(rows)


async def test_killed_at_any_step_a_repeat_finds_it_done_once(
    server: RunningServer, run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    admin = make_person(server, "root")
    await server.stop()
    url = make_url(server.config.url)

    def attempt(step: int) -> tuple[bool, int]:
        data = tmp_path / f"killed{step}"
        shutil.copytree(server.data, data)
        if url.get_backend_name() == "sqlite":
            return killed_and_again(data, f"sqlite:///{data / 'paceline.sqlite3'}", step)
        with empty_database(request.getfixturevalue("postgres"), template=url.database) as own:
            return killed_and_again(data, own, step)

    def killed_and_again(data: Path, own: str, step: int) -> tuple[bool, int]:
        status = run(data, own, admin.token, step)
        assert status in (DONE, -signal.SIGKILL)
        killed, there = status != DONE, count(own)
        again = run(data, own, admin.token, 0)
        # Before its commit the repeat does it, behind it the repeat is told; once answered, it is answered again.
        assert again == (TOLD if killed and there else DONE), f"killed before step {step}"
        assert count(own) == 1, f"killed before step {step}"
        return killed, again

    try:
        killed, answers = True, list[int]()
        while killed:
            killed, again = attempt(len(answers) + 1)
            answers.append(again)
    finally:
        await server.start()  # its own fixture stops it
    # Before the first write and its commit, before the first write of the answer and its commit, not at all.
    assert set(answers) == {DONE, TOLD}
    assert len(answers) > 4
